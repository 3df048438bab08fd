import numpy as np
import pandas as pd
import pytest
from made_panels import disguised

from helpers.stats.estimates import ESTIMATE_COLUMNS, NotApplicable
from helpers.stats.necessity import MIN_ENTITIES, necessity
from helpers.stats.necessity_cases import series_of, window_maximum
from helpers.stats.necessity_nulls import autocorrelation, simulated_series
from helpers.stats.necessity_verdict import MIN_EXPECTED, cell_states, necessity_verdict


def drawn(x: list[list[float]], y: list[list[float]], se: float = 1.0) -> pd.DataFrame:
    """A panel from rows of x and y, one entity a row, all with the same standard error."""
    n_entities, n_times = np.shape(x)
    index = {"entity": np.repeat(np.arange(n_entities), n_times), "time": np.tile(np.arange(n_times), n_entities)}
    values = {"x": np.ravel(x).astype(float), "y": np.ravel(y).astype(float)}
    return pd.DataFrame(index | values).assign(x_se=se, y_se=se)


def counted(panel: pd.DataFrame, seed: int = 1, **choices: object) -> pd.DataFrame:
    choices = {"lag": 2, "n_draws": 299} | choices
    return necessity(panel, x="x", y="y", x_se="x_se", y_se="y_se", rng=np.random.default_rng(seed), **choices)


def made(seed: int, kind: str = "independent", n_entities: int = 24, n_times: int = 14, se: float = 3.0):
    """Scores that move by themselves; where x is necessary, y is kept down unless x was above 12 before."""
    rng = np.random.default_rng(seed)
    shape = (2, n_entities, n_times)
    shocks, level = rng.normal(size=shape), 10 * rng.normal(size=(2, n_entities, 1))
    for t in range(1, n_times):
        shocks[..., t] = 0.4 * shocks[..., t - 1] + 0.84**0.5 * shocks[..., t]
    x, y = 10 + level + 12 * shocks
    if kind == "necessary":
        before = window_maximum(x, 2)
        y = np.where((y > 12) & (before < 12), 12 - 4 * np.abs(rng.normal(size=y.shape)), y)
    return drawn(*(values + se * rng.normal(size=values.shape) for values in (x, y)), se=se)


# Threshold 10 for both, errors of 1, so that an interval clears it beyond 8.04 and 11.96.
HAND = drawn(
    x=[[5, 5, 0, 0], [5, 9, 0, 0], [12, 5, 0, 0], [5, 5, 0, 0], [5, 5, 20, 0], [12, 5, 12, 0]],
    y=[[0, 0, 15, 0], [0, 0, 15, 0], [0, 0, 15, 0], [0, 0, 11, 0], [0, 0, 15, 15], [0, 0, 0, 15]],
)


def test_counts_by_hand():
    # High y: seven. Without high x before: units 0, 1, 3, 4 (first); clearly so: 0 and 4. In unit 1 x may have been
    # high, in unit 3 y may be low, and the second of unit 4 comes after an x of 20.
    row = counted(HAND, thresholds=([10], [10])).iloc[0]
    assert (row["n"], row["n_naive"], row["n_chances"], row["n_units"], row["n_clear"]) == (7, 4, 6, 5, 2)
    assert row["estimate"] == pytest.approx(3 / 7)
    assert row["n_cases"] == 12


def test_a_longer_window_forgives_more_and_leaves_fewer_cases():
    one, two = (counted(HAND, thresholds=([10], [10]), lag=lag).iloc[0] for lag in (1, 2))
    assert (one["n_cases"], two["n_cases"]) == (18, 12)
    assert one["n_naive"] == 5


def brute_force(panel: pd.DataFrame, lag: int, cut_x: float, cut_y: float) -> tuple[int, int, int]:
    values = panel.set_index(["entity", "time"])
    n_high = n_naive = n_clear = 0
    for (entity, time), row in values.iterrows():
        window = [(entity, time - back) for back in range(1, lag + 1)]
        if not all(one in values.index for one in window) or not row["y"] > cut_y:
            continue
        before = values.loc[window]
        n_high += 1
        n_naive += bool((before["x"] < cut_x).all())
        is_low = bool((before["x"] + 1.959964 * before["x_se"] < cut_x).all())
        n_clear += is_low and row["y"] - 1.959964 * row["y_se"] > cut_y
    return n_high, n_naive, n_clear


