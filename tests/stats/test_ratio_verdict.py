"""Each rule of the verdict on a ratio decides at its boundary."""

import numpy as np
import pytest

from helpers.stats.ratio_verdict import ratio_verdict

LIMIT = -np.log1p(-0.05)


def judged(low, high, *, df=20.0, se=0.1, smallest=0.05, reliability=1.0):
    row = {"estimate": (low + high) / 2, "se": se, "df": df, "ci_low": low, "ci_high": high}
    corrected = {name: row[name] / reliability for name in ("ci_low", "ci_high")} if reliability else None
    found = ratio_verdict(row, corrected=corrected, smallest=smallest)
    return found.verdict, found.because


@pytest.mark.parametrize(
    ("low", "high", "verdict", "because"),
    [
        (-0.3, -0.1, "yes", "zero_excluded"),
        (-0.3, -1e-9, "yes", "zero_excluded"),
        (-0.3, 0.0, "cannot_tell", "interval_includes_1"),
        (-0.1, 0.2, "cannot_tell", "interval_includes_1"),
        (0.0, 0.2, "cannot_tell", "interval_includes_1"),
        (1e-9, 0.2, "cannot_tell", "wrong_sign"),
        (-LIMIT, LIMIT, "no", "below_smallest"),
        (-LIMIT, -0.01, "no", "below_smallest"),
        (-LIMIT - 1e-9, -0.01, "yes", "zero_excluded"),
        (-0.01, LIMIT + 1e-9, "cannot_tell", "interval_includes_1"),
    ],
)
def test_the_interval_decides(low, high, verdict, because):
    assert judged(low, high) == (verdict, because)


@pytest.mark.parametrize(
    ("reliability", "verdict", "because"),
    [(1.0, "no", "below_smallest"), (0.9, "cannot_tell", "sampling_error"), (None, "cannot_tell", "sampling_error")],
)
def test_nothing_is_too_small_to_matter_that_sampling_error_may_have_made_small(reliability, verdict, because):
    assert judged(-LIMIT, 0.01, reliability=reliability) == (verdict, because)
    assert judged(-0.3, -0.1, reliability=reliability) == ("yes", "zero_excluded")


def test_few_degrees_of_freedom_come_before_the_interval():
    assert judged(-0.3, -0.1, df=3.99) == ("cannot_tell", "too_few")
    assert judged(-0.3, -0.1, df=4.0) == ("yes", "zero_excluded")


def test_without_an_error_nothing_is_told():
    assert judged(np.nan, np.nan, se=np.nan) == ("cannot_tell", "no_estimate")


@pytest.mark.parametrize("smallest", [0.0, 1.0, 5.0])
def test_a_smallest_change_is_a_share(smallest):
    with pytest.raises(ValueError, match=r"smallest must lie between 0 and 1; found .* Write 0\.05 for 5 %"):
        judged(-0.3, -0.1, smallest=smallest)
