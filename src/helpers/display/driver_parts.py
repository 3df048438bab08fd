"""Parts of the page on drivers: what sentences say, with the charts and tables beside them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import numpy as np
import pandas as pd

from helpers.display.driver_tables import looks_table, weights_table
from helpers.display.forest_chart import forest_chart
from helpers.display.parts import Part
from helpers.display.wording import (
    Words,
    cautions,
    driver_checks,
    driver_ranks,
    driver_standing,
    drivers,
    plain,
)
from helpers.display.wording.drivers import DriverClaim
from helpers.display.wording.rounding import adds_up, rounding_sentence


class Verdict(Protocol):
    """A verdict and the rule that gave it, see `helpers.stats.verdicts`."""

    verdict: str
    because: str


class Study(driver_checks.Look, Protocol):
    """What `helpers.stats.driver_study` answers with."""

    r2: pd.Series
    n: int
    n_clusters: int


class Looks(Protocol):
    """What `helpers.stats.driver_looks` answers with."""

    first: str
    looks: Mapping[str, object]
    verdict: Verdict
    study: Study
    taken: Mapping[str, Study]


def answer_part(looks: Looks, words: Words, claim: DriverClaim, *, name: str, whole: str) -> Part:
    """Answer whether the drivers are linked with the outcome, what they explain, and which weigh most.

    Parameters
    ----------
    looks : Looks
    words : Words
    claim : DriverClaim
    name, whole : str
        The unit the page is about, and the whole organisation, whose answers these are.

    Returns
    -------
    Part
    """
    study, verdict = looks.study, looks.verdict
    ranked = {"is_linked": study.is_linked, "is_ranked": study.is_ranked}
    shares = study.shares.sort_values("estimate", ascending=False)
    names = [plain(claim.name(driver)) for driver in shares["term"]]
    percent = {column: 100 * shares[column] for column in ("estimate", "ci_low", "ci_high")}
    quantity = plain(words.text("percent of what they explain together"))
    rounded = rounding_sentence(words, add_up=adds_up(percent["estimate"].tolist(), 100))
    return Part(
        [
            drivers.driver_answer(study.slopes, words, claim, verdict=verdict.verdict, because=verdict.because),
            driver_standing.whole_sentence(words, name=name, whole=whole),
            drivers.explained_sentence(study.r2, words, claim),
            driver_ranks.rank_sentence(study.shares, words, claim, **ranked),
            forest_chart(shares.assign(name=names, **percent, n=np.nan, is_level=True), words, quantity=quantity),
            rounded,
            weights_table(study, words, claim),
        ]
    )


def looks_part(looks: Looks, words: Words, claim: DriverClaim) -> Part:
    """Show the shares on every kind of rows, and say which kinds could not be looked at.

    Parameters
    ----------
    looks : Looks
    words : Words
    claim : DriverClaim

    Returns
    -------
    Part
    """
    others = {name: look for name, look in looks.looks.items() if name != looks.first}
    told = [
        driver_checks.look_sentence(name, look, words, claim)
        if name in looks.taken
        else driver_checks.missing_look(name, cautions.not_applicable(look.reason, look.values, words), words)
        for name, look in others.items()
    ]
    return Part([*told, looks_table(looks.taken, words, claim)])


def mood_part(study: Study, words: Words, claim: DriverClaim) -> Part:
    """Say how much of the drivers is one general mood, and how closely they go together.

    Parameters
    ----------
    study : Study
    words : Words
    claim : DriverClaim

    Returns
    -------
    Part
    """
    return Part(
        [driver_checks.common_sentence(study, words, claim), driver_checks.collinear_sentence(study, words, claim)]
    )


def sure_part(study: Study, words: Words, claim: DriverClaim) -> Part:
    """Say which rows the answer rests on, and what another method makes of them.

    Parameters
    ----------
    study : Study
    words : Words
    claim : DriverClaim

    Returns
    -------
    Part
    """
    return Part(
        [
            drivers.rows_sentence(words, claim, n=study.n, n_clusters=study.n_clusters),
            driver_checks.johnson_sentence(study, words),
            cautions.few_clusters(study.n_clusters, words),
        ]
    )
