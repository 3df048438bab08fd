"""Each rule of the verdict decides at its boundary."""

import numpy as np
import pytest

from helpers.stats.meta_verdict import FEW_STUDIES, FEWEST_STUDIES, ON_AVERAGE, meta_verdict
from helpers.stats.verdicts import CANNOT_TELL, NO, YES


def judged(ci, cr, most=None, k=60, smallest=0.1):
    names = {"ci": ci, "cr": cr, "most": most or cr}
    row = {"k": k} | {
        f"{name}_{end}": value for name, pair in names.items() for end, value in zip(("low", "high"), pair, strict=True)
    }
    found = meta_verdict(row, smallest=smallest)
    return found.verdict, found.because


def test_it_holds_where_all_intervals_lie_above_zero():
    assert judged((0.1, 0.2), (0.01, 0.3)) == (YES, "zero_excluded")


@pytest.mark.parametrize("edge", [0.0, -0.01])
def test_an_interval_of_most_studies_that_reaches_zero_makes_it_an_average(edge):
    assert judged((0.1, 0.2), (edge, 0.3), most=(0.01, 0.3)) == (ON_AVERAGE, "studies_differ")
    assert judged((0.1, 0.2), (0.01, 0.3), most=(edge, 0.3)) == (ON_AVERAGE, "studies_differ")


def test_few_studies_cannot_show_that_most_agree():
    assert judged((0.1, 0.2), (0.05, 0.3), k=FEW_STUDIES) == (YES, "zero_excluded")
    assert judged((0.1, 0.2), (0.05, 0.3), k=FEW_STUDIES - 1) == (ON_AVERAGE, "few_studies")


def test_with_too_few_studies_nothing_is_told():
    assert judged((0.1, 0.2), (0.05, 0.3), k=FEWEST_STUDIES)[0] == ON_AVERAGE
    assert judged((0.1, 0.2), (0.05, 0.3), k=FEWEST_STUDIES - 1) == (CANNOT_TELL, "too_few_studies")
    assert judged((np.nan, np.nan), (0.05, 0.3)) == (CANNOT_TELL, "too_few_studies")


def test_a_mean_whose_interval_reaches_zero_tells_nothing():
    assert judged((0.0, 0.2), (0.01, 0.3)) == (CANNOT_TELL, "interval_includes_0")
    assert judged((-0.2, 0.0), (-0.3, -0.01)) == (CANNOT_TELL, "interval_includes_0")


def test_a_mean_on_the_other_side_is_not_what_was_claimed():
    assert judged((-0.3, -0.2), (-0.4, -0.1)) == (CANNOT_TELL, "wrong_sign")


@pytest.mark.parametrize("sign", [1, -1])
def test_none_needs_all_intervals_inside_the_smallest_correlation(sign):
    inside, edge, beyond = (-0.05, 0.05), tuple(sorted((sign * 0.1, 0.0))), tuple(sorted((sign * 0.11, 0.0)))
    assert judged(inside, inside) == (NO, "below_smallest")
    assert judged(edge, edge) == (NO, "below_smallest")
    for place in range(3):
        pairs = [beyond if place == at else inside for at in range(3)]
        assert judged(*pairs) != (NO, "below_smallest")


def test_a_precise_correlation_too_small_to_matter_is_none_even_above_zero():
    assert judged((0.02, 0.05), (0.01, 0.06)) == (NO, "below_smallest")


@pytest.mark.parametrize("smallest", [0, 1, 10])
def test_the_smallest_correlation_is_one(smallest):
    with pytest.raises(ValueError, match=f"smallest must lie between 0 and 1; found {smallest}"):
        judged((0.1, 0.2), (0.1, 0.2), smallest=smallest)
