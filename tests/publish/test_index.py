"""The index names every unit of every report with its figures and its state, in a table that reads without a script."""

import base64
import hashlib
import re
import unicodedata
from html.parser import HTMLParser
from pathlib import Path
from time import perf_counter
from urllib.parse import urlsplit

import pytest

from helpers.datasets.dataset import open_dataset
from helpers.datasets.released import released_scores
from helpers.display.cards import cards
from helpers.display.wording import Words
from helpers.publish.index import write_index
from helpers.publish.manifest import append_record, record_of
from helpers.publish.outcome import Outcome
from helpers.publish.task import Planner

SIZE_LIMIT = 500 * 1024
HOSTILE = ("</script><b>", '"><img src=x onerror=alert(1)>', "gpj\u202eexe", "{{ 7 * 7 }}", "' onclick='x")


@pytest.fixture
def index(planner, write_notebook):
    notebook = write_notebook()
    ends = {
        ("nl", "en"): Outcome("done"),
        ("nl", "nl"): Outcome("done"),
        ("be", "en"): Outcome("not applicable"),
        ("all", "en"): Outcome("failed", error="ValueError: <i>"),
    }
    for (unit, language), outcome in ends.items():
        append_made(planner.task(notebook, unit=unit, language=language), outcome)
    return lambda **kwargs: write_index(planner, **kwargs).read_text(encoding="utf-8")


@pytest.fixture
def planner_of(tiny, tmp_path):
    """Give the planner of a dataset with other units and scores, each unit with a report that was made."""

    def make(notebook, units, scores, reported=None):
        (tiny / "units.csv").write_text("unit_id,name,parent_id,level\n" + "\n".join(units), encoding="utf-8")
        (tiny / "scores.csv").write_text("unit_id,period,measure,estimate,n,se\n" + "\n".join(scores), encoding="utf-8")
        planner = Planner(open_dataset(tiny), tmp_path / "reports")
        for unit in reported or [unit.split(",")[0] for unit in units]:
            append_made(planner.task(notebook, unit=unit), Outcome("done"))
        return planner

    return make


def append_made(task, outcome):
    task.folder.mkdir(parents=True, exist_ok=True)
    if outcome.state != "failed":
        task.target.parent.mkdir(exist_ok=True)
        task.target.write_text("page")
    append_record(task.folder, record_of(task, outcome))


