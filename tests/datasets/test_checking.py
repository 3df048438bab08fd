import time

import pandas as pd
import pytest

from helpers.datasets.checking import check_dataset, render_problems
from helpers.datasets.problems import MAX_ROWS_SHOWN, Problem

N_LARGE = 1_900_000


def texts(folder):
    return [str(problem) for problem in check_dataset(folder)]


def only(folder, severity="error"):
    """The one problem of a dataset."""
    problems = check_dataset(folder)
    assert [problem.severity for problem in problems] == [severity], render_problems(problems)
    return str(problems[0])


@pytest.fixture
def whole(write, tables):
    """Write all tables with one text replaced in one of them."""

    def spoil(table: str = "units", old: str = "", new: str = "", settings=None):
        assert old in tables[table]
        return write(settings, **tables | {table: tables[table].replace(old, new, 1)})

    return spoil


def test_a_good_dataset_has_no_problems(whole):
    assert check_dataset(whole()) == []
    assert render_problems([]) == "No problems found."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_semicolons_and_decimal_commas_are_accepted(write, tables, encoding):
    dutch = {name: text.replace(",", ";").replace("12.5", "12,5") for name, text in tables.items()}
    assert check_dataset(write(**{name: text.encode(encoding) for name, text in dutch.items()})) == []


def test_parquet_is_accepted(write, tables):
    names = list(tables)
    folder = write({f"tables.{name}": f'"{name}.parquet"' for name in names}, **tables)
    for name in names:
        pd.read_csv(folder / f"{name}.csv", dtype="str").to_parquet(folder / f"{name}.parquet")
    assert check_dataset(folder) == []


def test_cp1252_is_a_warning(write, tables):
    units = tables["units"].replace("Noord", "Één").encode("cp1252")
    message = only(write(**tables | {"units": units}), "warning")
    assert message.startswith("units must be UTF-8 text; found cp1252 in units.csv. It was read as such")


