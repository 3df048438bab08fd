"""Sentences about whole paths, the weakest link, what sincerity carries, and which construct moves first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from markupsafe import Markup

from helpers.display.wording.amounts import amount_text, with_figures
from helpers.display.wording.chain_links import coda, figures, form_of, link_name, own_figures, own_units
from helpers.display.wording.marks import msg
from helpers.display.wording.numbers import is_missing
from helpers.display.wording.paragraph import Paragraph, capital, paragraph
from helpers.display.wording.verdicts import lead_in
from helpers.display.wording.words import Words

Row = Mapping[str, object]
PATHS = {
    "more": msg("Along the whole path, higher scores on {x} go with higher scores on {y}"),
    "less": msg("Along the whole path, higher scores on {x} go with lower scores on {y}"),
    "unclear": msg("Along the whole path, higher scores on {x} may go with higher or lower ones on {y}"),
    "small": msg("Along the whole path, scores on {x} hardly go with those on {y}"),
}
PATH_CODAS = {
    "zero_excluded": msg("That is the product of the links; it holds if each construct acts on the next one only."),
    "below_smallest": msg("That is too small to matter here."),
    "a_link_open": msg("Not every one of its links is found by itself, so neither is the path."),
}
CARRIED = {
    "more": msg("Through {m}, higher scores on {x} go with higher scores on {y}"),
    "less": msg("Through {m}, higher scores on {x} go with lower scores on {y}"),
    "unclear": msg("Through {m}, higher scores on {x} may go with higher or lower ones on {y}"),
    "small": msg("Through {m}, scores on {x} hardly go with those on {y}"),
}
CARRIED_CODAS = {
    "zero_excluded": msg("It holds too where one half of the people answers for {m} and the other half for {y}."),
    "below_smallest": msg("That is too small to matter here."),
    "not_separable": msg(
        "Nearly all that units share in {m} goes with {x}, so answers of other people cannot tell the two apart."
    ),
    "same_people": msg("The same people answer for {m} and {y}, and answers of others do not show it."),
}
TERMS = {
    "first": msg("{m} per point of {x}"),
    "second": msg("{y} per point of {m}, beside {x}"),
    "indirect": msg("{y} per point of {x}, through {m}"),
    "direct": msg("{y} per point of {x}, not through {m}"),
    "total": msg("{y} per point of {x}, in all"),
}
ORDERS = {
    "first": msg("{x} of the wave before goes with {y} more than {x} of the wave after: that fits the order claimed."),
    "last": msg("{x} of the wave after goes with {y} more than {x} of the wave before: that fits the opposite order."),
    "against": msg("For {x} and {y}, a wave before or after goes against the claim, so that no order can be told."),
    "same_wave": msg("Beside the same wave, neither the wave before nor the wave after tells an order of {x} and {y}."),
    "unclear": msg("For {x} and {y}, the waves before and after do not tell which comes first."),
}
STEPS = {
    "before": msg("{link}, wave before"),
    "same": msg("{link}, same wave"),
    "after": msg("{link}, wave after"),
}


def path_sentence(row: Row, words: Words, *, verdict: str, because: str, told_once: bool = False) -> Paragraph:
    """Answer whether what a path begins with goes with what it ends with.

    Parameters
    ----------
    row : mapping
        Of `helpers.stats.chain_draws.path_effects`, with an interval.
    words : Words
    verdict : {"yes", "no", "cannot_tell"}
    because : str
        Rule of `helpers.stats.chain_verdict`.
    told_once : bool
        Whether what holds for each yes is told by `yes_sentence` instead, once below all paths.

    Returns
    -------
    Paragraph
    """
    names = {"x": words.measure(row["path"][0]), "y": words.measure(row["path"][-1])}
    ends = dict(row) | {"x": row["path"][0], "y": row["path"][-1]}
    told = with_figures(words.text(PATHS[form_of(row, because)], **names), figures(ends, words), words)
    last = words.text(PATH_CODAS[because]) if because in PATH_CODAS else coda(because, words)
    return paragraph(lead_in(verdict, words), told, "" if told_once and because == "zero_excluded" else last)


def open_paths(paths: Sequence[Sequence[str]], words: Words) -> Paragraph:
    """Say of paths without an interval, all from one construct, why they have none; empty where there are none."""
    if not paths:
        return paragraph()
    names = {"x": words.measure(paths[0][0]), "y": words.items([words.measure(path[-1]) for path in paths])}
    return paragraph(
        lead_in("cannot_tell", words),
        words.text(
            "What passes from {x} to {y} needs every link freed of luck, which these data do not allow.", **names
        ),
    )


def yes_sentence(words: Words) -> Paragraph:
    """Say once, below several paths, what holds for each yes among them."""
    return paragraph(
        words.text("Each yes is the product of its links, and holds if each construct acts on the next one only.")
    )


def units_sentence(rows: Sequence[Row], words: Words) -> Paragraph:
    """Say why some paths are told per point beside others in standard deviations; empty where all are told alike."""
    per_point = [row for row in rows if is_missing(row["ci_low_sd"])]
    if not 0 < len(per_point) < len(rows):
        return paragraph()
    ends = words.items([words.measure(row["path"][-1]) for row in per_point])
    return paragraph(
        words.plural(
            "The path to {ends} is told per point: a standard deviation free of luck is not sure enough there.",
            "The paths to {ends} are told per point: standard deviations free of luck are not sure enough there.",
            len(per_point),
            ends=ends,
        )
    )


def weakest_sentence(table: pd.DataFrame, words: Words) -> Paragraph:
    """Name the weakest link where the data tell it, and say that they do not where they do not.

    Parameters
    ----------
    table : DataFrame
        Answer of `helpers.stats.chain_draws.weakest_link`.
    words : Words
    """
    lowest = table.iloc[0]
    names = {"x": words.measure(lowest["x"]), "y": words.measure(lowest["y"])}
    if not table.attrs["told"]:
        return paragraph(
            words.text("Which link is the weakest cannot be told."),
            words.text("That from {x} to {y} looks lowest, but not clearly lower than every other.", **names),
        )
    least = amount_text(table["ahead_low"].iloc[1:].min(), words, "sd")
    return paragraph(
        words.text("The weakest link is the one from {x} to {y}.", **names),
        words.text(
            "With {level} certainty, every other link exceeds it by {least} or more.",
            least=least,
            level=words.percent(table.attrs["conf_level"]),
        ),
    )


def carried_sentence(names: Mapping[str, str], row: Row, words: Words, *, verdict: str, because: str) -> Paragraph:
    """Answer whether m carries part of the link of y with x.

    Parameters
    ----------
    names : mapping
        The constructs ``x``, ``m``, ``y``.
    row : mapping
        The indirect part by the same people.
    words : Words
    verdict : {"yes", "no", "cannot_tell"}
    because : str
        Rule of `helpers.stats.chain_mediation.mediation_verdict`.
    """
    bare = {name: words.measure(construct, definite=name == "m") for name, construct in names.items()}
    if is_missing(row.get("ci_low")):
        return paragraph(lead_in(verdict, words), coda(because, words))
    told = own_figures(dict(row) | {"x": names["x"], "y": names["y"]}, words)
    fact = with_figures(words.text(CARRIED[form_of(row, because)], **bare), told, words)
    last = words.text(CARRIED_CODAS[because], **bare) if because in CARRIED_CODAS else coda(because, words)
    return paragraph(lead_in(verdict, words), fact, last)


def step_rows(names: Mapping[str, str], table: pd.DataFrame, words: Words) -> list[dict[str, object]]:
    """Rows of a table of the steps through m: ``step``, ``estimate``, ``interval`` as text."""
    rows = []
    for row in table.to_dict("records"):
        bare = {name: words.measure(construct) for name, construct in names.items()}
        size, interval = own_units(row | {"y": names["m" if row["term"] == "first" else "y"]}, words)
        step = capital(words.text(TERMS[row["term"]], **bare))
        rows.append({"step": step, "estimate": size, "interval": interval})
    return rows


def order_sentences(table: pd.DataFrame, words: Words) -> Paragraph:
    """Say of each link whether one of its constructs moves first.

    Parameters
    ----------
    table : DataFrame
        Answer of `helpers.stats.chain_order.chain_order`.
    words : Words
    """
    links = table.drop_duplicates(["x", "y"]).to_dict("records")
    told = [
        capital(words.text(ORDERS[row["order"]], x=words.measure(row["x"]), y=words.measure(row["y"]))) for row in links
    ]
    return paragraph(*told)


def order_quantity(words: Words) -> Markup:
    """Name what the waves of a link are told in."""
    return words.text("Standard deviations of the second per standard deviation of the first, by wave of the first")


def step_names(table: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Name the waves of each link, for a figure."""
    names = [words.text(STEPS[row["step"]], link=link_name(row, words)) for row in table.to_dict("records")]
    return table.assign(name=names).drop(columns="n")


def no_sincerity(words: Words) -> Paragraph:
    """Say that nothing is known of what customers think of the staff."""
    return paragraph(
        words.text(
            "How sincere customers find the staff was not asked beside engagement and loyalty, "
            "so what it carries cannot be looked at."
        )
    )
