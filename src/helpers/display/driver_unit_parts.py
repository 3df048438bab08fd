"""Parts of the page on drivers that tell of one unit: strengths and weaknesses, and what people answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from helpers.display.charts import position_chart
from helpers.display.driver_charts import answers_chart, importance_chart
from helpers.display.driver_parts import Study
from helpers.display.parts import Part
from helpers.display.wording import Words, compared, driver_standing, plain
from helpers.display.wording.amounts import kind_of
from helpers.display.wording.drivers import DriverClaim
from helpers.display.wording.rounding import adds_up, rounding_sentence
from helpers.display.wording.themes import Against
from helpers.release import ReleasedTable


class UnitStanding(Protocol):
    """What `helpers.datasets.driver_scores.unit_standing` answers with."""

    unit: str
    table: ReleasedTable
    target: float
    share: float
    standings: Mapping[str, str]
    left_out: driver_standing.LeftOut


class QuestionShares(Protocol):
    """What `helpers.datasets.question_shares.question_shares` answers with."""

    table: ReleasedTable
    left_out: driver_standing.LeftOut


def standing_part(here: UnitStanding, study: Study, words: Words, claim: DriverClaim, *, root: str) -> Part:
    """Show strengths to keep and weaknesses to improve, the rule that picked them, the map, and the whole beside it.

    Parameters
    ----------
    here : UnitStanding
    study : Study
    words : Words
    claim : DriverClaim
    root : str
        The whole organisation.

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
            driver_standing.left_out_sentences(here.left_out, words, counted=claim.counted(words)),
            *beside_whole_part(here, words, claim, root=root),
        ]
    )


def beside_whole_part(here: UnitStanding, words: Words, claim: DriverClaim, *, root: str) -> Part:
    """Show a unit beside the whole organisation on the drivers; nothing for the whole itself.

    Parameters
    ----------
    here : UnitStanding
    words : Words
    claim : DriverClaim
    root : str

    Returns
    -------
    Part
    """
    if here.unit == root:
        return Part()
    if claim.kind == "questions":
        return Part([driver_standing.only_shown_for_measures(words)])
    place = {"unit_id": here.unit, "reference_id": root, "period": claim.period, "measures": list(claim.names)}
    return Part([compared.compared(here.table, words, **place), position_chart(here.table, words, **place)])


def questions_part(shown: QuestionShares, words: Words, *, names: Mapping[str, str]) -> Part:
    """Show the answers to the questions, and say how many are left out.

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
    chart = answers_chart(shown.table, words, names=names)
    counted = words.plural("{n} question", "{n} questions", shown.left_out.total)
    sums = shown.table.frame.groupby("measure")["estimate"].agg(lambda shares: adds_up((100 * shares).tolist(), 100))
    rounded = rounding_sentence(words, add_up=bool(sums.all()))
    return Part([chart, rounded, driver_standing.left_out_sentences(shown.left_out, words, counted=counted)])
