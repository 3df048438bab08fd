"""The panel on which the links from leadership to loyalty are estimated.

What single teams say of their one manager takes part for the whole organisation only: below another unit, results could
be set against each other until one team is left.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pandas as pd

from helpers.datasets.answer_frames import TABLES
from helpers.datasets.chain_constructs import (
    CHAIN,
    ENGAGEMENT,
    RECOMMEND,
    REPURCHASE,
    SINCERITY,
    Construct,
    chosen_constructs,
    require_chain,
)
from helpers.datasets.chain_halves import HALVES, construct_scores, is_from_answers
from helpers.datasets.dataset import Dataset
from helpers.datasets.marking import LEADERS, marked
from helpers.datasets.panel_rows import clusters, scores_at
from helpers.datasets.periods import period_time
from helpers.datasets.released import TOGETHER, is_hidden

RESPONSE, HEARD = "response_rate", "heard"
# Figures of halves serve a result over many units only.
MIN_UNITS = 20
LOYALTY = (RECOMMEND, REPURCHASE)


@dataclass(frozen=True)
class ChainData:
    """The panel, and what its constructs are made of.

    Parameters
    ----------
    panel : DataFrame, one row per entity and time
        ``entity``, ``time``, ``period``, ``cluster``, the constructs by name, ``<construct>_a`` and ``<construct>_b``
        of those from answers, ``heard`` where the number of people asked is known.
    constructs : dict of role to Construct
    missing : tuple of str
        Roles of the chain that these data do not hold, or not for these units.
    withheld : bool
        Whether leadership is left out because it speaks of single managers.
    level : str
        Level of the units.
    """

    panel: pd.DataFrame
    constructs: dict[str, Construct]
    missing: tuple[str, ...]
    withheld: bool
    level: str

    @property
    def sources(self) -> dict[str, str]:
        """Who answered for each construct."""
        return {construct.name: construct.source for construct in self.constructs.values()}

    @property
    def grouped(self) -> bool:
        """Whether the clusters are groups of units, not the units themselves."""
        return self.panel["cluster"].nunique() < self.panel["entity"].nunique()

    @property
    def chain(self) -> list[tuple[str, str]]:
        """Links from leadership to experience that can be looked at, by the names of their constructs."""
        return self._links(pairwise(CHAIN))

    @property
    def loyalty(self) -> list[tuple[str, str]]:
        """Links from experience to what customers do next."""
        return self._links(("experience", role) for role in LOYALTY)

    @property
    def sincere(self) -> list[tuple[str, str, str]]:
        """Engagement, sincerity and each construct of loyalty, where all three are there."""
        if not {ENGAGEMENT, SINCERITY} <= set(self.constructs):
            return []
        first, carrier = self.constructs[ENGAGEMENT].name, self.constructs[SINCERITY].name
        return [(first, carrier, self.constructs[role].name) for role in LOYALTY if role in self.constructs]

    @property
    def beside(self) -> list[tuple[str, ...]]:
        """Constructs that are set beside each other: links, each link with the construct before it, and mediations."""
        links = [*self.chain, *self.loyalty]
        return [*links, *((x, y, z) for (x, y), (_, z) in pairwise(links)), *self.sincere]

    @property
    def measures(self) -> list[str]:
        """The elements and measures behind the constructs."""
        return [element for construct in self.constructs.values() for element in construct.elements]

    def _links(self, roles: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
        there = self.constructs
        return [(there[x].name, there[y].name) for x, y in roles if x in there and y in there]


def chain_panel(
    dataset: Dataset,
    *,
    chosen: dict[str, str] | None = None,
    level: str = "",
    below: str = "",
    rng: np.random.Generator,
) -> ChainData:
    """Lay out the constructs of the chain for units over time.

    Parameters
    ----------
    dataset : Dataset
    chosen : dict of role to str, optional
        Elements or measures of a role, with spaces between; see `chain_constructs.chosen_constructs`.
    level : str
        Level of the units; empty: the one at which the dataset compares units.
    below : str
        Only units in the subtree of this one; empty: the whole organisation.
    rng : Generator
        Draws the halves.

    Returns
    -------
    ChainData

    Raises
    ------
    NotApplicable
        When no two neighbours of the chain are measured, or there are no such units or scores.
    """
    level, root = level or dataset.settings.levels.quartile, dataset.hierarchy.root
    constructs = chosen_constructs(dataset, chosen or {})
    wanted = {element for construct in constructs.values() for element in construct.elements}
    scores = scores_at(dataset, level, below, [*wanted, RESPONSE])
    kept = scores[_may_speak_of_managers(dataset, scores, whole=dataset.unit(below) == root)]
    there = set(kept["measure"].unique())
    constructs = _used({role: one for role, one in constructs.items() if set(one.elements) <= there})
    require_chain(constructs)
    panel = _panel(dataset, kept, constructs, rng)
    missing = tuple(role for role in CHAIN if role not in constructs)
    withheld = "leadership" in missing and there < set(scores["measure"].unique())
    found = ChainData(panel, constructs, missing, withheld, level)
    safe = replace(found, panel=_without_few_hidden(dataset, kept, found))
    return replace(safe, panel=_without_few_halves(safe))


def _used(constructs: dict[str, Construct]) -> dict[str, Construct]:
    """Leave engagement and sincerity out where one of them, or loyalty, is not there."""
    if {ENGAGEMENT, SINCERITY} <= set(constructs) and set(LOYALTY) & set(constructs):
        return constructs
    return {role: one for role, one in constructs.items() if role not in (ENGAGEMENT, SINCERITY)}


def _may_speak_of_managers(dataset: Dataset, scores: pd.DataFrame, *, whole: bool) -> pd.Series:
    """Tell which scores take part: of those about one manager only many at once, for the whole organisation."""
    reserved = marked(dataset, scores, audience=LEADERS)["reserved"]
    many = reserved.groupby([scores["period"], scores["measure"]]).transform("sum") >= TOGETHER
    return ~reserved | (many & whole)


def _without_few_hidden(dataset: Dataset, scores: pd.DataFrame, chain: ChainData) -> pd.DataFrame:
    """Leave out hidden units in a period in which fewer than `TOGETHER` of them hold all that is set side by side."""
    if dataset.mask is None:
        return chain.panel
    keys = ["unit_id", "period"]
    hidden = scores.loc[is_hidden(dataset, scores), keys].drop_duplicates()
    places = pd.MultiIndex.from_frame(chain.panel[["entity", "period"]])
    is_one = pd.Series(places.isin(pd.MultiIndex.from_frame(hidden)), index=chain.panel.index)
    few = pd.Series(False, index=chain.panel.index)
    for beside in chain.beside:
        halves = [column for name in beside for column in _columns(name) if column in chain.panel]
        for columns in (list(beside), halves):
            together = is_one & chain.panel[columns].notna().all(axis=1)
            count = together.groupby(chain.panel["period"]).transform("sum")
            few |= (count > 0) & (count < TOGETHER)
    return chain.panel[~(is_one & few)].reset_index(drop=True)


def _without_few_halves(chain: ChainData) -> pd.DataFrame:
    """Take the halves away from constructs that fewer than `MIN_UNITS` units have beside each other."""
    panel, few = chain.panel, set()
    for beside in chain.beside:
        halves = [column for name in beside for column in _columns(name) if column in panel]
        if panel.loc[panel[halves].notna().all(axis=1), "entity"].nunique() < MIN_UNITS:
            few |= set(beside)
    return panel.drop(columns=[f"{name}{half}" for name in few for half in HALVES], errors="ignore")


def _panel(
    dataset: Dataset, scores: pd.DataFrame, constructs: Mapping[str, Construct], rng: np.random.Generator
) -> pd.DataFrame:
    elements = scores.pivot(index=["unit_id", "period"], columns="measure", values="estimate")
    elements = elements.rename_axis(index=["entity", "period"], columns=None)
    values = {one.name: elements[list(one.elements)].mean(axis=1, skipna=False) for one in constructs.values()}
    panel = pd.DataFrame(values).dropna(how="all")
    if panel.index.get_level_values("entity").nunique() >= MIN_UNITS:
        panel = _with_halves(dataset, panel, constructs, rng)
    if RESPONSE in elements:
        panel[HEARD] = elements[RESPONSE].clip(upper=1)
    panel = panel.reset_index()
    per_year = dataset.settings.periods_per_year
    panel.insert(1, "time", panel["period"].map(lambda period: period_time(period, per_year)).astype("int64"))
    panel["cluster"] = panel["entity"].map(clusters(dataset.hierarchy, panel["entity"].unique().tolist()))
    return panel.sort_values(["entity", "time"], ignore_index=True)


def _with_halves(
    dataset: Dataset, panel: pd.DataFrame, constructs: Mapping[str, Construct], rng: np.random.Generator
) -> pd.DataFrame:
    """Score constructs from answers anew, all questions alike, and in halves; only where the panel holds a score."""
    owners = {one: owner for owner in panel.index.unique("entity") for one in dataset.hierarchy.subtree(owner)}
    for side in TABLES:
        own = [one for one in constructs.values() if one.source == side and is_from_answers(dataset, one)]
        if not own:
            continue
        found = construct_scores(dataset, own, owners, rng=rng).set_index(["entity", "period"]).reindex(panel.index)
        known = {column: panel[name].notna() for name in (one.name for one in own) for column in _columns(name)}
        panel = panel.assign(**{column: found[column].where(there) for column, there in known.items()})
    return panel


def _columns(name: str) -> list[str]:
    return [name, *(f"{name}{half}" for half in HALVES)]
