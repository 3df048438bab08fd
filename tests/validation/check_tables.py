"""The tables of the part of docs/validation.md on the checks of a lag claim."""

from __future__ import annotations

from datetime import date

import pandas as pd
from check_designs import COMPANIES, company_name
from check_looks import CURVE_DRAWS, GRANGER_DRAWS, LEVEL, SEARCH_DRAWS
from check_panels import COMPANY_KEPT, COMPANY_TIMES, COMPANY_UNITS, REGIONS
from check_targets import SIZE
from lag_panels import N_UNITS
from looks import SEED
from measures import share_error
from target_table import target_lines

# Monte Carlo errors beyond which a share is not a matter of chance.
SLACK = 2


def size_table(found: pd.DataFrame) -> pd.DataFrame:
    """
    Share of panels like the demo's in which each check rejects, though x does nothing to y.

    Parameters
    ----------
    found : DataFrame
        As `looks.simulate` gives it.

    Returns
    -------
    DataFrame, one row per world and check
        ``world``, ``check``, ``rejects`` (of the panels on which it is told), ``mc_error``, ``told`` (share), and
        ``keeps``: "yes" up to `SIZE`, "no" when more than `SLACK` errors above it, else "unclear".
    """
    designs = {company_name(world): world for world in COMPANIES}
    looks = found[found["design"].isin(designs)]
    p_values = looks.drop(columns=["look", "seconds"]).dropna(axis="columns", how="all")
    rows = []
    for design, part in p_values.set_index("design").groupby(level=0, sort=False):
        for check, p in part.items():
            told, n = p.dropna().astype(float), p.notna().sum()
            rejects = (told <= LEVEL).mean()
            row = {"world": designs[design], "check": check, "rejects": rejects, "told": n / len(p), "panels": len(p)}
            rows.append(row | {"mc_error": share_error(rejects, n)})
    table = pd.DataFrame(rows)
    return table.assign(keeps=[_keeps(*row) for row in zip(table["rejects"], table["mc_error"], strict=True)])


def check_report(
    table: pd.DataFrame, sizes: pd.DataFrame, *, minutes: float, jobs: int, share_of_panels: float = 1.0
) -> str:
    """Write the part as Markdown; a share below 1 is told."""
    fewer = f", with {share_of_panels:.0%} of the panels planned" if share_of_panels < 1 else ""
    lines = [
        "## Checks of a lag claim",
        "",
        f"{N_UNITS} units, x and errors AR(.4) of equal SD; T counts calendar periods. The search is over lags 0 to 3, "
        f"lag 2 is right. Draws: {SEARCH_DRAWS} of the search, {GRANGER_DRAWS} of the Granger test, {CURVE_DRAWS} of "
        "the curve. Biases are means over panels in which x answers to y of the period before (.3), and y to its own "
        "past (.4). A local projection follows y for 3 periods after a rise of x, with an effect of .3 after one. Run "
        f"on {date.today()} with seed {SEED}, {minutes:.0f} minutes on {jobs} processes{fewer}; the seconds are "
        "processor time of the design, which several lines may share. ± is one Monte Carlo error.",
        "",
        *target_lines(table, "panels"),
        "## What the checks reject on panels like the demo's",
        "",
        f"{COMPANY_UNITS} units over {COMPANY_TIMES} periods, {1 - COMPANY_KEPT:.0%} of the rows missing, years good "
        "or bad for all; x does nothing to y. With *feedback*, x answers to y of the period before; y's own past then "
        "links x to y at lag 0, which tests of any lag may find. In the last world, which is not the demo's, "
        f"{REGIONS} regions also share AR shocks as large as the movements of a unit, "
        "in x and in y apart. Shares rejected at 5 %; lag 2 is claimed, with lags 0 to 3, and the Granger test has 2 "
        f"lags. Bold: more than {SLACK} Monte Carlo errors above {SIZE:g}. A check *keeps its level* where "
        "neither of the first two worlds is above that, and does not where one is bold; else it is unclear.",
        "",
        *_size_lines(sizes),
    ]
    return "\n".join(lines)


def _keeps(rejects: float, error: float) -> str:
    if rejects <= SIZE:
        return "yes"
    return "no" if rejects > SIZE + SLACK * error else "unclear"


def _size_lines(sizes: pd.DataFrame) -> list[str]:
    lines = [f"| check | {' | '.join(COMPANIES)} | least share told | keeps its level |", f"|{'---|' * 6}"]
    for check, rows in sizes.groupby("check", sort=False):
        by_world = rows.set_index("world")
        cells = [_cell(by_world.loc[world]) if world in by_world.index else "–" for world in COMPANIES]
        kept = set(by_world["keeps"].reindex(list(COMPANIES)[:2]))
        said = "**no**" if "no" in kept else "unclear" if "unclear" in kept else "yes"
        lines.append(f"| {check} | {' | '.join(cells)} | {rows['told'].min():.2f} | {said} |")
    return [*lines, ""]


def _cell(row: pd.Series) -> str:
    text = f"{row['rejects']:.3f}"
    return f"{f'**{text}**' if row['keeps'] == 'no' else text} ± {row['mc_error']:.3f}"
