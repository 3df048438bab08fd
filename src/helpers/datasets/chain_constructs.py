"""The chain from leadership to loyalty: which constructs it holds, and which elements or measures each is made of.

A *role* is a place in the chain; the *construct* in it is the mean of all questions of its *elements*, or of measures
that came as scores. Its *source* says who answered: only then is it known whether two constructs share respondents.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import pandas as pd

from helpers.datasets.families import CUSTOMERS, EMPLOYEES
from helpers.datasets.measure_kinds import CUSTOMER_MEASURES
from helpers.datasets.public.chicago_measures import COMPOSITES, SURVEY
from helpers.stats.estimates import NotApplicable

if TYPE_CHECKING:
    from helpers.datasets.dataset import Dataset

CHAIN = ("leadership", "culture", "behaviour", "experience")
RECOMMEND, REPURCHASE, ENGAGEMENT, SINCERITY = "nps", "repurchase", "engagement", "sincerity"
# Of these the one of which a dataset has most roles is taken; see the assumptions, A34.
KNOWN_CHAINS = (
    {
        "leadership": ("hands_on_management", "trust_in_leadership"),
        "culture": ("voice", "communication", "room_to_act"),
        "behaviour": ("customer_orientation", "service_behaviour"),
        "experience": ("customer_satisfaction",),
    },
    {
        "leadership": ("effective_leaders",),
        "culture": ("collaborative_teachers",),
        "behaviour": ("supportive_environment",),
        "experience": ("student_attendance",),
    },
)
# Who answered for measures that come as scores, where their publisher says so.
SOURCES = {name: answered.by for name, answered in SURVEY.items()}
SOURCES |= {name: SOURCES[parts[0]] for name, parts in COMPOSITES.items()}
BOOKED = "booked"


@dataclass(frozen=True)
class Construct:
    """One construct.

    Parameters
    ----------
    name : str
        The measure it is made of, or its role where there are several.
    elements : tuple of str
    source : str
        Who answered; "booked" and the measure where nobody did.
    """

    name: str
    elements: tuple[str, ...]
    source: str


def chosen_constructs(dataset: Dataset, chosen: Mapping[str, str]) -> dict[str, Construct]:
    """Choose what each role of the chain is made of.

    Parameters
    ----------
    dataset : Dataset
    chosen : mapping of role to str
        Elements or measures with spaces between; empty: those there are of the `KNOWN_CHAINS` that fits best.

    Returns
    -------
    dict of role to Construct
        Those that the dataset has, in the order of the chain, then ``nps``, ``repurchase``, ``engagement``,
        ``sincerity``.

    Raises
    ------
    ValueError
        For an element that two roles name, or that the dataset does not have.
    """
    known = set(dataset.scores["measure"].unique())
    usual = _usual(known)
    named = {role: tuple(chosen.get(role, "").split()) or usual[role] for role in CHAIN}
    _refuse_shared(named)
    _refuse_unknown(named, known)
    constructs = {role: _construct(dataset, role, elements) for role, elements in named.items() if elements}
    taken = {one for construct in constructs.values() for one in construct.elements}
    engagement = dataset.settings.measures.engagement
    beside = {RECOMMEND: RECOMMEND, REPURCHASE: REPURCHASE, ENGAGEMENT: engagement, SINCERITY: SINCERITY}
    for role, measure in beside.items():
        if measure in known and measure not in taken:
            constructs[role] = _construct(dataset, role, (measure,))
    return constructs


def require_chain(constructs: Mapping[str, Construct]) -> None:
    """Refuse a dataset in which no two neighbours of the chain are measured.

    Raises
    ------
    NotApplicable
        With the reason as a sentence.
    """
    if not any({x, y} <= set(constructs) for x, y in pairwise(CHAIN)):
        raise NotApplicable(
            "This needs two neighbours of leadership, culture, behaviour and experience, measured here."
        )


def _usual(known: set[str]) -> dict[str, tuple[str, ...]]:
    """Give the known chain of which most roles are there, with the elements that are."""
    there = [{role: tuple(one for one in own if one in known) for role, own in chain.items()} for chain in KNOWN_CHAINS]
    return max(there, key=lambda chain: sum(map(bool, chain.values())))


def _refuse_shared(named: Mapping[str, tuple[str, ...]]) -> None:
    elements = pd.Series([one for own in named.values() for one in own])
    twice = elements[elements.duplicated()]
    if len(twice):
        raise ValueError(f"elements must each stand in one role of the chain; found {twice.iloc[0]!r} in two.")


def _refuse_unknown(named: Mapping[str, tuple[str, ...]], known: set[str]) -> None:
    for role, elements in named.items():
        absent = [element for element in elements if element not in known]
        if absent:
            raise ValueError(f"{role} must be made of measures of the dataset; found {absent[0]!r}. Write their ids.")


def _construct(dataset: Dataset, role: str, elements: tuple[str, ...]) -> Construct:
    sources = {source_of(dataset, element) for element in elements}
    if len(sources) > 1:
        raise ValueError(f"elements of {role} must have one source; found {', '.join(sorted(sources))}.")
    return Construct(elements[0] if len(elements) == 1 else role, elements, sources.pop())


def source_of(dataset: Dataset, measure: str) -> str:
    """Say who answered for a measure; employees where that is not known, which is the careful side."""
    if measure in SOURCES:
        return SOURCES[measure]
    if measure in [name for name, _ in CUSTOMER_MEASURES.values()]:
        return CUSTOMERS
    booked = dataset.has("outcomes") and (dataset.table("outcomes")["measure"] == measure).any()
    return f"{BOOKED} {measure}" if booked else EMPLOYEES
