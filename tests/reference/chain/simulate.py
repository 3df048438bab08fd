"""How often the links from leadership to loyalty hold their truth, over made companies: `python simulate.py [seeds]`.

Effects of the truth act on what people think; answers are rounded and end at the ends of the scale. So beside the
effect itself stands its *census* value: the same link where everybody answers and customers are many, as measured.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd

from helpers.datasets.chain_panel import ChainData, chain_panel
from helpers.datasets.dataset import open_dataset
from helpers.datasets.demo import Truth, load_truth, make_demo
from helpers.stats.chain_draws import path_effects
from helpers.stats.chain_links import ChainLinks, chain_links
from helpers.stats.chain_mediation import mediation, mediation_verdict
from helpers.stats.chain_verdict import link_verdict, path_verdict
from helpers.stats.verdicts import Verdict

HERE = Path(__file__).parent
SCALE, N_CENSUS, N_CARRIED, N_BOOT = 0.3, 3, 40, 499
CENSUS = "[response]\nfirst_wave = 0.999\nlast_wave = 0.999\n[customers]\nper_employee = 60.0\n"
EFFECTS = {
    ("leadership", "culture"): ["leadership_culture"],
    ("culture", "behaviour"): ["culture_behaviour"],
    ("behaviour", "customer_satisfaction"): ["behaviour_satisfaction"],
    ("engagement", "sincerity"): ["sincerity"],
    ("sincerity", "repurchase"): ["repurchase"],
    ("leadership", "customer_satisfaction"): ["leadership_culture", "culture_behaviour", "behaviour_satisfaction"],
    ("engagement", "repurchase"): ["sincerity", "repurchase"],
}
KEYS = ["dataset", "x", "y", "view", "form"]


def looked_at(truth: Truth, seed: int) -> pd.DataFrame:
    """Links of one company, path and mediation of the first `N_CARRIED`, with the verdicts."""
    with TemporaryDirectory() as folder:
        dataset = open_dataset(make_demo(Path(folder) / "demo", truth, seed=seed, scale=SCALE))
        chain = chain_panel(dataset, rng=np.random.default_rng(seed))
    parts = [links_of(chain), *([carried_of(chain, seed)] if seed <= N_CARRIED else [])]
    return pd.concat(parts, ignore_index=True).assign(seed=seed)


def links_of(chain: ChainData) -> pd.DataFrame:
    """Each link in both views and forms."""
    sincere = [(x, m) for x, m, _ in chain.sincere[:1]] + [(m, y) for _, m, y in chain.sincere]
    links = chain_links(chain.panel, [*chain.chain, *chain.loyalty, *sincere], sources=chain.sources)
    table = links.table.drop(columns=["reason_values"])
    keys = zip(table["x"], table["y"], table["view"], strict=True)
    return table.assign(verdict=[judged(links, *key).verdict for key in keys])


def carried_of(chain: ChainData, seed: int) -> pd.DataFrame:
    """What passes along the chain, and what sincerity carries to repurchase, within units."""
    draws = {"view": "within", "rng": np.random.default_rng(seed), "n_boot": N_BOOT}
    links = chain_links(chain.panel, chain.chain, sources=chain.sources)
    names = [chain.chain[0][0], *(y for _, y in chain.chain)]
    path = path_effects(links, [names], **draws).iloc[0].drop("path").to_dict()
    verdict = path_verdict(path, [judged(links, x, y, "within") for x, y in chain.chain], smallest_effect=0.1)
    rows = [path | {"form": "path", "x": names[0], "y": names[-1], "verdict": verdict.verdict}]
    found = mediation(chain.panel, *chain.sincere[-1], sources=chain.sources, **draws)
    verdict = mediation_verdict(found, smallest_effect=0.1)
    row = found.row("same_people", "indirect")
    rows.append(row | {"form": "mediation", "x": found.x, "y": found.y, "verdict": verdict.verdict})
    return pd.DataFrame(rows).assign(view="within")


def judged(links: ChainLinks, x: str, y: str, view: str) -> Verdict:
    """Verdict on one link."""
    return link_verdict(*(links.row(x, y, view, form) for form in ("measured", "corrected")), smallest_effect=0.1)


def census() -> pd.DataFrame:
    """Each link where everybody answers, by dataset; mean over some companies."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "census.toml"
        file.write_text(CENSUS)
        found = [looked_at(load_truth("demo", file), seed) for seed in range(1, N_CENSUS + 1)]
    table = pd.concat(found)
    # What staff say of themselves is freed of luck by halves; here others answered, of whom none is left out.
    others = table["form"].eq("measured") & ~table["x"].isin(["leadership", "culture"])
    return (
        table[others]
        .groupby(["x", "y", "view"], as_index=False)["estimate"]
        .mean()
        .rename(columns={"estimate": "census"})
    )


def summary(runs: pd.DataFrame, values: pd.DataFrame) -> pd.DataFrame:
    """Per link, view and form: bias and coverage of the effect, how often zero lies outside, verdicts."""
    effects = load_truth("demo").effects
    known = runs[[pair in EFFECTS for pair in zip(runs["x"], runs["y"], strict=True)]].merge(values, how="left")
    named = [np.prod([effects[one] for one in EFFECTS[pair]]) for pair in zip(known["x"], known["y"], strict=True)]
    is_null = known["dataset"] == "demo-null"
    known = known.assign(
        effect=np.where(is_null, 0.0, named),
        census=np.where(is_null, 0.0, known["census"]),
        told=known["ci_low"].notna(),
    )
    for name in ("effect", "census"):
        held = (known["ci_low"] <= known[name]) & (known[name] <= known["ci_high"])
        known[f"holds_{name}"] = held.astype(float).where(known[name].notna())
    known["excludes_0"] = (known["ci_low"] > 0) | (known["ci_high"] < 0)
    known["says_yes"] = known["verdict"] == "yes"
    known["says_no"] = known["verdict"] == "no"
    groups = known.groupby(KEYS, sort=False)
    told = known[known["told"]].groupby(KEYS, sort=False)
    shares = 100 * told[["holds_effect", "holds_census", "excludes_0"]].mean()
    table = groups.agg(seeds=("seed", "size"), effect=("effect", "first"), census=("census", "first"))
    table = table.join(told["estimate"].agg(median="median", sd="std")).join(told["se"].median())
    table = table.join(shares).join(100 * groups[["told", "says_yes", "says_no"]].mean())
    shares_of = {name: 1 for name in table.columns if name not in ("census", "median", "sd", "se")}
    return table.round({"census": 3, "median": 3, "sd": 3, "se": 3} | shares_of | {"effect": 2}).reset_index()


if __name__ == "__main__":
    n_seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    runs = pd.concat(
        looked_at(load_truth(name), seed).assign(dataset=name)
        for name in ("demo", "demo-null")
        for seed in range(1, n_seeds + 1)
    )
    summary(runs, census()).to_csv(HERE / "result.csv", index=False)
