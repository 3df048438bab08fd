"""Looks at growth after engagement, alone and together with customers: in made panels and in made companies."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
from growth_panels import World, growth_world
from looks import Design

from helpers.datasets.dataset import open_dataset
from helpers.datasets.demo import load_truth, make_demo
from helpers.datasets.growth import growth_panel
from helpers.stats.estimates import NotApplicable
from helpers.stats.growth_study import GrowthStudy, growth_study
from helpers.stats.interaction import PRODUCT, interaction_effects, joint_sample
from helpers.stats.interaction_checks import interaction_checks
from helpers.stats.interaction_verdict import interaction_verdict
from helpers.stats.lag_profile import lag_profile, lag_row
from helpers.stats.verdicts import lag_verdict

LAG, MAX_LAG, SMALLEST = 1, 2, 0.1
LOOKS, STUDIES, COMPANIES, SCALE = 300, 100, 24, 0.3
SLOPE, PRODUCT_EFFECT = 0.15, 0.06
WIDE = {"n_clusters": 24, "per_cluster": 5, "n_times": 12}
FEW = {"n_clusters": 10, "per_cluster": 5, "n_times": 12}
SHORT = {"n_clusters": 40, "per_cluster": 1, "n_times": 8}
Row = dict[str, object]


def designs() -> dict[str, Design]:
    """All that is looked at, by name."""
    both = World(slope=SLOPE, product=PRODUCT_EFFECT)
    worlds = {
        "no effect": (World(), WIDE),
        "both effects": (both, WIDE),
        "no effect, 10 clusters": (World(), FEW),
        "both effects, 10 clusters": (both, FEW),
        "no effect, 40 single units, T = 8": (World(), SHORT),
        "both effects, 40 single units, T = 8": (both, SHORT),
        "lasting levels only": (World(levels=1.0), WIDE),
        "curved, no product": (World(slope=SLOPE, curve=PRODUCT_EFFECT, together=0.6), WIDE),
        "slopes differ by level": (World(slope=SLOPE, by_level=2 * PRODUCT_EFFECT), WIDE),
    }
    found = {name: Design(panel, LOOKS, {"world": world, **shape}) for name, (world, shape) in worlds.items()}
    for name, (world, shape) in worlds.items():
        if world == both:
            found[studied(name)] = Design(study, STUDIES, {"world": world, **shape})
    for name in ("demo", "demo-null"):
        found[name] = Design(company, COMPANIES, {"name": name, "scale": SCALE})
    return found


def studied(name: str) -> str:
    """Name of the design in which all that `growth_study` does is done."""
    return f"{name}, whole study"


def panel(rng: np.random.Generator, *, world: World, **shape: int) -> Row:
    """
    Look at one panel, by the estimates that `growth_study` rests on.

    Returns
    -------
    dict
        For ``slope`` and ``product``: the estimate, its error, whether the 95 % interval holds the truth
        (``_covered``), shuts out zero (``_clear``), the ``_verdict`` (before each cluster and period is left out);
        whether two other choices of the product shut out zero (``squares_clear``, ``within_clear``).
    """
    made, cluster = growth_world(rng, world, **shape), _cluster(shape)
    forward = lag_profile(made, x="engagement", y="growth", max_lag=MAX_LAG, cluster=cluster)
    verdict = lag_verdict(forward, lag=LAG, smallest_effect=SMALLEST).verdict
    sample = joint_sample(made, x="engagement", z="nps", y="growth", lag=LAG)
    effects, variants = (method(sample, cluster=cluster) for method in (interaction_effects, interaction_checks))
    product = effects[effects["term"] == PRODUCT].iloc[0]
    found = _against("slope", lag_row(forward, LAG), world.slope, verdict)
    judged = interaction_verdict(product, smallest_effect=SMALLEST, checks=variants).verdict
    found |= _against("product", product, world.product * sample.sd_x * sample.sd_z, judged)
    clear = _clear(variants.set_index("variant"))
    return found | {"squares_clear": clear["beside_squares"], "within_clear": clear["within_units"]}


def study(rng: np.random.Generator, *, world: World, **shape: int) -> Row:
    """Give the verdicts of the whole study on one panel."""
    made = growth_world(rng, world, **shape)
    columns = {"engagement": "engagement", "customer": "nps", "growth": "growth"}
    found = growth_study(made, **columns, smallest_effect=SMALLEST, cluster=_cluster(shape))
    product = found.interaction("growth").verdict.verdict
    return {"slope_verdict": found.evidence.verdict.verdict, "product_verdict": product}


def company(rng: np.random.Generator, *, name: str, scale: float) -> Row:
    """
    Make a company and estimate as the notebook does.

    Returns
    -------
    dict
        As `panel`, with the slope corrected for errors (``corrected``, ``corrected_error``, ``corrected_covered``;
        missing where it is refused), the interaction over the truth (``product_ratio``) and the reliability of the
        product.
    """
    truth, seed = load_truth(name), int(rng.integers(2**31))
    with tempfile.TemporaryDirectory(prefix="excx-validate-") as folder:
        dataset = open_dataset(make_demo(Path(folder) / "company", truth, seed=seed, scale=scale))
        data = growth_panel(dataset)
    chosen = {"engagement": data.engagement, "customer": data.customer, "growth": data.growth}
    told = growth_study(data.panel, **chosen, smallest_effect=SMALLEST)
    interaction = told.interaction(data.growth)
    product, sds = interaction.effects.set_index("term").loc[PRODUCT], interaction.effects.attrs
    p = truth.effects
    # In hundredths of the scale of 1 to 5; the interaction is stated per SD of engagement and 20 points of NPS.
    per_point = p.growth_interaction / (truth.employees.engagement_sd / 0.04) / 20
    slope = p.growth + per_point * (data.panel[data.customer].mean() - truth.nps.level)
    found = _against("slope", told.evidence.claimed, slope, told.evidence.verdict.verdict)
    found |= _against("product", product, per_point * sds["sd_x"] * sds["sd_z"], interaction.verdict.verdict)
    clear = _clear(interaction.variants.set_index("variant"))
    found |= {"squares_clear": clear["beside_squares"], "within_clear": clear["within_units"]}
    found["product_ratio"] = found["product"] / found["product_truth"] if per_point else np.nan
    return found | _corrected(told, slope) | {"reliability": _reliability(interaction.reliability)}


def _cluster(shape: dict[str, int]) -> str | None:
    return "cluster" if shape["per_cluster"] > 1 else None


def _against(name: str, row: pd.Series | Row, truth: float, verdict: str) -> Row:
    found = {"": row["estimate"], "_truth": truth, "_error": row["estimate"] - truth, "_verdict": verdict}
    found |= {"_covered": row["ci_low"] <= truth <= row["ci_high"], "_clear": not row["ci_low"] <= 0 <= row["ci_high"]}
    return {f"{name}{key}": value for key, value in found.items()}


def _clear(rows: pd.DataFrame) -> pd.Series:
    return (rows["ci_low"] > 0) | (rows["ci_high"] < 0)


def _corrected(study: GrowthStudy, truth: float) -> Row:
    try:
        table = study.table("corrected")
    except NotApplicable:
        return dict.fromkeys(("corrected", "corrected_error", "corrected_covered"), np.nan)
    row = table[(table["lag"] == LAG) & (table["model"] == "corrected")].iloc[0]
    found = {"corrected": row["estimate"], "corrected_error": row["estimate"] - truth}
    return found | {"corrected_covered": float(row["ci_low"] <= truth <= row["ci_high"])}


def _reliability(found: dict[str, float] | NotApplicable) -> float:
    return np.nan if isinstance(found, NotApplicable) else found[PRODUCT]