@pytest.mark.parametrize(
    ("table", "old", "new", "message"),
    [
        (
            "employee_answers",
            "2023,9",
            "2023,11",
            "employee_answers.recommend must lie between 0 and 10; found '11' (row 2). Correct it, or empty the cell.",
        ),
        (
            "employee_answers",
            "2023,9",
            "2023,7.5",
            "employee_answers.recommend must be a whole number; found '7.5' (row 2). Leave unknown cells empty.",
        ),
        (
            "employee_answers",
            "9,4,2",
            "9,6,2",
            "employee_answers.q1 must lie between 1 and 5; found '6' (row 2). Correct it, or empty the cell.",
        ),
        (
            "employee_answers",
            "011,2024,,5,1,p1",
            "011,2023,,5,1,p1",
            "employee_answers must have one row per unit_id, period, person_key; "
            "found '011'; '2023'; a key not shown here (rows 2, 3). Drop or merge the repetitions.",
        ),
        (
            "employee_answers",
            "p2",
            "jan@example.org",
            "employee_answers.person_key must be a pseudonym, never an e-mail address; "
            "found a key not shown here (row 4). Replace it by a random key.",
        ),
        (
            "employee_answers",
            "shoe_size",
            "E-mail adres",
            "employee_answers.E-mail adres must be left out; found a personal column. "
            "Drop it; person_key may hold a pseudonym.",
        ),
        (
            "employee_answers",
            "q2",
            "q3",
            "employee_answers must have a column for every item_id; found none for q2. "
            "Add an empty column, or drop the item.",
        ),
        (
            "customer_answers",
            "recommend",
            "Recomend",
            "customer_answers.recommend must be a column of the table; found no such column. "
            "Rename 'Recomend', or add it.",
        ),
        (
            "customer_answers",
            "date",
            "dag",
            "customer_answers must have a column period or date; found neither. Add one of them.",
        ),
        (
            "customer_answers",
            "2024-03-01",
            "",
            "customer_answers.date must be filled in; found an empty cell (row 2). Fill it in, or drop the row.",
        ),
        (
            "outcomes",
            "12.5",
            "a lot",
            "outcomes.value must be a number; found 'a lot' (row 2). "
            "Write 1234.5 or 1234,5; leave unknown cells empty.",
        ),
        (
            "outcomes",
            "012,2024",
            "013,2024",
            "outcomes.unit_id must be one of the units; found '013' (row 3). Did you mean 012 or 011 or 010?",
        ),
        (
            "outcomes",
            "12.5,%",
            "12.5,EUR",
            "outcomes.unit must be the same in all rows of one measure; found 'EUR', '%'; 'profit' (rows 2, 3). "
            "Give them one value.",
        ),
        (
            "invited",
            "011,2024",
            "011,2023",
            "invited must have one row per unit_id, period; found '011'; '2023' (rows 2, 3). "
            "Drop or merge the repetitions.",
        ),
        (
            "invited",
            "2024,11",
            "2024-Q1,11",
            "invited.period must be a year such as 2024, as periods_per_year=1 says; found '2024-Q1' (row 3). "
            "Write all periods in that form, or change periods_per_year.",
        ),
        (
            "invited",
            "2024,11",
            "spring,11",
            "invited.period must be a year such as 2024, as periods_per_year=1 says; found 'spring' (row 3). "
            "Write all periods in that form, or change periods_per_year.",
        ),
        (
            "items",
            "engagement",
            "engagment",
            "items.element must be one of meaningful_work, hands_on_management, positive_environment, "
            "growth_opportunity, trust_in_leadership, context, purpose, promise_kept, motivation, valued, voice, "
            "communication, room_to_act, obstacle, customer_orientation, service_behaviour, engagement, "
            "employee_satisfaction, other; found 'engagment' (row 2). Did you mean engagement?",
        ),
        (
            "items",
            "1,5,false",
            "5,1,false",
            "items.scale_min must be at most its scale_max; found '5'; '1' (row 2). Correct one of the two.",
        ),
        (
            "absence",
            "days_largest",
            "oorzaak",
            "absence.oorzaak must be left out; found a cause of absence. "
            "Drop it: why people were absent may not be recorded here.",
        ),
        (
            "absence",
            "20,10",
            "41,10",
            "absence.days_largest must be at most its days; found '41'; '40' (row 2). Correct one of the two.",
        ),
        (
            "employments",
            "2024-05-31",
            "31-05-2024",
            "employments.end must be a date such as 2024-07-31; found '31-05-2024' (row 2). Write the year first.",
        ),
        (
            "actions",
            "2024-02-01",
            "2025-02-01",
            "actions.start must be at most its due; found '2025-02-01'; '2024-12-31' (row 2). Correct one of the two.",
        ),
        (
            "scores",
            "enps,12",
            "enps,twelve",
            "scores.estimate must be a number; found 'twelve' (row 2). "
            "Write 1234.5 or 1234,5; leave unknown cells empty.",
        ),
        (
            "units",
            "011,Team A",
            "012,Team A",
            "units must have one row per unit_id; found '012' (rows 4, 5). Drop or merge the repetitions.",
        ),
        (
            "units",
            "Team B,010,team",
            "Team B,010,",
            "units.level must be filled in; found an empty cell (row 5). Fill it in, or drop the row.",
        ),
        (
            "units",
            "Noord,001",
            "Noord,",
            "units.parent_id must have exactly one root, a unit without parent_id; found '001', '010' (rows 2, 3). "
            "Leave parent_id empty for the whole organisation only.",
        ),
        (
            "units",
            "Noord,001",
            "Noord,012",
            "units.parent_id must not be below itself; found '010' → '012' → '010' (rows 3, 5). "
            "Correct one of these parents.",
        ),
        (
            "scores",
            "enps,12",
            "enps,500",
            "scores.estimate must lie between -100 and 100 for scores of kind nps; found '500' (row 2). "
            "Correct it, or empty the cell.",
        ),
        (
            "scores",
            "enps,12",
            "response_rate,75",
            "scores.estimate must lie between 0 and 1 for scores of kind rate; found '75' (row 2). "
            "Correct it, or empty the cell.",
        ),
        (
            "items",
            "q1,",
            "recommend,",
            "items.item_id must not be another column of employee_answers; found 'recommend' (row 2). "
            "Rename the item, and its column.",
        ),
    ],
)
def test_each_fault_is_reported_with_place_rule_value_row_and_way_out(whole, table, old, new, message):
    assert message in texts(whole(table, old, new))


