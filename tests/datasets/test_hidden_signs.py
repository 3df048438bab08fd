"""Signs that nobody sees are taken out where texts are typed, once for all that is shown."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.datasets.checking import check_dataset
from helpers.datasets.dataset import open_dataset
from helpers.datasets.hidden_signs import has_hidden, with_hidden, without_hidden

SIGNS = "\u202e\u2066\u200b\u200d\u2060\ufeff\u00ad\u061c\x07\x1b\x9b\U000e0041"


@pytest.mark.parametrize("sign", SIGNS, ids=[f"U+{ord(sign):04X}" for sign in SIGNS])
def test_a_hidden_sign_goes_and_the_rest_stays(sign):
    assert without_hidden(pd.Series([f"Team{sign} Één", "é"])).tolist() == ["Team Één", "é"]
    assert has_hidden(f"a{sign}") and not has_hidden("Één – ‘één’ 😀\n")


def test_lines_become_spaces_and_what_is_left_empty_is_missing():
    cells = without_hidden(pd.Series(["a \r\n\t b", "\u200b", None], dtype="str"))
    assert cells.tolist()[0] == "a b"
    assert cells.isna().tolist() == [False, True, True]


@given(st.lists(st.one_of(st.none(), st.text(st.characters(exclude_categories=["Cs"]))), min_size=1))
def test_nothing_hidden_is_left_and_cleaning_again_changes_nothing(values):
    once = without_hidden(pd.Series(values, dtype="str"))
    assert not with_hidden(once).any()
    assert not any(has_hidden(cell) for cell in once.dropna())
    assert without_hidden(once).equals(once)


@pytest.mark.parametrize(
    ("table", "old", "column"), [("units", "Team A", "name"), ("actions", "Talk weekly", "description")]
)
def test_tables_are_read_without_them_and_the_check_says_so_once(write, tables, table, old, column):
    spoilt = tables | {table: tables[table].replace(old, f"\u202e{old}\u200b")}
    folder = write(**spoilt)
    assert old in open_dataset(folder).table(table)[column].tolist()
    problems = check_dataset(folder)
    assert [problem.severity for problem in problems] == ["warning"]
    row = 4 if table == "units" else 2
    assert str(problems[0]) == (
        f"{table} must hold no hidden signs; found control, direction or zero-width signs in {column} (row {row}). "
        "They were removed; remove them in the file too."
    )


def test_ids_match_without_them(write, tables):
    folder = write(**tables | {"outcomes": tables["outcomes"].replace("011", "0\u200b11")})
    assert [problem.severity for problem in check_dataset(folder)] == ["warning"]
    assert open_dataset(folder).table("outcomes")["unit_id"].tolist() == ["011", "012"]
