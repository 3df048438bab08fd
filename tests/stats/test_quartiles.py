import numpy as np
import pandas as pd
import pytest
from cases import assert_close, data, expected
from made_units import made_units, one_outcome, outside_units, reference_units
from scipy import stats

from helpers.stats.estimates import ESTIMATE_COLUMNS
from helpers.stats.organisation_gaps import organisation_gaps, pooled_within_gaps
from helpers.stats.quartile_contrasts import adjusted_gaps, welch_gaps
from helpers.stats.quartiles import MIN_CLUSTERS, MIN_UNITS, SHARE_MARGIN, quartile_gaps


def gaps(frame: pd.DataFrame, seed: int = 1, **choices: object) -> pd.DataFrame:
    """By scale, of a frame with one outcome."""
    choices = {"n_boot": 199} | choices
    return quartile_gaps(frame, rng=np.random.default_rng(seed), **choices).set_index("scale")


def test_gaps_and_cuts_equal_r():
    table, wanted = gaps(reference_units()), expected("quartiles")
    assert table["estimate"].to_dict() == pytest.approx({s: wanted["gap"][s] for s in ("raw", "sd", "percent")})
    cuts = ["p25", "p75", "n_top", "n_bottom", "mean_top", "mean_bottom"]
    assert_close(table.loc["raw", cuts].to_dict(), wanted["gap"])
    assert table.loc["raw", "r"] == pytest.approx(wanted["r"])


def test_bootstrap_errors_equal_those_of_r_boot():
    table = gaps(reference_units(), n_boot=4000)
    assert table["se"].to_dict() == pytest.approx(expected("quartiles")["bootstrap_se"], rel=0.04)


def test_the_contrast_equals_the_outside_reference():
    frame, wanted = outside_units()
    table = gaps(frame)
    found = table.loc["raw", ["p25", "p75", "n_top", "n_bottom", "mean_top", "mean_bottom", "r"]].to_dict()
    found |= {"diff": table.loc["raw", "estimate"], "slope_predicted_diff": table.loc["raw", "slope_implied"]}
    found |= {"pct_diff": table.loc["percent", "estimate"], "diff_in_sd_units": table.loc["sd", "estimate"]}
    welch, adjusted = welch_gaps(frame).iloc[0], adjusted_gaps(frame).iloc[0]
    found |= {"welch_se": welch["se"], "welch_df": welch["df"], "cohens_d": welch["cohens_d"]}
    found["within_org_diff"] = pooled_within_gaps(organisation_gaps(frame))["profit"]
    assert_close(found, wanted, 1e-6)
    assert [welch["ci_low"], welch["ci_high"]] == pytest.approx(wanted["welch_ci"], rel=1e-6)
    names = {"coef": "estimate", "se_CR2": "se", "df": "df", "p": "p_value"}
    assert_close({name: adjusted[column] for name, column in names.items()}, wanted["adjusted"], 1e-6)


def test_ties_at_the_cut_are_included_and_uneven_shares_are_told():
    frame = made_units(np.random.default_rng(1), ties=True)
    row = gaps(frame).loc["raw"]
    engagement = frame["engagement"]
    assert row["n_top"] == (engagement >= engagement.quantile(0.75)).sum()
    assert row["share_top"] > 0.25 + SHARE_MARGIN
    assert row["shares_uneven"]
    assert not gaps(made_units(np.random.default_rng(1))).loc["raw", "shares_uneven"]


def test_the_interval_is_t_about_the_estimate_with_clusters_minus_one_df():
    row = gaps(made_units(np.random.default_rng(2)), conf_level=0.9).loc["sd"]
    assert row["df"] == row["n_clusters"] - 1 == 23
    assert row["ci_high"] - row["estimate"] == pytest.approx(stats.t.ppf(0.95, 23) * row["se"])


def test_columns_and_rows_are_fixed():
    both = pd.concat([made_units(np.random.default_rng(2)).assign(outcome=name) for name in ("profit", "absence")])
    table = quartile_gaps(both, rng=np.random.default_rng(1), n_boot=50)
    assert tuple(table.columns[: len(ESTIMATE_COLUMNS)]) == ESTIMATE_COLUMNS
    assert table["outcome"].tolist() == ["absence"] * 3 + ["profit"] * 3
    assert table["scale"].tolist() == ["raw", "sd", "percent"] * 2


def test_percent_needs_a_ratio_scale():
    row = gaps(made_units(np.random.default_rng(2)).assign(ratio_scale=False)).loc["percent"]
    assert row["reason"] == "not_ratio_scale"
    assert np.isnan(row[["estimate", "se", "ci_low", "slope_implied"]].astype(float)).all()


def test_percent_needs_a_positive_bottom_mean():
    frame = made_units(np.random.default_rng(2)).assign(value=lambda table: table["value"] - 10)
    table = gaps(frame)
    assert table["reason"].to_dict() == {"raw": "", "sd": "", "percent": "bottom_not_positive"}
    assert np.isnan(table.loc["percent", "estimate"])


def test_few_units_give_an_empty_row_with_their_number():
    table = gaps(made_units(np.random.default_rng(2)).head(MIN_UNITS - 1))
    assert set(table["reason"]) == {"too_few_units"}
    assert table["n"].tolist() == [MIN_UNITS - 1] * 3
    assert table["estimate"].isna().all()
    assert gaps(made_units(np.random.default_rng(2)).head(MIN_UNITS)).loc["raw", "reason"] == ""


