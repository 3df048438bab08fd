"""The targets of measurement: does the interval of an NPS, a reliability, a level or a weighted score hold the truth?

The adjusted Wald interval is held against all outcomes of a trinomial, exactly; the others against made samples.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import product

import numpy as np
import pandas as pd
from scipy.stats import multinomial, norm

from helpers.stats.agreement import icc
from helpers.stats.distribution import class_shares
from helpers.stats.nonresponse import weighting_effect
from helpers.stats.nps import nps_interval
from helpers.stats.nps_survey import Design, survey_nps
from helpers.stats.reliability import cronbach_alpha, mcdonald_omega
from helpers.stats.underlying_level import underlying_levels
from helpers.stats.weighting import raking

GRID = (0.05, 0.2, 0.4, 0.6)
SIZES = (10, 20, 50, 100)
LEAST, FROM_SIZE = 0.93, 20
SEED, SAMPLES = 2026, 2000
# Promoters lie above the upper cut of a normal mood, detractors below the lower one.
CUTS = (-0.6, 0.5)
LOADINGS = np.array([0.9, 0.7, 0.6, 0.8, 0.5])

Sample = Callable[[np.random.Generator], float]


def grid_coverage() -> pd.DataFrame:
    """Exact coverage of the adjusted Wald interval: one row per possible p and d, one column per n."""
    cells = [(p, d) for p, d in product(GRID, GRID) if p + d <= 1]
    rows = [{"p": p, "d": d} | {n: _exact(p, d, n) for n in SIZES} for p, d in cells]
    return pd.DataFrame(rows)


def sampled_coverage(samples: int = SAMPLES) -> pd.DataFrame:
    """Share of samples whose 95 % interval holds the truth, by method; ``met`` is None where it is only reported."""
    rows = []
    for number, (name, (sample, least)) in enumerate(_designs().items()):
        rng, start = np.random.default_rng([SEED, number]), time.process_time()
        hits = np.array([sample(rng) for _ in range(samples)], dtype=float)
        error = hits.std(ddof=1) / np.sqrt(samples)
        row = {"interval": name, "least": least, "coverage": hits.mean(), "mc_error": error, "samples": samples}
        met = None if least is None else bool(hits.mean() >= least - 2 * error)
        rows.append(row | {"seconds": time.process_time() - start, "met": met})
    return pd.DataFrame(rows)


def _designs() -> dict[str, tuple[Sample, float | None]]:
    return {
        "NPS, 12 teams of 4 to 19, weights": (lambda rng: _clustered(rng, 12, by_team=True), LEAST),
        "NPS, 40 teams of 4 to 19, weights": (lambda rng: _clustered(rng, 40, by_team=True), LEAST),
        "the same 40 teams taken as independent answers": (lambda rng: _clustered(rng, 40, by_team=False), None),
        "NPS raked on one margin, 240 answers": (lambda rng: _raked(rng, "after"), LEAST),
        "the same without weights": (lambda rng: _raked(rng, "before"), None),
        "shares of three classes at once, n = 25": (_classes, LEAST),
        "Cronbach's alpha, 40 people": (_alpha, LEAST),
        "McDonald's omega, 120 people": (_omega, LEAST),
        "ICC(1) = .1, 25 units of 3 to 29": (_icc, LEAST),
        "underlying level, 10 units, tau 5": (lambda rng: _level(rng, 10, 5.0), 0.90),
        "underlying level, 40 units, tau 5": (lambda rng: _level(rng, 40, 5.0), 0.90),
        "underlying level, 40 units, tau 15": (lambda rng: _level(rng, 40, 15.0), LEAST),
    }


def _exact(p: float, d: float, n: int) -> float:
    outcomes = np.array([(a, n - a - b, b) for a in range(n + 1) for b in range(n + 1 - a)])
    low, high = nps_interval(*outcomes.T)
    truth = 100 * (p - d)
    inside = (low - 1e-9 <= truth) & (truth <= high + 1e-9)
    return float(multinomial.pmf(outcomes, n, [p, max(1 - p - d, 0.0), d])[inside].sum())


def _clustered(rng: np.random.Generator, n_teams: int, *, by_team: bool) -> bool:
    """Moods of a team share a fifth of their variance; half of the people were asked half as often."""
    team = np.repeat(np.arange(n_teams), rng.integers(4, 20, n_teams))
    mood = rng.normal(0, 0.5, n_teams)[team] + rng.normal(size=len(team))
    answers = pd.DataFrame({"recommend": np.select([mood > CUTS[1], mood < CUTS[0]], [9, 4], 8), "team": team})
    answers["weight"] = rng.choice([1.0, 2.0], len(team))
    row = survey_nps(answers, Design(weight="weight", cluster="team" if by_team else None)).iloc[0]
    spread = 1.25**0.5
    truth = 100 * (norm.sf(CUTS[1] / spread) - norm.cdf(CUTS[0] / spread))
    return row["ci_low"] <= truth <= row["ci_high"]


def _raked(rng: np.random.Generator, term: str) -> bool:
    old = np.repeat([True, False], 300)
    chances = {True: [0.15, 0.4, 0.45], False: [0.4, 0.4, 0.2]}
    value = np.concatenate([rng.choice([-100.0, 0.0, 100.0], 300, p=chances[own]) for own in (True, False)])
    answers = pd.DataFrame({"old": old, "value": value})[rng.random(600) < np.where(old, 0.55, 0.25)]
    weights = raking(answers, {"old": pd.Series({True: 300, False: 300})}).weights
    table = weighting_effect(answers, weights, value="value", kind="nps", margins=["old"]).set_index("term")
    return table.loc[term, "ci_low"] <= 5 <= table.loc[term, "ci_high"]


def _classes(rng: np.random.Generator) -> bool:
    true = np.array([0.4, 0.35, 0.25])
    table = class_shares(pd.Series(rng.choice([10, 8, 4], 25, p=true)))
    return bool(((table["ci_low"] <= true) & (true <= table["ci_high"])).all())


def _items(rng: np.random.Generator, n: int, loadings: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame(rng.normal(size=(n, 1)) * loadings + rng.normal(0, 0.5**0.5, (n, len(loadings))))


def _alpha(rng: np.random.Generator) -> bool:
    row = cronbach_alpha(_items(rng, 40, np.full(5, 0.7))).iloc[0]
    return row["ci_low"] <= 5 * 0.49 / (5 * 0.49 + 0.5) <= row["ci_high"]


def _omega(rng: np.random.Generator) -> bool:
    row, total = mcdonald_omega(_items(rng, 120, LOADINGS)).iloc[0], LOADINGS.sum() ** 2
    return row["ci_low"] <= total / (total + 0.5 * len(LOADINGS)) <= row["ci_high"]


def _icc(rng: np.random.Generator) -> bool:
    unit = np.repeat(np.arange(25), rng.integers(3, 30, 25))
    value = rng.normal(0, 0.1**0.5, 25)[unit] + rng.normal(0, 0.9**0.5, len(unit))
    row = icc(pd.DataFrame({"unit": unit, "value": value}), value="value", unit="unit").iloc[0]
    return row["ci_low"] <= 0.1 <= row["ci_high"]


def _level(rng: np.random.Generator, n_units: int, tau: float) -> float:
    true, se = rng.normal(10, tau, n_units), rng.uniform(4, 15, n_units)
    scores = pd.DataFrame({"unit_id": range(n_units), "estimate": true + rng.normal(0, se), "se": se})
    table = underlying_levels(scores)
    return float(((table["level_low"] <= true) & (true <= table["level_high"])).mean())
