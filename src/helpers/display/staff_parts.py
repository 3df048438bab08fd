"""Parts of the page on absence and leaving: what a sentence says, with the chart beside it.

A study, or rows, may be the reason why there are none; a part then raises it, for `parts.attempt` to say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Protocol, TypeVar

import pandas as pd

from helpers.display.forest_chart import forest_chart
from helpers.display.parts import Part, attempt
from helpers.display.wording import Words, cautions, staff_checks, staff_ratios
from helpers.display.wording.absence_totals import definition_sentence

Found = TypeVar("Found")


class Verdict(Protocol):
    """What `helpers.stats.ratio_verdict` answers with."""

    verdict: str
    because: str
    figures: dict[str, object]


class RatioStudy(Protocol):
    """What `helpers.stats.absence_study` and `helpers.stats.exit_study` answer with."""

    main: dict[str, object]
    verdict: Verdict
    about: dict[str, object]

    def check(self, name: str) -> object:
        """Give the answer of a check."""


class StaffRows(Protocol):
    """What `helpers.datasets.absence` and `helpers.datasets.exits` lay out."""

    counts: Mapping[str, object]


def known(found: Found | Exception) -> Found:
    """Give what was found; raise the reason why there is nothing."""
    if isinstance(found, Exception):
        raise found
    return found


def answer_part(study: RatioStudy | Exception, words: Words, *, subject: str, x: str) -> Part:
    """Answer whether there is less of it where engagement was higher, and on what that rests.

    Parameters
    ----------
    study : RatioStudy, or the reason why there is none
    words : Words
    subject : {"absence", "exits"}
    x : str
        Measure of engagement.

    Returns
    -------
    Part
    """
    found = known(study)
    verdict = found.verdict
    told = {"subject": subject, "x": x, "verdict": verdict.verdict, "because": verdict.because}
    return Part(
        [
            staff_ratios.ratio_answer(verdict.figures, words, **told),
            staff_ratios.basis_sentence(found.about, words, subject=subject, x=x),
        ]
    )


def noise_part(studies: Mapping[str, RatioStudy | Exception], words: Words, *, x: str) -> Part:
    """Say what sampling error takes from the difference, by subject; without any study raise the first reason."""
    found = {subject: study for subject, study in studies.items() if not isinstance(study, Exception)}
    if not found:
        known(next(iter(studies.values())))
    return Part([attempt(words, partial(_corrected_part, one, words, subject, x)) for subject, one in found.items()])


def few_groups_part(studies: Sequence[RatioStudy | Exception], words: Words) -> Part:
    """Warn where the errors of any of the studies rest on few independent groups; empty without studies."""
    found = [study.about["n_clusters"] for study in studies if not isinstance(study, Exception)]
    return Part([cautions.few_clusters(min(found), words)] if found else [])


def models_part(study: RatioStudy | Exception, words: Words, *, subject: str, x: str) -> Part:
    """Show the difference by each model, say what units compared with themselves show, and what was not estimated."""
    rows = known(study).check("variants")
    quantity = staff_ratios.quantity_name(words, subject=subject, x=x)
    return Part(
        [
            forest_chart(staff_checks.named_models(rows, words), words, quantity=quantity),
            staff_checks.within_sentence(rows, words),
            staff_checks.missing_models(rows, words),
        ]
    )


def zeros_part(study: RatioStudy | Exception, words: Words) -> Part:
    """Say whether more units than expected have no absence at all."""
    found = known(study)
    return Part([staff_checks.zeros_sentence(found.check("zeros"), found.about, words)])


def stages_part(study: RatioStudy | Exception, words: Words) -> Part:
    """Say whether the difference is the same throughout an employment."""
    stages: pd.DataFrame = known(study).check("stages")
    return Part([staff_checks.stages_sentence(stages, words)])


def definition_part(studies: Sequence[RatioStudy | Exception], words: Words) -> Part:
    """Say how what is counted here differs from other pages; empty where nothing is."""
    return Part([] if all(isinstance(one, Exception) for one in studies) else [definition_sentence(words)])


def counted_part(rows: StaffRows | Exception, words: Words) -> Part:
    """Say which units take part; empty where none could."""
    found = {} if isinstance(rows, Exception) else rows.counts
    counts = {name: count for name, count in found.items() if name != "n_dissolved"}
    return Part([cautions.taking_part(words, **counts) if counts.get("n_units") else None])


def dissolved_part(rows: StaffRows | Exception, words: Words) -> Part:
    """Say that units that were dissolved take no part in what is told of leaving; empty without employments."""
    n_dissolved = 0 if isinstance(rows, Exception) else rows.counts.get("n_dissolved", 0)
    return Part([staff_checks.dissolved_sentence(n_dissolved, words)])


def _corrected_part(study: RatioStudy, words: Words, subject: str, x: str) -> Part:
    return Part([staff_checks.corrected_sentence(study.check("corrected"), words, subject=subject, x=x)])