def test_no_root_is_reported_with_the_cycle_that_caused_it(whole):
    found = texts(whole("units", "Voorbeeld,,", "Voorbeeld,010,"))
    assert any("exactly one root, a unit without parent_id; found none." in text for text in found)
    assert any("must not be below itself; found '001' → '010' → '001' (rows 2, 3)" in text for text in found)


def test_units_without_an_id_make_no_cycle(whole):
    found = texts(whole("units", "010,Noord,", ",Noord,"))
    assert any("units.unit_id must be filled in" in text for text in found)
    assert not any("below itself" in text for text in found)


def test_a_known_column_in_capitals_is_to_be_renamed_and_not_refused(whole):
    assert texts(whole("units", "unit_id,name", "unit_id,NAME")) == [
        "units.name must be a column of the table; found no such column. Rename 'NAME', or add it."
    ]


def test_an_unknown_parent_is_reported_with_the_near_unit(whole):
    found = texts(whole("units", "Team B,010", "Team B,10"))
    assert any("units.parent_id must be one of the units; found '10' (row 5). Did you mean" in text for text in found)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "items must hold rows; found an empty file, items.csv. Export it again."),
        (b"item_id,element\n", "items must have at least one row; found a header only, in items.csv."),
        ("item_id\nq1\n".encode("utf-16"), "items must be UTF-8 text; found UTF-16 in items.csv."),
        (bytes(range(1, 256)), "items must be UTF-8 text; found binary data in items.csv."),
    ],
)
def test_a_file_that_cannot_be_read_does_not_hide_the_other_tables(write, tables, content, message):
    spoilt = tables["outcomes"].replace("12.5", "a lot")
    found = texts(write(items=content, outcomes=spoilt))
    assert any(text.startswith(message) for text in found)
    assert any(text.startswith("outcomes.value must be a number") for text in found)


def test_a_missing_file_is_reported(write, tables):
    folder = write(items=tables["items"])
    (folder / "items.csv").unlink()
    assert "items must have a file; found no file items.csv. Correct its path in dataset.toml." in texts(folder)


def test_unreadable_units_are_reported_once_and_not_for_every_reference(write, tables):
    errors = [text for text in texts(write(**tables | {"units": b""})) if "units" in text.split(" must ")[0]]
    assert errors == ["units must hold rows; found an empty file, units.csv. Export it again."]


def test_wrong_settings_do_not_hide_the_tables(whole):
    found = texts(whole("outcomes", "12.5", "a lot", settings={"min_group": "3", "titel": '"x"'}))
    assert len(found) == 3
    assert found[0].startswith("dataset.toml: titel must be a known key; found 'titel'. Did you mean title")
    assert found[1].startswith("dataset.toml: min_group must be a whole number of at least 5; found 3")
    assert found[2].startswith("outcomes.value must be a number")


def test_broken_and_missing_settings_are_the_only_problem(write, tmp_path):
    assert only(tmp_path).startswith("dataset.toml must exist; found No such file")
    assert only(write({"title": "["})).startswith("dataset.toml must be valid TOML; found ")


def test_a_level_that_no_unit_has_is_reported(whole):
    message = only(whole(settings={"levels.report": '"teams"'}))
    assert message == "dataset.toml: levels.report must be a level in units; found 'teams'. Did you mean team?"


def test_a_measure_that_no_table_gives_is_a_warning(whole):
    message = only(whole(settings={"measures.outcomes": '["profits", "enps"]'}), "warning")
    expected = "dataset.toml: measures.outcomes must be a measure that the tables give; found 'profits'. "
    assert message.startswith(expected + "Did you mean profit")


def test_more_answers_than_invited_are_a_warning(whole):
    message = only(whole("invited", "2024,8,9", "2024,0,9"), "warning")
    assert message.startswith(
        "invited.n_invited must be at least the number of answers; found 0 invited, 1 answers (row 4)"
    )


def test_a_column_that_looks_like_a_known_one_is_a_warning(whole):
    message = only(whole("customer_answers", "repurchase", "Repurchases"), "warning")
    assert "It is ignored; did you mean repurchase?" in message


