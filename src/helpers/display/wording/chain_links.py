"""Sentences about the links from leadership to loyalty: what goes with what, and how sure that is.

Rows are those of `helpers.stats.chain_links`, verdicts those of `helpers.stats.chain_verdict`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd
from markupsafe import Markup

from helpers.display.wording.amounts import amount_text, with_figures, with_interval
from helpers.display.wording.cautions import not_applicable
from helpers.display.wording.marks import msg
from helpers.display.wording.measures import measure_of
from helpers.display.wording.numbers import is_missing, significant_decimals
from helpers.display.wording.paragraph import Paragraph, capital, paragraph
from helpers.display.wording.verdicts import further_reason, lead_in
from helpers.display.wording.words import Words

Row = Mapping[str, object]
WITHIN = "within"
FACTS = {
    "within": {
        "more": msg("Where scores on {x} rise, those on {y} rise as well"),
        "less": msg("Where scores on {x} rise, those on {y} fall"),
        "unclear": msg("Where scores on {x} rise, those on {y} may rise or fall"),
        "small": msg("Where scores on {x} rise, those on {y} hardly move"),
    },
    "between": {
        "more": msg("Where scores on {x} are higher, those on {y} are higher as well"),
        "less": msg("Where scores on {x} are higher, those on {y} are lower"),
        "unclear": msg("Where scores on {x} are higher, those on {y} may be higher or lower"),
        "small": msg("Where scores on {x} are higher, those on {y} hardly differ"),
    },
}
CODAS = {
    "zero_excluded": msg("What one person adds to both answers plays no part in this."),
    "below_smallest": msg("So that link is too small to matter here."),
    "same_people": msg("The same people answer for both, and answers of others could not be set beside theirs."),
    "luck_unknown": msg("Luck in the scores makes a link look smaller, and how much luck there is, is not known."),
}
SUMMARIES = {
    "within": {
        "all": msg("Followed over time, units show every link from {first} to {last}."),
        "some": msg("Followed over time, units show {n_yes} of the {n} links from {first} to {last}."),
        "none": msg("Followed over time, units show none of the links from {first} to {last} for certain."),
    },
    "between": {
        "all": msg("Compared with each other, units show every link from {first} to {last}."),
        "some": msg("Compared with each other, units show {n_yes} of the {n} links from {first} to {last}."),
        "none": msg("Compared with each other, units show none of the links from {first} to {last} for certain."),
    },
}
VARIANTS = {
    "corrected": msg("{link}"),
    "measured": msg("{link}, as measured"),
    "beside": msg("{link}, beside the construct before it"),
    "between": msg("{link}, between units"),
    "within": msg("{link}, within units"),
}


def summary_sentence(
    verdicts: Sequence[str], words: Words, *, view: str, first: str, last: str, one_wave: bool
) -> Paragraph:
    """Sum the links of the chain up.

    Parameters
    ----------
    verdicts : sequence of {"yes", "no", "cannot_tell"}
        One for each link of the chain.
    words : Words
    view : {"within", "between"}
    first, last : str
        Constructs at the ends of these links.
    one_wave : bool
        Whether each unit was seen once only.

    Returns
    -------
    Paragraph
    """
    n_yes = sum(verdict == "yes" for verdict in verdicts)
    form = "all" if n_yes == len(verdicts) else "some" if n_yes else "none"
    names = {"first": words.measure(first), "last": words.measure(last)}
    told = words.text(SUMMARIES[view][form], n_yes=words.number(n_yes), n=words.number(len(verdicts)), **names)
    once = words.text("Each unit is seen once, so whether they move together cannot be told.") if one_wave else ""
    return paragraph(told, once)


def link_sentence(row: Row, words: Words, *, verdict: str, because: str, told_once: bool = False) -> Paragraph:
    """Answer whether y goes with x.

    Parameters
    ----------
    row : mapping
        The row judged.
    words : Words
    verdict : {"yes", "no", "cannot_tell"}
    because : str
        Rule of `helpers.stats.chain_verdict`.
    told_once : bool
        Whether what holds for each yes is told by `yes_sentence` instead, once below all links.

    Returns
    -------
    Paragraph
    """
    if is_missing(row["estimate"]):
        nothing = words.text("Of the link from {x} to {y} there is no estimate.", **_names(row, words))
        return paragraph(lead_in(verdict, words), nothing, _reason(row, words))
    fact = FACTS[str(row["view"])][form_of(row, because)]
    told = with_figures(words.text(fact, **_names(row, words)), figures(row, words), words)
    obstacle = _reason(row, words, "obstacle") if because == "same_people" else ""
    last = "" if told_once and because == "zero_excluded" else coda(because, words)
    return paragraph(lead_in(verdict, words), told, last, obstacle)


def yes_sentence(words: Words) -> Paragraph:
    """Say once, below several links, what holds for each yes among them."""
    return paragraph(words.text("In each yes, what one person adds to both answers plays no part."))


def form_of(row: Row, because: str) -> str:
    """Tell which form of a fact holds: "more", "less", "unclear" or "small"."""
    if because in ("below_smallest", "luck_unknown"):
        return "small"
    return "more" if row["ci_low"] > 0 else "less" if row["ci_high"] < 0 else "unclear"


def coda(because: str, words: Words) -> Markup:
    """What the rule that decided adds; empty where the figures say it already."""
    return words.text(CODAS[because]) if because in CODAS else further_reason(because, words)


def figures(row: Row, words: Words) -> Markup:
    """Write the size with its interval: in SD of y per SD of x, or in units of y where there is no SD free of luck."""
    if is_missing(row.get("ci_low_sd")):
        return own_figures(row, words)
    size = words.text("{size} per standard deviation", size=amount_text(row["estimate_sd"], words, "sd", signed=True))
    bounds = [words.signed(row[f"{name}_sd"], 2, fixed=True) for name in ("ci_low", "ci_high")]
    return with_interval(size, words.interval(*bounds), words, row.get("conf_level"))


def own_figures(row: Row, words: Words) -> Markup:
    """Write the size with its interval in units of y per point of x."""
    amount, interval = own_units(row, words)
    size = words.text("{size} per point of {x}", size=amount, x=words.measure(row["x"]))
    return with_interval(size, interval, words, row.get("conf_level"))


def link_name(row: Row, words: Words) -> Markup:
    """Name a link: ``Leadership → culture``."""
    return words.text("{x} → {y}", x=capital(words.measure(row["x"])), y=words.measure(row["y"]))


def viewed_name(row: Row, words: Words) -> Markup:
    """Name a link with the view it is seen in: ``Leadership → culture, within units``."""
    return words.text(VARIANTS[str(row["view"])], link=link_name(row, words))


def link_names(rows: Iterable[Row], words: Words) -> pd.DataFrame:
    """Lay judged rows out for a figure: figures in SD, with ``term`` and ``name``; those without figures left out."""
    told = [
        {
            "term": row["term"],
            "name": words.text(VARIANTS[str(row["form"])], link=link_name(row, words)),
            **{name: row[f"{name}_sd"] for name in ("estimate", "ci_low", "ci_high")},
            "conf_level": row["conf_level"],
        }
        for row in rows
    ]
    return pd.DataFrame(told).dropna(subset=["estimate"]).reset_index(drop=True)


def variant_names(variants: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Name the ways in which the links were estimated, for a figure."""
    shown = variants.dropna(subset=["estimate"])
    keys = [row["view"] if row["variant"] == "other_view" else row["variant"] for row in shown.to_dict("records")]
    names = [
        words.text(VARIANTS[key], link=link_name(row, words))
        for key, row in zip(keys, shown.to_dict("records"), strict=True)
    ]
    terms = [f"{x} > {y} {key}" for x, y, key in zip(shown["x"], shown["y"], keys, strict=True)]
    return shown.assign(term=terms, name=names).reset_index(drop=True)


