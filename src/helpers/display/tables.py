"""Tables of released scores and of estimates, as a reader meets them: caption, scope, numbers to the right."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup

from helpers.display.templating import fill
from helpers.display.wording import Words, capital, plain
from helpers.display.wording.durations import moment
from helpers.display.wording.effects import Claim, effect_text
from helpers.display.wording.marks import msg
from helpers.display.wording.numbers import is_missing, significant_decimals
from helpers.display.wording.quartiles import gap_interval, gap_text, published_text
from helpers.display.wording.scores import change_text, interval_text, value_text
from helpers.release import ReleasedTable, released_rows

Row = Mapping[str, object]
SCALE_WORDS = {"raw": msg("own unit"), "sd": msg("standard deviations"), "percent": msg("percent")}


@dataclass(frozen=True)
class Table:
    """A table ready to be shown, and the words on the fold that hides it under a figure."""

    html: Markup
    summary: str

    def _repr_html_(self) -> str:
        return str(self.html)


@dataclass(frozen=True)
class Column:
    """A column: its title, its cell for a row, and whether it holds numbers."""

    title: str
    cell: Callable[[Row], str]
    is_number: bool = True


def released_table(table: ReleasedTable, words: Words, *, caption: str) -> Table:
    """Show released scores, one row per unit, period and measure; what is the same in all rows is left to the caption.

    Parameters
    ----------
    table : ReleasedTable
        In the order wanted. Columns ``name``, ``period``, ``measure``, ``estimate``, ``n``, and where known
        ``ci_low``, ``ci_high``, ``conf_level``, ``change``, ``change_low``, ``change_high``.
    words : Words
    caption : str
        Says what is shown, of whom and when.

    Returns
    -------
    Table
        Hidden rows say "not shown"; numbers of answers below 30 are bands, unless they were published.
    """
    rows = released_rows(table, "released_table")
    columns = [
        Column(words.text("Unit"), lambda row: row["name"], is_number=False),
        Column(words.text("Period"), lambda row: words.period(row["period"]), is_number=False),
        Column(words.text("Measure"), lambda row: capital(words.measure(row["measure"])), is_number=False),
    ]
    keys = ("name", "period", "measure")
    varying = [column for key, column in zip(keys, columns, strict=True) if len({row[key] for row in rows}) > 1]
    # One column of figures has the decimals that its smallest group can bear.
    smallest: dict[str, float] = {}
    for row in rows:
        if not is_missing(row["n"]):
            smallest[row["measure"]] = min(row["n"], smallest.get(row["measure"], row["n"]))
    rows = [row | {"n_answers": row["n"], "n": smallest.get(row["measure"])} for row in rows]
    figures = [
        Column(words.text("Value"), lambda row: _value(row, words)),
        Column(_interval_title([row.get("conf_level") for row in rows], words), lambda row: interval_text(row, words)),
    ]
    if any(not is_missing(row.get("change")) for row in rows):
        figures.append(Column(words.text("Change"), lambda row: _change(row, words)))
    if smallest:
        figures.append(Column(words.text("Answers"), lambda row: count_text(row["n_answers"], words, table)))
    return table_of(rows, [*(varying or columns[:1]), *figures], words, caption=caption)


def estimates_table(
    estimates: pd.DataFrame,
    words: Words,
    *,
    caption: str,
    claim: Claim | None = None,
    published: Mapping[str, float] | None = None,
) -> Table:
    """Show estimates, one row each.

    Parameters
    ----------
    estimates : DataFrame
        `ESTIMATE_COLUMNS`; described by ``outcome`` and ``scale`` (gaps of quartiles), by ``lag`` and perhaps
        ``direction`` ("forward" or "reverse"; lag profiles), or else by ``term``.
    words : Words
    caption : str
    claim : Claim, optional
        For lag profiles: what is claimed, so that effects are told per step of x.
    published : mapping of outcome to float, optional
        Gaps found elsewhere, on the scale of `estimates`.

    Returns
    -------
    Table
        A row without estimate says so.
    """
    levels = estimates.get("conf_level", ())
    figures = [
        Column(words.text("Estimate"), lambda row: _estimate(row, words, claim)),
        Column(_interval_title(levels, words), lambda row: _estimate_interval(row, words, claim)),
    ]
    if published:
        figures.append(Column(words.text("Published"), lambda row: _published(row, words, published)))
    counts = {"n": words.text("Observations"), "n_clusters": words.text("Groups")}
    figures += [
        Column(title, lambda row, name=name: "" if is_missing(row[name]) else words.number(row[name]))
        for name, title in counts.items()
        if name in estimates and estimates[name].notna().any()
    ]
    return table_of(
        estimates.to_dict("records"), [*_descriptions(estimates, words, claim), *figures], words, caption=caption
    )


def count_text(n: float, words: Words, table: ReleasedTable) -> str:
    """Write a number of answers of a table: empty where unknown, a band where the table does not tell it exactly."""
    return "" if is_missing(n) else words.count(n, exact=table.published)


def in_brackets(figure: str, interval: str) -> str:
    """Put an interval behind its figure in one cell, where a table would be too wide with a column for each."""
    return Markup("{} ({})").format(figure, interval) if interval else figure


def table_of(rows: Iterable[Row], columns: list[Column], words: Words, *, caption: str) -> Table:
    """Show rows by columns of one's own.

    Parameters
    ----------
    rows : iterable of mapping
    columns : list of Column
        The first holds the heads of the rows.
    words : Words
    caption : str

    Returns
    -------
    Table

    Raises
    ------
    ValueError
        Without a caption.
    """
    if not caption.strip():
        raise ValueError(f"caption must say what the table shows; found {caption!r}.")
    cells = [[column.cell(row) for column in columns] for row in rows]
    html = fill("table.html.j2", caption=caption, columns=columns, rows=cells)
    return Table(html, plain(words.text("The figures as a table")))


def _descriptions(estimates: pd.DataFrame, words: Words, claim: Claim | None) -> list[Column]:
    per_year = claim.periods_per_year if claim else 1
    known = {
        "direction": (words.text("Direction"), lambda row: _direction(row, words, claim)),
        "outcome": (words.text("Outcome"), lambda row: capital(words.measure(row["outcome"]))),
        "scale": (words.text("Scale"), lambda row: words.text(SCALE_WORDS[row["scale"]])),
        "lag": (words.text("When"), lambda row: _lag(row, words, per_year)),
    }
    shown = [name for name in known if name in estimates and (name != "scale" or estimates[name].nunique() > 1)]
    columns = [Column(title, cell, is_number=False) for title, cell in (known[name] for name in shown)]
    return columns or [Column(words.text("Quantity"), lambda row: row["term"], is_number=False)]


def _lag(row: Row, words: Words, periods_per_year: int) -> Markup:
    if is_missing(row["lag"]):
        return words.text("all lags together")
    return moment(words, int(row["lag"]), periods_per_year)


def _direction(row: Row, words: Words, claim: Claim) -> Markup:
    turned = claim.reverse if row["direction"] == "reverse" else claim
    return Markup("{} → {}").format(words.measure(turned.x), words.measure(turned.y))


def _estimate(row: Row, words: Words, claim: Claim | None) -> str:
    if is_missing(row["estimate"]):
        return words.text("cannot be given")
    if claim:
        return effect_text(row, words, _turned(row, claim))[0]
    if "scale" in row:
        return gap_text(row["estimate"], row, words, signed=True)
    return words.signed(row["estimate"], significant_decimals(row["estimate"]))


def _estimate_interval(row: Row, words: Words, claim: Claim | None) -> Markup:
    if is_missing(row["ci_low"]) or is_missing(row["ci_high"]):
        return Markup()
    if claim:
        return effect_text(row, words, _turned(row, claim), level=False)[1]
    if "scale" in row:
        return gap_interval(row, words, level=False)
    return words.interval(*(words.signed(row[name], significant_decimals(row[name])) for name in ("ci_low", "ci_high")))


def _turned(row: Row, claim: Claim) -> Claim:
    return claim.reverse if row.get("direction") == "reverse" else claim


def _published(row: Row, words: Words, published: Mapping[str, float]) -> str:
    value = published.get(row["outcome"])
    return "" if is_missing(value) else published_text(value, row, words)


def _value(row: Row, words: Words) -> str:
    if not row["released"]:
        return words.text("not shown")
    if is_missing(row["estimate"]):
        return words.text("not measured")
    return value_text(row, words)


def _change(row: Row, words: Words) -> Markup:
    return Markup() if is_missing(row["change"]) else change_text(row, words, level=False)


def _interval_title(levels: Iterable[float], words: Words) -> Markup:
    known = {level for level in levels if not is_missing(level)}
    if len(known) != 1:
        return words.text("Interval")
    return words.text("{level} interval", level=words.percent(known.pop(), 1))
