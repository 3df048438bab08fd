"""Nothing that a person typed, and nothing of a team too small, leaves in any byte of any report.

One run of all notebooks on a dataset full of canaries; its folders are looked through afterwards.
"""

import json
import re

import pandas as pd
import pytest

from canary.dataset import FIRST, MEASURE, ODD, ROOT, SECOND, SILENT, SILENT_NAME, write_dataset
from canary.layers import folded
from canary.page import findings
from canary.payloads import MARKUP
from canary.run import HOST, LANGUAGES, USER
from canary.scan import SILENT_NUMBERS, machine_patterns, person_patterns, scan
from helpers.datasets.checking import check_dataset
from helpers.datasets.dataset import open_dataset
from helpers.datasets.settings import load_settings
from helpers.display.wording import Words
from helpers.display.wording.scores import STATE_WORDS
from helpers.publish.paths import MAX_SLUG

KINDS = ("person", "extra", "comment", "reason", "exit", "action", "owner", "programme", "stratum", "industry")
DATE = r"\d{1,2} \w+ \d{4}"
DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def squeezed(text):
    """Leave out all space and what cannot be seen: where a name is broken into lines is no matter here."""
    return re.sub(r"[\s\x00-\x1f\ufe0f]+", "", folded(text))


def test_the_dataset_holds_its_canaries(run):
    found = scan(run / "data", person_patterns() | {kind: f"canary-{kind}-" for kind in KINDS}, numbers=ODD.values())
    named = {hit.split(": ")[2] for hit in found.hits if ": bytes: " not in hit}
    assert named == {*ODD, *KINDS, "person", "day"}


def test_the_dataset_fits_the_contract(run):
    assert not [problem for problem in check_dataset(run / "data" / "canary") if problem.severity == "error"]


@pytest.fixture(scope="session")
def looked_through(run):
    """The reports with their manifest, index and logs, looked through for persons and for the silent team."""
    return scan(run / "reports", person_patterns() | {"silent": SILENT_NUMBERS}, numbers=ODD.values())


def test_every_report_was_made_and_most_say_something(run, pages):
    records = json.loads((run / "stdout").read_text().splitlines()[-1])
    ended = {(notebook.partition("_")[0], unit, language): state for notebook, unit, language, state in records}
    assert ended.pop(("10", "t1", "nl")) == "failed"
    assert {ended[number, ROOT, "nl"] for number in ("02", "04", "10")} == {ended["10", ROOT, "en"]} == {"done"}
    assert ended["10", FIRST, "nl"] == ended["10", SILENT, "nl"] == "done"
    assert "failed" not in ended.values()
    for path, page in pages.items():
        number, language = path.name.partition("_")[0], path.suffixes[-2].lstrip(".")
        if path.parent.name.startswith("etc-passwd") and ended[number, ROOT, language] == "done":
            assert sum(bool(re.search(r"\d", "".join(row[1:]))) for row in page.rows) > 5, path.name


def test_no_byte_of_the_reports_holds_what_a_person_typed_or_a_figure_of_the_silent_team(looked_through):
    """Rules 1, 8 and 9."""
    assert not looked_through.hits, "\n".join([str(looked_through), *looked_through.hits])


@pytest.mark.parametrize("where", ["data/canary/.cache", "t", "stdout", "stderr"])
def test_no_byte_left_elsewhere_holds_what_a_person_typed(run, where):
    """Rule 9: caches, folders for passing files, and what the process printed."""
    found = scan(run / where, person_patterns(), numbers=ODD.values())
    assert bool(found.files) == (where != "t")
    assert not found.hits, "\n".join([str(found), *found.hits])


def test_reports_logs_and_cache_were_there_to_be_looked_through(run, looked_through):
    names = {path.name for path in run.rglob("*") if path.is_file()}
    assert {"manifest.jsonl", "index.nl.html", "index.en.html"} <= names
    assert any(name.endswith(".log") for name in names) and any(name.startswith("scores-") for name in names)
    found = looked_through
    assert found.files >= 12 and found.layers > 4 * found.files and found.size > 400_000


