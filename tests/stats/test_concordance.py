import numpy as np
import pandas as pd
import pytest
from cases import assert_close, data, expected
from made_panels import disguised, made_panel

from helpers.stats.concordance import MIN_ENTITIES, rise_concordance
from helpers.stats.estimates import NotApplicable


def concordance(panel: pd.DataFrame, seed: int = 1, **choices: object) -> pd.DataFrame:
    choices = {"lags": [0], "n_draws": 499} | choices
    return rise_concordance(panel, x="x", y="y", rng=np.random.default_rng(seed), **choices)


def drawn(x: list[list[float]], y: list[list[float]]) -> pd.DataFrame:
    """A panel from rows of x and y, one entity a row."""
    shape = np.shape(x)
    index = {"entity": np.repeat(np.arange(shape[0]), shape[1]), "time": np.tile(np.arange(shape[1]), shape[0])}
    return pd.DataFrame(index | {"x": np.ravel(x).astype(float), "y": np.ravel(y).astype(float)})


def test_shares_by_hand():
    # One step each: three rises (y rises, rises, falls), two falls (y rises, falls), one tie of x.
    panel = drawn([[0, 1], [0, 1], [0, 1], [1, 0], [1, 0], [1, 1]], [[0, 1], [0, 1], [1, 0], [0, 1], [1, 0], [0, 1]])
    row = concordance(panel).iloc[0]
    assert row["estimate"] == pytest.approx(2 / 3 - 1 / 2)
    assert (row["n_rises"], row["n_falls"], row["n_ties_x"], row["n_ties_y"], row["n"]) == (3, 2, 1, 0, 5)


def test_an_equal_y_counts_as_no_rise():
    panel = drawn([[0, 1]] * 3 + [[1, 0]] * 3, [[0, 0], [0, 0], [0, 1], [0, 1], [1, 0], [1, 0]])
    row = concordance(panel).iloc[0]
    assert row["share_after_rise"] == pytest.approx(1 / 3)
    assert row["n_ties_y"] == 2


def test_a_lag_looks_at_the_change_that_much_later():
    x = np.random.default_rng(3).normal(size=(8, 10))
    y = np.roll(x, 2, axis=1)
    table = concordance(drawn(x, y), lags=[0, 2]).set_index(["lag", "term"])
    assert table.loc[(2, "all cases"), "estimate"] == 1
    assert abs(table.loc[(0, "all cases"), "estimate"]) < 0.5


def test_a_gap_breaks_changes():
    panel = made_panel(np.random.default_rng(4), 8, 6)
    table = concordance(panel[panel["time"] != 2003])
    assert table["n"].iloc[0] == 8 * 3


def test_shares_and_p_value_equal_the_exact_enumeration_in_r():
    wanted = expected("concordance")
    table = concordance(data("concordance"), lags=[wanted["lag"]], n_draws=20_000)
    assert_close(table.iloc[0][["share_after_rise", "share_after_fall", "n_rises", "n_falls"]].to_dict(), wanted)
    assert table["estimate"].tolist() == pytest.approx(wanted["estimate"], rel=1e-8)
    # Three Monte Carlo errors of 20,000 draws.
    assert table["p_value"].tolist() == pytest.approx(wanted["p_value"], abs=0.007)
    assert table["expected"].tolist() == pytest.approx(wanted["expected"], abs=0.005)


def test_spans_equal_a_count_row_by_row():
    panel = made_panel(np.random.default_rng(12), 7, 9, share_kept=0.9)
    values = panel.set_index(["entity", "time"])[["x", "y"]]
    for span, y_span, lag in ((1, 2, 2), (2, 2, 1), (3, 1, 0)):
        moves = []
        for entity, time in values.index:
            wanted = [("x", time), ("x", time - span), ("y", time + lag), ("y", time + lag - y_span)]
            if all((entity, then) in values.index for _, then in wanted):
                x, x_before, y, y_before = (values.loc[(entity, then), column] for column, then in wanted)
                moves.append((x > x_before, y > y_before))
        after_rise = [rose for x_rose, rose in moves if x_rose]
        row = concordance(panel, lags=[lag], span=span, y_span=y_span, n_draws=19).iloc[0]
        assert (row["n"], row["n_rises"]) == (len(moves), len(after_rise))
        assert row["share_after_rise"] == pytest.approx(np.mean(after_rise))


