"""Rows of a panel left out on the way: the reasons, and what a chart of them shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from helpers.display.wording.marks import msg
from helpers.display.wording.paragraph import Paragraph, paragraph
from helpers.display.wording.words import Words

KEPT = "kept"
REASONS = {
    "missing_y": msg("No figure for what should follow"),
    "missing_x": msg("No figure for what should lead"),
    "lag_before_start": msg("Too early: the lag reaches before the first period"),
    "lead_after_end": msg("Too late: the lead reaches behind the last period"),
    "lag_in_gap": msg("The lag falls in a gap between periods"),
    "single_row_entity": msg("The only period left of its unit"),
    "single_row_period": msg("The only unit left in its period"),
    KEPT: msg("Used"),
}


@dataclass(frozen=True)
class Step:
    """Rows that one step leaves out, of those that were there `before` it."""

    reason: str
    n_rows: int
    before: int

    @property
    def after(self) -> int:
        """Rows left behind it."""
        return self.before - self.n_rows


def steps_of(dropped: Iterable[Mapping[str, object]]) -> list[Step]:
    """Follow the rows of a panel from all to those used, past the steps that leave something out.

    Parameters
    ----------
    dropped : iterable of mapping
        Records of `stats.panels.lagged_sample`, in their order: ``reason``, ``n_rows``.

    Returns
    -------
    list of Step
        Empty when all rows are used.

    Raises
    ------
    ValueError
        For a reason that is not in `REASONS`, or without the rows kept.
    """
    counts = {str(row["reason"]): int(row["n_rows"]) for row in dropped}
    unknown = [reason for reason in counts if reason not in REASONS]
    if unknown:
        raise ValueError(f"reason must be one of {', '.join(REASONS)}; found {unknown[0]!r}.")
    if KEPT not in counts:
        raise ValueError(f"dropped must hold the rows kept; found {', '.join(counts) or 'no rows'}.")
    steps, left = [], sum(counts.values())
    for reason, n_rows in counts.items():
        if n_rows and reason != KEPT:
            steps.append(Step(reason, n_rows, left))
            left -= n_rows
    return steps


def dropped_alt(dropped: Iterable[Mapping[str, object]], words: Words) -> Paragraph:
    """Describe the way from all rows to those used: how many, and the step that leaves out most.

    Parameters
    ----------
    dropped : iterable of mapping
        See `steps_of`; at least one step leaves something out.
    words : Words

    Returns
    -------
    Paragraph
    """
    steps = steps_of(dropped)
    return paragraph(
        words.plural(
            "Of {n} row in the panel, {used} are used.",
            "Of {n} rows in the panel, {used} are used.",
            steps[0].before,
            used=words.number(steps[-1].after),
        ),
        _most(max(steps, key=lambda step: step.n_rows), words, is_only=len(steps) == 1),
    )


def nothing_dropped(n_rows: int, words: Words) -> Paragraph:
    """Say that all `n_rows` of a panel are used."""
    return paragraph(
        words.plural(
            "The one row of the panel is used.", "All {n} rows of the panel are used; none is left out.", n_rows
        )
    )


def _most(step: Step, words: Words, *, is_only: bool) -> Markup:
    reason = words.text(REASONS[step.reason])
    if is_only:
        return words.text("The only reason: “{reason}”.", reason=reason)
    return words.plural(
        "Most frequent reason, {n} row: “{reason}”.",
        "Most frequent reason, {n} rows: “{reason}”.",
        step.n_rows,
        reason=reason,
    )
