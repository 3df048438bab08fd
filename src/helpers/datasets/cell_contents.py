"""What cells give away whatever their column is called: how to reach a person, who it is, or what somebody wrote.

No value is ever part of what these functions say: a message that quotes a telephone number has already passed it on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

# Dutch numbers have 10 digits, those with a country code 8 to 15; no letter or digit may stand beside them, so that an
# article number or an amount is not taken for one.
_EMAIL = r"[\w.+'-]+[@＠][\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}"
_GAP = r"[ ./\x{A0}\x{2010}-\x{2013}-]{0,3}"
_ABROAD = rf"(?:\+|\b00)[1-9]\d{{0,2}}{_GAP}(?:\(0\){_GAP})?(?:\(?\d{{1,4}}\)?{_GAP}){{2,6}}\d{{2}}\b"
_DUTCH = rf"(?:^|[^\w.,+-])\(?0(?:[1-9]\d?\d?\)?{_GAP})(?:\d{_GAP}){{6,7}}\d(?:[^\w]|$)"
_IBAN = r"\b[A-Z]{2}\d{2} ?[A-Z]{4} ?(?:\d{2,4} ?){3,5}\b"
_NAMED_BSN = r"(?i)\bbsn\W{0,3}\d{8,9}\b"
CONTACTS: Mapping[str, str] = {
    "e-mail addresses": _EMAIL,
    "telephone numbers": f"{_ABROAD}|{_DUTCH}",
    "account or citizen service numbers": f"{_IBAN}|{_NAMED_BSN}",
}
# A day with its time has as many digits as a telephone number.
_DATES = r"\b\d{1,2}[-/.]\d{1,2}[-/.]\d{4}\b|\b\d{4}[-/.]\d{1,2}[-/.]\d{1,2}\b"
# A sentence has five words or more; what has fewer is a label, a name or a code.
_SENTENCE = r"\S+(?:\s+\S+){4,}"
# Answers to an open question differ; the labels of a closed one come back.
_SHARE_UNIQUE = 0.5
_MIN_SENTENCES = 3
_LONG_TEXT = 200
# One number in eleven passes the test by chance, so two or more of which nearly all pass are no chance.
_SHARE_BSN, _MIN_BSN = 0.9, 2
_BSN_WEIGHTS = np.array([9, 8, 7, 6, 5, 4, 3, 2, -1])


def contact_rows(cells: pd.Series, kinds: tuple[str, ...] = tuple(CONTACTS)) -> dict[str, np.ndarray]:
    """Find the cells that say how to reach a person.

    Parameters
    ----------
    cells : Series of str, shape (n,)
    kinds : tuple of str
        Of `CONTACTS`.

    Returns
    -------
    dict of str to ndarray of bool, shape (n,)
        What was found, and where; only what was found.
    """
    column = pa.array(cells, type=pa.large_string(), from_pandas=True)
    if _matches(column, _DATES).any():
        column = pc.replace_substring_regex(column, _DATES, "#")
    found = {kind: _matches(column, CONTACTS[kind]) for kind in kinds}
    return {kind: mask for kind, mask in found.items() if mask.any()}


def is_contact(text: str) -> bool:
    """Tell whether a text says how to reach a person."""
    return bool(are_contacts([text])[0])


def are_contacts(texts: Sequence[str]) -> list[bool]:
    """Tell of each text whether it says how to reach a person; one call for many is far quicker than many calls."""
    found = contact_rows(pd.Series(texts, dtype="str")).values()
    return [any(mask[place] for mask in found) for place in range(len(texts))]


def is_sentence(text: str) -> bool:
    """Tell whether a text has so many words that somebody wrote it as a sentence."""
    return bool(_matches(pa.array([text], type=pa.large_string()), _SENTENCE)[0])


def is_free_text(cells: pd.Series) -> bool:
    """Tell whether cells hold what people wrote: very long texts, or sentences of which most occur once."""
    different = pd.Series(cells.dropna().unique(), dtype="str")
    if (different.str.len() >= _LONG_TEXT).any():
        return True
    sentence = _matches(pa.array(different, type=pa.large_string()), _SENTENCE)
    sentences = different[sentence]
    if len(sentences) < _MIN_SENTENCES:
        return False
    return len(sentences) >= _SHARE_UNIQUE * cells.isin(sentences).sum()


def are_citizen_numbers(cells: pd.Series) -> bool:
    """Tell whether cells hold Dutch citizen service numbers (BSN): nearly all pass the eleven test.

    Parameters
    ----------
    cells : Series of str, shape (n,)

    Notes
    -----
    Of nine digits a to i, 9a + 8b + 7c + 6d + 5e + 4f + 3g + 2h − i must be a multiple of 11. A spreadsheet drops a
    leading zero, so eight digits are read as nine.
    """
    different = pd.Series(cells.dropna().unique(), dtype="str").str.replace(r"[ .-]", "", regex=True)
    digits = different[different.str.fullmatch(r"[0-9]{8,9}")].str.zfill(9)
    if len(digits) < max(_MIN_BSN, _SHARE_BSN * len(different)):
        return False
    numbers = np.array([list(number) for number in digits], dtype="int64")
    passes = (numbers @ _BSN_WEIGHTS % 11 == 0) & numbers.any(axis=1)
    return bool(passes.mean() >= _SHARE_BSN)


def _matches(column: pa.LargeStringArray, pattern: str) -> np.ndarray:
    found = pc.fill_null(pc.match_substring_regex(column, pattern), False)
    return found.to_numpy(zero_copy_only=False)
