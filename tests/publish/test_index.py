"""The index lists everything the folder holds, under its unit, and names what failed."""

import re

import pytest

from helpers.publish.engine import Outcome
from helpers.publish.index import write_index
from helpers.publish.manifest import append_record, record_of


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
        task = planner.task(notebook, unit=unit, language=language)
        append_made(task, outcome)
    return lambda **kwargs: write_index(planner, **kwargs).read_text(encoding="utf-8")


def append_made(task, outcome):
    task.folder.mkdir(parents=True, exist_ok=True)
    if outcome.state != "failed":
        task.target.parent.mkdir(exist_ok=True)
        task.target.write_text("page")
    append_record(task.folder, record_of(task, outcome))


def test_units_stand_in_their_hierarchy(index):
    tree = re.sub(r"\s+", "", index())
    assert re.search(r'Everyone</span>.*<ul><li><spanclass="name">Netherlands</span>.*</li><li>.*Belgium', tree)
    assert "Belgium &lt;b&gt;&amp; Co&lt;/b&gt;" in index()


def test_links_are_relative_and_lead_to_files(index, planner):
    links = re.findall(r'<a href="([^#"]+)"', index())
    assert len(links) == 3
    assert all((planner.folder / link).is_file() for link in links)


def test_several_reports_go_by_their_question_and_a_single_one_by_its_unit(index):
    html = index()
    assert html.count(">Do happy staff make happy customers?</a>") == 2
    assert 'lang="en">Belgium &lt;b&gt;&amp; Co&lt;/b&gt;</a></span> <small>country</small>' in html


def test_what_failed_or_does_not_apply_is_named(index):
    html = index()
    assert '<span lang="en">Everyone</span>' in html
    assert '<span class="state failed">failed</span> <small>ValueError: &lt;i&gt;</small>' in html
    assert '<span class="state">not applicable</span>' in html


def test_a_report_in_another_language_says_so(index):
    assert re.findall(r'hreflang="nl" lang="nl">[^<]+</a> <small>Nederlands</small>', index())
    assert re.findall(r'hreflang="en" lang="en">[^<]+</a> <small>English</small>', index(language="nl"))


def test_the_index_has_the_look_of_a_page(index):
    html = index()
    assert '<html lang="en">' in html and "<title>Reports – Tiny</title>" in html and html.count("<h1") == 1
    assert "SYNTHETIC" in html and "<script" not in html and "default-src 'none'" in html
    assert '<html lang="nl">' in index(language="nl") and "SYNTHETISCH" in index(language="nl")


def test_a_report_that_was_deleted_is_not_listed(index, planner):
    next(planner.folder.glob("nl-*/*.nl.html")).unlink()
    assert 'hreflang="nl"' not in index()


def test_a_unit_that_is_gone_keeps_its_reports(index, planner, write_notebook):
    task = planner.task(write_notebook(), unit="nl")
    record = record_of(task, Outcome("done"))
    append_record(planner.folder, type(record)(**{**vars(record), "unit": "old", "unit_name": "Old unit"}))
    assert re.search(r"No longer in the organisation</h2>.*Old unit", index(), re.DOTALL)


def test_the_same_reports_give_the_same_index(index):
    assert index() == index()
