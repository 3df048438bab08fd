"""What `excx release` hands out: all scores as they may be shown, and what the audit of them proves."""

from __future__ import annotations

import pandas as pd

from helpers.datasets.dataset import Dataset
from helpers.datasets.masking import known_releases, make_masking, record_release, told_before
from helpers.datasets.released import pass_gate, percent_kinds
from helpers.release import ReleaseError
from helpers.release.audit import audit_summary
from helpers.release.bands import size_band
from helpers.stats.intervals import score_intervals

LABELS = ["unit_id", "name", "level", "parent_id", "period", "measure", "kind"]
COLUMNS = [*LABELS, "estimate", "ci_low", "ci_high", "answers", "band", "shown"]
# What a page shows at most; more decimals would only help to reckon back.
DECIMALS = 4


def released_frame(dataset: Dataset, *, conf_level: float = 0.95) -> pd.DataFrame:
    """Give every score of a dataset as it may leave.

    Parameters
    ----------
    dataset : Dataset
    conf_level : float

    Returns
    -------
    DataFrame, one row per unit, period and measure
        `COLUMNS`: ``answers`` in words (``"10–14"``, ``"57"``), ``shown`` yes or no. A hidden row says no more than
        that there is something; by which rule it is hidden would tell of its size.
    """
    scores = dataset.scores[dataset.scores["estimate"].notna()]
    complete = percent_kinds(dataset, score_intervals(scores, conf_level=conf_level))
    frame = pass_gate(dataset, complete).frame
    parents = dataset.hierarchy.units.drop_duplicates("unit_id").set_index("unit_id")["parent_id"]
    told = frame.assign(
        parent_id=frame["unit_id"].map(parents).fillna(""),
        answers=frame["n"].map(_answers, na_action="ignore").fillna("").astype("str"),
        shown=frame["released"].map({True: "yes", False: "no"}),
    )
    return told[COLUMNS].round(DECIMALS)


def audit_release(dataset: Dataset) -> dict[str, object]:
    """Write the release into the ledger, and say what was proved of it.

    Parameters
    ----------
    dataset : Dataset
        With figures that pass the gate.

    Returns
    -------
    dict
        See `helpers.release.audit.audit_summary`; with ``ledger``, the head of the ledger, ``releases``, its head after
        each release, and ``told_before``, see `helpers.datasets.masking.told_before`.

    Raises
    ------
    ReleaseError, LedgerError
        When a rule does not hold: nothing may be handed out then.
    """
    head = record_release(dataset)
    made = make_masking(dataset)
    if not made.mask.frame.equals(dataset.mask.frame):
        raise ReleaseError("the mask must be the same each time it is made; found another one. Report this as a fault.")
    levels = dataset.hierarchy.units.drop_duplicates("unit_id").set_index("unit_id")["level"]
    summary = audit_summary(made.mask, made.families, made.tree, levels)
    known = {"ledger": head, "releases": list(known_releases(dataset)), "told_before": told_before(dataset)}
    return summary | known


def _answers(n: float) -> str:
    band = size_band(n)
    return f"{band[0]}–{band[1]}" if band else f"{n:.0f}"