@pytest.mark.parametrize("lag", [1, 3])
def test_counts_equal_a_count_row_by_row_on_a_panel_with_holes(lag):
    panel = made(4, n_entities=10, n_times=9).sample(frac=0.9, random_state=3)
    table = counted(panel, lag=lag, quantiles=([0.5, 0.7], [0.6, 0.8]), n_draws=19)
    for _, row in table.iterrows():
        wanted = brute_force(panel, lag, row["x_threshold"], row["y_threshold"])
        assert (row["n"], row["n_naive"], row["n_clear"]) == wanted


def test_the_independence_null_equals_all_orders_of_the_histories():
    panel = made(8, n_entities=6, n_times=6, se=1.0)
    x, y = series_of(panel, "x", "y", "x_se", "y_se")
    above, cut = window_maximum(x.values + x.half, 2), np.quantile(panel[["x", "y"]], [0.5, 0.5], axis=0)[0]
    high = y.values - y.half > cut[1]
    pairs = np.einsum("it,jt->ij", high.astype(float), (above < cut[0]).astype(float))
    # Every history meets every unit equally often over all orders.
    row = counted(panel, thresholds=([cut[0]], [cut[1]]), n_draws=20_000).iloc[0]
    assert row["expected_independence"] == pytest.approx(pairs.mean() * 6, rel=0.02)


def test_the_own_past_null_keeps_means_spreads_gaps_and_autocorrelation():
    panel = made(5, n_times=30).sample(frac=0.95, random_state=1)
    x, _ = series_of(panel, "x", "y", "x_se", "y_se")
    drawings = simulated_series(x, np.random.default_rng(2), 40).values
    for figure in (np.nanmean, np.nanstd):
        wanted = np.broadcast_to(figure(x.values - np.nanmean(x.values, axis=0), axis=1), (40, 24))
        found = figure(drawings - np.nanmean(x.values, axis=0), axis=2)
        np.testing.assert_allclose(found, wanted, atol=0.35)
    assert (np.isnan(drawings) == np.isnan(x.values)).all()
    found = np.mean([autocorrelation(one) for one in drawings])
    assert found == pytest.approx(autocorrelation(x.values), abs=0.03)


def test_short_series_give_back_the_autocorrelation_they_were_made_with():
    rng, share = np.random.default_rng(3), 0.6
    shocks = rng.normal(size=(400, 8))
    for t in range(1, 8):
        shocks[:, t] = share * shocks[:, t - 1] + (1 - share**2) ** 0.5 * shocks[:, t]
    assert autocorrelation(shocks + rng.normal(size=(400, 1))) == pytest.approx(share, abs=0.08)


def verdicts(kind: str, n_worlds: int = 20) -> list[str]:
    tables = [counted(made(seed, kind), n_draws=199, quantiles=([0.5, 0.7],) * 2) for seed in range(n_worlds)]
    return [necessity_verdict(table).verdict for table in tables]


def test_a_true_necessity_is_found():
    found = verdicts("necessary")
    assert found.count("holds") >= 18 and "fails" not in found


def test_no_necessity_is_seldom_taken_for_one():
    assert verdicts("independent").count("holds") <= 2


def test_common_levels_alone_are_not_taken_for_what_came_first():
    panel = made(6)
    level = panel.groupby("entity")["x"].transform("mean")
    linked = panel.assign(y=panel["y"] - panel.groupby("entity")["y"].transform("mean") + 2 * level)
    table = counted(linked)
    assert table["p_independence"].min() < 0.01
    assert necessity_verdict(table).verdict == "cannot_tell"


def test_counterexamples_that_error_cannot_explain_refute_the_claim():
    x, y = np.tile([[0.0], [20.0]], (12, 12)), np.tile([[20.0], [0.0]], (12, 12))
    rng = np.random.default_rng(1)
    noisy = drawn(*(values + rng.normal(size=values.shape) for values in (x, y)))
    found = necessity_verdict(counted(noisy, thresholds=([10], [10])))
    assert (found.verdict, found.because) == ("fails", "beyond_error")


def cells(**figures: object) -> pd.DataFrame:
    row = {"x_threshold": 10.0, "y_threshold": 20.0, "p_error": 1.0, "p_value": 0.01}
    row |= {"n_units": 12, "n_chances": 60, "n_clear": 0}
    row |= {"expected_independence": 9.0, "expected_own_past": 8.0, "p_adjusted_independence": 0.01}
    table = pd.DataFrame([row | {"conf_level": 0.95} | figures])
    return table.assign(state=cell_states(table, alpha=0.05))


