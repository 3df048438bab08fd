"""Without each study, and small studies against large ones."""

from functools import partial

import numpy as np
import pandas as pd
import pytest
from cases import assert_close, data, expected

from helpers.stats.artifact_distributions import artifact_distributions
from helpers.stats.bare_bones import bare_bones
from helpers.stats.estimates import ESTIMATE_COLUMNS, NotApplicable
from helpers.stats.meta_sensitivity import small_study_effect, without_each_study
from helpers.stats.random_effects import random_effects

CASE = "meta_analysis"


@pytest.fixture
def studies() -> pd.DataFrame:
    return data(CASE)


def made(rng: np.random.Generator, k: int, *, censored: bool) -> pd.DataFrame:
    """Studies of a true r of .15; when censored, four in five of those that find nothing at 5 % are not seen."""
    n = np.exp(rng.uniform(np.log(20), np.log(800), 6 * k)).astype(int)
    z = np.arctanh(0.15) + 0.05 * rng.normal(size=6 * k) + rng.normal(size=6 * k) / np.sqrt(n - 3)
    seen = (z * np.sqrt(n - 3) > 1.96) | (rng.uniform(size=6 * k) < 0.2) if censored else np.full(6 * k, True)
    return pd.DataFrame({"study": range(6 * k), "r": np.tanh(z), "n": n})[seen].head(k)


def test_leaving_one_out_equals_metafor(studies):
    table, wanted = without_each_study(studies, random_effects), expected(CASE)["without"]
    table = table.set_index("left_out").loc[studies["study"]]
    assert_close({name: list(table[name]) for name in ("estimate", "se", "tau2")}, wanted, rel=1e-7)


def test_leaving_one_out_is_running_the_method_without_it(studies):
    method = partial(bare_bones, unbiased_variance=True)
    table = without_each_study(studies, method).set_index("left_out")
    alone = method(studies[studies["study"] != "study 5"]).iloc[0]
    full = method(studies).iloc[0]
    assert table.loc["study 5", "estimate"] == alone["estimate"]
    assert table.loc["study 5", "shift"] == alone["estimate"] - full["estimate"]
    assert table["shift"].abs().is_monotonic_decreasing


def test_one_study_that_decides_is_found():
    frame = pd.DataFrame({"study": list("abcde"), "r": [0.02, -0.01, 0.0, 0.01, 0.6], "n": 200})
    table = without_each_study(frame, bare_bones)
    assert table.loc[0, "left_out"] == "e"
    agree = pd.DataFrame({"study": list("abcde"), "r": [0.3, 0.32, 0.29, 0.31, 0.3], "n": 200})
    assert not without_each_study(agree, random_effects)["decides"].any()
    turned = without_each_study(frame.assign(r=[0.1, 0.1, 0.1, 0.12, -0.55]), bare_bones).set_index("left_out")
    assert turned.loc["e", ["changes_sign", "changes_zero", "decides"]].all()
    assert not turned.loc["a", "changes_sign"]


def test_rows_that_only_feed_artifacts_are_never_left_out(studies):
    holes = studies.assign(r=studies["r"].where(studies.index > 3))
    table = without_each_study(holes, artifact_distributions)
    assert len(table) == 20 and set(table["k"]) == {19}
    assert set(table["k_rxx"]) == {23}


def test_three_studies_are_needed_to_leave_one_out(studies):
    with pytest.raises(NotApplicable, match="This analysis needs 3 studies; found 2"):
        without_each_study(studies.head(2), bare_bones)


def test_the_small_study_slope_equals_metafor(studies):
    row, wanted = small_study_effect(studies), expected(CASE)["small"]
    found = {name: row[column].item() for name, column in (("b", "estimate"), ("se", "se"), ("p", "p_value"))}
    assert_close(found, {name: wanted[name][1] for name in found}, rel=1e-7)
    assert row.attrs["r_limit"] == pytest.approx(np.tanh(wanted["b"][0]))
    assert list(row) == list(ESTIMATE_COLUMNS) and row["term"].item() == "small_study"


def test_a_full_drawer_shows_and_an_empty_one_mostly_does_not():
    rng = np.random.default_rng(93)
    found = {
        censored: np.mean(
            [small_study_effect(made(rng, 80, censored=censored))["ci_low"].item() > 0 for _ in range(80)]
        )
        for censored in (True, False)
    }
    assert found[True] > 0.5
    assert found[False] <= 0.08


def test_correlations_as_such_do_not_make_a_slope():
    """Errors of r depend on r; those of Fisher's z do not, so a high mean alone gives no asymmetry."""
    rng, slopes = np.random.default_rng(96), []
    for _ in range(100):
        n = np.exp(rng.uniform(np.log(20), np.log(200), 30)).astype(int)
        z = 1.1 + 0.1 * rng.normal(size=30) + rng.normal(size=30) / np.sqrt(n - 3)
        slopes.append(
            small_study_effect(pd.DataFrame({"study": range(30), "r": np.tanh(z), "n": n}))["estimate"].item()
        )
    assert np.mean(slopes) == pytest.approx(0, abs=3 * np.std(slopes) / len(slopes) ** 0.5)


def test_nine_studies_or_one_size_cannot_tell(studies):
    with pytest.raises(NotApplicable, match="Whether small studies differ needs 10 studies; found 9"):
        small_study_effect(studies.head(9))
    with pytest.raises(NotApplicable, match="All studies are equally large"):
        small_study_effect(studies.assign(n=100))
