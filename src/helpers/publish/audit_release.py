"""The table of a release against the audit that came with it: is it whole, and does every row keep to the rules?"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd

from helpers.datasets.releasing import COLUMNS
from helpers.publish.audit_content import Found
from helpers.publish.audit_findings import hint
from helpers.publish.releasing import AUDIT, RELEASE, SCORES
from helpers.release.audit import CHECKED
from helpers.release.bands import SIZES
from helpers.release.cells import safe_cells
from helpers.release.table import MIN_GROUP_FLOOR

FIGURES = ["estimate", "ci_low", "ci_high"]
_TEXTS = [column for column in COLUMNS if column not in FIGURES]
_SIZE = r"(\d+)(?:–(\d+))?"
# The ends of the scale of each kind of share; a percentage only where its measure counts people.
_ENDS = {"nps": (-100.0, 100.0), "rate": (0.0, 1.0), "percent": (0.0, 100.0)}


@dataclass(frozen=True)
class Release:
    """A release read back.

    Parameters
    ----------
    audit : mapping
        What `audit.json` says.
    frame : DataFrame, one row per unit, period and measure
        Texts of `scores.csv`, with `shown` as truth values, figures as numbers, and ``low`` and ``high``, the fewest
        and most answers, NaN where not told.
    """

    audit: Mapping[str, object]
    frame: pd.DataFrame

    @property
    def published(self) -> bool:
        """Whether the source had published the figures itself."""
        return "published_by_source" in self.audit

    @property
    def min_group(self) -> int:
        """The threshold that the audit names, or the floor where it names none."""
        value = self.audit.get("min_group")
        return value if isinstance(value, int) else MIN_GROUP_FLOOR


def read_release(folder: Path) -> tuple[Release | None, list[tuple[str, Found]]]:
    """Read the release in a folder of reports, and hold its tables against its audit.

    Parameters
    ----------
    folder : Path
        Folder of a dataset's reports.

    Returns
    -------
    release : Release or None
        None when it cannot be read.
    findings : list of file name and finding
    """
    scores, audit = f"{RELEASE}/{SCORES}", f"{RELEASE}/{AUDIT}"
    missing = [name for name in (scores, audit) if not (folder / name).is_file() or (folder / name).is_symlink()]
    if missing:
        return None, [(name, (14, "a release without this file")) for name in missing]
    data = (folder / scores).read_bytes()
    try:
        told = json.loads((folder / audit).read_text(encoding="utf-8"))
        kept = [(audit, found) for found in _audit_findings(told)]
    except (ValueError, TypeError, KeyError, AttributeError):
        return None, [(audit, (14, "an audit that cannot be read"))]
    try:
        frame = _frame(folder / scores)
    except ValueError:
        return None, [*kept, (scores, (14, "a table that is none of a release"))]
    release = Release(told, frame)
    return release, [*kept, *((scores, found) for found in _table_findings(data, release))]


def row_findings(release: Release) -> Iterator[Found]:
    """Hold every row against rules 1 and 6.

    Parameters
    ----------
    release : Release
        Of figures that passed the gate.

    Yields
    ------
    tuple of int and str
        Rule, and how many rows break it, naming the first.
    """
    frame, k = release.frame, release.min_group
    shown, band = frame["shown"], frame["band"] != ""
    told = frame[FIGURES].notna().any(axis=1) | (frame["answers"] != "") | band
    exact = frame["low"] == frame["high"]
    bands = {f"{low}–{beyond - 1}" for low, beyond in pairwise(SIZES)}
    wrong = {
        (1, "a figure of a hidden group"): ~shown & told,
        (1, "a figure without a number of answers"): shown & frame["low"].isna(),
        (1, f"a figure of fewer than {k} answers"): shown & (frame["high"] < k),
        (6, f"an exact number of answers below {SIZES[-1]}"): shown & exact & (frame["low"] < SIZES[-1]),
        (6, "a band of answers that is none of ours"): shown
        & (frame["low"] != frame["high"])
        & frame["low"].notna()
        & ~frame["answers"].isin(bands),
        (6, "an interval beside a band"): shown & band & frame[["ci_low", "ci_high"]].notna().any(axis=1),
        (6, "a figure at the end of its scale"): shown & _at_an_end(frame),
        (6, "an interval without width, where all gave one answer"): shown
        & (frame["kind"] == "mean")
        & (frame["ci_low"] == frame["ci_high"]),
    }
    for (rule, what), rows in wrong.items():
        yield from _counted(rule, what, frame, rows)


def _counted(rule: int, what: str, frame: pd.DataFrame, rows: pd.Series) -> Iterator[Found]:
    n = int(rows.sum())
    if n:
        first = frame.loc[rows.idxmax()]
        place = f"{hint(first['measure'])} of unit {hint(first['unit_id'])} in {hint(first['period'])}"
        yield rule, f"{what}: {place}{f' and {n - 1:,} rows more' if n > 1 else ''}"


def _audit_findings(audit: Mapping) -> Iterator[Found]:
    if "published_by_source" in audit:
        return
    k = audit["min_group"]
    if not isinstance(k, int) or k < MIN_GROUP_FLOOR:
        yield 14, f"a min_group below {MIN_GROUP_FLOOR}"
    missing = [rule for rule in CHECKED if rule not in audit["rules"]]
    if missing:
        yield 14, f"no proof of rule {', '.join(missing)}"
    below = [family for family, counts in audit["remainders"].items() if counts["below_min_group"] != 0]
    yield from ((2, f"remainders below min_group in family {hint(family)}") for family in below)


def _frame(path: Path) -> pd.DataFrame:
    texts = pd.read_csv(path, dtype="str", keep_default_na=False, encoding="utf-8-sig")
    # The many rows hold few texts; as categories they are compared and grouped fast.
    frame = texts.astype("category")
    if list(frame) != COLUMNS:
        raise ValueError(f"columns must be {', '.join(COLUMNS)}; found {', '.join(frame)[:60]}.")
    sizes = pd.Series(frame["answers"].cat.categories.astype("str"))
    parts = sizes.str.extract(f"^{_SIZE}$").astype("float64").to_numpy()
    low, high = parts[frame["answers"].cat.codes].T
    figures = {column: _numbers(frame[column]) for column in FIGURES}
    high = np.where(np.isnan(high), low, high)
    return frame.assign(**figures, low=low, high=high, told=frame["shown"], shown=frame["shown"] == "yes")


def _numbers(texts: pd.Series) -> np.ndarray:
    return pd.to_numeric(texts.cat.categories.astype("str")).to_numpy(float)[texts.cat.codes]


def _table_findings(data: bytes, release: Release) -> Iterator[Found]:
    frame, said = release.frame, release.audit.get("scores")
    said = said if isinstance(said, dict) else {}
    if said.get("sha256") != hashlib.sha256(data).hexdigest():
        yield 14, "other bytes than the audit was made for (sha256)"
    counts = {"rows": len(frame), "shown": int(frame["shown"].sum())}
    yield from ((14, f"{n:,} {name}, not those of the audit") for name, n in counts.items() if said.get(name) != n)
    if not frame["told"].isin(["yes", "no"]).all():
        yield 14, "rows that are neither shown nor hidden"
    if frame.duplicated(["unit_id", "period", "measure"]).any():
        yield 14, "a unit, period and measure twice"
    for column in _TEXTS:
        cells = frame["told" if column == "shown" else column].cat.categories.astype("str").to_series()
        safe = safe_cells(cells.to_frame("text"))["text"]
        unsafe = cells[(safe != cells) & ~cells.str.startswith("'")]
        if len(unsafe):
            yield 12, f"a cell that a spreadsheet may calculate, {hint(unsafe.iloc[0], 3)} in column {column}"
    if data.count(b"\n") != data.count(b'\n"') + 1:
        yield 12, "texts without quotes"


def _at_an_end(frame: pd.DataFrame) -> pd.Series:
    banded = frame.loc[frame["band"] != "", "measure"].unique()
    kind = frame["kind"].astype("str")
    kind = kind.mask((kind == "percent") & ~frame["measure"].isin(banded), "value")
    low, high = (kind.map({name: ends[place] for name, ends in _ENDS.items()}) for place in (0, 1))
    ends: np.ndarray = (frame["estimate"] <= low) | (frame["estimate"] >= high)
    return pd.Series(ends, index=frame.index)
