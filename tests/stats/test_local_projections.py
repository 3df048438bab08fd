import numpy as np
import pandas as pd
import pytest
from cases import assert_close, expected
from made_panels import disguised, made_panel
from statsmodels.datasets import grunfeld
from textbook import cr2, least_squares

from helpers.stats.estimates import ESTIMATE_COLUMNS, NotApplicable
from helpers.stats.local_projections import changes_ahead, local_projections


def projected(panel: pd.DataFrame, **choices: object) -> pd.DataFrame:
    return local_projections(panel, **{"x": "x", "y": "y", **choices})


@pytest.fixture
def panel() -> pd.DataFrame:
    return made_panel(np.random.default_rng(61), 14, 11, effects=(0.2, 0.0, 0.5), share_kept=0.95)


@pytest.mark.parametrize("horizon", range(5))
def test_every_horizon_is_the_dummy_regression_of_its_own(horizon):
    firms = grunfeld.load_pandas().data.rename(columns={"firm": "entity", "year": "time"}).astype({"time": int})
    table = projected(firms, x="value", y="invest", max_horizon=4)
    wanted = expected("local_projections")[f"horizon {horizon}"]
    assert_close(table.loc[horizon, list(wanted)].to_dict(), wanted)


@pytest.mark.parametrize("past", [1, 2])
def test_rows_are_changes_from_the_period_before_on_the_calendar(panel, past):
    seen = panel.set_index(["entity", "time"])
    sample = changes_ahead(panel, 2, x="x", y="y", past=past)
    wanted = {
        (entity, time): seen.loc[(entity, time + 2), "y"] - seen.loc[(entity, time - 1), "y"]
        for entity, time in seen.index
        if {(entity, time + 2), *((entity, time - lag) for lag in range(past + 1))} <= set(seen.index)
    }
    found = sample.set_index(["entity", "time"])["y"].to_dict()
    assert found == {key: pytest.approx(value) for key, value in wanted.items()}


def test_errors_are_those_of_the_textbook(panel):
    table = projected(panel, past=2)
    columns = ["x", "x_lag1", "x_lag2", "y_lag1", "y_lag2"]
    for horizon, row in table.iterrows():
        sample = changes_ahead(panel, horizon, x="x", y="y", past=2)
        se, df = cr2(sample, "y", columns, "entity")
        slope = least_squares(sample, "y", columns)[0]
        np.testing.assert_allclose([row["estimate"], row["se"], row["df"]], [slope, se[0], df[0]], rtol=1e-6)


def test_large_panels_give_back_the_true_course():
    # x is AR(.4): three periods on, y also follows the .4 that is left of the rise after one.
    panels = [made_panel(rng, 200, 50, effects=(0.0, 0.0, 0.5)) for rng in np.random.default_rng(3).spawn(2)]
    found = np.mean([projected(panel, past=3, max_horizon=3)["estimate"] for panel in panels], axis=0)
    np.testing.assert_allclose(found, [0.0, 0.0, 0.5, 0.2], atol=0.05)


def test_horizons_come_in_order_each_with_its_own_sample(panel):
    table = projected(panel)
    assert list(table["term"]) == [f"horizon {horizon}" for horizon in range(4)]
    assert tuple(table.columns[: len(ESTIMATE_COLUMNS)]) == ESTIMATE_COLUMNS
    assert table["n"].is_monotonic_decreasing and table["n"].nunique() == 4
    assert table["first_period"].tolist() == [2002] * 4
    assert table["last_period"].tolist() == [2011, 2010, 2009, 2008]
    np.testing.assert_allclose(table["estimate_sd"] / table["estimate"], table.attrs["sd_ratio"])


def test_a_horizon_beyond_the_panel_keeps_its_row_and_the_reason(panel):
    table = projected(panel, max_horizon=10)
    assert table["estimate"].notna().tolist()[:5] == [True] * 5
    last = table.iloc[-1]
    assert np.isnan(last["estimate"]) and last["reason"].startswith("Telling lags apart needs")
    assert last["reason_values"] == {"found": 0, "needed": 5}


def test_a_panel_that_bears_no_horizon_is_refused(panel):
    with pytest.raises(NotApplicable, match="needs 5 units with enough periods; found 4"):
        projected(panel[panel["entity"] < "unit 004"])


def test_what_cannot_be_chosen_is_refused(panel):
    with pytest.raises(ValueError, match="max_horizon must be 0 or more; found -1"):
        projected(panel, max_horizon=-1)
    with pytest.raises(ValueError, match="own_lags must be 1 or more; found 0"):
        projected(panel, past=0)


def test_rows_ids_and_units_of_measurement_do_not_matter(panel):
    other = disguised(panel.assign(x=1e6 * panel["x"] + 3, y=1e-4 * panel["y"] - 7), np.random.default_rng(3))
    for name in ("estimate_sd", "se_sd", "p_value", "df"):
        np.testing.assert_allclose(projected(panel)[name], projected(other)[name], rtol=1e-6)
