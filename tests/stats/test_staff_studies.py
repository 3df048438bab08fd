"""The studies of absence and of leaving give back what was put in, and nothing where nothing was."""

import cases
import numpy as np
import pandas as pd
import pytest

from helpers.stats.absence_study import absence_study
from helpers.stats.estimates import NotApplicable
from helpers.stats.exit_curves import quarter_curves
from helpers.stats.exit_reasons import reason_shares, reason_trends
from helpers.stats.exit_study import exit_study, stage_ratios

EFFECT = -0.25


def waves(seed=1, *, n_units=120, n_times=8, noise=0.0):
    """Units in 30 clusters whose engagement has lasting and passing parts; `noise` is the SD of its sampling error."""
    rng = np.random.default_rng(seed)
    unit, time = np.divmod(np.arange(n_units * n_times), n_times)
    true = rng.normal(0, 0.7, n_units)[unit] + rng.normal(0, 0.7, len(unit))
    frame = pd.DataFrame({"entity": unit, "cluster": unit // 4, "time": time, "true": true})
    frame["engagement"] = frame["true"] + noise * rng.standard_normal(len(frame))
    return frame.assign(se=noise, n=10.0, population=np.nan), rng


def absences(seed=1, *, effect=EFFECT, noise=0.0):
    frame, rng = waves(seed, noise=noise)
    mean = 15 * np.exp(effect * frame["true"] + 0.1 * frame["time"])
    spells = rng.poisson(mean * rng.gamma(5, 0.2, len(frame)))
    return frame.assign(n_spells=spells, person_years=15.0, engagement_same_wave=frame["engagement"].shift(-1))


def employments(seed=1, *, effect=EFFECT, noise=0.0):
    """Twelve seats per unit, filled anew when somebody leaves: entry late for whoever was there at the start."""
    frame, rng = waves(seed, noise=noise)
    rows = []
    known = frame.set_index(["entity", "time"])["true"].unstack().to_numpy()
    for unit, values in enumerate(known):
        for _ in range(12):
            start = -rng.exponential(5.0)
            for time, value in enumerate(values):
                now = float(time)
                while now < time + 1:
                    leave = now + rng.exponential(1 / (0.2 * np.exp(effect * value)))
                    end = min(leave, time + 1.0)
                    kind = "" if leave > time + 1 else str(rng.choice(["own_choice", "own_choice", "other"]))
                    rows.append((unit, time, now - start, end - start, kind))
                    start, now = (end if kind else start), end
    columns = ["entity", "time", "entry", "exit", "exit_kind"]
    spells = pd.DataFrame(rows, columns=columns)
    return spells[spells["exit"] > spells["entry"]].merge(frame, on=["entity", "time"])


@pytest.fixture(scope="module")
def absence():
    return absence_study(absences())


@pytest.fixture(scope="module")
def staff():
    return employments()


@pytest.fixture(scope="module")
def leaving(staff):
    return exit_study(staff)


def per_point(study, row=None):
    row = study.main if row is None else row
    return [row[name] / study.about["sd"] for name in ("ci_low", "estimate", "ci_high")]


@pytest.mark.parametrize("study", ["absence", "leaving"])
def test_the_ratio_put_in_comes_back(study, request):
    found = request.getfixturevalue(study)
    low, _, high = per_point(found)
    assert low < EFFECT < high < 0 and found.verdict.verdict == "yes"
    assert found.main["change"] == pytest.approx(100 * np.expm1(found.main["estimate"]))


@pytest.mark.parametrize("study", ["absence", "leaving"])
def test_within_and_between_units_agree_where_truth_is_one(study, request):
    found = request.getfixturevalue(study)
    rows = found.check("variants").set_index("variant")
    for part in ("within", "between"):
        low, _, high = per_point(found, rows.loc[part])
        assert low < EFFECT < high


def test_where_only_lasting_differences_matter_units_do_not_differ_from_themselves():
    frame = absences()
    rng = np.random.default_rng(3)
    lasting = frame.groupby("entity")["true"].transform("mean")
    rows = frame.assign(n_spells=rng.poisson(15 * np.exp(-0.5 * lasting)))
    found = absence_study(rows).check("variants").set_index("variant")
    assert found.loc["within", "ci_low"] < 0 < found.loc["within", "ci_high"] and found.loc["between", "ci_high"] < 0


@pytest.mark.parametrize(("make", "study"), [(absences, absence_study), (employments, exit_study)])
def test_sampling_error_makes_it_smaller_and_the_correction_brings_it_back(make, study):
    found = study(make(2, noise=0.7))
    corrected = found.check("corrected")
    low, estimate, high = per_point(found, corrected)
    assert per_point(found)[1] > 0.8 * EFFECT and low < EFFECT < high
    assert corrected["reliability"] == pytest.approx(2 / 3, abs=0.06) and estimate == pytest.approx(EFFECT, abs=0.06)


def test_a_population_asked_in_full_has_no_sampling_error():
    rows = absences(noise=0.7).assign(population=10.0)
    assert absence_study(rows).check("corrected")["reliability"] == 1.0


@pytest.mark.parametrize(("make", "study"), [(absences, absence_study), (employments, exit_study)])
def test_nothing_is_found_where_nothing_is(make, study):
    found = study(make(5, effect=0.0))
    assert found.verdict.verdict != "yes" and found.main["ci_low"] < 0 < found.main["ci_high"]


def test_zeros_fit_where_all_units_record_absence(absence):
    zeros = absence.check("zeros")
    assert zeros["low"] <= zeros["observed"] <= zeros["high"]
    assert absence.about["dispersion"] == pytest.approx(0.2, abs=0.06)


def test_one_ratio_throughout_an_employment_is_not_doubted(leaving, staff):
    stages = leaving.check("stages")
    assert stages.attrs["p_value"] > 0.05 and stages["n_events"].max() - stages["n_events"].min() <= 2
    early = staff["exit"] <= stages["until"].iloc[0]
    turned = staff.assign(engagement=staff["engagement"].where(~early, -staff["engagement"]))
    assert stage_ratios(turned).attrs["p_value"] < 0.05


def test_who_chose_to_leave_can_be_told_apart(leaving, staff):
    rows = leaving.check("variants").set_index("variant")
    assert rows.loc["everyone", "estimate"] == pytest.approx(rows.loc["main", "estimate"])
    without = exit_study(staff.assign(exit_kind=staff["exit_kind"].replace("other", "end_of_contract")))
    assert without.main["estimate"] == pytest.approx(rows.loc["own_choice", "estimate"])


def test_people_stay_longer_in_the_top_quarter(staff):
    curves = quarter_curves(staff, least=10)
    last = curves[curves["time"] == 3.0].set_index("quarter")
    assert last.loc["top", "ci_low"] > last.loc["bottom", "ci_high"]
    once = staff.drop_duplicates(["entity", "time"])
    expected = np.exp(-3 * 0.2 * np.exp(EFFECT * once["engagement"].quantile([0.125, 0.875]))).tolist()
    assert last["estimate"][["bottom", "top"]].tolist() == pytest.approx(expected, abs=0.06)


def test_no_step_of_a_curve_rests_on_few_leavers(staff):
    curves = quarter_curves(staff.sample(frac=0.25, random_state=1), least=10)
    later = curves[curves["time"] > curves["time"].min()]
    assert (later["n_events"] >= 10).all() and (curves["n_at_risk"] >= 30).all()
    assert curves.groupby("time").size().eq(2).all()


def test_too_little_says_so(staff):
    rows = absences()
    for found, reason in {
        "No period has absence and, in the wave before": rows.head(0),
        "Fewer than 20 spells of absence": rows.assign(n_spells=0),
        "Comparing units needs 5 of them; found 2": rows[rows["entity"] < 2],
        "All units were engaged alike": rows.assign(engagement=3.0),
    }.items():
        with pytest.raises(NotApplicable, match=found):
            absence_study(reason)
    for found, reason in {
        "No period has employments and, in the wave before": staff.head(0),
        "Fewer than 20 people left": staff.assign(exit_kind=""),
        "Comparing units needs 5 of them; found 3": staff[staff["entity"] < 3],
        "All units were engaged alike": staff.assign(engagement=3.0),
    }.items():
        with pytest.raises(NotApplicable, match=found):
            exit_study(reason)
    with pytest.raises(NotApplicable, match="too few units to compare quarters"):
        quarter_curves(staff[staff["entity"] < 8], least=10)
    with pytest.raises(NotApplicable, match="No period has employments and, in the wave before"):
        quarter_curves(staff.head(0), least=10)
    with pytest.raises(NotApplicable, match="All units were engaged alike"):
        quarter_curves(staff.assign(engagement=3.0), least=10)
    with pytest.raises(NotApplicable, match="Too few people left to follow"):
        quarter_curves(staff.assign(exit_kind=""), least=10)
    with pytest.raises(NotApplicable, match="stages of an employment needs 60 leavers, more than there are here"):
        stage_ratios(staff[staff["entity"] < 2])


def test_one_period_leaves_nothing_to_compare_units_with_themselves():
    rows = absences()
    found = absence_study(rows[rows["time"] == 3].assign(engagement_same_wave=np.nan)).check("variants")
    reasons = found.set_index("variant")["reason"]
    assert "compare units with themselves" in reasons["within"] and "of the period of the absence" in reasons["beside"]


def test_shares_of_reasons_hold_all_at_once():
    found = reason_shares(pd.Series({"pay": 20, "career": 60, "manager": 20}))
    assert found["term"].tolist() == ["career", "pay", "manager"] and found["estimate"].tolist() == [0.6, 0.2, 0.2]
    # Goodman's quadratic by hand for 20 of 100, A = chi2(1 - .05/3; 1).
    a = 5.7311
    bounds = [(a + 40 + side * np.sqrt(a * (a + 4 * 20 * 80 / 100))) / (2 * (100 + a)) for side in (-1, 1)]
    assert found.loc[1, ["ci_low", "ci_high"]].tolist() == pytest.approx(bounds, abs=1e-4)
    with pytest.raises(NotApplicable, match="Nobody gave a reason for leaving"):
        reason_shares(pd.Series({"pay": 0}))


def test_a_reason_that_becomes_more_frequent_is_seen():
    years = np.arange(2012, 2022)
    pay = (100 + 20 * (years - 2012)).astype(int)
    counts = pd.DataFrame({"pay": pay, "career": 400 - pay}, index=years)
    found = reason_trends(counts).set_index("term")
    assert found.loc["pay", "estimate"] == pytest.approx(0.05) and found.loc["pay", "ci_low"] > 0
    assert found["estimate"].sum() == pytest.approx(0)
    with pytest.raises(NotApplicable, match="A trend of reasons needs 4 years; found 3"):
        reason_trends(counts.head(3))


def test_a_reason_that_all_gave_has_no_trend():
    counts = pd.DataFrame({"pay": 20, "career": 0}, index=range(2012, 2020))
    with pytest.raises(NotApplicable, match="All who left gave the same reason"):
        reason_trends(counts)
    assert reason_trends(counts.assign(manager=3))["term"].tolist() == ["pay", "manager"]


def test_shares_that_jump_between_years_make_a_trend_uncertain():
    years = np.arange(2012, 2022)
    even = pd.DataFrame({"pay": 200, "career": 200}, index=years)
    jumping = even.assign(pay=200 + 80 * (-1) ** years, career=200 - 80 * (-1) ** years)
    steady, wild = (reason_trends(counts)["se"].iloc[0] for counts in (even, jumping))
    assert wild > 3 * steady


def test_intervals_of_trends_hold_all_at_once_under_chance():
    rng = np.random.default_rng(8)
    shares, years = np.array([0.3, 0.25, 0.2, 0.15, 0.1]), np.arange(2010, 2022)
    held = 0
    for _ in range(300):
        found = reason_trends(pd.DataFrame(rng.multinomial(200, shares, len(years)), index=years))
        held += ((found["ci_low"] < 0) & (found["ci_high"] > 0)).all()
    assert held / 300 >= 0.93


def test_simulated_companies_give_their_truth_back():
    """Made by tests/reference/absence_and_exits/simulate.py, from answers to verdict."""
    table = pd.read_csv(cases.HERE / "absence_and_exits" / "result.csv").set_index(["company", "model"])
    corrected, measured = table.xs("corrected", level="model"), table.xs("measured", level="model")
    assert (corrected["mean"] - corrected["true"]).abs().max() <= 0.01 and corrected["cover"].min() >= 0.9
    # Sampling error takes a seventh of what is measured, so that its intervals miss the truth too often.
    assert measured.loc["demo", "cover"].max() < 0.9
    assert table.loc["demo", "yes"].min() == 1.0 and table.loc["demo-null", "yes"].max() <= 0.065
    assert table.loc["demo", "no"].max() == 0.0 and table.loc["demo-null", "no"].min() == 0.9
