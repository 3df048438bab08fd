"""The reliability of unit means equals R's, is ICC(2) for an endless population, and gives a known truth back."""

import numpy as np
import pandas as pd
import pytest
from cases import data, expected

from helpers.stats.agreement import icc
from helpers.stats.estimates import NotApplicable
from helpers.stats.unit_reliability import unit_reliability

CASE = "unit_reliability"


def scored(answers: pd.DataFrame) -> pd.DataFrame:
    """Scores of units, as a survey gives them: mean, standard error for an endless population, answers, people."""
    units = answers.groupby(["study", "unit"])
    table = units.agg(value=("answer", "mean"), s=("answer", "std"), n=("answer", "size"))
    table["population"] = units["population"].max()
    return table.assign(se=table["s"] / np.sqrt(table["n"])).reset_index()


def teams(rng: np.random.Generator, *, share: float, n_teams: int = 3000, people: int = 12) -> pd.DataFrame:
    """Teams of a payroll of which a share answers, with what the whole payroll would have said beside it."""
    payroll = rng.normal(0, 0.15, (n_teams, 1)) + rng.normal(0, 0.7, (n_teams, people))
    asked = payroll[:, : round(share * people)]
    frame = pd.DataFrame({"value": asked.mean(axis=1), "se": asked.std(axis=1, ddof=1) / np.sqrt(asked.shape[1])})
    return frame.assign(study="s", n=asked.shape[1], population=people, truth=payroll.mean(axis=1))


@pytest.mark.parametrize("finite", [True, False])
def test_it_equals_mean_squares_from_r(finite):
    units = scored(data(CASE))
    found = unit_reliability(units if finite else units.drop(columns="population"))
    wanted = expected(CASE)["finite" if finite else "endless"]
    assert found.attrs["true_variance"] == pytest.approx(wanted["true_variance"], rel=1e-8)
    for name in ("error_variance", "reliability"):
        assert found[name].tolist() == pytest.approx(wanted[name], rel=1e-8)


def test_for_equal_units_and_an_endless_population_it_is_icc_2():
    rng = np.random.default_rng(1)
    answers = pd.DataFrame({"unit": np.repeat(range(40), 6), "study": "s", "population": 1000})
    answers["answer"] = rng.normal(size=40).repeat(6) + rng.normal(size=240)
    both = icc(answers, value="answer", unit="unit").set_index("term")["estimate"]
    found = unit_reliability(scored(answers).drop(columns="population"))
    assert found["reliability"].item() == pytest.approx(both["icc2"], rel=1e-10)


@pytest.mark.parametrize("share", [0.5, 0.75])
def test_it_is_the_squared_correlation_with_what_the_whole_payroll_would_have_said(share):
    units = teams(np.random.default_rng(2), share=share)
    truth = units["value"].corr(units["truth"]) ** 2
    assert unit_reliability(units)["reliability"].item() == pytest.approx(truth, abs=0.03)
    endless = unit_reliability(units.drop(columns="population"))["reliability"].item()
    assert endless < truth - 0.2


def test_where_everybody_answers_nothing_is_left_to_luck():
    assert unit_reliability(teams(np.random.default_rng(3), share=1.0))["reliability"].item() == 1


def test_a_study_without_known_errors_has_no_reliability_and_leaves_the_others_theirs():
    units = scored(data(CASE))
    lost = units.assign(se=units["se"].mask(units["study"] == "s1"))
    found = unit_reliability(lost).set_index("study")["reliability"]
    assert np.isnan(found["s1"]) and found.drop("s1").between(0, 1).all()


def test_what_cannot_be_told_says_why():
    units = scored(data(CASE))
    with pytest.raises(NotApplicable, match="sampling errors of these units are not known"):
        unit_reliability(units.assign(se=np.nan))
    with pytest.raises(NotApplicable, match="differ less than chance alone would make them"):
        unit_reliability(units.assign(se=5.0, population=np.inf))


def test_a_missing_column_is_named():
    with pytest.raises(ValueError, match="units must have the columns study, value, se, n; found none named se"):
        unit_reliability(scored(data(CASE)).drop(columns="se"))