def test_few_clusters_give_a_gap_without_an_interval():
    frame = made_units(np.random.default_rng(2)).assign(cluster=lambda table: table["entity"] % (MIN_CLUSTERS - 1))
    row = gaps(frame).loc["raw"]
    assert row["reason"] == "too_few_clusters"
    assert np.isfinite(row["estimate"])
    assert np.isnan(row["ci_low"])


def test_equal_engagement_everywhere_has_no_quartiles():
    table = gaps(made_units(np.random.default_rng(2)).assign(engagement=3.5))
    assert set(table["reason"]) <= {"no_spread", "not_ratio_scale"}
    assert table["estimate"].isna().all()


def test_rows_without_engagement_or_value_are_counted_and_left_out():
    frame = made_units(np.random.default_rng(2))
    holes = pd.concat(
        [frame, frame.head(3).assign(entity=[901, 902, 903], engagement=[np.nan, 1, 2], value=[1, np.nan, np.nan])]
    )
    pd.testing.assert_frame_equal(gaps(frame).drop(columns="n_missing"), gaps(holes).drop(columns="n_missing"))
    assert gaps(holes)["n_missing"].tolist() == [3, 3, 3]


def test_answers_can_weigh_the_means():
    frame = made_units(np.random.default_rng(2))
    row = gaps(frame, weights="n").loc["raw"]
    top, bottom = frame[frame["engagement"] >= row["p75"]], frame[frame["engagement"] <= row["p25"]]
    wanted = np.average(top["value"], weights=top["n"]) - np.average(bottom["value"], weights=bottom["n"])
    assert row["estimate"] == pytest.approx(wanted)


def test_equal_answers_weigh_as_units_do():
    frame = made_units(np.random.default_rng(2)).assign(n=7.0)
    columns = ["estimate", "ci_low", "ci_high"]
    pd.testing.assert_frame_equal(gaps(frame)[columns], gaps(frame, weights="n")[columns])


def test_precision_weights_equal_r():
    units = data("regression_to_mean").rename(columns={"cut": "engagement"})
    row = gaps(one_outcome(units), weights="precision").loc["raw"]
    assert row["estimate"] == pytest.approx(expected("regression_to_mean")["precision"]["gap"], rel=1e-6)
    assert row["reason"] == ""


def test_precision_weights_give_the_same_gap_with_less_noise():
    def both(seed: int) -> list[float]:
        rng = np.random.default_rng(seed)
        frame = made_units(rng)
        se = np.where(rng.random(len(frame)) < 0.5, 0.2, 3.0)
        frame = frame.assign(se=se, value=frame["value"] + se * rng.normal(size=len(frame)))
        return [gaps(frame, weights=name, n_boot=2).loc["raw", "estimate"] for name in ("equal", "precision")]

    equal, precision = np.array([both(seed) for seed in range(60)]).T
    assert precision.mean() == pytest.approx(2 * 1.271 * 0.3, abs=0.1)
    assert precision.std() < 0.75 * equal.std()


def test_weights_by_precision_need_errors_above_zero():
    frame = made_units(np.random.default_rng(2)).assign(se=np.nan)
    assert set(gaps(frame, weights="precision")["reason"]) == {"no_se"}
    partly = frame.assign(se=np.where(frame["entity"] < 10, 0.0, 0.5))
    assert gaps(partly, weights="precision")["n_missing"].tolist() == [10, 10, 10]


def test_weights_without_answers_give_an_empty_row():
    table = gaps(made_units(np.random.default_rng(2)).assign(n=np.nan), weights="n")
    assert set(table["reason"]) == {"no_n"}


def test_the_slope_does_not_share_the_luck_of_the_extremes():
    frame = made_units(np.random.default_rng(2), n_units=4000)
    row = gaps(frame).loc["sd"]
    assert row["slope_implied"] == pytest.approx(2 * 1.271 * row["r"], rel=0.02)


def test_rows_ids_and_index_do_not_matter():
    frame = made_units(np.random.default_rng(3), ties=True)
    other = frame.assign(cluster=[f"c{c % 5}-{c}" for c in frame["cluster"]], entity=frame["entity"].astype(str))
    other = other.sample(frac=1, random_state=4).set_axis([0] * len(frame))
    pd.testing.assert_frame_equal(gaps(frame), gaps(other))


def test_intervals_cover_the_true_gap():
    truth = 0.3 * 2 * stats.norm.pdf(stats.norm.ppf(0.75)) / 0.25
    rngs = np.random.default_rng(30).spawn(150)
    rows = pd.DataFrame([gaps(made_units(rng), seed=k).loc["sd"] for k, rng in enumerate(rngs)])
    assert 0.90 <= (rows["ci_low"].le(truth) & rows["ci_high"].ge(truth)).mean() <= 0.99


def test_unknown_weights_are_refused():
    with pytest.raises(ValueError, match=r"weights must be one of equal, n, precision; found 'size'"):
        gaps(made_units(np.random.default_rng(2)), weights="size")


def test_a_missing_column_is_refused():
    with pytest.raises(ValueError, match=r"frame must have rows and the columns .* found none named \['ratio_scale'\]"):
        gaps(made_units(np.random.default_rng(2)).drop(columns="ratio_scale"))


def test_a_unit_twice_in_one_outcome_is_refused():
    frame = made_units(np.random.default_rng(2))
    with pytest.raises(ValueError, match=r"one row per entity and outcome; found more for 0, profit"):
        gaps(pd.concat([frame, frame.head(1)]))


def test_an_outcome_with_two_directions_is_refused():
    frame = made_units(np.random.default_rng(2)).assign(higher_is_better=lambda table: table["entity"] > 3)
    with pytest.raises(ValueError, match=r"an outcome must have one ratio_scale and direction; found two for 'profit'"):
        gaps(frame)
