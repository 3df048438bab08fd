"""The table `actions`: what was decided for weak teams, well put or not."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from helpers.datasets.demo.arrow import days, numbers, text
from helpers.datasets.demo.company import Block
from helpers.datasets.demo.truth import Truth
from helpers.datasets.demo.workforce import ELEMENTS, Action

PROGRAMMES = ("action", "one_to_ones", "mentor", "voice", "outing")
OWNERS = ("team manager", "business unit manager", "HR adviser")
DESCRIPTIONS = (
    "Every team member talks about goals with the manager once a month.",
    "Two ideas of the team are chosen and carried out each quarter.",
    "New colleagues get a mentor for their first half year.",
    "The roster is made together with the team, six weeks ahead.",
)
VAGUE = "Improve the atmosphere."
# Aimed at, in points of the item scale above the baseline.
STEP = 0.3
# What an action lacks that is not SMART: a clear description, a measure with its target, an owner, or a date.
LACKS = ("description", "measure", "owner", "due")


def action_rows(truth: Truth, block: Block, actions: Sequence[Action], rng: np.random.Generator) -> pa.Table:
    """Make the rows of `actions`: decided after a wave, carried out in the next year.

    Parameters
    ----------
    truth : Truth
    block : Block
    actions : sequence of Action
    rng : Generator

    Returns
    -------
    Table
        Columns of the contract, one row per action.
    """
    n, first_year = len(actions), truth.company.first_year
    decided, team, element = np.array([(a.wave, a.team, a.element) for a in actions], int).reshape(n, 3).T
    year = decided - truth.burn_in + 1
    without, silent = _lacks(truth, n, rng), np.array([not action.communicated for action in actions], bool)
    baseline = np.round([action.baseline for action in actions], 2)
    columns = {
        "action_id": pa.array([f"{block.country:02d}-{block.number:03d}-{at + 1:03d}" for at in range(n)], pa.string()),
        "unit_id": text(block.team_ids, block.team_unit[year, team]),
        "element": text(ELEMENTS, element),
        "programme": text(PROGRAMMES, rng.integers(len(PROGRAMMES), size=n)),
        "description": _descriptions(without["description"], rng),
        "owner_role": text(OWNERS, rng.integers(len(OWNERS), size=n), without["owner"]),
        "measure": text(ELEMENTS, element, without["measure"]),
        "baseline": numbers(baseline, without["measure"]),
        "target": numbers(np.round(baseline + STEP, 2), without["measure"]),
        "communicated_on": days(first_year, year + rng.uniform(0.04, 0.12, n), silent),
        "start": days(first_year, year + rng.uniform(0.13, 0.25, n)),
        "due": days(first_year, year + rng.uniform(0.75, 0.99, n), without["due"]),
    }
    return pa.table(columns)


def _lacks(truth: Truth, n: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Say for each thing that makes an action SMART which actions go without it."""
    lacks = np.where(rng.random(n) < truth.actions.smart, -1, rng.integers(len(LACKS), size=n))
    return {name: lacks == at for at, name in enumerate(LACKS)}


def _descriptions(vague: np.ndarray, rng: np.random.Generator) -> pa.Array:
    clear = rng.integers(len(DESCRIPTIONS), size=len(vague))
    return text((*DESCRIPTIONS, VAGUE), np.where(vague, len(DESCRIPTIONS), clear))
