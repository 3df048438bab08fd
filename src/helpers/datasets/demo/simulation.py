"""The demo company as tables, block by block.

A *block* of tables holds what some business units of one country add to the dataset; the whole is their concatenation.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

import pandas as pd
import pyarrow as pa

from helpers.datasets.demo.actions import action_rows
from helpers.datasets.demo.climate import CountryPaths, country_paths, enps_targets, nps_targets
from helpers.datasets.demo.company import Block, blocks, upper_units
from helpers.datasets.demo.customers import customer_answers, serve
from helpers.datasets.demo.outcomes import expected_rows, outcome_rows, realise_outcomes
from helpers.datasets.demo.questionnaire import ask_everyone, item_table
from helpers.datasets.demo.responding import employee_answers, invited, responses
from helpers.datasets.demo.staffing import absence, employments, fall_ill
from helpers.datasets.demo.streams import stream
from helpers.datasets.demo.truth import Truth
from helpers.datasets.demo.workforce import live

# The tables of the dataset, and `expected`, which only tests and validation read.
TABLES = (
    *("units", "employee_answers", "items", "invited", "customer_answers", "outcomes"),
    *("absence", "employments", "actions", "expected"),
)
# Below this even two teams in each business unit are too many.
LEAST_SCALE = 0.05


def simulate(
    truth: Truth, *, seed: int = 1, scale: float = 1.0, tables: Collection[str] | None = None
) -> dict[str, pd.DataFrame]:
    """Draw a demo dataset in memory.

    Parameters
    ----------
    truth : Truth
    seed : int
        The same seed gives the same tables; not negative.
    scale : float
        Times the number of teams; at least 0.05.
    tables : collection of str, optional
        Which of `TABLES` to make; all when left out. The others cost nothing and change nothing.

    Returns
    -------
    dict of str to DataFrame
        ``expected`` holds, per unit, period and measure, the NPS aimed at, the expected outcomes, and the realised eNPS
        and engagement of the whole payroll.
    """
    return gathered(draw(truth, seed=seed, scale=scale, tables=tables))


def draw(
    truth: Truth, *, seed: int, scale: float, tables: Collection[str] | None = None
) -> Iterator[dict[str, pa.Table]]:
    """Draw a demo dataset piece by piece, so that memory does not grow with `scale`.

    Parameters
    ----------
    truth, seed, scale, tables
        As for `simulate`.

    Yields
    ------
    dict of str to Table
        First the rows above the blocks, then those of each block.

    Raises
    ------
    ValueError
        For a negative seed, a scale that is too small or an unknown table.
    """
    wanted = set(TABLES if tables is None else tables)
    check_choices(seed, scale, wanted, TABLES)
    whole = whole_tables(upper_units(truth))
    yield {name: table for name, table in whole.items() if name in wanted}
    paths = country_paths(truth, stream(seed, "paths"))
    for block in blocks(truth, scale):
        yield Story(truth, block, paths, seed).tables(wanted)


def gathered(blocks_of_tables: Iterable[dict[str, pa.Table]]) -> dict[str, pd.DataFrame]:
    """Put the tables of all blocks below each other, by name."""
    pieces: dict[str, list[pa.Table]] = {}
    for block in blocks_of_tables:
        for name, table in block.items():
            pieces.setdefault(name, []).append(table)
    return {name: pa.concat_tables(parts).to_pandas() for name, parts in pieces.items()}


def whole_tables(units: pd.DataFrame) -> dict[str, pa.Table]:
    """Give what lies above the blocks: the rows of `units` there, and `items`."""
    return {"units": units_table(units), "items": pa.Table.from_pandas(item_table(), preserve_index=False)}


def check_choices(seed: int, scale: float, tables: set[str], known: Collection[str]) -> None:
    """Refuse a negative seed, a scale that is too small or a table that is not `known`.

    Raises
    ------
    ValueError
        For any of them.
    """
    if seed < 0:
        raise ValueError(f"seed must not be negative; found {seed}.")
    if not LEAST_SCALE <= scale < float("inf"):
        raise ValueError(f"scale must be at least {LEAST_SCALE} and finite; found {scale}.")
    unknown = sorted(tables.difference(known))
    if unknown:
        raise ValueError(f"tables must be among {', '.join(known)}; found {', '.join(unknown)}.")


def units_table(frame: pd.DataFrame) -> pa.Table:
    """Give rows of `units` as texts, whatever is empty."""
    schema = pa.schema([(column, pa.string()) for column in frame])
    return pa.Table.from_pandas(frame, schema, preserve_index=False)


class Story:
    """What happened in a block, told in the order in which one thing follows from another."""

    def __init__(self, truth: Truth, block: Block, paths: CountryPaths, seed: int) -> None:
        self.truth, self.block, self.seed = truth, block, seed
        climate = self._stream("climate")
        targets = enps_targets(truth, block, paths, climate)
        self.workforce = live(truth, block, targets, self._stream("workforce"))
        self.nps = nps_targets(truth, block, paths, self.workforce.enps, climate)

    def tables(self, wanted: set[str]) -> dict[str, pa.Table]:
        """Make the tables asked for."""
        result: dict[str, pa.Table] = {}
        if wanted & {"employee_answers", "customer_answers"}:
            result |= self._answers(wanted)
        if wanted & {"outcomes", "absence", "expected"}:
            result |= self._outcomes()
        truth, block, workforce = self.truth, self.block, self.workforce
        result["units"] = units_table(block.frame)
        if "invited" in wanted:
            result["invited"] = invited(truth, block, workforce.seats)
        if "employments" in wanted:
            result["employments"] = employments(truth, block, workforce, self._stream("exits"))
        if "actions" in wanted:
            result["actions"] = action_rows(truth, block, workforce.actions, self._stream("actions"))
        return {name: table for name, table in result.items() if name in wanted}

    def _stream(self, subject: str):
        return stream(self.seed, subject, self.block.country, self.block.number)

    def _answers(self, wanted: set[str]) -> dict[str, pa.Table]:
        truth, block, result = self.truth, self.block, {}
        payroll = ask_everyone(truth, self.workforce, self._stream("items"))
        if "employee_answers" in wanted:
            rng = self._stream("response")
            answered = responses(truth, payroll, block.n_teams, rng)
            result["employee_answers"] = employee_answers(truth, block, payroll, answered, rng)
        if "customer_answers" in wanted:
            rng = self._stream("customers")
            customers = serve(truth, self.workforce, payroll, self.nps, rng)
            result["customer_answers"] = customer_answers(truth, block, customers, rng)
        return result

    def _outcomes(self) -> dict[str, pa.Table]:
        truth, block, workforce = self.truth, self.block, self.workforce
        absences, rng = fall_ill(truth, workforce, self._stream("absence")), self._stream("outcomes")
        outcomes = realise_outcomes(truth, block, workforce, absences, self.nps, rng)
        scores = {"nps": self.nps, "enps": workforce.enps, "engagement": workforce.team_engagement}
        team_unit, waves = block.team_unit, truth.company.waves
        parts = [expected_rows(truth, block.team_ids, team_unit, name, v[-waves:]) for name, v in scores.items()]
        parts += [expected_rows(truth, o.ids, o.unit_at, o.measure, o.expected) for o in outcomes]
        return {
            "absence": absence(truth, block, workforce, absences),
            "outcomes": outcome_rows(truth, outcomes, rng),
            "expected": pa.concat_tables(parts),
        }
