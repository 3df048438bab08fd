"""The smallest change: by root finding, by exact power, and by changes that are made and looked for."""

import numpy as np
import pandas as pd
import pytest
from cases import HERE, expected

from helpers.stats.estimates import NotApplicable
from helpers.stats.intervals import score_changes
from helpers.stats.nps import nps, nps_se
from helpers.stats.smallest_change import smallest_change, smallest_changes


def test_the_change_equals_that_found_by_root_finding():
    for case in expected("smallest_change"):
        wanted = case.pop("change")
        assert smallest_change(**case) == pytest.approx(wanted, rel=1e-6)


def test_the_interval_of_the_change_finds_it_in_about_eight_of_ten():
    """Exact power over all outcomes, see tests/reference/smallest_change."""
    table = pd.read_csv(HERE / "smallest_change" / "result.csv").dropna()
    assert table["power"].between(0.73, 0.88).all() and len(table) >= 8
    assert table.loc[table[["n_before", "n_now"]].min(axis=1) >= 30, "power"].between(0.77, 0.81).all()


def test_a_change_of_that_size_is_found_in_eight_of_ten_simulations():
    rng, n_before, n_now = np.random.default_rng(1), 40, 25
    before, now = (0.25, 0.35, 0.40), (0.5525, 0.35, 0.0975)
    change = 100 * (now[0] - now[2] - before[0] + before[2])
    spreads = [100 * (p + d - (p - d) ** 2) ** 0.5 for p, _, d in (before, now)]
    told = smallest_change(spreads[1], n_now, n_before, spread_previous=spreads[0])
    now = tuple(np.array(before) + (np.array(now) - before) * told / change)
    found = []
    for one, two in zip(rng.multinomial(n_before, before, 800), rng.multinomial(n_now, now, 800), strict=True):
        found.append([one, two])
    rows = [
        {"unit_id": i, "measure": "nps", "kind": "nps", "estimate": nps(*c), "se": nps_se(*c), "time": t}
        | {"n": sum(c), "n_effective": sum(c)}
        for i, pair in enumerate(found)
        for t, c in enumerate(pair)
    ]
    changes = score_changes(pd.DataFrame(rows))
    assert (changes["change_low"] > 0).sum() / 800 == pytest.approx(0.8, abs=0.05)


def test_four_times_the_answers_halve_the_change():
    assert smallest_change(75.0, 120, 120) == pytest.approx(smallest_change(75.0, 30, 30) / 2)


def scores(*counts: tuple[int, int, int], before: float = 30) -> pd.DataFrame:
    rows = [{"estimate": nps(*c), "se": nps_se(*c), "n_effective": sum(c), "n_previous": before} for c in counts]
    return pd.DataFrame(rows)


def test_own_and_usual_spread_by_hand():
    found = smallest_changes(scores((5, 3, 2), (20, 10, 10)))
    assert found["spread"].tolist() == pytest.approx([6100**0.5, 6875**0.5])
    assert found["usual_spread"].iloc[0] == pytest.approx(((10 * 6100 + 40 * 6875) / 50) ** 0.5)
    assert found["smallest_own"].iloc[0] == pytest.approx(smallest_change(6100**0.5, 10, 30))
    assert found["smallest_usual"].iloc[1] == pytest.approx(smallest_change(found["usual_spread"].iloc[1], 40, 30))


def test_a_unit_of_equal_answers_has_no_own_but_a_usual_smallest_change():
    row = smallest_changes(scores((10, 0, 0), (20, 10, 10))).iloc[0]
    assert np.isnan(row["smallest_own"]) and row["smallest_usual"] > 0


def test_a_unit_without_answers_before_has_no_smallest_change():
    table = scores((5, 3, 2), (20, 10, 10))
    table.loc[0, "n_previous"] = np.nan
    assert smallest_changes(table)[["smallest_own", "smallest_usual"]].isna().all(axis=1).tolist() == [True, False]


def test_what_cannot_be_judged_says_why():
    with pytest.raises(NotApplicable, match="No unit has answers in both periods"):
        smallest_changes(scores((5, 3, 2), before=np.nan))
    with pytest.raises(NotApplicable, match="Within every unit all answers are alike"):
        smallest_changes(scores((9, 0, 0)))


def test_a_missing_column_and_a_power_in_percent_are_refused():
    with pytest.raises(ValueError, match="found none named n_previous"):
        smallest_changes(scores((5, 3, 2)).drop(columns="n_previous"))
    with pytest.raises(ValueError, match="power must lie between 1 - conf_level and 1; found 80"):
        smallest_changes(scores((5, 3, 2)), power=80)
