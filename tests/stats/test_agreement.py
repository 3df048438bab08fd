"""ICC, r_wg and the answers needed: R, the outside case, and a truth that comes back."""

import numpy as np
import pandas as pd
import pytest
from cases import assert_close, data, expected, outside

from helpers.stats.agreement import answers_needed, icc, null_variance, within_group_agreement
from helpers.stats.estimates import NotApplicable
from helpers.stats.reliability import spearman_brown


def scored(items: pd.DataFrame, unit: str) -> pd.DataFrame:
    return pd.DataFrame({"unit": items[unit], "value": items.drop(columns=unit).mean(axis=1)})


def iccs(answers: pd.DataFrame, **more: float) -> pd.DataFrame:
    return icc(answers, value="value", unit="unit", **more)


def units(rng: np.random.Generator, n_units: int, icc1: float) -> pd.DataFrame:
    unit = np.repeat(np.arange(n_units), rng.integers(3, 30, n_units))
    level = rng.normal(0, icc1**0.5, n_units)[unit]
    return pd.DataFrame({"unit": unit, "value": level + rng.normal(0, (1 - icc1) ** 0.5, len(unit))})


def test_icc_and_answers_needed_equal_r():
    table, wanted = iccs(scored(data("reliability"), "unit")), expected("reliability")
    for row in table.to_dict("records"):
        assert row["estimate"] == pytest.approx(wanted[row["term"]], rel=1e-8)
        assert [row["ci_low"], row["ci_high"]] == pytest.approx(wanted[row["term"] + "_95"], rel=1e-6)
    assert_close(table.iloc[0][["ms_between", "ms_within", "f", "p_value", "size"]].to_dict(), wanted)
    assert_close({"answers_needed": answers_needed(table)["estimate"].iloc[0]}, wanted)


@pytest.mark.parametrize("null", ["uniform", "slightly_skewed"])
def test_agreement_equals_r(null):
    items = data("reliability")
    found = within_group_agreement(items.drop(columns="unit"), items["unit"], n_options=5, null=null)
    assert found["estimate"].tolist() == pytest.approx(expected("reliability")[f"rwg_{null}"], rel=1e-8)


def test_icc_and_agreement_equal_the_outside_reference():
    items, wanted = outside("icc_rwg_alpha")
    table = iccs(scored(items, "COMPID")).set_index("term")
    row = table.loc["icc1"]
    assert_close({"ICC1_n0": row["estimate"], "ICC2": table.loc["icc2", "estimate"], "F": row["f"]}, wanted)
    assert_close({"MSB": row["ms_between"], "MSW": row["ms_within"]}, wanted)
    found = within_group_agreement(items.drop(columns="COMPID"), items["COMPID"], n_options=5)
    agreement = found.set_index("unit")["estimate"]
    assert_close({name: getattr(agreement, name)() for name in ("mean", "median", "min", "max")}, wanted["rwg_j"])
    first = wanted["rwg_j"]["first_groups"]
    assert agreement[[int(unit) for unit in first]].tolist() == pytest.approx(list(first.values()), rel=1e-8)


def test_icc2_is_the_spearman_brown_of_icc1_at_the_average_size():
    table = iccs(units(np.random.default_rng(1), 40, 0.2)).set_index("term")
    for column in ("estimate", "ci_low", "ci_high"):
        longer = spearman_brown(table.loc["icc1", column], table.loc["icc1", "size"])
        assert table.loc["icc2", column] == pytest.approx(longer)


def test_equal_sizes_have_the_exact_f_interval():
    rng = np.random.default_rng(2)
    answers = pd.DataFrame({"unit": np.repeat(np.arange(12), 5), "value": rng.normal(size=60).round(2)})
    from scipy.stats import f

    row = iccs(answers).iloc[0]
    bounds = [row["f"] / f.ppf(q, 11, 48) for q in (0.975, 0.025)]
    assert [row["ci_low"], row["ci_high"]] == pytest.approx([(b - 1) / (b + 4) for b in bounds])


