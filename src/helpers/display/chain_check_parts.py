"""Parts of the page on the chain that say how sure its links are: luck, other ways of looking, and what comes first."""

from __future__ import annotations

from helpers.display.chain_parts import ChainStudy
from helpers.display.forest_chart import forest_chart
from helpers.display.parts import Part
from helpers.display.tables import Column, table_of
from helpers.display.wording import Words
from helpers.display.wording import chain_links as link_words
from helpers.display.wording import chain_paths as path_words
from helpers.display.wording.chain_constructs import luck_sentence
from helpers.display.wording.numbers import is_missing
from helpers.display.wording.verdicts import verdict_text


def luck_part(study: ChainStudy, words: Words) -> Part:
    """Say how much of the measured differences is luck.

    Parameters
    ----------
    study : ChainStudy
    words : Words

    Returns
    -------
    Part
    """
    rows = [study.links.row(x, y, study.view, "corrected") for x, y in study.chain]
    return Part([luck_sentence(rows, words)])


def variants_part(study: ChainStudy, words: Words) -> Part:
    """Show the links of the chain as estimated otherwise, and all links in both views in their own units.

    Parameters
    ----------
    study : ChainStudy
    words : Words

    Returns
    -------
    Part
    """
    shown = link_words.variant_names(study.variants, words)
    chart = forest_chart(shown, words, quantity=link_words.quantity(words)) if len(shown) else None
    return Part([chart, link_words.undrawn_variants(study.variants, words), _views_table(study, words)])


def order_part(study: ChainStudy, words: Words) -> Part:
    """Say which construct moves first, with the waves before and after.

    Parameters
    ----------
    study : ChainStudy
    words : Words

    Returns
    -------
    Part
    """
    table = study.table("order")
    chart = forest_chart(path_words.step_names(table, words), words, quantity=path_words.order_quantity(words))
    return Part([path_words.order_sentences(table, words), chart])


def _views_table(study: ChainStudy, words: Words) -> object:
    """All links in their own units, within units and between them, with the answer to each."""
    rows = [
        dict(verdict.figures) | {"verdict": verdict.verdict}
        for verdict in study.verdicts.values()
        if not is_missing(verdict.figures["estimate"])
    ]
    columns = [
        Column(words.text("Link"), lambda row: link_words.viewed_name(row, words), is_number=False),
        Column(words.text("Estimate"), lambda row: link_words.own_units(row, words)[0]),
        Column(words.text("Interval"), lambda row: link_words.own_units(row, words)[1]),
        Column(words.text("Answer"), lambda row: verdict_text(row["verdict"], words), is_number=False),
    ]
    return table_of(
        rows, columns, words, caption=words.text("Links on the scale of the second, per point of the first")
    )
