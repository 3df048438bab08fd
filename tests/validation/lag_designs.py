"""The panels in which the lag tests are looked at, and the looks, in parallel."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context

import lag_panels
import numpy as np
import pandas as pd

SEED = 2026
# Panels of one task; small enough that no process waits for the last.
CHUNK = 25
SIZE, POWERED, COSTLY, PRINTED = 2000, 1000, 300, 200
# Effect and reliability of the panels whose yeses are graded.
GRADED = ((0.3, 1.0), (0.3, 0.8), (0.6, 0.8))


@dataclass(frozen=True)
class Design:
    """What is looked at (`lag_panels`), in how many panels, under which choices."""

    look: str
    panels: int
    choices: dict[str, object] = field(default_factory=dict)


def designs() -> dict[str, Design]:
    """All that is simulated, by name."""
    found = {}
    for n_times in (8, 12, 15):
        found[f"null {n_times}"] = Design("intervals", SIZE, {"n_times": n_times})
        strong = {"n_times": n_times, "effect": 0.3, "bootstrap": True}
        found[f"strong {n_times}"] = Design("intervals", SIZE, strong)
        weak = {"n_times": n_times, "effect": 0.1}
        found[f"weak {n_times}"] = Design("intervals", POWERED, weak)
        found[f"effect 0.1, T = {n_times}"] = Design("claims", COSTLY, weak)
        found[f"printed {n_times}"] = Design("detectables", PRINTED, {"n_times": n_times})
    for n_times in (11, 14):
        found[f"feedback {n_times}"] = Design("intervals", SIZE, {"n_times": n_times, "feedback": 0.3})
        found[f"feedback 0.3, no effect, T = {n_times}"] = Design(
            "claims", COSTLY, {"n_times": n_times, "feedback": 0.3}
        )
    for n_times in (8, 12):
        for reliability in (0.8, 0.6):
            choices = {"n_times": n_times, "effect": 0.3, "reliability": reliability}
            found[f"error {n_times} {reliability:g}"] = Design("corrections", POWERED, choices)
    found["no effect, reliability 0.8, T = 14"] = Design("claims", SIZE, {"n_times": 14, "reliability": 0.8})
    for effect, reliability in GRADED:
        choices = {"n_times": 14, "effect": effect, "reliability": reliability}
        found[graded(effect, reliability)] = Design("claims", COSTLY, choices)
    for levels in (False, True):
        name = "levels only" if levels else "independent"
        found[f"necessity {name}"] = Design("necessities", POWERED, {"n_times": 14, "levels": levels})
    # Last, so that the seeds of the others stay: from how many periods the right lag is found.
    found["strong 9"] = Design("intervals", POWERED, {"n_times": 9, "effect": 0.3})
    return found


def graded(effect: float, reliability: float) -> str:
    """Name of a design whose yeses are graded."""
    return f"effect {effect:g}, reliability {reliability:g}, T = 14"


def simulate(names: Iterable[str] | None = None, *, panels: float = 1.0, jobs: int = 1) -> pd.DataFrame:
    """
    Look at all panels, in parallel.

    Parameters
    ----------
    names : iterable of str, optional
        Designs looked at. Default: all.
    panels : float
        Share of the panels of each design.
    jobs : int
        Processes; the answer is the same for any number.

    Returns
    -------
    DataFrame
        One row per panel: ``design``, ``seconds`` of processor time, and the figures of its look.
    """
    tasks = []
    for number, (name, design) in enumerate(designs().items()):
        if names is None or name in names:
            n_panels = max(1, round(design.panels * panels))
            tasks += [(name, number, range(n_panels)[start : start + CHUNK]) for start in range(0, n_panels, CHUNK)]
    # The tasks of one design take alike; mixed, none is left to the end.
    tasks.sort(key=lambda task: task[2].start)
    if jobs == 1:
        return pd.concat([_look(*task) for task in tasks], ignore_index=True)
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        return pd.concat(pool.map(_look, *zip(*tasks, strict=True)), ignore_index=True)


def _look(name: str, number: int, panels: range) -> pd.DataFrame:
    design, rows = designs()[name], []
    look = getattr(lag_panels, design.look)
    for panel in panels:
        start = time.process_time()
        row = look(np.random.default_rng([SEED, number, panel]), **design.choices)
        rows.append(row | {"design": name, "seconds": time.process_time() - start})
    return pd.DataFrame(rows)
