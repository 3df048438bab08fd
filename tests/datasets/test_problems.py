import pytest

from helpers.datasets.problems import MAX_ROWS_SHOWN, DatasetError, Problem, near, refusal, suggest


def test_a_problem_reads_as_one_sentence_and_a_way_out():
    problem = Problem("invited", "headcount", "be at least 0", "-1", (4,), 1, "Count again.")
    assert str(problem) == "invited.headcount must be at least 0; found -1 (row 4). Count again."
    assert str(Problem("units", "", "hold rows", "none")) == "units must hold rows; found none."
    assert str(Problem("dataset.toml", "title", "be a text", "1")) == "dataset.toml: title must be a text; found 1."


def test_at_most_ten_rows_are_shown_and_all_are_counted():
    problem = Problem("t", "c", "hold", "x", tuple(range(2, 2 + MAX_ROWS_SHOWN)), 1_900_000)
    assert "(rows 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 … of 1,900,000)" in str(problem)
    assert "(rows 2, 3)" in str(Problem("t", "c", "hold", "x", (2, 3), 2))


def test_control_characters_of_a_file_do_not_reach_the_terminal():
    assert "\x1b" not in str(Problem("t", "\x1b[31mred", "be known", "x"))


def test_an_error_shows_its_first_problem_and_counts_the_others():
    problems = [Problem("t", column, "hold", "x") for column in "abc"]
    assert str(DatasetError(problems)) == "t.a must hold; found x. And 2 more: see `excx check`."
    assert DatasetError(problems).problems == tuple(problems)
    with pytest.raises(ValueError, match=r"^t\.a must hold; found x\. Mend it\.$"):
        raise refusal("t", "a", "hold", "x", "Mend it.")


def test_near_names_are_found_whatever_their_case():
    assert near("RETAIL", ["retail", "service"]) == ["retail"]
    assert near("retial", ["online", "retail", "service"]) == ["retail"]
    assert near("noord", ["Team Noord-Holland", "Zuid"]) == ["Team Noord-Holland"]
    assert near("", ["a", "b"]) == []
    assert len(near("team", [f"team {number}" for number in range(9)])) == 3


def test_without_a_near_name_a_few_are_listed_and_many_are_not():
    assert suggest("zzz", ["sd", "points"]) == "Choose from sd, points."
    assert suggest("zzz", [f"unit {number}" for number in range(99)]) == ""
    assert suggest("pints", ["sd", "points"]) == "Did you mean points?"
