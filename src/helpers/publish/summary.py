"""What is said of a batch when it is over."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from helpers.publish.telling import Teller

if TYPE_CHECKING:
    from helpers.publish.manifest import Record

# More lines than a screen holds hide the one that says how to go on.
MAX_FAILURES_SHOWN = 20
N_SLOWEST = 3


def summary_lines(teller: Teller) -> list[str]:
    """Say what became of the reports, how long it took, and which took longest.

    Parameters
    ----------
    teller : Teller
        After the last report.
    """
    counted = ", ".join(f"{number:,} {state}" for state, number in teller.counts.items())
    earlier = _of_earlier_data(teller.unchanged.n_earlier)
    if not teller.records:
        return [f"{counted}.", *earlier]
    seconds = max(teller.seconds, 0.1)
    slowest = sorted(teller.records, key=lambda record: -record.seconds)[:N_SLOWEST]
    named = "; ".join(f"{describe(record)} {spell_seconds(record.seconds)}" for record in slowest)
    pace = f"{60 * len(teller.records) / seconds:,.0f} a minute"
    return [f"{counted} in {spell_seconds(seconds)}, {pace}.", f"Slowest: {named}.", *earlier]


def _of_earlier_data(n_reports: int) -> list[str]:
    if not n_reports:
        return []
    kept = "1 report whose unit's own data" if n_reports == 1 else f"{n_reports:,} reports whose units' own data"
    said = "it says" if n_reports == 1 else "they say"
    made = "it was" if n_reports == 1 else "they were"
    return [
        f"Kept {kept} did not change; what {said} of other units and of the whole organisation is of the data {made} "
        "made from. Leave --resume out to make all anew."
    ]


def failure_lines(failed: Sequence[Record], folder: Path, again: str) -> list[str]:
    """Name what failed and its log, and say last how to run it again.

    Parameters
    ----------
    failed : sequence of Record
    folder : Path
        Of the dataset's reports.
    again : str
        The command.
    """
    lines = []
    for record in failed[:MAX_FAILURES_SHOWN]:
        lines += [f"failed: {describe(record)}: {printable(record.error)}", f"  log: {folder / record.log}"]
    if len(failed) > MAX_FAILURES_SHOWN:
        lines.append(f"… and {len(failed) - MAX_FAILURES_SHOWN} more.")
    return [*lines, f"Run these again with: {again}"] if failed else []


def describe(record: Record) -> str:
    """Name a report as a person would."""
    return f"{record.notebook} for {printable(record.unit_name)} ({record.language})"


def printable(text: str) -> str:
    """Take out of somebody's text what would move the cursor of a terminal."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def spell_seconds(seconds: float) -> str:
    """Write a duration for a person: ``"8 s"``, ``"2 min 05 s"``, ``"3 h 20 min"``."""
    minutes, rest = divmod(round(seconds), 60)
    if minutes >= 60:
        return f"{minutes // 60} h {minutes % 60:02d} min"
    return f"{minutes} min {rest:02d} s" if minutes else f"{rest} s"
