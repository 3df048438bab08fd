import numpy as np
import pandas as pd
from made_units import made_units

from helpers.stats.quartile_checks import CHECKS, gap_checks
from helpers.stats.quartiles import quartile_gaps
from helpers.stats.verdicts import gap_verdict, gap_verdicts


def gaps(seed: int, weights: str = "equal", **columns: object) -> pd.DataFrame:
    frame = made_units(np.random.default_rng(seed)).assign(**columns)
    return quartile_gaps(frame, rng=np.random.default_rng(1), n_boot=99, weights=weights)


def test_each_check_is_the_sd_row_of_its_own_gaps():
    tables = gaps(1), gaps(2), gaps(1, weights="n")
    found = gap_checks(tables[0], same_wave=tables[1], by_n=tables[2]).set_index("check")
    assert list(found.index) == list(CHECKS)
    for name, table in zip(CHECKS, tables, strict=False):
        assert found.loc[name, "estimate"] == table.set_index("scale").loc["sd", "estimate"]
    assert found.loc["slope", "estimate"] == tables[0].set_index("scale").loc["sd", "slope_implied"]
    assert np.isnan(found.loc["slope", "ci_low"])


def test_checks_without_an_estimate_are_left_out():
    found = gap_checks(gaps(1), same_wave=gaps(2), by_n=gaps(1, weights="n", n=np.nan))
    assert "by_n" not in set(found["check"])


def test_every_scale_of_an_outcome_carries_the_verdict_of_its_sd_row():
    table = gaps(1)
    judged = gap_verdicts(table, smallest_effect=0.1)
    wanted = gap_verdict(table.set_index("scale", drop=False).loc["sd"], smallest_effect=0.1)
    assert set(judged["verdict"]) == {wanted.verdict}
    assert set(judged["because"]) == {wanted.because}
