"""Parts of the page on the chain from leadership to loyalty: what a sentence says, with the chart beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

import pandas as pd

from helpers.display.forest_chart import forest_chart
from helpers.display.parts import Part, attempt
from helpers.display.tables import Column, table_of
from helpers.display.wording import Words, capital
from helpers.display.wording import chain_constructs as construct_words
from helpers.display.wording import chain_links as link_words
from helpers.display.wording import chain_paths as path_words
from helpers.display.wording.numbers import is_missing

Row = Mapping[str, object]
Link = tuple[str, str]


class Verdict(Protocol):
    """A verdict and the rule that gave it, see `helpers.stats.verdicts`."""

    verdict: str
    because: str
    figures: dict[str, object]


class Construct(Protocol):
    """What `helpers.datasets.chain_constructs` calls a construct."""

    name: str
    elements: tuple[str, ...]
    source: str


class ChainData(Protocol):
    """What `helpers.datasets.chain_panel` answers with, as far as pages tell it."""

    panel: pd.DataFrame
    constructs: dict[str, Construct]
    missing: tuple[str, ...]
    withheld: bool


class Mediation(Protocol):
    """What `helpers.stats.chain_mediation` answers with."""

    x: str
    m: str
    y: str
    table: pd.DataFrame

    def row(self, form: str, term: str) -> dict[str, object]:
        """Give one row of the table."""


class Links(Protocol):
    """What `helpers.stats.chain_links` answers with."""

    def row(self, x: str, y: str, view: str, form: str) -> dict[str, object]:
        """Give the row of one link."""


class ChainStudy(Protocol):
    """What `helpers.stats.chain_study` answers with."""

    chain: tuple[Link, ...]
    loyalty: tuple[Link, ...]
    view: str
    links: Links
    verdicts: Mapping[tuple[str, str, str], Verdict]
    paths: pd.DataFrame
    path_verdicts: Mapping[tuple[str, ...], Verdict]
    variants: pd.DataFrame
    mediations: Mapping[str, object]

    def table(self, check: str) -> pd.DataFrame:
        """Give the table of a check."""

    def mediation(self, outcome: str) -> tuple[Mediation, Verdict]:
        """Give a mediation with its verdict."""


def answer_part(study: ChainStudy, words: Words, chain: ChainData) -> Part:
    """Answer whether each link from leadership to experience is found: in one sentence, then link by link.

    Parameters
    ----------
    study : ChainStudy
    words : Words
    chain : ChainData

    Returns
    -------
    Part
    """
    verdicts = [study.verdicts[x, y, study.view].verdict for x, y in study.chain]
    one_wave = not chain.panel.duplicated("entity").any()
    ends = {"first": study.chain[0][0], "last": study.chain[-1][1]}
    summary = link_words.summary_sentence(verdicts, words, view=study.view, one_wave=one_wave, **ends)
    missing = construct_words.missing_sentence(chain.missing, words, withheld=chain.withheld)
    return Part([summary, *_links(study, words, study.chain), missing])


def links_chart(study: ChainStudy, words: Words, *, smallest: float | None = None) -> Part:
    """Chart of all links that could be told in standard deviations, with the names of those that could not."""
    rows = [study.verdicts[x, y, study.view].figures for x, y in (*study.chain, *study.loyalty)]
    shown = link_words.link_names(rows, words)
    quantity = link_words.quantity(words)
    chart = forest_chart(shown, words, quantity=quantity, smallest=smallest) if len(shown) else None
    return Part([chart, link_words.undrawn_sentence(rows, words)])


def loyalty_part(study: ChainStudy, words: Words) -> Part:
    """Answer whether customers who are better served recommend and buy again, and what reaches them along the path.

    Parameters
    ----------
    study : ChainStudy
    words : Words

    Returns
    -------
    Part
    """
    if not study.loyalty:
        return Part([construct_words.no_loyalty(words)])
    return Part(_links(study, words, study.loyalty))


def paths_part(study: ChainStudy, words: Words) -> Part:
    """Say what passes along the whole chain, and which link is the weakest.

    Parameters
    ----------
    study : ChainStudy
    words : Words

    Returns
    -------
    Part
    """
    rows = study.paths.to_dict("records")
    known = [row for row in rows if not is_missing(row["ci_low"])]
    found = {row["path"]: study.path_verdicts[row["path"]] for row in rows}
    once = _is_often_yes(found.values())
    told = [
        path_words.path_sentence(
            row, words, verdict=found[row["path"]].verdict, because=found[row["path"]].because, told_once=once
        )
        for row in known
    ]
    told.append(path_words.units_sentence(known, words))
    told += [path_words.yes_sentence(words)] if once else []
    told.append(path_words.open_paths([row["path"] for row in rows if is_missing(row["ci_low"])], words))
    weakest = attempt(words, lambda: Part([path_words.weakest_sentence(study.table("weakest"), words)]))
    return Part([*told, *weakest])


def sincerity_part(study: ChainStudy, words: Words) -> Part:
    """Say what sincerity of staff carries of the link of loyalty with engagement, with the steps as a table.

    Parameters
    ----------
    study : ChainStudy
    words : Words

    Returns
    -------
    Part
        One sentence where sincerity or loyalty was not asked.
    """
    if not study.mediations:
        return Part([path_words.no_sincerity(words)])
    told = [attempt(words, lambda y=outcome: _carried(study, words, y), is_answer=True) for outcome in study.mediations]
    # Where neither can be estimated the reason is often the same, and is said once.
    return Part({str(shown): shown for part in told for shown in part}.values())


def constructs_table(chain: ChainData, words: Words) -> object:
    """Show what each construct is made of, and who answers for it."""
    rows = [{"role": role, "construct": construct} for role, construct in chain.constructs.items()]
    cells = {
        words.text("Part of the chain"): lambda row: words.text(construct_words.ROLES[row["role"]]),
        words.text("Made of"): lambda row: _elements(row["construct"], words),
        words.text("Answered by"): lambda row: construct_words.source_name(row["construct"].source, words),
    }
    columns = [Column(title, cell, is_number=False) for title, cell in cells.items()]
    return table_of(rows, columns, words, caption=words.text("What stands for each part of the chain"))


def _elements(construct: Construct, words: Words) -> str:
    return capital(words.items([words.measure(element) for element in construct.elements]))


def _links(study: ChainStudy, words: Words, links: Sequence[Link]) -> list[object]:
    found = [study.verdicts[x, y, study.view] for x, y in links]
    once = _is_often_yes(found)
    told = [
        link_words.link_sentence(one.figures, words, verdict=one.verdict, because=one.because, told_once=once)
        for one in found
    ]
    return [*told, link_words.yes_sentence(words)] if once else told


def _is_often_yes(verdicts: Iterable[Verdict]) -> bool:
    """Whether more than one verdict is a yes, so that what holds for each is better told once."""
    return sum(one.verdict == "yes" for one in verdicts) > 1


def _carried(study: ChainStudy, words: Words, outcome: str) -> Part:
    found, verdict = study.mediation(outcome)
    names = {"x": found.x, "m": found.m, "y": found.y}
    told = path_words.carried_sentence(
        names, found.row("same_people", "indirect"), words, verdict=verdict.verdict, because=verdict.because
    )
    same = found.table[found.table["form"] == "same_people"]
    columns = [
        Column(words.text("Step"), lambda row: row["step"], is_number=False),
        Column(words.text("Estimate"), lambda row: row["estimate"]),
        Column(words.text("Interval"), lambda row: row["interval"]),
    ]
    caption = words.text("Steps from {x} to {y}", x=words.measure(found.x), y=words.measure(found.y))
    return Part([told, table_of(path_words.step_rows(names, same, words), columns, words, caption=caption)])
