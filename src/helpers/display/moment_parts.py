"""Parts of the page on customers' voices that tell of moments, and of what gets in the way of employees."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

import pandas as pd

from helpers.display import plots
from helpers.display.forest_chart import forest_chart
from helpers.display.parts import Part
from helpers.display.reason_parts import Verdict
from helpers.display.tables import Column, Table, table_of
from helpers.display.wording import Words, capital, cautions, customer_moments, obstacles
from helpers.display.wording.customer_moments import KINDS, LOOKS
from helpers.display.wording.nps_spread import moment_name
from helpers.display.wording.numbers import is_missing
from helpers.display.wording.rounding import adds_up, rounding_sentence

# Above so many moments a chart of them is no picture any more.
MOST_MOMENTS = 20


class MomentStudy(Protocol):
    """What `helpers.stats.moment_study` answers with."""

    claimed: dict[str, str]
    effects: pd.DataFrame
    kinds: pd.DataFrame
    looks: pd.DataFrame
    verdict: Verdict


def answer_part(study: MomentStudy, words: Words) -> Part:
    """Answer whether moments play the part claimed, with the figures of each of them."""
    found = study.verdict
    told = {"verdict": found.verdict, "because": found.because, "figures": found.figures}
    kinds = dict(zip(study.kinds["moment"], study.kinds["kind"], strict=True))
    return Part(
        [
            customer_moments.moments_answer(words, claimed=study.claimed, **told),
            *(
                customer_moments.balance_sentence(_parts(study, one), words, moment=one, kind=kinds[one])
                for one in study.claimed
                if one in kinds
            ),
            rounding_sentence(words, add_up=_add_up(study, study.claimed)),
        ]
    )


def balances_part(study: MomentStudy, words: Words, *, unit: str, period: str) -> Part:
    """Chart of reward minus penalty by moment, from precondition to what makes the difference.

    Parameters
    ----------
    study : MomentStudy
    words : Words
    unit : str
        Name of the unit.
    period : str

    Returns
    -------
    Part
        Only the table where there are too many moments for a picture, or none has an estimate.
    """
    rows = study.effects[study.effects["term"] == "asymmetry"].sort_values("estimate", kind="stable")
    rows = rows.assign(term=rows["moment"], name=[capital(moment_name(one, words)) for one in rows["moment"]])
    table = _balances_table(study, words, caption=customer_moments.kinds_caption(words, name=unit, period=period))
    rounded = rounding_sentence(words, add_up=_add_up(study, study.kinds["moment"]))
    if rows["estimate"].isna().all() or len(rows) > MOST_MOMENTS:
        return Part([table, rounded])
    name = customer_moments.balances_name(words)
    chart = plots.figure(
        lambda: plots.plot_forest(rows, words, quantity=name),
        alt=customer_moments.kinds_alt(
            study.kinds, words, balances=dict(zip(rows["moment"], rows["estimate"], strict=True))
        ),
        table=table,
    )
    return Part([chart, rounded])


def looks_part(study: MomentStudy, words: Words) -> Part:
    """Table of what each moment is, by several ways of looking."""
    columns = [Column(words.text("Moment"), lambda row: capital(moment_name(row["moment"], words)), is_number=False)]
    columns += [
        Column(words.text(LOOKS[look]), lambda row, look=look: words.text(KINDS[row[look]]), is_number=False)
        for look in LOOKS
        if look in study.looks
    ]
    rows = study.looks.to_dict("records")
    return Part([table_of(rows, columns, words, caption=customer_moments.looks_caption(words))])


def pulls_part(pulls: pd.DataFrame, words: Words) -> Part:
    """Say what each moment weighs in the score of the whole and how far it pulls it, with a chart.

    Parameters
    ----------
    pulls : DataFrame
        Answer of `helpers.stats.moment_pull.moment_pulls`.
    words : Words

    Returns
    -------
    Part
    """
    rows = pulls.sort_values("estimate", kind="stable")
    names = [_with_share(row, words) for row in rows.to_dict("records")]
    # How many answers there are is told by moment, in ranges where they are few.
    rows = rows.assign(term=rows["moment"], name=names, n=float("nan"))
    chart = (
        forest_chart(rows, words, quantity=customer_moments.pulls_name(words)) if len(rows) <= MOST_MOMENTS else None
    )
    said = [customer_moments.weight_sentence(pulls, words), customer_moments.pull_sentences(pulls, words)]
    return Part([*said, chart])


def obstacles_part(correlations: pd.DataFrame, words: Words, *, period: str, counted: Mapping[str, object]) -> Part:
    """Say whether units with fewer obstacles have a higher score of customers, of all moments and of each.

    Parameters
    ----------
    correlations : DataFrame
        Answer of `helpers.stats.unit_correlation.unit_correlations`: NPS first, then that of each moment.
    words : Words
    period : str
    counted : mapping
        Answer of `helpers.datasets.released.counted_units`.

    Returns
    -------
    Part
    """
    told = obstacles.obstacle_sentence(correlations.iloc[0].to_dict(), words, period=period)
    rows = correlations.assign(name=[obstacles.shown_as(term, words) for term in correlations["term"]])
    chart = None
    if 1 < len(correlations) <= MOST_MOMENTS:
        chart = forest_chart(rows, words, quantity=obstacles.correlations_name(words))
    return Part([told, chart, cautions.taking_part(words, **counted)])


def _parts(study: MomentStudy, moment: str) -> dict[str, dict[str, object]]:
    own = study.effects[study.effects["moment"] == moment]
    return {str(row["term"]): row for row in own.to_dict("records")}


def _add_up(study: MomentStudy, moments: Iterable[str]) -> bool:
    """Whether the rounded reward less the rounded penalty of each moment is its rounded balance."""
    parts = [found for moment in moments if (found := _parts(study, moment))]
    return all(
        adds_up([one["reward"]["estimate"], -one["penalty"]["estimate"]], one["asymmetry"]["estimate"]) for one in parts
    )


def _with_share(row: dict[str, object], words: Words) -> str:
    name = capital(moment_name(str(row["moment"]), words))
    return words.text("{name} ({share} of answers)", name=name, share=words.percent(row["share"]))


def _balances_table(study: MomentStudy, words: Words, *, caption: str) -> Table:
    kinds = dict(zip(study.kinds["moment"], study.kinds["kind"], strict=True))
    rows = [{"moment": one, "kind": kinds[one]} | _parts(study, one) for one in kinds]
    rows.sort(key=lambda row: (is_missing(row["asymmetry"]["estimate"]), row["asymmetry"]["estimate"]))
    columns = [
        Column(words.text("Moment"), lambda row: capital(moment_name(row["moment"], words)), is_number=False),
        Column(words.text("Dissatisfied"), lambda row: _points(row["penalty"], words, -1)),
        Column(words.text("Very satisfied"), lambda row: _points(row["reward"], words, 1)),
        Column(words.text("Balance"), lambda row: _points(row["asymmetry"], words, 1)),
        Column(words.text("Interval"), lambda row: _interval(row["asymmetry"], words)),
        Column(words.text("What it is"), lambda row: words.text(KINDS[row["kind"]]), is_number=False),
    ]
    return table_of(rows, columns, words, caption=caption)


def _points(row: dict[str, object], words: Words, sign: int) -> str:
    missing = is_missing(row["estimate"])
    return words.text("cannot be given") if missing else words.points(sign * row["estimate"], signed=True)


def _interval(row: dict[str, object], words: Words) -> str:
    if is_missing(row["ci_low"]) or is_missing(row["ci_high"]):
        return ""
    return words.interval(*(words.points(row[bound], signed=True) for bound in ("ci_low", "ci_high")))
