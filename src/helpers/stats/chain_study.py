"""Everything a page tells about the chain from leadership to loyalty, with the verdicts.

A *check* is one method by name; one that does not apply keeps its reason in place of a result.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from helpers.stats.chain_draws import DEFAULT_BOOT, link_beside, path_effects, weakest_link
from helpers.stats.chain_links import ChainLinks, chain_links, is_halved, sd_ratio
from helpers.stats.chain_mediation import Mediation, mediation, mediation_verdict
from helpers.stats.chain_order import chain_order
from helpers.stats.chain_sums import BETWEEN, CORRECTED, MEASURED, VIEWS, WITHIN, chain_rows, chain_sums
from helpers.stats.chain_verdict import link_verdict, path_verdict
from helpers.stats.estimates import NotApplicable, tried, unless_reason
from helpers.stats.verdicts import Verdict

Link = tuple[str, str]


@dataclass(frozen=True)
class ChainStudy:
    """The chain.

    Parameters
    ----------
    chain, loyalty : tuple of (str, str)
        Links from leadership to experience, and from there to loyalty.
    view : {"within", "between"}
        The view that verdicts of the headline rest on: within units where any unit was seen twice.
    links : ChainLinks
    verdicts : dict of (x, y, view) to Verdict
    paths : DataFrame
        Answer of `chain_draws.path_effects`.
    path_verdicts : dict of tuple to Verdict
    weakest, order, variants : DataFrame or NotApplicable
        Answers of `chain_draws.weakest_link` and `chain_order.chain_order`; the headline links as estimated otherwise.
    mediations : dict of str to (Mediation, Verdict) or NotApplicable
        By the construct of loyalty.
    """

    chain: tuple[Link, ...]
    loyalty: tuple[Link, ...]
    view: str
    links: ChainLinks
    verdicts: dict[tuple[str, str, str], Verdict]
    paths: pd.DataFrame
    path_verdicts: dict[tuple[str, ...], Verdict]
    weakest: pd.DataFrame | NotApplicable
    order: pd.DataFrame | NotApplicable
    variants: pd.DataFrame
    mediations: dict[str, tuple[Mediation, Verdict] | NotApplicable]

    def table(self, check: str) -> pd.DataFrame:
        """Give the table of a check, ``"weakest"`` or ``"order"``.

        Raises
        ------
        NotApplicable
            When the method does not apply to these data.
        """
        return unless_reason(getattr(self, check))

    def judged(self, x: str, y: str, view: str = "") -> dict[str, object]:
        """Give the row that the verdict on a link rests on, in the view of the headline unless another is named."""
        return self.verdicts[x, y, view or self.view].figures

    def mediation(self, outcome: str) -> tuple[Mediation, Verdict]:
        """Give a mediation with its verdict.

        Raises
        ------
        NotApplicable
            When it could not be estimated.
        """
        return unless_reason(self.mediations[outcome])


def chain_study(
    panel: pd.DataFrame,
    *,
    chain: Sequence[Link],
    loyalty: Sequence[Link],
    sincere: Sequence[tuple[str, str, str]] = (),
    sources: Mapping[str, str],
    smallest_effect: float,
    unit: str = "sd",
    signs: Mapping[str, int] | None = None,
    seed: int = 1,
    conf_level: float = 0.95,
    n_boot: int = DEFAULT_BOOT,
) -> ChainStudy:
    """
    Estimate and judge the links of a chain, its paths, its weakest link, its order, and what a mediator carries.

    Parameters
    ----------
    panel : DataFrame, one row per entity and time
        As for `chain_sums.chain_rows`.
    chain, loyalty : sequence of (str, str)
        Links, each from where one before ends; those to loyalty start where the chain ends.
    sincere : sequence of (str, str, str)
        Cause, mediator and outcome of the mediations.
    sources : mapping of str to str
        Who answered for each construct.
    smallest_effect : float
    unit : {"sd", "points"}
        Of `smallest_effect`, see `chain_verdict.link_verdict`.
    signs : mapping of str to {1, -1}, optional
        -1 for constructs of which less is better. Default: 1 for all.
    seed : int
        Of the draws; each method draws anew from it.
    conf_level : float
    n_boot : int

    Returns
    -------
    ChainStudy
    """
    every = [*chain, *loyalty]
    links = chain_links(panel, every, sources=sources, conf_level=conf_level)
    signs = signs or {}
    judged = {"smallest_effect": smallest_effect, "unit": unit}

    def sign(x: str, y: str) -> int:
        return signs.get(x, 1) * signs.get(y, 1)

    verdicts = {
        (x, y, view): link_verdict(
            *(links.row(x, y, view, form) for form in (MEASURED, CORRECTED)), **judged, sign=sign(x, y)
        )
        for x, y in every
        for view in VIEWS
    }
    known = links.table[(links.table["view"] == WITHIN) & links.table["estimate"].notna()]
    view = WITHIN if len(known) else BETWEEN
    draws = {"view": view, "conf_level": conf_level, "n_boot": n_boot}
    paths = path_effects(links, _paths(chain, loyalty), rng=np.random.default_rng(seed), **draws)
    path_verdicts = {
        row["path"]: path_verdict(
            row,
            [verdicts[x, y, view] for x, y in pairwise(row["path"])],
            **judged,
            sign=sign(row["path"][0], row["path"][-1]),
        )
        for row in paths.to_dict("records")
    }

    claimed = [sign(*link) for link in chain]

    def carried(x: str, m: str, y: str) -> tuple[Mediation, Verdict]:
        found = mediation(panel, x, m, y, sources=sources, rng=np.random.default_rng(seed), **draws)
        return found, mediation_verdict(found, **judged, sign=sign(x, y))

    return ChainStudy(
        chain=tuple(chain),
        loyalty=tuple(loyalty),
        view=view,
        links=links,
        verdicts=verdicts,
        paths=paths,
        path_verdicts=path_verdicts,
        weakest=tried(lambda: weakest_link(links, chain, rng=np.random.default_rng(seed), signs=claimed, **draws)),
        order=tried(lambda: chain_order(panel, chain, signs=claimed, conf_level=conf_level)),
        variants=_variants(panel, links, chain, sources=sources, seed=seed, **draws),
        mediations={y: tried(lambda x=x, m=m, y=y: carried(x, m, y)) for x, m, y in sincere},
    )


def _paths(chain: Sequence[Link], loyalty: Sequence[Link]) -> list[tuple[str, ...]]:
    """The whole chain, and on to each construct of loyalty; none where the chain is broken or has a single link."""
    if len(chain) < 2 or any(one[1] != other[0] for one, other in pairwise(chain)):
        return []
    whole = (chain[0][0], *(y for _, y in chain))
    return [whole, *((*whole, y) for x, y in loyalty if x == whole[-1])]


def _variants(
    panel: pd.DataFrame,
    links: ChainLinks,
    chain: Sequence[Link],
    *,
    sources: Mapping[str, str],
    view: str,
    seed: int,
    conf_level: float,
    n_boot: int,
) -> pd.DataFrame:
    """Each link of the chain as measured, in the other view, and beside the construct before it, in SD."""
    other = BETWEEN if view == WITHIN else WITHIN
    before = {y: x for x, y in chain}
    rows = []
    for x, y in chain:
        for variant, place in (("corrected", view), ("measured", view), ("other_view", other)):
            row = links.row(x, y, place, MEASURED if variant == "measured" else CORRECTED)
            if variant == "other_view" and not np.isfinite(row["estimate"]):
                row = links.row(x, y, place, MEASURED)
            figures = {name: row[f"{name}_sd"] for name in ("estimate", "ci_low", "ci_high")}
            rows.append({"x": x, "y": y, "variant": variant, "view": place} | figures)
        if x in before and (x, y, view, CORRECTED) in links.sums:
            found = tried(lambda x=x, y=y: _beside(panel, (x, before[x]), y, sources, view, seed, conf_level, n_boot))
            if not isinstance(found, NotApplicable):
                ratio = sd_ratio(links.sums[x, y, view, CORRECTED])
                figures = {name: value * ratio for name, value in found.items()}
                rows.append({"x": x, "y": y, "variant": "beside", "view": view} | figures)
    return pd.DataFrame(rows).assign(conf_level=conf_level)


def _beside(
    panel: pd.DataFrame,
    causes: tuple[str, str],
    y: str,
    sources: Mapping[str, str],
    view: str,
    seed: int,
    conf_level: float,
    n_boot: int,
) -> Mapping[str, float]:
    together = [*causes, y]
    for name in together:
        if not is_halved(panel, name):
            raise NotApplicable("The sampling errors of {x} are not known.", x=name)
    rows = chain_rows(panel, together, view=view, halves=together)
    sums = chain_sums(rows, causes, y, sources=sources, form=CORRECTED)
    return link_beside(sums, rng=np.random.default_rng(seed), conf_level=conf_level, n_boot=n_boot)
