import numpy as np
import pandas as pd
import pytest
from made_units import made_units

from helpers.stats.organisation_gaps import organisation_gaps
from helpers.stats.turnover_groups import turnover_groups, turnover_rates


def leavers(seed: int = 1) -> pd.DataFrame:
    """Eight organisations, of which numbers 0 to 2 lose about 55 % of staff in a period and the others 20 %."""
    frame = made_units(np.random.default_rng(seed), n_units=480, slope=-0.5).assign(outcome="turnover")
    high = frame["organisation"].isin([f"organisation {number}" for number in range(3)])
    return frame.assign(higher_is_better=False, value=frame["value"] + np.where(high, 45, 10))


def groups(frame: pd.DataFrame, periods_per_year: int = 1) -> pd.DataFrame:
    found = turnover_groups(organisation_gaps(frame), turnover_rates(frame, periods_per_year), threshold=40)
    return found.set_index("group") if len(found) else found


def test_organisations_are_told_apart_by_how_many_leave_in_a_year():
    found = groups(leavers())
    assert found["n"].to_dict() == {"low": 5, "high": 3}
    assert (found["estimate"] < 0).all() and (found["scale"] == "percent").all()


def test_a_rate_per_quarter_is_turned_into_one_per_year():
    assert groups(leavers(), periods_per_year=4)["n"].to_dict() == {"high": 8}


def test_the_rate_of_an_organisation_counts_units_by_their_people():
    frame = leavers().head(2).assign(organisation="one", n=[30, 10], value=[10.0, 50.0])
    assert turnover_rates(frame, 1).to_dict() == {"one": 20.0}
    assert turnover_rates(frame.assign(n=np.nan), 1).to_dict() == {"one": 30.0}
    assert turnover_rates(frame, 4).to_dict() == {"one": 80.0}


def test_the_gap_of_a_group_is_the_median_of_its_organisations():
    frame = leavers()
    gaps = organisation_gaps(frame)
    own = gaps[(gaps["scale"] == "percent") & gaps["organisation"].isin([f"organisation {n}" for n in range(3)])]
    assert groups(frame).loc["high", "estimate"] == pytest.approx(own["estimate"].median())


def test_without_turnover_there_are_no_groups():
    assert groups(leavers().assign(outcome="profit")).empty
