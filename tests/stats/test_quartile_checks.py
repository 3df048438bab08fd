import numpy as np
import pandas as pd
import pytest
from made_units import made_units

from helpers.stats.quartile_checks import gap_checks, in_sd, without_interval
from helpers.stats.quartile_contrasts import adjusted_gaps
from helpers.stats.quartiles import quartile_gaps
from helpers.stats.verdicts import gap_verdict, gap_verdicts


def gaps(seed: int, weights: str = "equal", **columns: object) -> pd.DataFrame:
    frame = made_units(np.random.default_rng(seed)).assign(**columns)
    table = quartile_gaps(frame, rng=np.random.default_rng(1), n_boot=99, weights=weights)
    return gap_verdicts(table, smallest_effect=0.1)


def test_each_check_is_the_sd_row_of_its_own_gaps():
    headline, others = gaps(1), {"by_n": gaps(1, weights="n"), "same_wave": gaps(2)}
    found = gap_checks(headline, others).set_index("check")
    assert list(found.index) == ["headline", "same_wave", "by_n"]
    for name, table in {"headline": headline, **others}.items():
        assert found.loc[name, "estimate"] == table.set_index("scale").loc["sd", "estimate"]


def test_a_check_agrees_when_its_verdict_is_that_of_the_headline():
    headline = gaps(1)
    other = headline.assign(verdict="cannot_tell")
    slope = without_interval(headline, headline["slope_implied"])
    found = gap_checks(headline, {"same_wave": headline, "by_n": other, "slope": slope}).set_index("check")
    assert found["agrees"].dropna().to_dict() == {"headline": True, "same_wave": True, "by_n": False}
    assert found.loc["slope", "estimate"] == headline.set_index("scale").loc["sd", "slope_implied"]


def test_checks_without_an_estimate_are_left_out():
    found = gap_checks(gaps(1), {"same_wave": gaps(2), "by_n": gaps(1, weights="n", n=np.nan)})
    assert "by_n" not in set(found["check"])


def test_an_unknown_check_is_refused():
    with pytest.raises(ValueError, match=r"others must be among headline, pooled, .*; found by_size"):
        gap_checks(gaps(1), {"by_size": gaps(1)})


def test_an_adjusted_gap_is_told_in_sd_of_all_units():
    frame, pooled = made_units(np.random.default_rng(1)), gaps(1)
    adjusted = adjusted_gaps(frame)
    found = in_sd(adjusted, pooled).set_index("scale")
    assert found.loc["raw", "estimate"] == adjusted.loc[0, "estimate"]
    assert found.loc["sd", "ci_low"] == pytest.approx(adjusted.loc[0, "ci_low"] / frame["value"].std())
    assert found["higher_is_better"].all()


def test_every_scale_of_an_outcome_carries_the_verdict_of_its_sd_row():
    table = gaps(1)
    judged = gap_verdicts(table, smallest_effect=0.1)
    wanted = gap_verdict(table.set_index("scale", drop=False).loc["sd"], smallest_effect=0.1)
    assert set(judged["verdict"]) == {wanted.verdict}
    assert set(judged["because"]) == {wanted.because}
