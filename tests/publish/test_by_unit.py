"""After a change in one unit's data, `--resume` makes anew the reports of that unit and of those above it alone."""

from __future__ import annotations

import shutil
import uuid

import nbformat
import pandas as pd
import pytest
from nbformat import v4

from helpers.datasets.dataset import open_dataset
from helpers.publish import batch, stamps
from helpers.publish.outcome import Outcome
from helpers.publish.paths import write_whole
from helpers.publish.reporting import make_reports
from helpers.publish.request import Request
from helpers.publish.stamps import unchanged_reports
from helpers.publish.telling import Teller, Unchanged
from publish.conftest import PARAMETERS, SETTINGS

UNITS = """unit_id,name,parent_id,level
all,Everyone,,organisation
nl,Netherlands,all,country
nl-1,North,nl,team
nl-2,South,nl,team
be,Belgium,all,country
be-1,West,be,team
be-2,East,be,team
"""
ASKED = ("all", "nl", "nl-1", "nl-2", "be", "be-1", "be-2")
CHAIN, OTHERS = {"all", "nl", "nl-1"}, {"nl-2", "be", "be-1", "be-2"}
# As the unit report does: the figures of the unit, through the gate.
BY_UNIT = """from helpers.datasets.dataset import open_dataset
from helpers.datasets.released import released_scores
shown = released_scores(open_dataset(dataset), units=[unit])"""
SHOW = """from IPython.display import HTML
HTML(f"<p>{[round(row['estimate'], 3) for row in shown.rows if row['released']]}</p>")"""
WHOLE = f"from helpers.datasets.reasons import reason_rows\n{BY_UNIT}"


def write_pages(tasks, *_, **__):
    """In place of kernels: each page made is another."""
    for task in tasks:
        write_whole(task.target, uuid.uuid4().hex, task.folder.parent)
        yield task, Outcome("done")


def answers() -> pd.DataFrame:
    rows = [(team, "2024", one % 11) for team in ("nl-1", "nl-2", "be-1", "be-2") for one in range(30)]
    return pd.DataFrame(rows, columns=["unit_id", "period", "recommend"])


class Batches:
    """Batches of the same request, in a folder of their own."""

    def __init__(self, place, *codes):
        self.folder, self.reports = place / "tiny", place / "reports"
        self.folder.mkdir()
        settings = SETTINGS.replace('scores = "scores.csv"', 'employee_answers = "answers.csv"')
        (self.folder / "dataset.toml").write_text(settings)
        (self.folder / "units.csv").write_text(UNITS)
        answers().to_csv(self.folder / "answers.csv", index=False)
        cells = [v4.new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]}), *map(v4.new_code_cell, codes)]
        self.notebook = place / "01_sample.ipynb"
        nbformat.write(v4.new_notebook(cells=[v4.new_markdown_cell("# How do we fare?"), *cells]), self.notebook)
        self.request = Request(notebooks=(str(self.notebook),), units=ASKED, resume=True)

    def run(self) -> tuple[set[str], Unchanged]:
        """Give the units whose pages are others now, or new, and how many reports were unchanged."""
        before, teller = self.pages(), Teller()
        assert make_reports(open_dataset(self.folder), self.request, reports=self.reports, jobs=2, teller=teller) == 0
        after = self.pages()
        assert len(after) == len(ASKED)
        return {unit for unit, page in after.items() if before.get(unit) != page}, teller.unchanged

    def pages(self) -> dict[str, bytes]:
        """Give the pages by unit: their folders are the id and a fingerprint of it."""
        found = (self.reports / "tiny").glob("*/*.html")
        return {path.parent.name.rpartition("-")[0]: path.read_bytes() for path in found}

    def change(self, act) -> None:
        frame = pd.read_csv(self.folder / "answers.csv")
        act(frame).to_csv(self.folder / "answers.csv", index=False)


@pytest.fixture
def batches(tmp_path, monkeypatch):
    monkeypatch.setattr(batch, "run_all", write_pages)
    return lambda code: Batches(tmp_path, code)


def one_answer(frame):
    frame.loc[3, "recommend"] = 10
    return frame


def test_one_answer_of_one_team_makes_its_own_report_and_those_above_it_anew(batches):
    made = batches(BY_UNIT)
    assert made.run() == (set(ASKED), Unchanged(0, 0))
    made.change(one_answer)
    assert made.run() == (CHAIN, Unchanged(len(OTHERS), len(OTHERS)))
    assert made.run() == (set(), Unchanged(len(ASKED), len(OTHERS)))
    made.request = Request(made.request.notebooks, ASKED)
    assert made.run() == (set(ASKED), Unchanged(0, 0))


def test_rows_in_another_order_make_nothing_anew_and_are_no_earlier_data(batches):
    made = batches(BY_UNIT)
    made.run()
    made.change(lambda frame: frame.iloc[::-1])
    assert made.run() == (set(), Unchanged(len(ASKED), 0))


def test_reports_that_tell_what_the_ledger_does_not_know_are_all_made_anew(batches):
    made = batches(WHOLE)
    made.run()
    made.change(one_answer)
    assert made.run() == (set(ASKED), Unchanged(0, 0))


def test_a_team_that_falls_below_min_group_makes_all_anew(batches):
    made = batches(BY_UNIT)
    made.run()
    made.change(lambda frame: frame.drop(index=range(25)))
    assert made.run() == (set(ASKED), Unchanged(0, 0))


@pytest.mark.parametrize(
    ("name", "old", "new"), [("units.csv", "Belgium", "België"), ("dataset.toml", "Tiny", "Small")]
)
def test_names_and_settings_make_all_anew(batches, name, old, new):
    made = batches(BY_UNIT)
    made.run()
    text = (made.folder / name).read_text()
    (made.folder / name).write_text(text.replace(old, new))
    assert made.run() == (set(ASKED), Unchanged(0, 0))


def test_without_the_ledger_that_knows_them_no_report_is_kept(batches):
    """Rule 4: the new pages were not held against the old ones then."""
    made = batches(BY_UNIT)
    made.run()
    made.change(one_answer)
    shutil.rmtree(made.folder / "ledger")
    assert made.run() == (set(ASKED), Unchanged(0, 0))


def test_asked_again_it_is_still_said_that_reports_are_of_earlier_data(batches, monkeypatch):
    monkeypatch.setattr(stamps, "_SETTLED", -60.0)
    made = batches(BY_UNIT)
    made.run()
    made.change(one_answer)
    made.run()
    found = unchanged_reports(str(made.folder), made.request, made.reports)
    assert found == (made.reports.resolve() / "tiny", Unchanged(len(ASKED), len(OTHERS)))


@pytest.mark.slow
def test_with_kernels_the_pages_kept_are_the_same_bytes_and_the_new_ones_tell_the_new_figures(tmp_path):
    made = Batches(tmp_path, BY_UNIT, SHOW)
    assert made.run() == (set(ASKED), Unchanged(0, 0))
    before = made.pages()
    # Ten late answers or more: after fewer the figures would be hidden, since they were told before.
    late = pd.DataFrame({"unit_id": "nl-1", "period": "2024", "recommend": [10] * 12})
    made.change(lambda frame: pd.concat([frame, late]))
    assert made.run() == (CHAIN, Unchanged(len(OTHERS), len(OTHERS)))
    after = made.pages()
    assert {unit for unit in ASKED if after[unit] == before[unit]} == OTHERS
    assert b"[-56.667]" in before["nl-1"] and b"[-11.905]" in after["nl-1"]
