from dataclasses import replace

import pandas as pd
import pytest

from helpers.datasets.demo import load_truth, simulate
from helpers.datasets.demo.truth import Section


def changed(truth, **sections):
    """The truth with some values of its sections replaced."""
    return replace(truth, **{name: Section({**getattr(truth, name), **new}) for name, new in sections.items()})


@pytest.fixture(scope="session")
def truth():
    return load_truth()


@pytest.fixture(scope="session")
def demo(truth):
    """All tables of a demo company of 360 teams."""
    return simulate(truth, seed=1, scale=0.3)


@pytest.fixture(scope="session")
def null():
    """The same without effects."""
    return simulate(load_truth("demo-null"), seed=1, scale=0.3)


@pytest.fixture(scope="session")
def change():
    return changed


@pytest.fixture(scope="session")
def wide():
    """Lay out `expected` with one column per measure."""

    def lay_out(expected: pd.DataFrame) -> pd.DataFrame:
        return expected.set_index(["unit_id", "period", "measure"])["expected"].unstack()

    return lay_out
