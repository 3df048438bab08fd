"""Rule 12: nothing that others typed is calculated by a spreadsheet, and numbers stay numbers."""

import csv
import unicodedata

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.release.cells import safe_cells, write_csv

FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "  =1",
    "\u00a0=1",
    "\u200b=1",
    "\ufeff=1",
    "'=1",
    '"=1',
    "\u201c=1",
    "\x00=1",
    "\uff1d1",
    "\uff0b1",
    "\uff0d1",
    "\uff20A",
    "\ufe66=1",
    '=HYPERLINK("https://example.org")',
    "-2+3+cmd|' /C calc'!A0",
]
TEXTS = st.one_of(
    st.text(max_size=30),
    st.builds(
        "".join, st.lists(st.sampled_from([*FORMULAS, " ", "\t", "\n", "\u200b", "a", ";", ",", '"']), max_size=4)
    ),
)


def read(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def starts(cell):
    """What a cell begins with for a spreadsheet: behind blanks and signs of zero width, in its plain form."""
    seen = [sign for sign in cell if unicodedata.category(sign) not in ("Cf", "Mn")]
    return unicodedata.normalize("NFKC", "".join(seen)).strip()[:1]


@pytest.mark.parametrize("text", FORMULAS, ids=ascii)
def test_a_formula_is_quoted_in_cells_and_headers(tmp_path, text):
    write_csv(pd.DataFrame({text: [text]}), tmp_path / "t.csv")
    header, row = read(tmp_path / "t.csv")
    assert header == row and row[0].startswith("'")


@pytest.mark.parametrize("text", ["Team A", "a=b", "Één", "12%", "(rest)", "−4", "", "'s-Hertogenbosch", "€ 5"])
def test_other_texts_stay_as_they_are(text):
    assert safe_cells(pd.DataFrame({"x": [text]}))["x"].tolist() == [text]


@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=6), st.tuples(TEXTS, TEXTS))
def test_no_text_read_back_begins_a_formula(tmp_path_factory, rows, header):
    path = tmp_path_factory.mktemp("cells") / "t.csv"
    write_csv(pd.DataFrame(rows, columns=list(header)), path)
    written = read(path)
    assert len(written) == len(rows) + 1
    assert not {starts(cell) for row in written for cell in row} & set("=+-@")
    assert not any(sign in cell for row in written for cell in row for sign in "\t\r\n")


@given(
    st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=6),
    st.lists(st.integers(-(2**63), 2**63 - 1), min_size=1, max_size=6),
)
def test_numbers_come_back_equal_also_below_zero(tmp_path_factory, floats, integers):
    path = tmp_path_factory.mktemp("cells") / "t.csv"
    write_csv(pd.DataFrame({"estimate": floats}), path)
    assert [float(row[0]) for row in read(path)[1:]] == floats
    write_csv(pd.DataFrame({"n": integers}), path)
    assert [int(row[0]) for row in read(path)[1:]] == integers


def test_types_stay_and_the_frame_given_is_not_changed():
    frame = pd.DataFrame({"unit": ["=1", None], "nps": [-4.5, np.nan], "shown": [True, False], "n": [-1, 2]})
    mixed = pd.DataFrame({"value": ["=1", np.int64(-3), -2.5, True, None]}, dtype="object")
    safe = safe_cells(frame)
    assert safe.dtypes[["nps", "shown", "n"]].equals(frame.dtypes[["nps", "shown", "n"]])
    assert safe["unit"].isna().tolist() == [False, True] and safe["unit"][0] == "'=1"
    assert frame["unit"][0] == "=1"
    assert safe_cells(mixed)["value"].tolist()[:4] == ["'=1", -3, -2.5, True]
    assert safe_cells(frame.astype({"unit": "category"}))["unit"][0] == "'=1"


def test_numbers_are_not_quoted_and_texts_are(tmp_path):
    write_csv(pd.DataFrame({"unit": ["Één"], "nps": [-4.5]}), tmp_path / "t.csv")
    assert (tmp_path / "t.csv").read_bytes() == '\ufeff"unit","nps"\r\n"Één",-4.5\r\n'.encode()


@pytest.mark.parametrize("linked", ["file", "folder"])
def test_no_symbolic_link_is_followed(tmp_path, linked):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "t.csv").write_text("theirs")
    path = tmp_path / "out" / "t.csv"
    if linked == "folder":
        path.parent.symlink_to(elsewhere)
    else:
        path.parent.mkdir()
        path.symlink_to(elsewhere / "t.csv")
    with pytest.raises(ValueError, match=r"path must not go through a symbolic link; found .*\. Remove the link"):
        write_csv(pd.DataFrame({"x": ["ours"]}), path)
    assert (elsewhere / "t.csv").read_text() == "theirs"


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    write_csv(pd.DataFrame({"x": ["old"]}), tmp_path / "t.csv")

    def full(*_):
        raise OSError("No space left on device")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(OSError, match="No space left"):
        write_csv(pd.DataFrame({"x": ["new"]}), tmp_path / "t.csv")
    assert [path.name for path in tmp_path.iterdir()] == ["t.csv"]
    assert read(tmp_path / "t.csv")[1] == ["old"]
