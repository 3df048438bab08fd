"""Signs that nobody sees: control characters, marks of zero width, and those that turn the reading direction.

A name that holds them can disguise the figure beside it, or pass for another name. They are taken out where text is
typed (`helpers.datasets.conversion`), so that nothing read from a table holds them.
"""

from __future__ import annotations

import re

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

# A line break or tab parts words, so a space takes its place.
_BREAKS = r" *[\t-\r\x{85}\x{2028}\x{2029}]+ *"
# Controls; soft hyphen; marks and embeddings of direction; zero width; deprecated formatting; byte order mark;
# annotations; tags, which spell whole texts unseen.
_HIDDEN = (
    r"[\x{00}-\x{08}\x{0E}-\x{1F}\x{7F}-\x{84}\x{86}-\x{9F}\x{AD}\x{034F}\x{061C}\x{115F}\x{1160}\x{17B4}\x{17B5}"
    r"\x{180B}-\x{180F}\x{200B}-\x{200F}\x{202A}-\x{202E}\x{2060}-\x{206F}\x{3164}\x{FE00}-\x{FE0F}\x{FEFF}\x{FFA0}"
    r"\x{FFF0}-\x{FFFB}\x{E0000}-\x{E0FFF}]+"
)
_ANY = f"{_HIDDEN}|{_BREAKS}"
_IN_PYTHON = re.compile(re.sub(r"\\x\{([0-9A-F]+)\}", lambda sign: f"\\U{sign[1]:0>8}", _HIDDEN))


def without_hidden(cells: pd.Series) -> pd.Series:
    """Take hidden signs out of texts.

    Parameters
    ----------
    cells : Series of str, shape (n,)

    Returns
    -------
    Series of str, shape (n,)
        Line breaks and tabs become a space, outer spaces go, and a cell of nothing else is missing.
    """
    found = with_hidden(cells)
    if not found.any():
        return cells
    texts = pa.array(cells[found], type=pa.large_string())
    cleaned = pc.replace_substring_regex(pc.replace_substring_regex(texts, _BREAKS, " "), _HIDDEN, "")
    cleaned = pc.utf8_trim_whitespace(cleaned).to_pandas().set_axis(cells.index[found])
    whole = cells.copy()
    whole[found] = cleaned.where(cleaned != "", None)
    return whole


def with_hidden(cells: pd.Series) -> pd.Series:
    """Tell which texts hold hidden signs, line breaks and tabs included; a missing one does not."""
    texts = pa.array(cells, type=pa.large_string(), from_pandas=True)
    found = pc.fill_null(pc.match_substring_regex(texts, _ANY), False)
    return pd.Series(found.to_numpy(zero_copy_only=False), index=cells.index)


def has_hidden(text: str) -> bool:
    """Tell whether a text holds hidden signs; line breaks and tabs are not counted as such here."""
    return _IN_PYTHON.search(text) is not None