def test_the_span_of_y_is_that_of_x_unless_given():
    panel = made_panel(np.random.default_rng(12))
    pd.testing.assert_frame_equal(concordance(panel), concordance(panel, span=1, y_span=1))
    pd.testing.assert_frame_equal(concordance(panel, span=2), concordance(panel, span=2, y_span=2))


def test_a_rise_that_comes_in_two_steps_is_seen_over_two_periods():
    # y is the sum of the last two x, so it moves over the two periods since x rose.
    x = np.random.default_rng(3).normal(size=(300, 12)).cumsum(axis=1)
    y = np.roll(x, 1, axis=1) + np.roll(x, 2, axis=1)
    panel = drawn(x, y)
    one, both = (concordance(panel, lags=[2], y_span=y_span).iloc[0]["estimate"] for y_span in (1, 2))
    assert both > one + 0.05


def test_a_span_of_no_period_is_refused():
    with pytest.raises(ValueError, match="span and y_span must be 1 or more; found 0"):
        concordance(made_panel(np.random.default_rng(1)), y_span=0)


def test_common_years_alone_are_not_taken_for_a_tie():
    rng = np.random.default_rng(5)
    years = 5 * rng.normal(size=12)
    x, y = (rng.normal(size=(30, 12)) + years for _ in range(2))
    table = concordance(drawn(x, y)).set_index("term")
    assert table.loc["all cases", "estimate"] > 0.5
    assert table.loc["all cases", "expected"] > 0.5
    assert table.loc["all cases", "p_value"] > 0.05
    assert abs(table.loc["same period", "estimate"]) < 0.15


def test_a_tie_within_years_is_found():
    panel = made_panel(np.random.default_rng(6), 24, 14, effects=(0.0, 0.0, 1.0))
    table = concordance(panel, lags=[2]).set_index("term")
    assert (table["p_value"] < 0.01).all()
    assert table.loc["same period", "ci_low"] > 0


def test_no_tie_is_seldom_found():
    rngs = np.random.default_rng(9).spawn(120)
    tables = [concordance(made_panel(rng, 20, 10, effects=(0.0,)), seed=k, n_draws=199) for k, rng in enumerate(rngs)]
    found = pd.concat(tables)
    assert found.loc[found["term"] == "same period", "p_value"].lt(0.05).mean() <= 0.10
    inside = found["ci_low"].le(0) & found["ci_high"].ge(0)
    assert inside[found["term"] == "same period"].mean() >= 0.89


def test_rows_ids_and_index_do_not_matter():
    panel = made_panel(np.random.default_rng(7), share_kept=0.9)
    other = disguised(panel, np.random.default_rng(8))
    pd.testing.assert_frame_equal(concordance(panel, lags=[0, 2, -1]), concordance(other, lags=[0, 2, -1]), rtol=1e-6)


def test_the_same_seed_gives_the_same_answer():
    panel = made_panel(np.random.default_rng(7))
    pd.testing.assert_frame_equal(concordance(panel, seed=3), concordance(panel, seed=3))


def test_a_lag_without_cases_is_an_empty_row():
    row = concordance(made_panel(np.random.default_rng(7), 6, 4), lags=[9]).iloc[0]
    assert row["n"] == 0
    assert np.isnan(row[["estimate", "se", "p_value"]].astype(float)).all()


def test_few_units_do_not_apply():
    panel = made_panel(np.random.default_rng(7), 4, 8)
    with pytest.raises(NotApplicable, match=f"Comparing rises needs {MIN_ENTITIES} units; found 4"):
        concordance(panel)
