"""The content of a unit changes with what a report of it may rest on, and with nothing else."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.datasets import unit_content
from helpers.datasets.contract import CONTRACT
from helpers.datasets.dataset import open_dataset
from helpers.datasets.masking import record_release
from helpers.datasets.unit_content import unit_contents
from publish.conftest import SETTINGS

UNITS = """unit_id,name,parent_id,level,merged_into
all,Everyone,,organisation,
nl,Netherlands,all,country,
nl-1,North,nl,team,
nl-2,South,nl,team,
nl-3,Desk,nl,team,nl-2
be,Belgium,all,country,
be-1,West,be,team,
be-2,East,be,team,
"""
ITEMS = """item_id,text_nl,text_en,scale_min,scale_max,reverse,element
proud,Trots,Proud,1,5,no,engagement
"""
TEAMS = ("nl-1", "nl-2", "nl-3", "be-1", "be-2")
EVERYONE = {"all", "nl", "nl-1", "nl-2", "be", "be-1", "be-2"}
NORTH = {"nl-1", "nl", "all"}


def answers() -> pd.DataFrame:
    rows = [(team, "2024", one % 11, 1 + one % 5) for team in TEAMS for one in range(14)]
    return pd.DataFrame(rows, columns=["unit_id", "period", "recommend", "proud"])


def revenue(largest: float = 10.0) -> pd.DataFrame:
    rows = [(team, "2024", "revenue", 100.0, "EUR", True, True, 20, largest, 5.0) for team in TEAMS]
    columns = ["unit_id", "period", "measure", "value", "unit", "ratio_scale", "higher_is_better", "n"]
    return pd.DataFrame(rows, columns=[*columns, "largest", "second"])


@pytest.fixture
def folder(tmp_path):
    """Behind the gate, with answers of four teams and of one merged into another."""
    settings = SETTINGS.replace('scores = "scores.csv"\n', "")
    settings += 'employee_answers = "answers.csv"\nitems = "items.csv"\noutcomes = "outcomes.csv"\n'
    (tmp_path / "dataset.toml").write_text(settings)
    (tmp_path / "units.csv").write_text(UNITS)
    (tmp_path / "items.csv").write_text(ITEMS)
    answers().to_csv(tmp_path / "answers.csv", index=False)
    revenue().to_csv(tmp_path / "outcomes.csv", index=False)
    return tmp_path


def changed(folder, act) -> set[str]:
    """Name the units whose content an act changes."""
    before = unit_contents(open_dataset(folder))
    act()
    after = unit_contents(open_dataset(folder))
    return {unit for unit in {*before, *after} if before.get(unit) != after.get(unit)}


def rewrite(folder, change, name="answers.csv"):
    frame = pd.read_csv(folder / name)
    frame = change(frame)
    frame.to_csv(folder / name, index=False)


def with_cell(row, column, value):
    def change(frame):
        frame.loc[row, column] = value
        return frame

    return change


@pytest.mark.parametrize("column", ["recommend", "proud"])
def test_one_answer_counts_for_its_unit_and_those_above_and_for_nobody_else(folder, column):
    assert changed(folder, lambda: rewrite(folder, with_cell(3, column, 5))) == NORTH


def test_every_table_that_knows_the_unit_of_a_row_counts_by_unit(folder):
    assert changed(folder, lambda: rewrite(folder, with_cell(0, "value", 101.0), "outcomes.csv")) == NORTH


def test_a_column_that_nothing_is_made_of_counts_too(folder):
    rewrite(folder, lambda frame: frame.assign(channel="web"))
    assert changed(folder, lambda: rewrite(folder, with_cell(3, "channel", "paper"))) == NORTH


def test_the_order_of_rows_does_not_count(folder):
    assert changed(folder, lambda: rewrite(folder, lambda frame: frame.sample(frac=1, random_state=1))) == set()


def test_whole_numbers_saved_as_others_do_not_count(folder):
    assert changed(folder, lambda: rewrite(folder, lambda frame: frame.astype({"proud": float}))) == set()


def test_parquet_saved_again_with_other_types_does_not_count(folder):
    text = (folder / "dataset.toml").read_text().replace("answers.csv", "answers.parquet")
    (folder / "dataset.toml").write_text(text)
    path = folder / "answers.parquet"
    answers().astype({"proud": "int8"}).to_parquet(path, index=False)
    assert changed(folder, lambda: answers().astype({"proud": float}).to_parquet(path, index=False)) == set()
    other = with_cell(3, "proud", 5)(answers())
    assert changed(folder, lambda: other.to_parquet(path, index=False)) == NORTH


def test_a_row_there_twice_counts(folder):
    assert changed(folder, lambda: rewrite(folder, lambda frame: pd.concat([frame, frame.iloc[[3]]]))) == NORTH
    assert changed(folder, lambda: rewrite(folder, lambda frame: pd.concat([frame, frame.iloc[[3]]]))) == NORTH


def test_an_answer_that_went_to_another_unit_counts_for_both(folder):
    act = with_cell(0, "unit_id", "be-1")
    assert changed(folder, lambda: rewrite(folder, act)) == {*NORTH, "be", "be-1"}


def test_answers_exchanged_between_two_rows_count(folder):
    def exchange(frame):
        frame.loc[[1, 2], "proud"] = frame.loc[[2, 1], "proud"].to_numpy()
        return frame

    assert changed(folder, lambda: rewrite(folder, exchange)) == NORTH


def test_a_merged_unit_counts_for_the_one_it_is_reported_with(folder):
    desk = answers().index[answers()["unit_id"] == "nl-3"][0]
    assert changed(folder, lambda: rewrite(folder, with_cell(desk, "proud", 4))) == {"nl-2", "nl", "all"}


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("units.csv", "Belgium", "België"),
        ("units.csv", "team,nl-2", "team,nl-1"),
        ("dataset.toml", '"Tiny"', '"Small"'),
        ("items.csv", "Proud", "Proud of us"),
    ],
    ids=["a name", "another merger", "settings", "a question"],
)
def test_what_belongs_to_no_unit_counts_for_all(folder, name, old, new):
    text = (folder / name).read_text()
    assert old in text
    assert changed(folder, lambda: (folder / name).write_text(text.replace(old, new, 1))) == EVERYONE


def test_a_new_column_counts_for_all(folder):
    assert changed(folder, lambda: rewrite(folder, lambda frame: frame.assign(channel="web"))) == EVERYONE


def test_a_unit_hidden_since_it_is_small_counts_for_all(folder):
    """Another unit may be hidden, or shown, because of it."""
    less = answers().drop(index=range(5))
    assert changed(folder, lambda: less.to_csv(folder / "answers.csv", index=False)) == EVERYONE


def test_a_sum_that_becomes_mostly_one_persons_counts_for_all(folder):
    assert changed(folder, lambda: rewrite(folder, with_cell(0, "largest", 60.0), "outcomes.csv")) == EVERYONE
    assert changed(folder, lambda: rewrite(folder, with_cell(0, "largest", 61.0), "outcomes.csv")) == NORTH


def test_what_earlier_releases_hide_counts_for_those_it_hides_alone(folder):
    dataset = open_dataset(folder)
    shown = dataset.mask.frame
    record_release(dataset)
    assert changed(folder, lambda: rewrite(folder, with_cell(3, "proud", 5))) == NORTH
    hidden = open_dataset(folder).mask.hidden
    assert not shown["hidden_by"].eq("earlier_release").any()
    assert set(hidden.loc[hidden["hidden_by"] == "earlier_release", "unit_id"]) == NORTH


def test_figures_that_a_publisher_released_count_without_a_gate(folder):
    text = (folder / "dataset.toml").read_text().replace('"gate"', '"published"')
    text = text.replace('employee_answers = "answers.csv"\n', "").replace('items = "items.csv"\n', "")
    (folder / "dataset.toml").write_text(text)
    assert changed(folder, lambda: rewrite(folder, with_cell(0, "largest", 60.0), "outcomes.csv")) == NORTH


def test_rows_of_unknown_units_count_for_all(folder):
    text = (folder / "dataset.toml").read_text() + 'actions = "actions.csv"\n'
    (folder / "dataset.toml").write_text(text)
    columns = list(CONTRACT["actions"].columns)

    def plan(unit, text):
        row = {"action_id": "a1", "unit_id": unit, "description": text}
        pd.DataFrame([row], columns=columns).to_csv(folder / "actions.csv", index=False)

    plan("nl-1", "talk")
    assert changed(folder, lambda: plan("nl-1", "listen")) == NORTH
    plan("nowhere", "talk")
    assert changed(folder, lambda: plan("nowhere", "listen")) == EVERYONE


def test_a_table_that_cannot_be_read_counts_as_it_is(folder):
    text = (folder / "dataset.toml").read_text() + 'actions = "actions.csv"\n'
    (folder / "dataset.toml").write_text(text)
    (folder / "actions.csv").write_text("action_id,unit_id\n")
    assert changed(folder, lambda: (folder / "actions.csv").write_text("unit_id,action_id\n")) == EVERYONE


def test_content_is_read_from_the_cache_while_data_are_the_same(folder, monkeypatch):
    first = unit_contents(open_dataset(folder))

    def fail(dataset):
        raise AssertionError("made again")

    monkeypatch.setattr(unit_content, "_parts", fail)
    assert unit_contents(open_dataset(folder)) == first and set(first) == EVERYONE
    rewrite(folder, with_cell(3, "proud", 5))
    with pytest.raises(AssertionError, match="made again"):
        unit_contents(open_dataset(folder))


def test_the_contract_names_one_unit_in_each_row_but_of_units_and_items():
    """A table with two columns of units would count as a whole, and should be thought about."""
    owners = {
        name: [column for column, of in table.columns.items() if of.refers_to == "units"]
        for name, table in CONTRACT.items()
    }
    assert {name for name, found in owners.items() if found != ["unit_id"]} == {"units", "items"}


@pytest.mark.parametrize(("column", "value"), [("unit", "% of staff"), ("higher_is_better", "no")])
def test_how_one_unit_states_an_outcome_counts_for_all_since_it_decides_how_all_are_told(folder, column, value):
    def state(frame):
        return frame.astype({column: "object"}).pipe(with_cell(0, column, value))

    assert changed(folder, lambda: rewrite(folder, state, "outcomes.csv")) == EVERYONE


def test_the_amount_of_an_outcome_counts_for_its_unit_and_those_above(folder):
    assert changed(folder, lambda: rewrite(folder, with_cell(0, "value", 101.0), "outcomes.csv")) == NORTH
