"""What `excx release` writes: all scores as they may be shown, and an audit that tells no size of a hidden group."""

import hashlib
import json

import pandas as pd
import pytest

from helpers.datasets.dataset import open_dataset
from helpers.datasets.masking import dataset_ledger
from helpers.publish.releasing import write_release
from helpers.release import ledger

UNITS = ["all,Everyone,,organisation", "nl,=HYPERLINK(1),all,country", *(f"t{n},Team {n},nl,team" for n in range(5))]
# Answers, promoters and detractors.
TEAMS = {"t0": (7, 3, 2), "t1": (20, 8, 5), "t2": (30, 12, 6), "t3": (40, 15, 10), "t4": (40, 20, 8)}
WHOLE = tuple(map(sum, zip(*TEAMS.values(), strict=True)))
GROUPS = {"all": WHOLE, "nl": WHOLE} | TEAMS


def score(unit):
    """Write the eNPS of a unit as a row of the table `scores`."""
    n, promoters, detractors = GROUPS[unit]
    mean = (promoters - detractors) / n
    se = (((promoters + detractors) / n - mean**2) / n) ** 0.5
    return f"{unit},2024,enps,{100 * mean!r},{n},{100 * se!r}"


@pytest.fixture
def dataset(tiny):
    """Five teams in one country: t0 is too small, so another one is hidden with it."""
    rows = map(score, GROUPS)
    (tiny / "units.csv").write_text("\n".join(["unit_id,name,parent_id,level", *UNITS]), encoding="utf-8")
    (tiny / "scores.csv").write_text("\n".join(["unit_id,period,measure,estimate,n,se", *rows]), encoding="utf-8")
    return open_dataset(tiny)


def written(dataset, tmp_path):
    path = write_release(dataset, tmp_path / "reports")
    table = pd.read_csv(path.parent / "scores.csv", dtype="str", encoding="utf-8-sig", keep_default_na=False)
    return json.loads(path.read_text(encoding="utf-8")), table.set_index("unit_id")


def test_a_small_team_and_the_smallest_beside_it_are_hidden(dataset, tmp_path):
    _, table = written(dataset, tmp_path)
    assert table["shown"].to_dict() == dict.fromkeys(GROUPS, "yes") | {"t0": "no", "t1": "no"}
    assert set(table.loc[["t0", "t1"], ["estimate", "ci_low", "ci_high", "answers", "band"]].to_numpy().ravel()) == {""}


def test_numbers_of_answers_are_bands_below_thirty(dataset, tmp_path):
    (dataset.folder / "scores.csv").write_text(
        "unit_id,period,measure,estimate,n,se\nt1,2024,enps,12,20,9\nt2,2024,enps,12,30,9\n", encoding="utf-8"
    )
    _, table = written(open_dataset(dataset.folder), tmp_path)
    assert table.loc[["t1", "t2"], "answers"].tolist() == ["20–29", "30"]


def test_the_audit_counts_what_is_hidden_and_proves_the_remainders(dataset, tmp_path):
    audit, table = written(dataset, tmp_path)
    teams = next(row for row in audit["hidden"] if row["level"] == "team")
    assert teams["hidden_by"] == {"min_group": 1, "uniform": 0, "remainder": 1, "earlier_release": 0}
    left = audit["remainders"]["employees"]
    assert (left["checked"], left["below_min_group"], left["smallest"]) == (5, 0, "20–29")
    assert left["empty"] + left["at_least_min_group"] == left["checked"]
    assert audit["narrowest_count"] == {"employees": "20–29"}
    assert audit["min_group"] == 10 and audit["scores"]["shown"] == (table["shown"] == "yes").sum() == 5


def test_the_audit_tells_no_size_of_a_hidden_team(dataset, tmp_path):
    path = write_release(dataset, tmp_path / "reports")
    audit, table = path.read_text(encoding="utf-8"), (path.parent / "scores.csv").read_text(encoding="utf-8-sig")
    assert "t0" not in audit and ": 27" not in audit and '"27"' not in table and '"7"' not in table


def test_the_audit_names_its_table_and_the_head_of_the_ledger(dataset, tmp_path):
    path = write_release(dataset, tmp_path / "reports")
    audit = json.loads(path.read_text(encoding="utf-8"))
    assert audit["scores"]["sha256"] == hashlib.sha256((path.parent / "scores.csv").read_bytes()).hexdigest()
    assert audit["ledger"] == dataset_ledger(dataset).head != ""


def test_a_name_that_begins_a_formula_is_quoted(dataset, tmp_path):
    _, table = written(dataset, tmp_path)
    assert table.loc["nl", "name"] == "'=HYPERLINK(1)"


def test_the_same_data_give_the_same_bytes_and_one_entry(dataset, tmp_path):
    first = write_release(dataset, tmp_path / "reports").read_bytes()
    assert write_release(open_dataset(dataset.folder), tmp_path / "reports").read_bytes() == first
    assert len(dataset_ledger(dataset).entries()) == 1


def test_an_altered_ledger_releases_nothing(dataset, tmp_path):
    audit = write_release(dataset, tmp_path / "reports")
    lines = dataset.folder / "ledger" / "ledger.jsonl"
    lines.write_text(lines.read_text().replace('"min_group":10', '"min_group":11'))
    audit.unlink()
    with pytest.raises(ledger.LedgerError):
        write_release(open_dataset(dataset.folder), tmp_path / "reports")
    assert not audit.exists()


def test_figures_published_by_their_source_need_no_ledger(dataset, tmp_path):
    settings = dataset.folder / "dataset.toml"
    settings.write_text(settings.read_text().replace('"gate"', '"published"'))
    audit, table = written(open_dataset(dataset.folder), tmp_path)
    assert audit["published_by_source"] == "Made by hand" and set(table["shown"]) == {"yes"}
    assert not (dataset.folder / "ledger").exists()


def test_a_table_that_cannot_be_read_is_refused_and_nothing_is_written(dataset, tmp_path):
    settings = dataset.folder / "dataset.toml"
    settings.write_text(settings.read_text() + 'absence = "absence.csv"\n')
    with pytest.raises(ValueError, match=r"^absence must have a file; found no file absence\.csv\. Correct its path"):
        write_release(open_dataset(dataset.folder), tmp_path / "reports")
    assert not (tmp_path / "reports").exists()
