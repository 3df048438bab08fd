"""The mask of a dataset: kept while nothing changes, recorded before anything leaves, and refused when in doubt."""

from __future__ import annotations

import subprocess
import sys

import pandas as pd
import pytest

from helpers.datasets import masking
from helpers.datasets.dataset import open_dataset
from helpers.datasets.masking import dataset_ledger, make_masking, record_release, told_before
from helpers.datasets.released import TOGETHER, countable_rows, named_units, released_scores
from helpers.release import ReleaseError
from helpers.release.history import trace_bytes
from helpers.release.ledger import LedgerError

HEAD = "unit_id,name,parent_id,level\n001,All,,organisation\n010,North,001,country\n020,South,001,country\n"


def company(n_by_team, *, period="2024"):
    """Tables of a company: teams with numbers of answers, the first half in one country, the others in another."""
    names = list(n_by_team)
    half = len(names) // 2
    lines = [f"{name},Team {name},{'010' if place < half else '020'},team" for place, name in enumerate(names)]
    answers = [f"{name},{period},{(7 * turn) % 11}" for name, n in n_by_team.items() for turn in range(n)]
    return {
        "units": HEAD + "\n".join(lines) + "\n",
        "employee_answers": "\n".join(["unit_id,period,recommend", *answers]) + "\n",
    }


SIZES = {"a": 5, "b": 12, "c": 30, "d": 20, "e": 25, "f": 40}


@pytest.fixture
def made(write):
    """Write a company and open it."""
    return lambda sizes=SIZES, min_group="10", **more: open_dataset(
        write({"min_group": min_group, **more}, **company(sizes))
    )


@pytest.fixture
def counted(monkeypatch):
    """How often a mask was found anew."""
    calls = []
    monkeypatch.setattr(masking, "make_masking", lambda dataset: calls.append(1) or make_masking(dataset))
    return calls


def shown(dataset):
    frame = dataset.mask.frame
    return set(frame.loc[frame["hidden_by"] == "", "unit_id"])


def test_small_teams_and_what_would_tell_them_are_hidden(made):
    hidden = made().mask.hidden.set_index("unit_id")["hidden_by"].to_dict()
    assert hidden == {"a": "min_group", "b": "remainder"}


def test_the_mask_is_found_once_and_read_again(made, counted):
    first = made().mask.frame
    second = made().mask.frame
    assert len(counted) == 1
    pd.testing.assert_frame_equal(first, second)


def test_a_release_does_not_make_its_own_mask_be_found_anew(made, counted):
    dataset = made()
    head = record_release(dataset)
    assert head == dataset_ledger(dataset).head and len(head) == 64
    assert shown(made()) == {"001", "010", "020", "c", "d", "e", "f"}
    assert len(counted) == 1


def test_a_mask_that_was_just_found_is_not_found_again_for_the_ledger(made, counted):
    dataset = made()
    seen = dataset.mask.frame
    record_release(dataset)
    assert len(counted) == 1
    pd.testing.assert_frame_equal(made().mask.frame, seen)


def test_a_mask_of_scores_that_changed_meanwhile_is_neither_given_nor_kept(made):
    dataset = made()
    assert not dataset.scores.empty
    changed = made(SIZES | {"d": 4})
    for refused in (lambda: dataset.mask, lambda: record_release(dataset)):
        with pytest.raises(ValueError, match=r"tables must stay as they are while they are read; .* changed"):
            refused()
    assert not list(dataset.folder.glob(".cache/mask-*")) and not dataset_ledger(dataset).entries()
    assert "d" not in shown(changed)


def test_a_release_by_somebody_else_in_between_makes_it_be_found_again(made, counted):
    theirs = trace_bytes(make_masking(made(SIZES | {"d": 23})).trace)
    dataset = made()
    before = shown(dataset)
    payload = {"data": "theirs", "rules": "theirs", "min_group": 10}
    dataset_ledger(dataset).append(payload, theirs)
    record_release(dataset)
    assert len(counted) == 2
    assert shown(dataset) == shown(made()) < before


