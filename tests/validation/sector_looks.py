"""Looks at made sectors: what a meta-analysis of their organisations and their own quartile gaps give, beside truth."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
from looks import Design

from helpers.datasets.dataset import open_dataset
from helpers.datasets.demo import load_sector, make_sector
from helpers.datasets.demo.sector import LEVELS, OUTCOMES, Sector, differing
from helpers.datasets.demo.sector_truth import organisation_correlations
from helpers.datasets.demo.truth import Section
from helpers.datasets.panels import quartile_frame
from helpers.datasets.studies import unit_studies
from helpers.stats.artifact_corrections import individual_corrections
from helpers.stats.meta_study import CHOICES, meta_study
from helpers.stats.organisation_gaps import median_gaps, organisation_gaps
from helpers.stats.random_effects import random_effects

SECTORS, NULL_SECTORS, SCALE = 120, 60, 0.5
POPULATION = 20_000
SECTOR, NULL = "demo-sector", "no mean effect"
MEAN_R, RHO, RHO_KNOWN, REML = "mean r", "mean rho", "mean rho, true reliabilities", "mean r, REML + HK"
SPREAD = "SD of z, REML"
INTERVAL = ("ci_low", "ci_high")
Row = dict[str, object]


def designs() -> dict[str, Design]:
    """The demo sector, and one in which organisations differ around no effect."""
    return {
        SECTOR: Design(sector, SECTORS, {"null": False, "scale": SCALE}),
        NULL: Design(sector, NULL_SECTORS, {"null": True, "scale": SCALE}),
    }


def sector(rng: np.random.Generator, *, null: bool, scale: float) -> list[Row]:
    """
    Make a sector and estimate as the notebooks 02 and 03 do.

    Returns
    -------
    list of dict
        ``quantity``, ``outcome``, ``estimate``, ``ci_low``, ``ci_high``, ``truth``; for means ``sd``, ``true_sd`` and
        ``held`` (share of all true correlations in the credibility or prediction interval); for the mean rho
        ``verdict`` and the reliabilities found and true (``rxx``, ``true_rxx``, ``ryy``, ``true_ryy``).
    """
    chosen, seed = _truth(null), int(rng.integers(2**31))
    with tempfile.TemporaryDirectory(prefix="excx-validate-") as folder:
        dataset = open_dataset(make_sector(Path(folder) / "sector", chosen, seed=seed, scale=scale))
        frame, studies = quartile_frame(dataset), unit_studies(dataset).studies
        true = pd.read_parquet(dataset.folder / "truth/organisations.parquet").rename(columns={"unit_id": "study"})
        expected = pd.read_parquet(dataset.folder / "truth/expected.parquet")
    reliabilities = true[["study", "outcome", "rxx", "ryy"]]
    known = studies.drop(columns=["rxx", "ryy"]).merge(reliabilities, on=["study", "outcome"])
    rows = [row for name, group in known.groupby("outcome") for row in _spreads(name, group, null)]
    for found in meta_study(studies).summary.to_dict("records"):
        rows += _means(found, true[true["outcome"] == found["outcome"]], null)
    return rows + _median_gaps(frame, expected, null)


@cache
def _truth(null: bool) -> Sector:
    made = load_sector()
    if not null:
        return made
    return replace(made, slopes=Section({name: (0.0, made.slopes[name][1]) for name in OUTCOMES}))


@cache
def population(null: bool) -> dict[str, pd.DataFrame]:
    """True ``r`` and ``rho`` of many organisations that could be drawn, by outcome."""
    uniform = np.random.default_rng(0).random((POPULATION, len(LEVELS) + len(OUTCOMES)))
    made = _truth(null)
    return dict(iter(organisation_correlations(made, differing(made, uniform)).groupby("outcome")))


def _means(found: Row, true: pd.DataFrame, null: bool) -> list[Row]:
    """What the meta-analysis of one outcome prints."""
    every = population(null)[found["outcome"]]
    parts = {
        MEAN_R: ("mean_r", "sd_res", "r_cr", every["r"].mean(), every["r"]),
        RHO: ("rho", "sd_rho", "rho_cr", every["rho"].mean(), every["rho"]),
        REML: ("re_r", "tau2", "pi", np.tanh(np.arctanh(every["r"]).mean()), every["r"]),
    }
    rows = []
    for quantity, (mean, sd, inside, truth, values) in parts.items():
        side = "re" if mean == "re_r" else mean
        row = {"quantity": quantity, "outcome": found["outcome"], "estimate": found[mean], "truth": truth}
        row |= {"ci_low": found[f"{side}_low"], "ci_high": found[f"{side}_high"]}
        row["held"] = values.between(found[f"{inside}_low"], found[f"{inside}_high"]).mean()
        rows.append(row if quantity == REML else row | {"sd": found[sd], "true_sd": values.std()})
    rows[1] |= {"verdict": found["verdict"], "rxx": found["mean_rxx"], "ryy": found["mean_ryy"]}
    rows[1] |= {"true_rxx": true["rxx"].mean(), "true_ryy": true["ryy"].mean()}
    return rows


def _spreads(outcome: str, studies: pd.DataFrame, null: bool) -> list[Row]:
    """The mean rho if reliabilities were known, and the SD between organisations with its interval."""
    every = population(null)[outcome]
    known, z = (method.iloc[0] for method in (individual_corrections(studies, **CHOICES), random_effects(studies)))
    rho = {"quantity": RHO_KNOWN, "estimate": known["estimate"], "truth": every["rho"].mean()}
    rho |= {name: known[name] for name in INTERVAL} | {"sd": known["sd_rho"], "true_sd": every["rho"].std()}
    rho["held"] = every["rho"].between(known["cr_low"], known["cr_high"]).mean()
    spread = {"quantity": SPREAD, "estimate": z["tau2"] ** 0.5, "truth": np.arctanh(every["r"]).std()}
    spread |= {"ci_low": z["tau2_low"] ** 0.5, "ci_high": z["tau2_high"] ** 0.5}
    return [row | {"outcome": outcome} for row in (rho, spread)]


def _median_gaps(frame: pd.DataFrame, expected: pd.DataFrame, null: bool) -> list[Row]:
    """Median gaps, beside those of the expected outcomes of the same units: without the noise of a year."""
    renamed = expected.rename(columns={"unit_id": "entity", "measure": "outcome"})
    known = frame.dropna(subset=["engagement", "value"]).merge(renamed, on=["entity", "period", "outcome"])
    true = median_gaps(organisation_gaps(known.assign(value=known["expected"])))
    true = true.set_index(["outcome", "scale"])["estimate"]
    found = median_gaps(organisation_gaps(frame))
    found = found[found["scale"].isin(["raw", "percent"]) & found["estimate"].notna()]
    rows = []
    for row in found.to_dict("records"):
        figures = {name: row[name] for name in ("outcome", "estimate", *INTERVAL)}
        truth = 0.0 if null else true[row["outcome"], row["scale"]]
        rows.append(figures | {"quantity": f"median gap, {row['scale']}", "truth": truth})
    return rows
