"""What cells give away is found whatever their column is called, and never repeated in a message."""

import pandas as pd
import pytest

from helpers.datasets.cell_contents import are_citizen_numbers, contact_rows, is_contact, is_free_text
from helpers.datasets.checking import check_dataset
from helpers.datasets.dataset import open_dataset

REACHING = """
jan@example.org|mail: j.o'x@a-b.co.uk!|jan＠example.org|06-12345678|bel 0612345678 nu|06 12 34 56 78|+31 6 1234 5678
+31612345678|0031 20 123 45 67|020-1234567|(020) 123 45 67|0512-345678|+44 (0)20 7946 0958|+1 (212) 555-0199
+32 2 123 45 67|NL91 ABNA 0417 1643 00|NL91ABNA0417164300|BSN 123456782|bsn: 123456782
"""
HARMLESS = """
Team 12|2024-2025|Winkel 1234567|0123|EUR 1.234.567,00|12,5 %|Kosten 100000000|Van 2019-01-01 tot 2024-12-31|q1 @ work
ABC-0123456789X|01-01-2024 09:00|0-10|+5 points|1000+ people|00-000-001|2024-03-01 10:00:00|+10 to +16 points (2024)
0.0612345678|24/7 0-6 jaar 2024|+12 of 1000000 extra|@home|ordernummer 20240612345678
"""
SENTENCES = [
    "Mijn baas luistert nooit naar ons.",
    "Ik wil vaker thuis kunnen werken.",
    "De kantine is te duur geworden.",
]


def cells(text):
    return [cell for cell in text.strip().replace("\n", "|").split("|") if cell]


@pytest.mark.parametrize("cell", cells(REACHING))
def test_what_reaches_a_person_is_found(cell):
    assert is_contact(cell)


@pytest.mark.parametrize("cell", cells(HARMLESS))
def test_amounts_dates_and_codes_are_not_taken_for_it(cell):
    assert not is_contact(cell)


def test_the_rows_are_given_beside_empty_cells():
    found = contact_rows(pd.Series([None, "x", "jan@example.org"], dtype="str"))
    assert {kind: rows.tolist() for kind, rows in found.items()} == {"e-mail addresses": [False, False, True]}


def test_texts_that_occur_once_are_free_text_and_labels_that_come_back_are_not():
    assert is_free_text(pd.Series([*SENTENCES, None]))
    assert is_free_text(pd.Series([*SENTENCES, *["prima"] * 99])), "most give a short answer"
    assert not is_free_text(pd.Series(SENTENCES * 3))
    assert not is_free_text(pd.Series(["Team Noord", "Team Zuid", "Team Oost"]))
    assert is_free_text(pd.Series(["woord " * 50])), "one long text is enough"


def test_citizen_service_numbers_pass_the_eleven_test_and_others_mostly_do_not():
    """By hand: 8·1 − 8 = 0 for 010000008, whose zero a spreadsheet drops; 111222333 gives 66, a multiple of 11."""
    assert are_citizen_numbers(pd.Series(["111222333", "123456782", "10000008", None]))
    assert not are_citizen_numbers(pd.Series(["111222334", "123456783", "10000005"]))
    assert not are_citizen_numbers(pd.Series([str(number) for number in range(100_000_000, 100_000_500)]))
    assert not are_citizen_numbers(pd.Series(["000000000", "00000000"]))


@pytest.mark.parametrize(
    ("values", "found"),
    [
        (["jan@example.org", "", "piet@example.org"], "e-mail addresses (rows 2, 4)"),
        (["", "06-12345678", ""], "telephone numbers (row 3)"),
        (["111222333", "123456782", "111222333"], "citizen service numbers (rows 2, 3, 4)"),
        (SENTENCES, "free text"),
    ],
)
def test_a_column_outside_the_contract_is_judged_by_what_it_holds(write, tables, values, found):
    """Rules 7 and 8: no innocent name lets personal data or free text through the check."""
    head, *rows = tables["employee_answers"].replace(",43", ",").replace(",44", ",").splitlines()
    folder = write(**tables | {"employee_answers": "\n".join([head, *map("".join, zip(rows, values, strict=True))])})
    assert [str(problem) for problem in check_dataset(folder)] == [
        f"employee_answers.shoe_size must be left out; found {found}. "
        "Drop the column: it may point to persons, whatever its name."
    ]