def test_all_problems_of_all_tables_come_at_once(write, tables):
    spoilt = {
        "units": tables["units"].replace("Team B,010,team", "Team B,010,"),
        "employee_answers": tables["employee_answers"].replace("2023,9", "20-23,x"),
        "outcomes": tables["outcomes"].replace("12.5,%,true", "12.5,%,perhaps"),
        "absence": tables["absence"].replace("12,9", "-12,9"),
    }
    places = [(problem.table, problem.column) for problem in check_dataset(write(**tables | spoilt))]
    assert places == [
        ("units", "level"),
        ("employee_answers", "recommend"),
        ("employee_answers", "period"),
        ("outcomes", "ratio_scale"),
        ("absence", "headcount"),
    ]


def test_a_cell_that_does_not_fit_is_reported_once(whole):
    assert only(whole("invited", "2024,11,12", "2024,many,12")).startswith("invited.n_invited must be a whole number")


def test_rows_are_right_beside_empty_cells(whole):
    assert "(row 4)" in only(whole("employee_answers", "012,2024,0", "012,2024,-1"))


def test_rows_of_parquet_are_counted_from_one(write, tables):
    folder = write({"tables.outcomes": '"outcomes.parquet"'}, outcomes=tables["outcomes"])
    spoilt = pd.read_csv(folder / "outcomes.csv", dtype="str").assign(unit_id=["011", "013"])
    spoilt.to_parquet(folder / "outcomes.parquet")
    assert any("found '013' (row 2)" in text for text in texts(folder))


def test_published_figures_need_no_n(write, tables):
    folder = write({"disclosure": '"published"'}, scores=tables["scores"])
    assert [problem for problem in check_dataset(folder) if problem.severity == "error"] == []


def test_a_wholly_bad_column_of_millions_is_one_problem_within_seconds(write):
    started = time.perf_counter()
    bad = "unit_id,period,recommend\n" + "011,2024,11\n" * N_LARGE
    problems = [problem for problem in check_dataset(write(employee_answers=bad)) if problem.severity == "error"]
    assert [(problem.column, problem.n_rows) for problem in problems] == [("recommend", N_LARGE)]
    assert problems[0].rows == tuple(range(2, 2 + MAX_ROWS_SHOWN))
    assert len(render_problems(problems)) < 500
    assert time.perf_counter() - started < 30


def test_text_in_a_number_column_of_millions_is_one_problem_within_seconds(write):
    started = time.perf_counter()
    bad = "unit_id,period,recommend\n" + "011,2024,?\n" * N_LARGE
    problems = [problem for problem in check_dataset(write(employee_answers=bad)) if problem.severity == "error"]
    assert [(problem.rule, problem.n_rows) for problem in problems] == [("be a whole number", N_LARGE)]
    assert time.perf_counter() - started < 30


def test_the_report_puts_errors_first_and_counts():
    problems = [
        Problem("units", "", "be UTF-8 text", "cp1252", severity="warning"),
        Problem("units", "level", "be filled in", "an empty cell", (3,), 1),
    ]
    assert render_problems(problems).splitlines() == [
        "error: units.level must be filled in; found an empty cell (row 3).",
        "warning: units must be UTF-8 text; found cp1252.",
        "",
        "1 error, 1 warning. Rows are numbered as in a spreadsheet for CSV (the header is row 1), from 1 for Parquet.",
    ]
    assert render_problems(problems[:1]).endswith("\n0 errors, 1 warning.")


MERGING = """unit_id,name,parent_id,level,merged_into
001,Voorbeeld,,organisation,
010,Noord,001,country,
011,Team A,010,team,{}
012,Team B,010,team,013
013,Team A and B,010,team,
014,Team C,{},team,
"""


def test_small_teams_may_be_reported_as_one(write, tables):
    assert check_dataset(write(**tables | {"units": MERGING.format("013", "010")})) == []


@pytest.mark.parametrize(
    ("target", "parent", "message"),
    [
        ("012", "010", "units.merged_into must be a unit that is not merged itself; found '012' (row 4"),
        ("013", "011", "units.parent_id must not be a merged unit; found '011' (row 7"),
    ],
)
def test_merging_goes_one_step_and_only_at_the_bottom(write, tables, target, parent, message):
    assert only(write(**tables | {"units": MERGING.format(target, parent)})).startswith(message)