def test_what_an_earlier_release_told_and_this_one_hides_is_listed(made):
    record_release(made(SIZES | {"d": 23}))
    head = dataset_ledger(made()).head
    dataset = made()
    record_release(dataset)
    told = told_before(dataset)[head]
    hidden = dataset.mask.hidden
    assert told and {unit for unit, _, _ in told} <= set(hidden["unit_id"])
    assert "a" not in {unit for unit, _, _ in told}, "hidden in both"


def test_another_head_of_the_ledger_makes_another_mask(made, counted):
    made().mask  # noqa: B018
    record_release(made(SIZES | {"d": 23}))
    made().mask  # noqa: B018
    assert len(counted) == 3


def test_unchanged_data_is_recorded_once(made):
    heads = {record_release(made()) for _ in range(3)}
    assert len(heads) == 1
    assert len(dataset_ledger(made()).entries()) == 1


def test_changed_data_is_recorded_again_and_going_back_is_not(made):
    record_release(made())
    changed = record_release(made(SIZES | {"f": 60}))
    assert record_release(made()) == changed
    assert len(dataset_ledger(made()).entries()) == 2


def test_three_late_answers_hide_what_would_tell_them(made):
    record_release(made())
    late = made(SIZES | {"d": 23})
    hidden = late.mask.hidden.set_index("unit_id")["hidden_by"]
    assert hidden["d"] == "earlier_release"
    assert {"d", "020", "001"} & shown(late) == set()
    assert {"c", "e", "f", "010"} <= shown(late)


def test_late_answers_of_a_whole_group_hide_nothing_more(made):
    record_release(made())
    assert shown(made(SIZES | {"d": 35})) == shown(made())


PUBLISHED = {"disclosure": '"published"', "synthetic": "false", "source": '"Statistics"'}
SCORES = "unit_id,period,measure,estimate\n001,2024,enps,10\n"


def test_published_figures_need_no_mask_and_no_ledger(write):
    dataset = open_dataset(write(PUBLISHED, units=HEAD, scores=SCORES))
    assert dataset.mask is None
    assert record_release(dataset) == ""
    assert not (dataset.folder / "ledger").exists()


def test_single_answers_were_published_by_nobody(made):
    with pytest.raises(ValueError, match=r'disclosure must be "gate" where .* beside employee_answers'):
        made(**PUBLISHED)


def test_what_was_behind_the_gate_does_not_become_published(write):
    record_release(open_dataset(write(units=HEAD, scores=SCORES + "010,2024,enps,12\n")))
    with pytest.raises(ReleaseError, match='disclosure must stay "gate" once something was released'):
        record_release(open_dataset(write(PUBLISHED, units=HEAD, scores=SCORES)))


RELEASE = """
import sys
from helpers.datasets.dataset import open_dataset
from helpers.datasets.masking import record_release
dataset = open_dataset(sys.argv[1])
dataset.scores
print("ready", flush=True)
sys.stdin.readline()
print(record_release(dataset))
"""