def test_no_folder_for_passing_files_is_left(run):
    assert not list((run / "t").iterdir())


@pytest.mark.parametrize("kind", [".html", ".jsonl"])
def test_no_page_tells_of_the_machine_it_was_made_on(run, kind):
    """Rule 10: no path, user, host, parameters cell or state of the tools."""
    found = scan(run / "reports", machine_patterns(run, users=(USER, HOST)), kinds=(kind,))
    assert found.files and not found.hits, "\n".join([str(found), *found.hits])


def test_no_page_can_act_load_or_lead_away(pages):
    """Rule 11."""
    found = {path.name: findings(page.html, index=path.name.startswith("index")) for path, page in pages.items()}
    assert not any(found.values()), found


def test_hostile_markup_stands_on_no_page_unescaped(pages):
    """Rule 11."""
    tags = [text for text in MARKUP.values() if re.search(r"<[a-z/!]", text)]
    assert not [(path.name, text) for path, page in pages.items() for text in tags if text in page.html]


def test_hostile_names_are_read_as_they_were_typed(run, pages):
    dataset = open_dataset(run / "data" / "canary")
    hierarchy = dataset.hierarchy
    for path, page in pages.items():
        unit = {"con": FIRST, "nul-txt": SECOND, "etc-passwd": ROOT}.get(path.parent.name.rsplit("-", 1)[0])
        if unit and path.name.startswith("10"):
            shown, units = squeezed(page.text), [unit, *hierarchy.children(unit)]
            assert not [name for name in map(hierarchy.name, units) if squeezed(name) not in shown], path.name
        assert squeezed(dataset.settings.title) in squeezed(page.text)


def test_hostile_actions_and_measures_are_read_as_they_were_typed(run, pages):
    actions = open_dataset(run / "data" / "canary").table("actions")
    for path, page in pages.items():
        if path.parent.name.startswith("etc-passwd") and path.name.startswith("10"):
            shown = squeezed(page.text)
            typed = actions.loc[actions["unit_id"] == ROOT, "description"]
            assert not [text for text in typed if squeezed(text) not in shown]
            assert squeezed(MEASURE.replace("_", " ")) in shown


def test_no_number_stands_beside_the_name_of_the_silent_team(pages):
    """Rule 1: not in a row of a table, beside a line of a drawing, or in the words that describe one."""
    named = 0
    for path, page in pages.items():
        rows = [cells for cells in page.rows if any(cell.strip() == SILENT_NAME for cell in cells)]
        rest = [re.sub(DATE, "", cell) for cells in rows for cell in cells if _figure_may_stand(cell)]
        beside = [text for drawing in page.drawings for text in _beside(drawing)]
        told = [part for text in page.descriptions for part in re.split(r"(?<=[.;]) ", text) if SILENT_NAME in part]
        assert not [text for text in [*rest, *beside, *told] if re.search(r"\d", text)], path.name
        named += bool(rows) and bool(beside)
    assert named


def _figure_may_stand(cell):
    """Leave out what is a name: of the measure an action is to move."""
    return "script" not in cell


def _beside(drawing):
    """Give the texts on the line of the silent team: on a phone, figures stand below the name."""
    places = [y for y, text in drawing if text.startswith("Stille")]
    return [text for y, text in drawing if any(-12 <= y - place <= 18 for place in places)]


def test_the_report_of_the_silent_team_answers_without_a_number(pages):
    """Rule 1."""
    own = [page for path, page in pages.items() if path.parent.name.startswith("silent") and path.name.startswith("10")]
    assert own
    for page in own:
        answer = re.search(r"<h2.*?</h2>(.*?)<nav", page.html, re.DOTALL)[1]
        assert not re.search(r"\d", re.sub(r"<[^>]*>", "", answer))
        assert any(Words(language).text(STATE_WORDS["hidden"]).lower() in answer.lower() for language in LANGUAGES)


def test_every_page_is_confidential_and_never_anonymous(pages):
    for path, page in pages.items():
        assert re.search(r"confidential|vertrouwelijk", folded(page.text)), path.name
        assert not re.search(r"anonym|anoni[em]", folded(page.html)), path.name


