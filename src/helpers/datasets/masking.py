"""The mask of a dataset: from all its scores and counts, and from what its ledger says of earlier releases."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import pandas as pd

from helpers import release
from helpers.datasets.counted import COUNTED_TABLES, counted_trace
from helpers.datasets.counted_moments import moment_trace
from helpers.datasets.families import measure_families
from helpers.datasets.folders import LEDGER_FOLDER
from helpers.datasets.score_cache import cached, content_key
from helpers.datasets.score_loading import scores_key
from helpers.release.counted import joined_traces, released_by, with_counts, with_withheld
from helpers.release.family import Family, families
from helpers.release.history import hide_against, make_trace, read_trace, trace_bytes
from helpers.release.ledger import Ledger
from helpers.release.mask import KEYS, Mask, ReleaseError, check_mask, hidden_units, mask_families
from helpers.release.table import unit_tree
from helpers.release.tree import Tree

if TYPE_CHECKING:
    from helpers.datasets.dataset import Dataset

_CODE = sorted(Path(release.__file__).parent.glob("*.py"))
# By the key of what it was made from; found for planning, it need not be found again for the ledger.
_just_made: WeakKeyDictionary[Dataset, tuple[str, Masking]] = WeakKeyDictionary()


@dataclass(frozen=True)
class Masking:
    """A mask, what it was made from, and the trace it leaves in the ledger.

    Parameters
    ----------
    mask : Mask
    families : list of Family
    tree : Tree
    trace : DataFrame
        See `helpers.release.history.make_trace`.
    """

    mask: Mask
    families: list[Family]
    tree: Tree
    trace: pd.DataFrame


def dataset_mask(dataset: Dataset) -> Mask:
    """Give the mask of a dataset, from its cache while data, rules and ledger are unchanged.

    Parameters
    ----------
    dataset : Dataset

    Returns
    -------
    Mask

    Raises
    ------
    ReleaseError
        When the rules were relaxed since an earlier release.
    LedgerError
        When the ledger was altered.
    ValueError
        When a table changed since the dataset was opened.
    """
    ledger = dataset_ledger(dataset)
    key = _key(dataset, _checked_head(dataset, ledger))

    # A mask belongs to the scores it was made from, which may have been read before.
    dataset.require_unchanged()

    def make() -> pd.DataFrame:
        made = make_masking(dataset)
        dataset.require_unchanged()
        _just_made[dataset] = key, made
        return made.mask.frame

    return Mask(cached(dataset.folder, "mask", key, make), dataset.settings.min_group)


def record_release(dataset: Dataset) -> str:
    """Write into the ledger what is released now, unless just that was released before.

    Parameters
    ----------
    dataset : Dataset

    Returns
    -------
    str
        Head of the ledger; empty for figures that their source published, which need none.

    Raises
    ------
    ReleaseError, LedgerError
        As for `dataset_mask`: then nothing may be released.
    """
    ledger = dataset_ledger(dataset)
    if dataset.settings.disclosure == "published":
        if ledger.entries():
            raise ReleaseError(
                'disclosure must stay "gate" once something was released behind the gate; found "published". Set it '
                "back in dataset.toml."
            )
        return ""
    with ledger.locked():
        head = _checked_head(dataset, ledger)
        payload = {"data": _data_key(dataset), "rules": _rules_key(), "min_group": dataset.settings.min_group}
        if any(dict(entry.payload) == payload for entry in ledger.entries()):
            return head
        key, made = _just_made.pop(dataset, ("", None))
        if key != _key(dataset, head):
            made = make_masking(dataset)
            # Somebody else may have released something since the dataset was looked at.
            dataset.forget_mask()
        dataset.require_unchanged()
        head = ledger.append(payload, trace_bytes(made.trace)).hash
    # What was just found holds with the new entry too: a release never stands against itself.
    cached(dataset.folder, "mask", _key(dataset, head), lambda: made.mask.frame)
    return head


def known_releases(dataset: Dataset) -> tuple[str, ...]:
    """Give what `record_release` gave when each release that the ledger knows was written down, oldest first.

    Raises
    ------
    LedgerError
        When the ledger was altered.
    """
    if dataset.settings.disclosure == "published":
        return ("",)
    return tuple(entry.hash for entry in dataset_ledger(dataset).entries())


def told_before(dataset: Dataset) -> dict[str, list[list[str]]]:
    """Give the scores that may not be told now and that earlier releases told, by the head of the ledger after each.

    Parameters
    ----------
    dataset : Dataset
        Behind the gate.

    Returns
    -------
    dict of str to list of [unit_id, period, measure]
        Only releases that told any.
    """
    scores, ledger = dataset.scores, dataset_ledger(dataset)
    keyed = scores[["unit_id", "period", "measure"]].assign(family=measure_families(scores))
    hidden = keyed.merge(dataset.mask.hidden[KEYS], on=KEYS)
    told = {}
    for entry in ledger.entries():
        trace = read_trace(ledger.attachment(entry))
        both = hidden.merge(trace.loc[trace["released"], KEYS], on=KEYS)
        if len(both):
            told[entry.hash] = both[["unit_id", "period", "measure"]].astype("object").to_numpy().tolist()
    return told


def make_masking(dataset: Dataset) -> Masking:
    """Find the mask of a dataset and check it; see `dataset_mask`."""
    scores, tree = dataset.scores, unit_tree(dataset.hierarchy.units)
    found = families(scores.assign(family=measure_families(scores)), tree)
    mask = mask_families(found, tree, min_group=dataset.settings.min_group)
    counted = counted_trace(dataset)
    mask = with_counts(mask, counted)
    trace = joined_traces(make_trace(found, tree, mask), counted)
    ledger = dataset_ledger(dataset)
    # Releases that told the same, such as those under rules that were only written differently, count once.
    different = {entry.attached: entry for entry in ledger.entries()}
    earlier = [read_trace(ledger.attachment(entry)) for entry in different.values()]
    mask = hide_against(mask, trace, earlier)
    for family in found:
        check_mask(family, tree, hidden_units(mask, family, tree), mask.min_group)
    # What is told by moment depends on what is told of scores, so it comes after.
    moments = moment_trace(dataset, mask)
    mask = with_withheld(mask, moments, earlier)
    told = (make_trace(found, tree, mask), released_by(counted, mask), released_by(moments, mask))
    return Masking(mask, found, tree, joined_traces(*told))


def dataset_ledger(dataset: Dataset) -> Ledger:
    """Give the ledger of a dataset, which lies in its folder."""
    return Ledger(dataset.folder / LEDGER_FOLDER)


def _checked_head(dataset: Dataset, ledger: Ledger) -> str:
    """Give the head of the ledger, and refuse rules that are laxer than those of an earlier release."""
    strictest = max((int(str(entry.payload["min_group"])) for entry in ledger.entries()), default=0)
    wanted = dataset.settings.min_group
    if wanted < strictest:
        raise ReleaseError(
            f"min_group must not fall below that of an earlier release, {strictest}; found {wanted}. Set it back in "
            "dataset.toml: together with the earlier figures a lower one would tell small groups."
        )
    return ledger.head


def _key(dataset: Dataset, head: str) -> str:
    return content_key([], _data_key(dataset), _rules_key(), dataset.settings.min_group, head)


def _data_key(dataset: Dataset) -> str:
    files = [dataset.settings.tables[name] for name in COUNTED_TABLES if dataset.has(name)]
    return content_key(files, scores_key(dataset)) if files else scores_key(dataset)


def _rules_key() -> str:
    return content_key(_CODE)