def test_two_processes_at_once_leave_one_entry(made):
    dataset = made()
    started = [
        subprocess.Popen(
            [sys.executable, "-c", RELEASE, str(dataset.folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for process in started:
        assert process.stdout.readline() == "ready\n"
    for process in started:
        process.stdin.write("go\n")
        process.stdin.flush()
    answers = [process.communicate(timeout=60) for process in started]
    assert [process.returncode for process in started] == [0, 0], answers
    assert answers[0][0] == answers[1][0] == f"{dataset_ledger(dataset).head}\n"
    assert len(dataset_ledger(dataset).entries()) == 1


LOWERED = r"min_group must not fall below that of an earlier release, 10; found 9\. Set it back in dataset\.toml"


def test_rule_14_a_lowered_threshold_is_refused(made):
    record_release(made())
    with pytest.raises(ReleaseError, match=LOWERED):
        record_release(made(min_group="9"))
    with pytest.raises(ReleaseError, match=LOWERED):
        made(min_group="9").mask  # noqa: B018


def test_a_threshold_lowered_again_after_it_was_raised_is_refused(made):
    record_release(made(min_group="5"))
    record_release(made(min_group="10"))
    with pytest.raises(ReleaseError, match=r"of an earlier release, 10; found 5"):
        record_release(made(min_group="5"))


def test_a_raised_threshold_is_recorded(made):
    record_release(made(min_group="5"))
    record_release(made(min_group="10"))
    assert [entry.payload["min_group"] for entry in dataset_ledger(made()).entries()] == [5, 10]


def alter_line(folder):
    path = folder / "ledger" / "ledger.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"min_group":10', b'"min_group":5'))


def remove_ledger(folder):
    (folder / "ledger" / "ledger.jsonl").unlink()


def alter_trace(folder):
    for path in (folder / "ledger").glob("*.json.gz"):
        path.write_bytes(path.read_bytes()[:-1])


@pytest.mark.parametrize("damage", [alter_line, remove_ledger])
def test_rule_14_an_altered_ledger_releases_nothing(made, damage):
    dataset = made()
    record_release(dataset)
    damage(dataset.folder)
    for use in (lambda: made().mask, lambda: record_release(made()), lambda: released_scores(made(), units=["001"])):
        with pytest.raises(LedgerError, match=r"Restore .* from a backup"):
            use()


def test_rule_14_an_altered_trace_releases_nothing_new(made):
    dataset = made()
    record_release(dataset)
    alter_trace(dataset.folder)
    changed = made(SIZES | {"d": 35})
    with pytest.raises(LedgerError, match=r"must be what entry 1 was made with; found another content"):
        record_release(changed)
    assert len(dataset_ledger(changed).entries()) == 1


def test_the_masking_has_a_trace_of_every_unit_with_answers(made):
    trace = make_masking(made()).trace.set_index("unit_id")
    assert trace.loc[list(SIZES), "n"].to_dict() == SIZES
    assert trace.loc[["001", "010", "020"], "n"].tolist() == [0, 0, 0]
    assert trace.index[~trace["released"]].tolist() == ["a", "b"]


def test_named_units_are_those_without_a_hidden_figure(made):
    assert named_units(made(), ["enps"]) == {"001", "010", "020", "c", "d", "e", "f"}
    assert named_units(made(), ["nps"]) == set()


def test_a_unit_hidden_in_one_period_is_not_named(write):
    tables, earlier = company(SIZES), company({"a": 20, "b": 20, "c": 4, "d": 30, "e": 30, "f": 30}, period="2023")
    both = tables["employee_answers"] + earlier["employee_answers"].split("\n", 1)[1]
    dataset = open_dataset(write({"min_group": "10"}, **tables | {"employee_answers": both}))
    assert named_units(dataset, ["enps"]) & set("abcdef") == {"d", "e", "f"}


def team_rows(dataset):
    return dataset.scores[dataset.scores["unit_id"].str.startswith("t")]


@pytest.mark.parametrize(
    ("n_small", "counted"), [(TOGETHER - 1, 0), (TOGETHER, TOGETHER), (TOGETHER + 3, TOGETHER + 3)]
)
def test_hidden_teams_count_only_where_forty_are_hidden_together(made, n_small, counted):
    sizes = {f"t{place:02}": 6 for place in range(n_small)} | {"tx": 30, "ty": 30}
    dataset = made(sizes)
    rows = team_rows(dataset)
    assert len(dataset.mask.hidden) == n_small
    assert len(countable_rows(dataset, rows, below="001")) == counted + 2


def test_below_a_unit_only_released_teams_count(made):
    sizes = {f"t{place:03}": 6 for place in range(2 * TOGETHER)} | {"tx": 30, "ty": 30}
    dataset = made(sizes)
    rows = team_rows(dataset)
    assert len(countable_rows(dataset, rows, below="001")) == len(rows)
    for country in ("010", "020"):
        counted = countable_rows(dataset, rows, below=country)
        assert set(counted["unit_id"]) == {"tx", "ty"}


def test_outcomes_without_a_number_of_people_count(made, write):
    tables = company(SIZES) | {
        "outcomes": "unit_id,period,measure,value,unit,ratio_scale,higher_is_better\nc,2024,profit,12.5,EUR,true,true\n"
    }
    dataset = open_dataset(write({"min_group": "10"}, **tables))
    rows = dataset.scores[dataset.scores["measure"] == "profit"]
    assert rows["n"].isna().any()
    assert len(countable_rows(dataset, rows, below="010")) == len(rows)