def undrawn_sentence(rows: Iterable[Row], words: Words) -> Paragraph:
    """Name the links with an estimate that a chart in standard deviations cannot show; empty where it shows all."""
    undrawn = [row for row in rows if not is_missing(row["estimate"]) and is_missing(row["estimate_sd"])]
    names = [words.text("{x} → {y}", **_names(row, words)) for row in undrawn]
    if not names:
        return paragraph()
    return paragraph(
        words.text(
            "A chart cannot show {links}: there is no standard deviation free of luck to tell that in.",
            links=words.items(names),
        )
    )


def undrawn_variants(variants: pd.DataFrame, words: Words) -> Paragraph:
    """Say how many ways of looking a chart in standard deviations cannot show; empty where it shows all."""
    n = int(variants["estimate"].isna().sum())
    if not n:
        return paragraph()
    return paragraph(
        words.text(
            "A chart cannot show {n} of these ways, for lack of an estimate in standard deviations.", n=words.number(n)
        )
    )


def own_units(row: Row, words: Words) -> tuple[Markup, Markup]:
    """Write a link and its interval in units of y per unit of x; both empty where there is no estimate."""
    if is_missing(row["estimate"]):
        return Markup(), Markup()
    kind = measure_of(row["y"]).kind
    scale, usual = {"rate": (100, 1), "nps": (1, 1)}.get(kind, (1, 2))
    low, high = (scale * row[name] for name in ("ci_low", "ci_high"))
    # An interval that would be written as a single figure needs more decimals.
    decimals = max(usual, significant_decimals(max(abs(low), abs(high)), 1))
    bounds = [words.signed(bound, decimals, fixed=True) for bound in (low, high)]
    if kind in ("nps", "rate"):
        return amount_text(row["estimate"], words, kind, decimals=decimals, signed=True), words.interval(*bounds)
    return Markup(words.signed(row["estimate"], decimals, fixed=True)), words.interval(*bounds)


def quantity(words: Words) -> Markup:
    """Name what the links are told in."""
    return words.text("Standard deviations of the second per standard deviation of the first")


def _names(row: Row, words: Words) -> dict[str, Markup]:
    return {name: words.measure(row[name]) for name in ("x", "y")}


def _reason(row: Row, words: Words, name: str = "reason") -> Markup:
    return not_applicable(str(row[name]), row[f"{name}_values"], words)
