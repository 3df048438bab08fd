"""Penalty and reward of a moment: what dissatisfaction with it costs, and what great satisfaction with it brings.

A *level* of an answer is how satisfied the customer was with that moment: dissatisfied, in the middle, or very
satisfied. The *penalty* is how much less the dissatisfied recommend than those in the middle, the *reward* how much
more the very satisfied do, and the *asymmetry* is the reward less the penalty. Below zero a moment is a precondition,
above zero a delighter.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.stats.alignment import check_known, check_weights
from helpers.stats.cluster_robust import MIN_CLUSTERS, linear_combinations
from helpers.stats.estimates import NotApplicable, check_conf_level, with_intervals
from helpers.stats.nps import DETRACTORS_TO, PROMOTERS_FROM
from helpers.stats.two_way import RANK_TOLERANCE, TwoWayFit

# On a scale of 0 to 10: marks up to the first are below the middle, from the second on well above it.
DISSATISFIED_TO, SATISFIED_FROM = 5.0, 8.0
DISSATISFIED, MIDDLE, SATISFIED = "dissatisfied", "middle", "satisfied"
LEVELS = (DISSATISFIED, MIDDLE, SATISFIED)
PARTS = {"penalty": (-1.0, 0.0), "reward": (0.0, 1.0), "asymmetry": (1.0, 1.0)}
OUTCOMES = ("nps", "recommend")


def satisfaction_levels(
    satisfaction: pd.Series, *, low: float = DISSATISFIED_TO, high: float = SATISFIED_FROM
) -> pd.Series:
    """
    Level of each answer: dissatisfied up to `low`, very satisfied from `high` on.

    Raises
    ------
    ValueError
        For a `low` that is not below `high`.
    """
    if not low < high:
        raise ValueError(f"low must be below high; found {low} and {high}.")
    mark = satisfaction.astype(float)
    level = np.select([mark <= low, mark >= high], [DISSATISFIED, SATISFIED], MIDDLE)
    return pd.Series(level, index=satisfaction.index, dtype="str").where(mark.notna())


def recommend_points(recommend: pd.Series) -> pd.Series:
    """Count an answer as 100 (promoter), 0 or -100 (detractor), so that their mean is the NPS."""
    answer = recommend.astype(float)
    points = np.select([answer >= PROMOTERS_FROM, answer <= DETRACTORS_TO], [100.0, -100.0], 0.0)
    return pd.Series(points, index=recommend.index).where(answer.notna())


def penalty_reward(
    answers: pd.DataFrame, *, outcome: str = "nps", within: bool = True, conf_level: float = 0.95
) -> pd.DataFrame:
    """
    Penalty, reward and asymmetry of each moment, with intervals that hold all moments at once.

    Parameters
    ----------
    answers : DataFrame, one row per answer
        ``moment``, ``level`` (of `LEVELS`), ``recommend`` (0-10), ``unit`` (whose customer it was), and where known
        ``weight``. Rows without one of the first three count for nothing.
    outcome : {"nps", "recommend"}
        Points of NPS, or points on the scale of 0 to 10.
    within : bool
        Compare customers of the same unit only; else all customers of a moment.
    conf_level : float
        Between 0 and 1: the chance that the intervals of one part hold for all moments.

    Returns
    -------
    DataFrame, three rows per moment
        ``moment``, ``term`` (of `PARTS`), then `ESTIMATE_COLUMNS`, ``sd`` (of the outcome over all answers). No
        estimate for a moment at which a level is missing.

    Raises
    ------
    ValueError
        For an unknown outcome, unit, level, or a weight that is not positive.
    NotApplicable
        Without answers.

    Notes
    -----
    By moment ``y_i = a_unit(i) + b_low 1[dissatisfied] + b_high 1[very satisfied] + e_i`` by weighted least squares;
    penalty ``-b_low``, reward ``b_high``, asymmetry ``b_high + b_low``. Errors are CR2 by unit with Satterthwaite df,
    for a working model of independent errors with variance 1 / weight; with fewer than
    `cluster_robust.MIN_CLUSTERS` units each answer is a cluster. Intervals are at ``1 - (1 - conf_level) / M`` for M
    moments (Bonferroni).

    References
    ----------
    D. Brandt (1987), A procedure for identifying value-enhancing service components using customer satisfaction survey
    data, in *Add Value to Your Service*, AMA, 61-65; K. Matzler, E. Sauerwein (2002), *International Journal of Service
    Industry Management* 13(4), 314-332.
    """
    check_conf_level(conf_level)
    rows = _rows(answers, outcome)
    moments = sorted(rows["moment"].unique())
    level = 1 - (1 - conf_level) / len(moments)
    tables = [_moment(rows[rows["moment"] == one], within, level).assign(moment=one) for one in moments]
    table = pd.concat(tables, ignore_index=True).assign(conf_level=conf_level, sd=rows["y"].std())
    return table[["moment", *(column for column in table if column != "moment")]]


def beside_others(effects: pd.DataFrame, *, conf_level: float = 0.95) -> pd.DataFrame:
    """
    Asymmetry of each moment less the mean asymmetry of the other ones.

    What makes all moments look alike, such as a score with little room to rise, drops out of it.

    Parameters
    ----------
    effects : DataFrame
        Answer of `penalty_reward`.
    conf_level : float
        Between 0 and 1: the chance that the intervals hold for all moments.

    Returns
    -------
    DataFrame
        The rows of `effects`, with those of the asymmetry replaced. Answers at different moments count as independent.

    Raises
    ------
    NotApplicable
        With fewer than two moments with an estimate.
    """
    is_asymmetry = (effects["term"] == "asymmetry") & effects["se"].notna()
    rows = effects[is_asymmetry]
    others = len(rows) - 1
    if others < 1:
        raise NotApplicable("Comparing moments needs two of them with enough answers; found {found}.", found=len(rows))
    estimate = rows["estimate"] - (rows["estimate"].sum() - rows["estimate"]) / others
    variance = rows["se"] ** 2 + ((rows["se"] ** 2).sum() - rows["se"] ** 2) / others**2
    replaced = rows.assign(estimate=estimate, se=np.sqrt(variance), df=rows["df"].min())
    level = 1 - (1 - conf_level) / len(rows)
    found = with_intervals(replaced, level).assign(conf_level=conf_level).set_index(rows.index)
    return pd.concat([effects[~is_asymmetry], found]).sort_index()[list(effects)]


def _rows(answers: pd.DataFrame, outcome: str) -> pd.DataFrame:
    if outcome not in OUTCOMES:
        raise ValueError(f"outcome must be one of {', '.join(OUTCOMES)}; found {outcome!r}.")
    known = answers[answers[["moment", "level", "recommend"]].notna().all(axis=1)].reset_index(drop=True)
    if known.empty:
        raise NotApplicable("No customer said how satisfied they were at a moment.")
    check_known(known, ["unit"])
    wrong = known.loc[~known["level"].isin(LEVELS), "level"]
    if len(wrong):
        raise ValueError(f"level must be one of {', '.join(LEVELS)}; found {wrong.iloc[0]!r}.")
    weight = known["weight"].astype(float) if "weight" in known else pd.Series(1.0, index=known.index)
    check_weights(weight)
    y = recommend_points(known["recommend"]) if outcome == "nps" else known["recommend"].astype(float)
    return known[["moment", "level", "unit"]].assign(y=y, weight=weight)


def _moment(rows: pd.DataFrame, within: bool, conf_level: float) -> pd.DataFrame:
    empty = pd.DataFrame({"term": list(PARTS), "estimate": np.nan, "se": np.nan, "df": np.nan, "n": len(rows)})
    fit = _fit(rows, within)
    if fit is None:
        return with_intervals(empty, conf_level)
    parts = pd.DataFrame(PARTS, index=list(fit.coefficients.index)).T
    return linear_combinations(fit, parts, conf_level=conf_level)


def _fit(rows: pd.DataFrame, within: bool) -> TwoWayFit | None:
    """Weighted least squares as least squares of rows times the root of their weights; None where not identified."""
    root = np.sqrt(rows["weight"].to_numpy())
    unit = pd.factorize(rows["unit"])[0]
    is_clustered = unit.max() + 1 >= MIN_CLUSTERS
    effect = unit if within else np.zeros_like(unit)
    values = [rows["y"].to_numpy(), *(rows["level"].to_numpy() == one for one in (DISSATISFIED, SATISFIED))]
    free = np.column_stack([root * _demeaned(np.asarray(value, float), rows["weight"], effect) for value in values])
    y, x = free[:, 0], free[:, 1:]
    size = np.linalg.svd(x, compute_uv=False)
    n_effects = int(effect.max()) + 1
    if size[-1] <= RANK_TOLERANCE * max(size[0], 1.0) or len(rows) <= n_effects + x.shape[1]:
        return None
    coefficients = np.linalg.lstsq(x, y)[0]
    # Effects that lie within clusters drop out of the hat matrix; those that cut across single answers do not.
    nested = is_clustered and within
    basis = [np.linalg.qr(x)[0]] if nested else [_effect_basis(root, effect), np.linalg.qr(x)[0]]
    named = pd.Series(coefficients, index=["low", "high"])
    cluster = unit if is_clustered else np.arange(len(rows))
    return TwoWayFit(named, y, x, y - x @ coefficients, np.hstack(basis), cluster, n_effects, 0)


def _demeaned(values: np.ndarray, weight: pd.Series, effect: np.ndarray) -> np.ndarray:
    total = np.bincount(effect, weight)
    return values - (np.bincount(effect, weight * values) / total)[effect]


def _effect_basis(root: np.ndarray, effect: np.ndarray) -> np.ndarray:
    dummies = root[:, None] * (effect[:, None] == np.arange(effect.max() + 1))
    return dummies / np.linalg.norm(dummies, axis=0)


def moment_terms(effects: pd.DataFrame, moment: str) -> dict[str, dict[str, object]]:
    """Rows of one moment by part; empty where the moment is not among them."""
    own = effects[effects["moment"] == moment]
    return {str(row["term"]): row for row in own.to_dict("records")}
