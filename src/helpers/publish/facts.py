"""What a page says about its data: where they come from, how fresh they are, and what made the page."""

from __future__ import annotations

import platform
from importlib.metadata import version

from helpers.datasets.dataset import Dataset
from helpers.datasets.periods import period_time

# Digits of a fingerprint that tell two states of the data apart by eye.
SHOWN_HASH = 12


def dataset_facts(dataset: Dataset, fingerprint: str) -> dict[str, object]:
    """Collect what every page about a dataset says, none of it dependent on the clock or the machine.

    Parameters
    ----------
    dataset : Dataset
    fingerprint : str
        See `helpers.publish.keys.data_hash`.

    Returns
    -------
    dict
        ``dataset`` (title), ``synthetic``, ``published``, ``min_group``, ``source``, ``licence``, ``last_period``,
        ``data_hash`` (its first digits), ``versions``.
    """
    return {
        **settings_facts(dataset),
        "last_period": _last_period(dataset),
        "data_hash": fingerprint[:SHOWN_HASH],
        "versions": f"excx {version('excx')}, Python {platform.python_version()}, pandas {version('pandas')}",
    }


def settings_facts(dataset: Dataset) -> dict[str, object]:
    """Collect what the settings alone say: the part of `dataset_facts` that needs no table."""
    settings = dataset.settings
    return {
        "dataset": settings.title,
        "synthetic": settings.synthetic,
        "published": settings.disclosure == "published",
        "min_group": settings.min_group,
        "source": settings.source,
        "licence": settings.licence,
    }


def _last_period(dataset: Dataset) -> str:
    periods = dataset.scores["period"].dropna().unique().tolist()
    per_year = dataset.settings.periods_per_year
    return max(periods, key=lambda period: period_time(period, per_year), default="")
