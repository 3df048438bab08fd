"""Shares of answers: what they were, are, and how far they moved."""

import numpy as np
import pandas as pd
import pytest

from helpers.stats.share_changes import share_changes

SHARES = pd.DataFrame(
    {"2022": [0.2, 0.5, np.nan], "2023": [0.3, 0.6, 0.1], "2024": [0.25, 0.4, 0.3]}, index=list("abc")
)


def test_changes_go_from_the_first_period_to_the_last_the_most_frequent_first():
    found = share_changes(SHARES, SHARES.head(0)).table
    assert found["term"].tolist() == ["b", "c", "a"]
    assert found["change"].tolist() == pytest.approx([-0.1, np.nan, 0.05], nan_ok=True)


def test_only_answers_with_both_changes_are_compared_with_the_median():
    median = pd.DataFrame({"2022": [0.3, 0.3, 0.3], "2024": [0.2, 0.2, 0.2]}, index=list("abc"))
    found = share_changes(SHARES, median)
    assert (found.same, found.n) == (1, 2)


def test_one_period_has_shares_and_no_change():
    found = share_changes(SHARES[["2024"]], SHARES[["2024"]])
    assert found.table["change"].isna().all() and found.table["last"].tolist() == [0.4, 0.3, 0.25] and found.n == 0
