"""The highest and the lowest of several scores are named only where all other ones are clearly beyond."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.stats.nps_survey import Design, survey_differences
from helpers.stats.possible_ends import possible_ends


def answered(rng: np.random.Generator, shares: dict[str, float], n: int) -> pd.DataFrame:
    """Answers at moments with so many promoters; all others are detractors."""
    parts = [
        pd.DataFrame({"moment": moment, "recommend": np.where(rng.random(n) < share, 10, 0)})
        for moment, share in shares.items()
    ]
    return pd.concat(parts, ignore_index=True).assign(unit=lambda rows: np.arange(len(rows)) % 30)


def ends(answers: pd.DataFrame, **choices: object) -> tuple[set[str], set[str]]:
    found = possible_ends(answers, by="moment", **choices).set_index("term")
    return tuple({*found.index[found[column]]} for column in ("may_be_highest", "may_be_lowest"))


def test_ends_are_named_where_they_lie_clearly_beyond_all_others():
    answers = answered(np.random.default_rng(1), {"use": 0.7, "service": 0.5, "delivery": 0.3}, 1000)
    assert ends(answers) == ({"use"}, {"delivery"})


def test_of_two_that_cannot_be_told_apart_both_may_be_the_highest():
    answers = answered(np.random.default_rng(1), {"use": 0.6, "service": 0.6, "delivery": 0.3}, 1000)
    assert ends(answers) == ({"use", "service"}, {"delivery"})


def test_two_intervals_that_overlap_can_still_be_apart_and_all_pairs_count():
    """The rule is that of the differences, at the level of all pairs at once."""
    answers = answered(np.random.default_rng(4), {"a": 0.5, "b": 0.56, "c": 0.5, "d": 0.44}, 700)
    design = Design(cluster="unit")
    apart = survey_differences(answers, design, by="moment", conf_level=1 - 0.05 / 6)
    highest, lowest = ends(answers, design=design)
    for row in apart.to_dict("records"):
        is_above, is_below = row["ci_low"] > 0, row["ci_high"] < 0
        assert not (is_above and row["first"] in highest) and not (is_below and row["second"] in highest)
        assert not (is_above and row["second"] in lowest) and not (is_below and row["first"] in lowest)


def test_without_intervals_any_may_be_the_highest_and_the_lowest():
    answers = answered(np.random.default_rng(1), {"use": 0.9, "delivery": 0.1}, 100).assign(unit=0)
    assert ends(answers, design=Design(cluster="unit")) == ({"use", "delivery"}, {"use", "delivery"})
    alone = answers[answers["moment"] == "use"]
    assert ends(alone) == ({"use"}, {"use"})


@pytest.mark.parametrize("shares", [(0.5, 0.5, 0.5, 0.5, 0.5), (0.55, 0.54, 0.5, 0.5, 0.46)])
def test_the_true_ends_are_among_those_named_in_nearly_all_samples(shares):
    rng, moments = np.random.default_rng(2), "abcde"
    truth = dict(zip(moments, shares, strict=True))
    found = [ends(answered(rng, truth, 300)) for _ in range(200)]
    assert np.mean(["a" in highest and "e" in lowest for highest, lowest in found]) >= 0.95


def test_a_level_beyond_one_is_refused():
    with pytest.raises(ValueError, match="conf_level must lie between 0 and 1"):
        possible_ends(answered(np.random.default_rng(1), {"a": 0.5}, 10), by="moment", conf_level=95)
