import json

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from helpers.stats.estimates import ESTIMATE_COLUMNS, NotApplicable, with_intervals


def test_columns_come_in_one_order_and_extras_after_them():
    table = with_intervals(pd.DataFrame({"lag": [1], "term": ["a"], "estimate": [2.0], "se": [1.0]}))
    assert tuple(table.columns) == (*ESTIMATE_COLUMNS, "lag")


def test_interval_and_p_value_agree():
    row = with_intervals(pd.DataFrame({"term": ["a"], "estimate": [2.0], "se": [1.0], "df": [5.0]}), 0.9).iloc[0]
    assert row["ci_low"] == pytest.approx(2 - stats.t.ppf(0.95, 5))
    assert row["p_value"] == pytest.approx(2 * stats.t.sf(2, 5))


def test_missing_df_means_normal():
    row = with_intervals(pd.DataFrame({"term": ["a"], "estimate": [0.0], "se": [1.0], "df": [np.nan]})).iloc[0]
    assert row["ci_high"] == pytest.approx(1.959964, rel=1e-6)


def test_an_empty_estimate_stays_empty():
    row = with_intervals(pd.DataFrame({"term": ["a"], "estimate": [np.nan], "se": [np.nan]})).iloc[0]
    assert np.isnan([row["ci_low"], row["ci_high"], row["p_value"]]).all()


def test_percent_as_level_is_refused():
    with pytest.raises(ValueError, match=r"conf_level must lie between 0 and 1; found 95. Write 0.95 for 95 %"):
        with_intervals(pd.DataFrame({"term": ["a"], "estimate": [1.0], "se": [1.0]}), 95)


def test_not_applicable_shows_its_sentence_and_carries_key_and_values():
    problem = NotApplicable("Lag {lag} needs {needed} waves.", lag=3, needed=5)
    sentence, record = problem._render_traceback_()
    assert sentence == "Lag 3 needs 5 waves."
    assert json.loads(record) == {"reason": "Lag {lag} needs {needed} waves.", "values": {"lag": 3, "needed": 5}}
