"""Looks at made data of known truth, in parallel: a *design* is what is looked at, a *look* one sample of it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context

import numpy as np
import pandas as pd

SEED = 2026
# Looks of one task; small enough that no process waits for the last.
CHUNK = 25
Look = Callable[..., dict[str, object] | list[dict[str, object]]]


@dataclass(frozen=True)
class Design:
    """The function that looks, how often, and its choices; it takes a generator first and answers with its rows."""

    look: Look
    looks: int
    choices: dict[str, object] = field(default_factory=dict)


def simulate(
    designs: Mapping[str, Design],
    names: Iterable[str] | None = None,
    *,
    share: float = 1.0,
    jobs: int = 1,
    chunk: int = CHUNK,
) -> pd.DataFrame:
    """
    Look at all designs, in parallel.

    Parameters
    ----------
    designs : mapping of Design
        By name. The place of a design decides its seeds: new ones come last.
    names : iterable of str, optional
        Designs looked at. Default: all.
    share : float
        Share of the looks of each design.
    jobs : int
        Processes; the answer is the same for any number.
    chunk : int
        Looks of one task.

    Returns
    -------
    DataFrame
        One row per row of a look: ``design``, ``look`` (its number), ``seconds`` of processor time (in the first row
        of a look), and its figures.
    """
    tasks = []
    for number, (name, design) in enumerate(designs.items()):
        if names is None or name in names:
            looks = range(max(1, round(design.looks * share)))
            tasks += [(name, design, number, looks[start : start + chunk]) for start in looks[::chunk]]
    # The tasks of one design take alike; mixed, none is left to the end.
    tasks.sort(key=lambda task: task[3].start)
    if jobs == 1:
        return pd.concat([_look(*task) for task in tasks], ignore_index=True)
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        return pd.concat(pool.map(_look, *zip(*tasks, strict=True)), ignore_index=True)


def _look(name: str, design: Design, number: int, looks: range) -> pd.DataFrame:
    rows = []
    for look in looks:
        start = time.process_time()
        found = design.look(np.random.default_rng([SEED, number, look]), **design.choices)
        found = found if isinstance(found, list) else [found]
        seconds = time.process_time() - start
        rows += [row | {"design": name, "look": look, "seconds": 0.0} for row in found]
        rows[-len(found)]["seconds"] = seconds
    return pd.DataFrame(rows)
