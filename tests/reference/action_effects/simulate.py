"""What the effects of actions give back of a known truth: `python tests/reference/action_effects/simulate.py`.

Writes ``demo.csv`` (the demo company and the one without effects, 100 seeds each, whole size), ``selection.csv`` (units
picked in bad waves of noisy series, without any effect or with one) and ``series.csv`` (the jump of one short
series without an action). About fifteen minutes.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from helpers.datasets.contract import BERSIN_ELEMENTS
from helpers.datasets.demo import load_truth
from helpers.datasets.demo.simulation import simulate
from helpers.stats.action_effects import OTHERS, action_sets, judged_parts, told_apart
from helpers.stats.action_variants import action_variants
from helpers.stats.interrupted_series import interrupted_series

HERE = Path(__file__).parent
N_SEEDS, N_PANELS, N_SERIES, WAVES = 100, 300, 1000, 3
TOLD = {"first": ("told_first", True), "not_first": ("told_first", False)}
PROGRAMMES = {name: ("programme", name) for name in ("action", "one_to_ones", "mentor", "voice", "outing")}
TRUTH = {"demo": {"first": 0.25, "not_first": 0.08, "difference": 0.17}, "demo-null": {}}
SMALLEST = 0.04


def company(name: str, seed: int) -> pd.DataFrame:
    """The panel of a demo company, as `datasets.action_panel` lays it out."""
    tables = simulate(load_truth(name), seed=seed, tables=["employee_answers", "actions", "items"])
    answers, items, actions = tables["employee_answers"], tables["items"], tables["actions"]
    asked = {name: items.loc[items["element"] == name, "item_id"].tolist() for name in BERSIN_ELEMENTS}
    means = pd.DataFrame({name: answers[columns].mean(axis=1) for name, columns in asked.items()})
    means = means.assign(entity=answers["unit_id"], time=answers["period"].astype(int))
    wide = means.groupby(["entity", "time"]).mean().reset_index()
    frame = wide.melt(["entity", "time"], list(asked), "stratum", "y").dropna(subset="y")
    total = frame.groupby(["entity", "time"])["y"]
    frame[OTHERS] = (total.transform("sum") - frame["y"]) / (total.transform("size") - 1)
    actions = actions.assign(first=pd.to_datetime(actions["start"]).dt.year).sort_values("first")
    once = actions.drop_duplicates(["unit_id", "element"]).rename(columns={"unit_id": "entity", "element": "stratum"})
    once = once.assign(told_first=once["communicated_on"].notna())
    frame = frame.merge(once[["entity", "stratum", "first", "told_first", "programme"]], how="left")
    until = frame["entity"].map(actions.groupby("unit_id")["first"].min())
    return frame.assign(until=until, cluster=frame["entity"].str[:2], hidden=False)


def company_rows(name: str, seed: int) -> list[dict]:
    frame, rng = company(name, seed), np.random.default_rng(seed)
    sets = action_sets(frame, waves=WAVES)
    tables = [
        judged_parts(sets, smallest_effect=SMALLEST),
        judged_parts(sets, TOLD, smallest_effect=SMALLEST),
        judged_parts(sets, PROGRAMMES, smallest_effect=SMALLEST, rng=rng),
    ]
    row, verdict = told_apart(sets, TOLD, smallest_effect=SMALLEST)
    variants = action_variants(frame, waves=WAVES).assign(verdict="")
    variants["term"] = "by " + variants["term"]
    found = pd.concat([*tables, pd.DataFrame([row | {"verdict": verdict.verdict}]), variants], ignore_index=True)
    return found.assign(company=name, seed=seed).to_dict("records")


def company_table() -> pd.DataFrame:
    rows = pd.DataFrame(
        [row for name in TRUTH for seed in range(1000, 1000 + N_SEEDS) for row in company_rows(name, seed)]
    )
    rows["truth"] = [
        TRUTH[name].get(term, np.nan if name == "demo" else 0.0) for name, term in rows[["company", "term"]].to_numpy()
    ]
    table = summary(rows, ["company", "term"])
    any_programme = (
        rows[rows["term"].isin(PROGRAMMES)].groupby(["company", "seed"])["verdict"].agg(lambda v: "yes" in set(v))
    )
    together = any_programme.groupby("company").mean().rename("yes").reset_index().assign(term="any programme")
    return pd.concat([table, together], ignore_index=True)


def picked(rng: np.random.Generator, *, effect: float, two_waves: bool, trend: float) -> pd.DataFrame:
    """240 units in 24 groups over 12 waves; of those that look worst in a wave, some act.

    What lasts, AR(.4) shocks of groups and of units, and sampling errors of one third of the variance. `trend` is added
    per wave to those that will act, up to their low wave: they were falling for good or rising before.
    """
    n, times, burn = 240, 12, 20
    group = np.repeat(np.arange(24), 10)

    def shocks(size: int) -> np.ndarray:
        values = np.zeros((size, times + burn))
        for time in range(1, times + burn):
            values[:, time] = 0.4 * values[:, time - 1] + rng.normal(0, (1 - 0.16) ** 0.5, size)
        return values[:, burn:]

    true = 0.15 * rng.standard_normal((n, 1)) + 0.15 * shocks(24)[group] + 0.2 * shocks(n)
    seen = true + rng.normal(0, 0.2, (n, times))
    looked = (seen + np.roll(seen, 1, axis=1)) / 2 if two_waves else seen
    first = np.full(n, np.nan)
    for wave in range(5, times - 1):
        worst = (looked[:, wave] < np.quantile(looked[:, wave], 0.2)) & np.isnan(first) & (rng.random(n) < 0.12)
        first[worst] = wave + 1
    after = np.arange(times) >= first[:, None]
    since = np.arange(times) - (first[:, None] - 1)
    moved = seen + effect * after + np.where(np.isfinite(since), trend * np.minimum(since, 0), 0.0)
    rows = pd.DataFrame({"entity": np.repeat(np.arange(n), times).astype(str), "time": np.tile(np.arange(times), n)})
    rows = rows.assign(y=moved.ravel(), first=np.repeat(first, times), cluster=np.repeat(group, times).astype(str))
    return rows.assign(until=rows["first"], stratum="one", hidden=False)


def selection_rows() -> pd.DataFrame:
    designs = [
        {"effect": 0.0, "two_waves": False, "trend": 0.0},
        {"effect": 0.2, "two_waves": False, "trend": 0.0},
        {"effect": 0.0, "two_waves": True, "trend": 0.0},
        {"effect": 0.0, "two_waves": False, "trend": 0.05},
    ]
    rows = []
    for design in designs:
        for rng in np.random.default_rng(11).spawn(N_PANELS):
            frame = picked(rng, **design)
            judged = judged_parts(action_sets(frame, waves=WAVES), smallest_effect=SMALLEST)
            variants = action_variants(frame, waves=WAVES).assign(verdict="")
            variants["term"] = "by " + variants["term"]
            found = pd.concat([judged, variants], ignore_index=True)
            rows += found.assign(**design, truth=design["effect"]).to_dict("records")
    return summary(pd.DataFrame(rows), ["effect", "two_waves", "trend", "term"])


def series_rows() -> pd.DataFrame:
    """How often the interval of a jump in one series of 14 waves leaves zero out, without an action."""
    rows, rng = [], np.random.default_rng(5)
    for autocorrelation in (0.0, 0.4):
        for picks_low in (False, True):
            found = []
            while len(found) < N_SERIES:
                values = np.zeros(34)
                for time in range(1, 34):
                    values[time] = autocorrelation * values[time - 1] + rng.standard_normal()
                y = values[20:]
                if picks_low and y[6] > np.quantile(y, 0.2):
                    continue
                table = interrupted_series(pd.DataFrame({"time": range(14), "y": y}), first=7).set_index("term")
                found.append(table.loc["jump", "ci_low"] > 0)
            rows.append({"autocorrelation": autocorrelation, "picks_low": picks_low, "share_above_0": np.mean(found)})
    return pd.DataFrame(rows)


def summary(rows: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    held = (rows["ci_low"] <= rows["truth"]) & (rows["truth"] <= rows["ci_high"])
    rows = rows.assign(
        held=held.astype("float64").where(rows["truth"].notna()),
        above=rows["ci_low"] > 0,
        **{name: rows["verdict"] == name for name in ("yes", "no")},
    )
    figures = {"n": ("estimate", "size"), "mean": ("estimate", "mean"), "sd": ("estimate", "std"), "se": ("se", "mean")}
    figures |= {
        "coverage": ("held", "mean"),
        "above_0": ("above", "mean"),
        "yes": ("yes", "mean"),
        "no": ("no", "mean"),
    }
    return rows.groupby(by, sort=False).agg(**figures).reset_index()


if __name__ == "__main__":
    for name, make in (("selection", selection_rows), ("series", series_rows), ("demo", company_table)):
        make().round(4).to_csv(HERE / f"{name}.csv", index=False)