@pytest.mark.parametrize(
    ("table", "old", "place"),
    [
        ("units", "Team A", "units.name"),
        ("actions", "Talk weekly", "actions.description"),
        ("actions", "manager", "actions.owner_role"),
        ("actions", "voice,voice", "actions.programme"),
        ("items", "I like going to work.", "items.text_en"),
    ],
)
@pytest.mark.parametrize(
    ("value", "kind"), [("jan@example.org", "e-mail addresses"), ("bel 06-12345678", "telephone numbers")]
)
def test_texts_of_the_contract_hold_no_way_to_reach_a_person(write, tables, table, old, place, value, kind):
    new = f"voice,{value}" if old == "voice,voice" else value
    folder = write(**tables | {table: tables[table].replace(old, new, 1)})
    texts = [str(problem) for problem in check_dataset(folder)]
    assert any(
        text.startswith(f"{place} must hold no {kind}; found {kind} (row") and "Take it out" in text for text in texts
    )
    assert not any(value in text for text in texts)
    with pytest.raises(ValueError, match=f"{place} must hold no {kind}") as refused:
        open_dataset(folder).table(table)
    assert value not in str(refused.value)


def test_reasons_are_looked_at_and_comments_not(write, tables):
    answers = "unit_id,period,recommend,reason,comment\n011,2024,9,bel 06-12345678,jan@example.org\n"
    texts = [str(problem) for problem in check_dataset(write(**tables | {"customer_answers": answers}))]
    assert [text for text in texts if "customer_answers" in text and "measure" not in text] == [
        "customer_answers.reason must hold no telephone numbers; found telephone numbers (row 2). "
        "Take it out of these cells; the values are not shown here."
    ]


def test_an_id_may_look_like_a_telephone_number_but_not_like_an_address(write, tables):
    for new, n_problems in (("0612345678", 0), ("jan@example.org", 1)):
        spoilt = {name: text.replace("012", new) for name, text in tables.items()}
        problems = [problem for problem in check_dataset(write(**spoilt)) if problem.column == "unit_id"]
        assert len(problems) == n_problems * sum("012" in text for text in tables.values())


def test_a_citizen_service_number_is_no_pseudonym(write, tables):
    answers = tables["employee_answers"].replace("p1", "111222333").replace("p2", "123456782")
    texts = [str(problem) for problem in check_dataset(write(**tables | {"employee_answers": answers}))]
    assert texts == [
        "employee_answers.person_key must be a pseudonym; found numbers that pass the test of citizen service numbers "
        "(rows 2, 3, 4). Replace them by random keys."
    ]


@pytest.mark.parametrize("value", ["jan@example.org", "Mijn baas is een echte tiran", "06-12345678"])
def test_texts_in_an_item_are_refused_without_being_shown(write, tables, value):
    """An item named in `items` is no way in for free text either."""
    folder = write(**tables | {"employee_answers": tables["employee_answers"].replace("9,4,2", f"9,{value},2")})
    texts = [str(problem) for problem in check_dataset(folder)]
    assert [text.split(" found ")[0] for text in texts] == ["employee_answers.q1 must be a number;"]
    assert value not in texts[0] and "not shown here" in texts[0]


def test_of_a_column_name_that_is_a_value_nothing_is_shown(write, tables):
    answers = tables["employee_answers"].replace("shoe_size", "jan@example.org")
    texts = [str(problem) for problem in check_dataset(write(**tables | {"employee_answers": answers}))]
    assert not any("jan@" in text for text in texts)
    assert any("must have names in row 1, not values" in text for text in texts)
