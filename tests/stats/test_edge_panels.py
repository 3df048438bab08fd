"""At the edge of what a panel can bear, every method gives finite figures, or one clear sentence why there are none."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import warnings
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from edge_methods import METHODS, PANELS, made
from made_panels import disguised

from helpers.stats.estimates import NotApplicable
from helpers.stats.lag_profile import lag_profile
from helpers.stats.panels import lagged_sample
from helpers.stats.two_way import two_way_fit

MOST_WORDS = 25
# Errors of ours that a panel too small for what was asked may raise: a lag that it does not bear, a sample of no rows.
RULE = r"^(lag must be one of .*; found \d+|panel must have rows; found 0)\."
# Panels that no method can take, and what each says.
REFUSED = {
    "a row twice": r"panel must have one row per entity and time; found more for unit 000 in 2006\.",
    "an infinite x": r"x must be finite or missing; found an infinite value for unit 000 in 2005\.",
    "an infinite y": r"y must be finite or missing; found an infinite value for unit 000 in 2005\.",
}
# Too little for a bootstrap, permutation or interval over units, whatever the method.
NOT_ENOUGH = ("no rows", "one unit", "two units", "all x missing", "all y missing")

each_method = pytest.mark.parametrize("method", METHODS)
each_panel = pytest.mark.parametrize("panel", [name for name in PANELS if name not in REFUSED])


def numbers(table: pd.DataFrame) -> pd.DataFrame:
    return table.select_dtypes("number").astype(float)


def answer(method: str, panel: pd.DataFrame) -> pd.DataFrame:
    """The table of a method; no warning may leave it."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return METHODS[method](panel)


@cache
def answered(method: str, panel: str) -> pd.DataFrame | Exception:
    """The answer to a panel, or the error in its place; computed once for all tests that read it."""
    try:
        return answer(method, PANELS[panel]())
    except (NotApplicable, ValueError) as reason:
        return reason


@each_panel
@each_method
def test_every_answer_is_finite_or_a_short_reason(method: str, panel: str):
    found = answered(method, panel)
    if isinstance(found, Exception):
        assert isinstance(found, NotApplicable) or re.search(RULE, str(found)), found
        assert str(found).endswith(".") and len(str(found).split()) <= MOST_WORDS
        return
    assert not np.isinf(numbers(found)).to_numpy().any()
    if "dropped" in found.attrs:
        assert sum(row["n_rows"] for row in found.attrs["dropped"]) == len(PANELS[panel]())


@pytest.mark.parametrize("panel", REFUSED)
@each_method
def test_what_is_no_panel_is_refused_by_every_method(method: str, panel: str):
    with pytest.raises(ValueError, match=REFUSED[panel]) as refusal:
        answer(method, PANELS[panel]())
    assert len(str(refusal.value).split()) <= MOST_WORDS


@pytest.mark.parametrize("panel", NOT_ENOUGH)
@each_method
def test_no_method_finds_an_effect_where_there_is_nothing_to_see(method: str, panel: str):
    found = answered(method, panel)
    if isinstance(found, Exception):
        assert isinstance(found, NotApplicable) or re.search(RULE, str(found)), found
        return
    columns = [column for column in ("se", "p_value") if column in found]
    assert columns and found[columns].isna().to_numpy().all()


@each_method
def test_enough_is_enough_for_every_method(method: str):
    found = answered(method, "plenty")
    assert isinstance(found, pd.DataFrame), found
    assert np.isfinite(numbers(found)).to_numpy().any(axis=0).sum() >= 2


@each_panel
@pytest.mark.parametrize("lags", [(0,), (0, 1, 2), (-1, 0), (9,)])
def test_no_row_is_dropped_without_being_counted(panel: str, lags: tuple[int, ...]):
    given = PANELS[panel]()
    sample, dropped = lagged_sample(given, x="x", y="y", lags=lags)
    assert dropped["n_rows"].sum() == len(given)
    assert dropped.set_index("reason").loc["kept", "n_rows"] == len(sample)


def test_an_outcome_that_never_moves_has_no_precise_effect_of_zero():
    with pytest.raises(NotApplicable, match=r"y does not change within units beyond what all units share\."):
        lag_profile(PANELS["y constant in all units"](), x="x", y="y")


def test_the_cause_is_named_before_the_outcome_where_neither_moves():
    with pytest.raises(NotApplicable, match=r"^x does not change within units"):
        two_way_fit(made().assign(x=1.0, y=2.0), "y", ["x"])


def names_units(table: pd.DataFrame) -> bool:
    texts = table.select_dtypes(exclude="number").astype(str)
    return bool(texts.apply(lambda column: column.str.fullmatch(r"unit \d{3}")).to_numpy().any())


@pytest.mark.parametrize("panel", ["unbalanced", "units that come and go"])
@each_method
def test_rows_ids_and_index_do_not_matter(method: str, panel: str):
    found, other = answered(method, panel), disguised(PANELS[panel](), np.random.default_rng(5))
    if isinstance(found, NotApplicable):
        with pytest.raises(NotApplicable, match=str(found)):
            answer(method, other)
        return
    assert isinstance(found, pd.DataFrame), found
    tables = (found, answer(method, other))
    both = [numbers(one).drop(columns=["entity", "left_out"], errors="ignore").to_numpy() for one in tables]
    # Rows that are units come in the order of their names.
    both = [np.sort(one, axis=0) for one in both] if names_units(found) else both
    np.testing.assert_allclose(*both, rtol=1e-6, atol=1e-9)


@pytest.mark.slow
def test_hash_seeds_do_not_matter():
    code = (
        "from edge_methods import METHODS, PANELS\n"
        "for name in METHODS:\n"
        "    print(name, METHODS[name](PANELS['plenty']()).to_csv(float_format='%.7g'))"
    )
    said = [
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=Path(__file__).parent,
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "20")
    ]
    assert said[0] == said[1] and len(said[0]) > 1000
