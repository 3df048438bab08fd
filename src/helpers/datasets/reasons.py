"""Why customers recommend or do not: coded reasons, of which those that few gave are taken together.

Each group, promoters and detractors, has one list of codes for the whole organisation and period, the most frequent
first. A unit tells as many codes of it as keep every small group hidden (`told_levels`); all later ones, unlisted codes
and those that say "other" are together `REST`. Answers without a reason count as one more cell, since the score tells
how many promoters and detractors there are.

Codes come from lists that people filled freely. One that is not `KNOWN` is listed only where several units gave it and
where it is short, so that neither a name nor a comment becomes a code.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.datasets.answer_frames import Answers, answers_of, require_shown
from helpers.datasets.dataset import Dataset
from helpers.datasets.families import CUSTOMERS
from helpers.datasets.told_levels import none_or_enough, told_units
from helpers.release import ReleasedTable, release
from helpers.stats.cluster_robust import MIN_CLUSTERS
from helpers.stats.estimates import NotApplicable
from helpers.stats.nps import DETRACTORS_TO, PROMOTERS_FROM
from helpers.stats.nps_survey import Design
from helpers.stats.reason_shares import REST, ReasonShares

REASON, VALENCE = "reason", "reason_valence"
PROMOTERS, DETRACTORS = "promoters", "detractors"
GROUPS = (PROMOTERS, DETRACTORS)
PLEASED = {"positive": PROMOTERS, "negative": DETRACTORS}
KNOWN = ("employees", "product", "ease", "price", "speed", "waiting")
OTHER = "other"
# Longer codes are comments.
LONGEST_CODE = 40
# As rule 5 asks of a comparison: a code of one or two units may be the name of somebody there.
LEAST_UNITS = 3
NO_REASON = ""


@dataclass(frozen=True)
class Reasons:
    """Reasons of the customers of one unit in one period, as far as they may be told.

    Parameters
    ----------
    dataset : Dataset
    unit, period : str
    told : DataFrame, one row per answer
        ``group`` (of `GROUPS`), ``reason`` (a code or `REST`), ``cluster`` and, where known, ``weight``. Groups that
        may not be told have no rows.
    by_valence : DataFrame, one row per answer
        The same of all who gave a reason, passives too: the pleased as promoters, the displeased as detractors, with
        all listed codes. For a verdict only, never for a figure.
    """

    dataset: Dataset
    unit: str
    period: str
    told: pd.DataFrame
    by_valence: pd.DataFrame

    def design(self, rows: pd.DataFrame) -> Design:
        """Say how answers hang together: by unit where there are enough of them."""
        clustered = rows["cluster"].nunique() >= MIN_CLUSTERS
        return Design("weight" if "weight" in rows else None, "cluster" if clustered else None)


def customer_reasons(dataset: Dataset, unit: str) -> Reasons:
    """Read the reasons of a unit in the latest period in which its customers gave any.

    Parameters
    ----------
    dataset : Dataset
    unit : str

    Returns
    -------
    Reasons

    Raises
    ------
    NotApplicable
        Without reasons in the answers, or where they may not be shown.
    """
    everybody = _latest(dataset, unit)
    (period,) = everybody.periods
    require_shown(dataset, unit, CUSTOMERS, period)
    codes, group = listed_codes(everybody), _groups(everybody.frame["recommend"])
    told = {one: told_codes(everybody, codes.fillna(NO_REASON).where(group == one), unit) for one in GROUPS}
    if all(one is None for one in told.values()):
        raise NotApplicable(
            "The reasons of {unit} are not shown, to protect small groups.", unit=dataset.hierarchy.name(unit)
        )
    inside = everybody.frame["unit_id"].isin(dataset.hierarchy.subtree(unit))
    own = Answers(dataset, CUSTOMERS, unit, everybody.frame[inside].reset_index(drop=True))
    columns = ["cluster", *(["weight"] if "weight" in own.frame else [])]
    frame = own.frame.assign(cluster=own.groups(), code=codes[inside].to_numpy(), group=group[inside].to_numpy())
    parts = [
        frame[frame["group"] == one].assign(reason=lambda rows, kept=kept: _pooled(rows["code"], kept))
        for one, kept in told.items()
        if kept is not None
    ]
    shown = pd.concat(parts)[["group", REASON, *columns]].dropna(subset=[REASON]).reset_index(drop=True)
    return Reasons(dataset, unit, period, shown, _by_valence(frame, columns, dataset.settings.min_group))


def released_reasons(
    reasons: Reasons, shares: ReasonShares, *, group: str, name: Callable[[str], str] = str
) -> ReleasedTable:
    """Give the shares of reasons of one group as they may be shown.

    Parameters
    ----------
    reasons : Reasons
    shares : ReasonShares
        Of ``reasons.told``.
    group : {"promoters", "detractors"}
    name : callable
        Names a reason as readers know it.

    Returns
    -------
    ReleasedTable
        Reasons in the place of units; ``measure`` is the group, ``n`` its answers with a reason.

    Raises
    ------
    NotApplicable
        Where the group may not be told.
    """
    own = shares.table[shares.table["group"] == group]
    if own.empty:
        unit = reasons.dataset.hierarchy.name(reasons.unit)
        if group == PROMOTERS:
            raise NotApplicable("Too few promoters of {unit} gave each reason to show them.", unit=unit)
        raise NotApplicable("Too few detractors of {unit} gave each reason to show them.", unit=unit)
    rows = own[["estimate", "se", "ci_low", "ci_high", "conf_level"]].assign(
        unit_id=own["reason"], period=reasons.period, measure=group, kind="rate", n=own["n_group"].astype(float)
    )
    units = pd.DataFrame({"unit_id": own["reason"], "name": own["reason"].map(name), "parent_id": "", "level": REASON})
    settings = reasons.dataset.settings
    return release(rows, units, min_group=settings.min_group, disclosure=settings.disclosure)


def listed_codes(everybody: Answers) -> pd.Series:
    """Give the code of each answer: known, or short and given in several units; else `REST`; missing without any."""
    written = everybody.frame[REASON].str.split().str.join(" ").replace("", np.nan)
    known = written.str.casefold()
    code = known.where(known.isin([*KNOWN, OTHER]), written).replace(OTHER, REST)
    strange = code.dropna()[~code.dropna().isin([*KNOWN, REST])]
    units = everybody.groups()
    n_units = units.loc[strange.index].groupby(strange).nunique()
    common = n_units.index[n_units >= min(LEAST_UNITS, units.nunique())]
    fit = [one for one in common if len(one) <= LONGEST_CODE]
    return code.where(code.isna() | code.isin([*KNOWN, *fit]), REST)


def told_codes(everybody: Answers, codes: pd.Series, unit: str) -> list[str] | None:
    """List the codes of one group that a unit may tell; None where it may tell none.

    Parameters
    ----------
    everybody : Answers
        Of the whole organisation, in one period.
    codes : Series, shape (answers,)
        Of those in the group, `NO_REASON` for those without a reason; missing for all others.
    unit : str
    """
    order = (
        codes[~codes.isin([REST, NO_REASON])]
        .value_counts()
        .sort_index()
        .sort_values(ascending=False, kind="stable")
        .index.tolist()
    )
    if everybody.dataset.mask is None:
        return order
    safe, told, among = none_or_enough(everybody.dataset.settings.min_group), 0, None
    for kept in range(len(order) + 1):
        among = told_units(everybody, _cells(codes, order[:kept]), is_safe=safe, among=among)
        if unit not in among:
            break
        told = kept
    return order[:told] if told else None


def _latest(dataset: Dataset, unit: str) -> Answers:
    """Read what all customers answered, in the latest period in which those of the unit gave a reason."""
    everybody = answers_of(dataset, CUSTOMERS, dataset.hierarchy.root, [REASON, VALENCE])
    frame = everybody.frame
    if not {REASON, "recommend"} <= set(frame) or frame[REASON].isna().all():
        raise NotApplicable("The customers' answers do not say for which reason they were given.")
    known = frame[frame["recommend"].notna()]
    own = known[known["unit_id"].isin(dataset.hierarchy.subtree(unit)) & known[REASON].notna()]
    if own.empty:
        raise NotApplicable("There are no answers of {unit}.", unit=dataset.hierarchy.name(unit))
    latest = known[known["period"] == own["period"].max()].reset_index(drop=True)
    return Answers(dataset, CUSTOMERS, everybody.unit, latest)


def _groups(recommend: pd.Series) -> pd.Series:
    names = np.select([recommend >= PROMOTERS_FROM, recommend <= DETRACTORS_TO], GROUPS, "")
    return pd.Series(names, index=recommend.index, dtype="str")


def _pooled(codes: pd.Series, kept: list[str]) -> pd.Series:
    return codes.where(codes.isna() | codes.isin(kept), REST)


def _by_valence(frame: pd.DataFrame, columns: list[str], least: int) -> pd.DataFrame:
    """Group answers by whether the reason pleased; none where either group is small."""
    group = frame[VALENCE].map(PLEASED) if VALENCE in frame else pd.Series(np.nan, index=frame.index, dtype="str")
    rows = frame.assign(group=group, reason=frame["code"])[["group", REASON, *columns]].dropna(subset=["group", REASON])
    enough = rows.groupby("group").size().reindex(GROUPS, fill_value=0).ge(least).all()
    return rows.reset_index(drop=True) if enough else rows.head(0)


def _cells(codes: pd.Series, kept: list[str]) -> pd.Series:
    return _pooled(codes, [*kept, NO_REASON]).astype(pd.CategoricalDtype([*kept, REST, NO_REASON]))