@pytest.mark.parametrize(
    ("figures", "wanted"),
    [
        ({}, ("holds", "fewer_than_chance")),
        ({"n_clear": 3}, ("holds", "fewer_than_chance")),
        ({"n_clear": 4}, ("cannot_tell", "fewer_but_many")),
        ({"p_error": 0.01}, ("fails", "beyond_error")),
        ({"expected_own_past": MIN_EXPECTED - 0.1}, ("cannot_tell", "too_few_chances")),
        ({"n_units": 4}, ("cannot_tell", "too_few_chances")),
        ({"p_value": 0.2}, ("cannot_tell", "as_by_own_past")),
        ({"p_value": 0.2, "p_adjusted_independence": 0.2}, ("cannot_tell", "as_by_chance")),
    ],
)
def test_each_rule_of_the_verdict(figures, wanted):
    found = necessity_verdict(cells(**figures))
    assert (found.verdict, found.because) == wanted


def test_only_the_most_lenient_cell_can_refute():
    grid = pd.concat([cells(), cells(x_threshold=15.0, p_error=0.001), cells(y_threshold=5.0, p_error=0.001)])
    assert necessity_verdict(grid).verdict == "holds"


def test_a_cell_beyond_error_cannot_hold():
    grid = pd.concat([cells(p_value=0.3), cells(x_threshold=15.0, p_error=0.001)])
    assert necessity_verdict(grid).verdict == "cannot_tell"


def test_the_correction_lies_between_a_single_cell_and_bonferroni():
    table = counted(made(7))
    for null in ("independence", "own_past"):
        alone, corrected = table[f"p_{null}"], table[f"p_adjusted_{null}"]
        assert (corrected >= alone - 1e-12).all() and (corrected <= (16 * alone).clip(upper=1) + 1e-12).all()


def test_the_grid_has_a_row_per_pair_of_thresholds_and_counts_every_row():
    panel = made(7).sample(frac=0.9, random_state=2)
    panel.loc[panel.index[:5], "y"] = np.nan
    table = counted(panel)
    assert tuple(table.columns[: len(ESTIMATE_COLUMNS)]) == ESTIMATE_COLUMNS and len(table) == 16
    assert sum(row["n_rows"] for row in table.attrs["dropped"]) == len(panel)
    assert table.attrs["dropped"][-1] == {"reason": "kept", "n_rows": table["n_cases"].iloc[0]}


def test_rows_ids_and_index_do_not_matter():
    panel = made(9).sample(frac=0.9, random_state=4)
    pd.testing.assert_frame_equal(counted(panel), counted(disguised(panel, np.random.default_rng(1))), rtol=1e-9)


def test_a_share_of_one_has_no_interval():
    panel = drawn(np.full((6, 6), 20.0) + np.arange(6), np.full((6, 6), 20.0) + np.arange(6))
    row = counted(panel, thresholds=([0], [10])).iloc[0]
    assert row["estimate"] == 1 and np.isnan(row["ci_low"])


def test_few_units_do_not_apply():
    with pytest.raises(
        NotApplicable, match=f"Counting exceptions needs {MIN_ENTITIES} units with x before y; found 4."
    ):
        counted(made(1, n_entities=4))


@pytest.mark.parametrize(
    ("change", "choices", "message"),
    [
        ({}, {"lag": 0}, "lag must be 1 or more; found 0"),
        ({"x": np.inf}, {}, "x must be finite or missing; found an infinite value for 0 in 0"),
        ({"y_se": -1.0}, {}, "y_se must be 0 or more; found -1.0"),
        ({}, {"quantiles": ([50], [0.5])}, "quantiles must lie between 0 and 1; found 50"),
        ({}, {"thresholds": ([], [5.0])}, "thresholds must hold one or more for x and for y; found none"),
    ],
)
def test_wrong_input_is_refused(change, choices, message):
    with pytest.raises(ValueError, match=message):
        counted(made(1).assign(**change), **choices)


def test_a_verdict_needs_cells():
    with pytest.raises(ValueError, match="cells must hold a pair of thresholds or more; found 0"):
        necessity_verdict(cells().iloc[:0])
