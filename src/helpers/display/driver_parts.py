"""Parts of the page on drivers: what sentences say, with the charts and tables beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
import pandas as pd

from helpers.display.charts import position_chart
from helpers.display.driver_charts import answers_chart, importance_chart
from helpers.display.driver_tables import looks_table, weights_table
from helpers.display.forest_chart import forest_chart
from helpers.display.parts import Part
from helpers.display.wording import (
    Words,
    audiences,
    cautions,
    compared,
    driver_checks,
    driver_links,
    driver_standing,
    drivers,
    plain,
)
from helpers.display.wording.amounts import kind_of
from helpers.display.wording.drivers import DriverClaim
from helpers.display.wording.importance import Against
from helpers.release import ReleasedTable


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


class UnitStanding(Protocol):
    """What `helpers.datasets.driver_scores.unit_standing` answers with."""

    unit: str
    table: ReleasedTable
    target: float
    share: float
    standings: Mapping[str, str]


class QuestionShares(Protocol):
    """What `helpers.datasets.question_shares.question_shares` answers with."""

    table: ReleasedTable
    n_questions: int


class Link(Protocol):
    """What `helpers.stats.construct_links` answers with."""

    x: str
    y: str
    slopes: pd.DataFrame
    reasons: Mapping[str, Exception]
    verdict: Verdict


def answer_part(looks: Looks, words: Words, claim: DriverClaim) -> Part:
    """Answer whether the drivers are linked with the outcome, what they explain, and which weigh most.

    Parameters
    ----------
    looks : Looks
    words : Words
    claim : DriverClaim

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
    return Part(
        [
            drivers.driver_answer(study.slopes, words, claim, verdict=verdict.verdict, because=verdict.because),
            drivers.explained_sentence(study.r2, words, claim),
            drivers.rank_sentence(study.shares, words, claim, **ranked),
            forest_chart(shares.assign(name=names, **percent, n=np.nan, is_level=True), words, quantity=quantity),
            weights_table(study, words, claim),
        ]
    )


def standing_part(
    here: UnitStanding, study: Study, words: Words, claim: DriverClaim, *, root: str, has_units_below: bool
) -> Part:
    """Show strengths to keep and weaknesses to improve, the rule that picked them, the map, and the whole beside it.

    Parameters
    ----------
    here : UnitStanding
    study : Study
    words : Words
    claim : DriverClaim
    root : str
        The whole organisation.
    has_units_below : bool
        Of the unit.

    Returns
    -------
    Part
    """
    against = Against(here.target, 1 / len(claim.names), here.standings)
    own = here.table.where(unit_id=here.unit)
    kind, level = kind_of(own.frame.iloc[0].to_dict()), float(study.shares["conf_level"].iloc[0])
    rule = {"target": here.target, "share": here.share, "kind": kind, "conf_level": level}
    names = {driver: plain(claim.name(driver)) for driver in claim.names}
    return Part(
        [
            driver_standing.standing_sentences(here.standings, words, claim),
            *driver_standing.named_apart(here.standings, words, claim),
            driver_standing.rule_sentence(words, claim, **rule),
            importance_chart(own, words, study.shares, names=names, against=against),
            *beside_whole_part(here, words, claim, root=root, has_units_below=has_units_below),
        ]
    )


def beside_whole_part(
    here: UnitStanding, words: Words, claim: DriverClaim, *, root: str, has_units_below: bool
) -> Part:
    """Show a unit beside the whole organisation on the drivers; nothing for the whole itself.

    Parameters
    ----------
    here : UnitStanding
    words : Words
    claim : DriverClaim
    root : str
    has_units_below : bool
        Of the unit.

    Returns
    -------
    Part
    """
    if here.unit == root:
        return Part()
    told = None
    if not here.table.published:
        told = audiences.audience_sentence(audiences.LEADERS, words, has_units_below=has_units_below)
    if claim.kind == "questions":
        return Part([driver_standing.only_shown_for_measures(words), told])
    place = {"unit_id": here.unit, "reference_id": root, "period": claim.period, "measures": list(claim.names)}
    return Part([compared.compared(here.table, words, **place), told, position_chart(here.table, words, **place)])


def questions_part(shown: QuestionShares, words: Words, *, names: Mapping[str, str]) -> Part:
    """Show the answers to the questions, and say how many are not shown.

    Parameters
    ----------
    shown : QuestionShares
    words : Words
    names : mapping of question to str
        Their texts.

    Returns
    -------
    Part
    """
    n_shown = shown.table.frame["measure"].nunique()
    counts = {"n_hidden": shown.n_questions - n_shown, "n_questions": shown.n_questions}
    chart = answers_chart(shown.table, words, names=names)
    return Part([chart, driver_standing.hidden_questions(words, **counts)])


def links_part(links: Sequence[Link], words: Words, claim: DriverClaim) -> Part:
    """Answer for each link whether it is there, with all slopes in one chart.

    Parameters
    ----------
    links : sequence of Link
    words : Words
    claim : DriverClaim

    Returns
    -------
    Part
    """
    answers = []
    for link in links:
        rows = {row["term"]: row for row in link.slopes.to_dict("records")}
        judged = {"verdict": link.verdict.verdict, "because": link.verdict.because}
        answers.append(driver_links.link_answer(rows, words, claim, x=link.x, y=link.y, **judged))
        answers += [cautions.not_applicable(one.reason, one.values, words) for one in link.reasons.values()]
    answers.append(driver_links.how_told([link.verdict.because for link in links], words))
    slopes = pd.concat([driver_links.link_rows(link.slopes, words, x=link.x, y=link.y) for link in links])
    between = slopes["level"] == "between"
    charts = [
        forest_chart(rows.assign(n=np.nan), words, quantity=plain(words.text(driver_links.QUANTITIES[name])))
        for name, rows in {"people": slopes[~between], "units": slopes[between]}.items()
        if len(rows)
    ]
    return Part([*answers, *charts])


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