class Table(HTMLParser):
    """The rows of a page's table as texts, its links, and the names of all elements."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.links: list[str] = []
        self.elements: list[str] = []
        self._inside = False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.elements.append(tag)
        self._inside = self._inside or tag in ("td", "th")
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
        if tag == "a":
            self.links.append(dict(attrs)["href"])

    def handle_endtag(self, tag):
        self._inside = self._inside and tag not in ("td", "th")

    def handle_data(self, data):
        if self._inside:
            self.rows[-1][-1] += data


def rows(html):
    """Texts of the cells of each unit, without the head."""
    return [[" ".join(cell.split()) for cell in row] for row in Table(html).rows[1:]]


def test_units_stand_in_their_hierarchy_with_their_depth_and_level(index):
    html = index()
    units = [(row[0].split("Do ")[0].split("ValueError")[0].strip(), row[1]) for row in rows(html)]
    assert units == [("Everyone", "organisation"), ("Netherlands", "country"), ("Belgium <b>& Co</b>", "country")]
    assert re.findall(r'<tr role="row"( style="--d:\d")?><th role="rowheader"', html) == ["", *[' style="--d:1"'] * 2]


def test_figures_are_those_of_the_reports_cards(index, planner):
    dataset, words = planner.dataset, Words("en")
    table = released_scores(dataset, units=["all", "nl", "be"])
    made = [cards(table, words, unit_id=unit, period="2024")[0] for unit in ("all", "nl", "be")]
    expected = [["2024", re.sub(r"95%\sinterval\s", "", f"{card.value} {card.interval}")] for card in made]
    assert [row[2:4] for row in rows(index())] == expected
    assert expected[1][1].startswith("12 ") and "eNPS by unit in its latest period, with 95% intervals." in index()


def test_figures_without_intervals_are_not_said_to_have_them(planner_of, write_notebook):
    planner = planner_of(write_notebook(), ["all,Everyone,,organisation"], ["all,2024,enps,20,60,"])
    html = write_index(planner).read_text(encoding="utf-8")
    assert "eNPS by unit in its latest period. The source gives no interval." in html
    assert rows(html)[0][3] == "20" and "95%" not in html[html.index("<table") :]


def test_a_report_names_the_settings_that_set_it_apart(planner, write_notebook):
    append_made(planner.task(write_notebook(), parameters={"lags": 2, "exact": True}), Outcome("done"))
    html = write_index(planner).read_text(encoding="utf-8")
    assert "<small>(<bdi>lags = 2</bdi>, <bdi>exact = True</bdi>)</small>" in html


def test_a_masked_unit_is_named_and_its_figures_are_nowhere(planner_of, write_notebook):
    units = ["all,Everyone,,organisation", "a,Alpha,all,team", "b,Beta,all,team"]
    scores = ["all,2024,enps,20,200,5", "a,2024,enps,77.123,9,3", "b,2024,enps,18,150,6"]
    html = write_index(planner_of(write_notebook(), units, scores)).read_text(encoding="utf-8")
    alpha = rows(html)[1]
    assert alpha[3:] == ["not shown", "not shown"]
    assert "Not shown: 1." in html and "77" not in re.sub(r"<style>.*?</style>", "", html)


def test_a_unit_nobody_answered_for_is_told_like_a_hidden_one_and_one_without_figures_says_so(
    planner_of, write_notebook
):
    units = ["all,Everyone,,organisation", "a,Alpha,all,team", "b,Beta,all,team"]
    scores = ["a,2024,enps,20,60,5", "a,2024,nps,30,60,5", "b,2024,enps,18,50,6"]
    html = write_index(planner_of(write_notebook(), units, scores)).read_text(encoding="utf-8")
    found = {row[0]: row[3:] for row in rows(html)}
    assert found["Beta"][1:] == ["not shown", "made"]
    whole = planner_of(write_notebook(), units, ["a,2024,enps,20,60,5", "b,2024,enps,18,50,6"])
    cells = {row[0]: row[3:] for row in rows(write_index(whole).read_text(encoding="utf-8"))}
    assert len(cells["Alpha"]) == 2 and cells["Alpha"][0].startswith("20 ")


def test_units_above_a_report_are_listed_and_have_none(planner_of, write_notebook):
    units = ["all,Everyone,,organisation", "r,Region,all,region", "a,Alpha,r,team", "b,Beta,r,team"]
    scores = [f"{unit},2024,enps,20,60,5" for unit in ("all", "r", "a", "b")]
    planner = planner_of(write_notebook(), units, scores, reported=["a"])
    states = {row[0]: row[-1] for row in rows(write_index(planner).read_text(encoding="utf-8"))}
    assert states == {"Everyone": "no report", "Region": "no report", "Alpha": "made"}


def test_links_are_relative_and_lead_to_files(index, planner):
    links = [link for link in Table(index()).links if not link.startswith("#")]
    assert len(links) == 3
    assert all(not urlsplit(link).scheme and not link.startswith("/") and ".." not in link for link in links)
    assert all((planner.folder / link).is_file() for link in links)


def test_several_reports_go_by_their_question_and_a_single_one_by_its_unit(index):
    html = index()
    assert html.count(">Do happy staff make happy customers?</") == 2
    assert "><bdi>Belgium &lt;b&gt;&amp; Co&lt;/b&gt;</bdi></a>" in html


def test_what_failed_or_does_not_apply_is_named_with_its_reason(index):
    html = index()
    everyone, netherlands, belgium = rows(html)
    assert everyone[0] == "Everyone ValueError: <i>" and everyone[-1] == "failed"
    assert (netherlands[-1], belgium[-1]) == ("made", "not applicable")
    assert "4 reports of 3 units. Failed: 1. Not applicable: 1." in html


def test_a_report_in_another_language_says_so(index):
    assert re.findall(r'hreflang="nl"><span lang="nl">[^<]+</span></a> <small lang="nl">Nederlands<', index())
    assert re.findall(r'hreflang="en"><span lang="en">[^<]+</span></a> <small lang="en">English<', index(language="nl"))


def test_the_index_has_the_look_of_a_page_in_its_language(index):
    html = index()
    assert '<html lang="en">' in html and "<title>Reports – Tiny</title>" in html and html.count("<h1") == 1
    assert "SYNTHETIC" in html and "default-src 'none'" in html
    dutch = index(language="nl")
    assert '<html lang="nl">' in dutch and "SYNTHETISCH" in dutch and "per eenheid in de laatste periode" in dutch
    shown = re.sub(r"<(script|style)>.*?</\1>|<[^>]*>", " ", dutch, flags=re.DOTALL)
    assert not re.findall(r"\b(?:State|Level|Period|made|failed|Unit|Find|Order)\b", shown)


def test_one_script_may_run_and_only_as_it_was_written(index):
    html = index()
    scripts = re.findall(r"<script[^>]*>(.*?)</script>", html, re.DOTALL)
    assert len(scripts) == 1
    digest = base64.b64encode(hashlib.sha256(scripts[0].encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'\"" in html and "unsafe-eval" not in html
    assert '"use strict"' in scripts[0] and "innerHTML" not in scripts[0]
    assert not re.findall(r"\son\w+=", html)


def test_search_stays_hidden_until_the_script_runs(index):
    html = index()
    assert '<div class="tools" role="search" hidden>' in html
    assert '<label for="find">' in html and html.count("<button") == 1
    assert html.index("<button") < html.index("<table")


def nps_se(estimate):
    """Standard error of a score of 50 people, as few of them passive as can be."""
    passive = (50 - estimate // 2) % 2 / 50
    return 100 * ((1 - passive - (estimate / 100) ** 2) / 50) ** 0.5


def test_sorting_goes_by_value(planner_of, write_notebook):
    """Rule 6: what lies in a band comes after all that is told exactly."""
    values = (8, -40, 100, 30, 90, -96, -90)
    units = ["all,Everyone,,organisation", *(f"t{i},Team {i},all,team" for i in range(len(values)))]
    scores = ["all,2024,enps,5,900,3", *(f"t{i},2024,enps,{e},50,{nps_se(e)}" for i, e in enumerate(values))]
    html = write_index(planner_of(write_notebook(), units, scores)).read_text(encoding="utf-8")
    ranks = re.findall(r'data-v="(\d+)">(−?\d{1,3}(?: or (?:more|less))?)(?: <|</)', html)
    by_rank = [text for _, text in sorted(ranks, key=lambda pair: int(pair[0]))]
    assert by_rank == ["−90 or less"] * 2 + ["−40", "5", "8", "30"] + ["90 or more"] * 2


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_can_neither_inject_nor_turn_what_follows(planner_of, write_notebook, name):
    quoted = '"' + name.replace('"', '""') + '"'
    units = ["all,Everyone,,organisation", f"a,{quoted},all,{quoted}"]
    html = write_index(planner_of(write_notebook(), units, ["all,2024,enps,5,90,5"])).read_text(encoding="utf-8")
    table = Table(html)
    assert rows(html)[1][:2] == [name.replace("\u202e", "")] * 2
    assert table.elements.count("script") == 1 and not {"b", "img"} & set(table.elements)
    bare = re.sub(r"<bdi>[^<]*</bdi>", "", html[html.index("<table") :])
    assert not any(unicodedata.bidirectional(sign) in ("RLO", "RLE", "LRO", "RLI") for sign in bare)


def test_thousand_units_fit_and_come_quickly(planner_of, write_notebook, monkeypatch):
    monkeypatch.setattr("os.fsync", lambda descriptor: None)
    units = ["all,Everyone,,organisation"]
    units += [f"team-{i:04d},{f'Customer service {i:04d}':x<40},all,business unit" for i in range(1, 1000)]
    ids = [unit.split(",")[0] for unit in units]
    scores = [f"{unit},2024,{measure},-23.45,123,5.67" for unit in ids for measure in ("enps", "nps")]
    planner = planner_of(write_notebook(name="10_unit_report"), units, scores)
    started = perf_counter()
    path = write_index(planner, "nl")
    assert perf_counter() - started < 10
    assert len(rows(path.read_text(encoding="utf-8"))) == 1000
    assert path.stat().st_size <= SIZE_LIMIT


def test_without_readable_scores_the_reports_are_still_listed(index, tiny, tmp_path):
    index()
    (tiny / "scores.csv").write_text("unit_id,period\nall", encoding="utf-8")
    broken = Planner(open_dataset(tiny), tmp_path / "reports")
    with pytest.warns(UserWarning, match=r"scores must be readable for an index with figures; found .*excx check tiny"):
        html = write_index(broken).read_text(encoding="utf-8")
    assert "The figures could not be read" in html and len(rows(html)) == 3 and "SYNTHETIC" in html
    assert len([link for link in Table(html).links if link != "#content"]) == 3


def test_without_a_scores_file_the_reports_are_still_listed(index, tiny, tmp_path):
    index()
    (tiny / "scores.csv").unlink()
    with pytest.warns(UserWarning, match="scores must be readable"):
        html = write_index(Planner(open_dataset(tiny), tmp_path / "reports")).read_text(encoding="utf-8")
    assert len(rows(html)) == 3


def test_where_no_unit_has_figures_the_page_says_so(planner_of, write_notebook):
    planner = planner_of(write_notebook(), ["all,Everyone,,organisation"], ["all,2024,motivation,3,90,1"])
    html = write_index(planner).read_text(encoding="utf-8")
    assert "None of these units has figures." in html and rows(html) == [["Everyone", "organisation", "", "made"]]


def test_a_report_that_was_deleted_is_not_listed(index, planner):
    next(planner.folder.glob("nl-*/*.nl.html")).unlink()
    assert 'hreflang="nl"' not in index()


def test_a_unit_that_is_gone_keeps_its_reports(index, planner, write_notebook):
    task = planner.task(write_notebook(), unit="nl")
    record = record_of(task, Outcome("done"))
    append_record(planner.folder, type(record)(**{**vars(record), "unit": "old", "unit_name": "Old unit"}))
    last = rows(index())[-1]
    assert last == ["Old unit", "No longer in the organisation", "", "no figures", "made"]


def test_the_same_reports_give_the_same_index(index, planner):
    first = index()
    assert index() == first
    assert write_index(Planner(planner.dataset, planner.reports)).read_text(encoding="utf-8") == first


def test_the_folder_can_be_moved(index, planner, tmp_path):
    html = index()
    elsewhere = planner.folder.rename(tmp_path / "mailed")
    assert str(tmp_path) not in html
    assert all((elsewhere / Path(link)).is_file() for link in Table(html).links if not link.startswith("#"))


def test_the_index_says_how_many_reports_are_of_earlier_data(planner, write_notebook, tiny):
    for unit in ("nl", "be"):
        append_made(planner.task(write_notebook(), unit=unit), Outcome("done"))
    assert "earlier data" not in write_index(planner).read_text(encoding="utf-8")
    (tiny / "scores.csv").write_text((tiny / "scores.csv").read_text().replace("12,60", "13,60"))
    later = Planner(open_dataset(tiny), planner.reports)
    append_made(later.task(write_notebook(), unit="nl"), Outcome("done"))
    said = "2 reports of 2 units. 1 report is based on earlier data than the figures here."
    assert said in write_index(later).read_text(encoding="utf-8")
    dutch = "1 rapport berust op eerdere gegevens dan de cijfers hier."
    assert dutch in write_index(later, "nl").read_text(encoding="utf-8")