@pytest.mark.parametrize("true", [0.05, 0.3])
def test_the_interval_holds_the_true_icc_of_unequal_units(true):
    rng, hits = np.random.default_rng(3), []
    for _ in range(200):
        row = iccs(units(rng, 25, true)).iloc[0]
        hits.append(row["ci_low"] <= true <= row["ci_high"])
    assert 0.91 <= np.mean(hits) <= 0.99


def test_units_with_as_many_answers_as_needed_are_that_reliable():
    needed = answers_needed(iccs(units(np.random.default_rng(4), 60, 0.15)), reliability=0.8).iloc[0]
    assert needed["ci_low"] < 4 * 0.85 / 0.15 < needed["ci_high"]
    rng, n = np.random.default_rng(5), round(4 * 0.85 / 0.15)
    level = rng.normal(0, 0.15**0.5, 4000)
    twice = [level + rng.normal(0, (0.85 / n) ** 0.5, 4000) for _ in range(2)]
    assert np.corrcoef(*twice)[0, 1] == pytest.approx(0.8, abs=0.02)


def test_the_upper_end_is_open_where_units_may_not_differ():
    table = iccs(units(np.random.default_rng(9), 8, 0.02))
    row = table.iloc[0]
    assert row["ci_low"] < 0 < row["estimate"] and answers_needed(table)["ci_high"].iloc[0] == np.inf


def test_agreement_by_hand():
    items, unit = pd.DataFrame({"a": [4, 4, 5], "b": [3, 4, 5]}), pd.Series(["u", "u", "u"])
    share = (1 / 3 + 1) / 2 / 2
    found = within_group_agreement(items, unit, n_options=5)["estimate"].iloc[0]
    assert found == pytest.approx(2 * (1 - share) / (2 * (1 - share) + share))


def test_answers_given_at_random_do_not_agree_and_one_answer_cannot():
    rng = np.random.default_rng(6)
    items, unit = pd.DataFrame(rng.integers(1, 6, (5001, 1))), pd.Series(["u"] * 5000 + ["v"])
    found = within_group_agreement(items, unit, n_options=5).set_index("unit")["estimate"]
    assert found["u"] == pytest.approx(0, abs=0.05) and np.isnan(found["v"])
    far_apart = within_group_agreement(pd.DataFrame({"a": [1, 5, 1, 5]}), pd.Series(["u"] * 4), n_options=5)
    assert far_apart["estimate"].iloc[0] == 0


def test_a_friendlier_null_leaves_less_to_agree_on():
    assert null_variance(5, "slightly_skewed") == pytest.approx(1.34) and null_variance(5, "uniform") == 2


def test_what_cannot_be_judged_says_why():
    one_each = pd.DataFrame({"unit": [1, 2, 3], "value": [1.0, 2, 3]})
    with pytest.raises(NotApplicable, match="Every unit has one answer"):
        iccs(one_each)
    with pytest.raises(NotApplicable, match="Comparing units needs two of them; found 1"):
        iccs(one_each.assign(unit=1))
    with pytest.raises(NotApplicable, match="Within units all answers are alike"):
        iccs(pd.DataFrame({"unit": [1, 1, 2, 2], "value": [1.0, 1, 2, 2]}))
    with pytest.raises(NotApplicable, match="Units do not differ beyond chance"):
        answers_needed(iccs(pd.DataFrame({"unit": [1, 1, 2, 2], "value": [1.0, 5, 2, 4]})))
    with pytest.raises(NotApplicable, match="known for items of 5 options; these have 7"):
        null_variance(7, "slightly_skewed")


def test_wrong_choices_are_refused():
    table = iccs(units(np.random.default_rng(7), 20, 0.3))
    with pytest.raises(ValueError, match="reliability must lie between 0 and 1; found 70"):
        answers_needed(table, reliability=70)
    with pytest.raises(ValueError, match="null must be one of uniform, slightly_skewed; found 'normal'"):
        null_variance(5, "normal")
    with pytest.raises(ValueError, match="unit must have the index of the answers; found 2 for 3 rows"):
        within_group_agreement(pd.DataFrame({"a": [1, 2, 3]}), pd.Series(["u", "u"]), n_options=5)
    with pytest.raises(ValueError, match="n_options must be 2 or more; found 1"):
        null_variance(1, "uniform")