def test_no_file_takes_the_name_of_a_unit_as_it_is(run):
    """Rule 13: a name of letters and digits with a hash, in the folder of the reports, apart without case."""
    files = [path.relative_to(run / "reports") for path in (run / "reports").rglob("*.*") if path.is_file()]
    assert not [part for path in files for part in path.parts if DEVICES.fullmatch(part) or ".." in part]
    units = {path.parts[-2] for path in files if path.suffix == ".html" and path.name.startswith("10")}
    assert all(re.fullmatch(rf"[a-z0-9_-]{{1,{MAX_SLUG}}}-[0-9a-f]{{10}}", unit) for unit in units)
    assert len({str(path).lower() for path in files}) == len(files)
    assert not [path for path in (run / "reports").rglob("*") if path.is_symlink()]


def in_csv(name, **columns):
    def spoil(folder):
        path = folder / f"{name}.csv"
        pd.read_csv(path, dtype="str").assign(**columns).to_csv(path, index=False)

    return spoil


def in_parquet(name, **columns):
    def spoil(folder):
        path = folder / f"{name}.parquet"
        pd.read_parquet(path).assign(**columns).to_parquet(path, index=False)

    return spoil


def in_text(name, old, new):
    def spoil(folder):
        path = folder / name
        path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")

    return spoil


REFUSED = {
    "names of persons": ("employee_answers", "first_name", in_parquet("employee_answers", first_name="CANARY-name-1")),
    "comments of employees": ("employee_answers", "comment", in_parquet("employee_answers", comment="CANARY-said-1")),
    "an address as a key": ("employee_answers", "person_key", in_parquet("employee_answers", person_key="a@b.nl")),
    "an exit reason of one's own": ("employments", "exit_reason", in_csv("employments", exit_reason="CANARY-exit-1")),
    "another valence": ("customer_answers", "reason_valence", in_csv("customer_answers", reason_valence="CANARY-v-1")),
    "another element": ("actions", "element", in_csv("actions", element="CANARY-element-1")),
    "a period that is markup": ("outcomes", "period", in_csv("outcomes", period="<script>")),
    "a zero byte in a CSV": ("items", "", in_text("items.csv", "script", "scr\x00ipt")),
    "a control character in the settings": ("dataset.toml", "", in_text("dataset.toml", "script", "scr\x01ipt")),
    "a table elsewhere": ("dataset.toml", "tables.items", in_text("dataset.toml", '"items.csv"', '"../../etc/passwd"')),
    "a cause of absence": (
        "absence",
        "cause",
        lambda folder: [
            pd.DataFrame({"unit_id": ["t1"], "period": "2023", "headcount": 20, "n_spells": 3, "cause": "flu"}).to_csv(
                folder / "absence.csv", index=False
            ),
            in_text("dataset.toml", "[tables]", '[tables]\nabsence = "absence.csv"')(folder),
        ],
    ),
}


def refusals(folder):
    problems = [problem for problem in check_dataset(folder) if problem.severity == "error"]
    try:
        tables = load_settings(folder).tables
        for name in tables:
            open_dataset(folder).table(name)
    except ValueError as error:
        problems += getattr(error, "problems", ())
    return {(problem.table, problem.column) for problem in problems}


@pytest.mark.parametrize("what", REFUSED)
def test_what_no_dataset_may_hold_is_refused(tmp_path, what):
    """What could not be put into the dataset above, by rules 7, 8, 13 and 15: refused when checked or when read."""
    table, column, spoil = REFUSED[what]
    write_dataset(tmp_path / "canary")
    spoil(tmp_path / "canary")
    assert (table, column) in refusals(tmp_path / "canary")


def test_a_refused_key_is_not_told(tmp_path):
    write_dataset(tmp_path / "canary")
    in_parquet("employee_answers", person_key="CANARY-person-1@example.org")(tmp_path / "canary")
    assert "CANARY" not in " ".join(map(str, check_dataset(tmp_path / "canary")))
