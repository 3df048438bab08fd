import os

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.datasets.reading import load, read_table

PLAIN = "unit_id,value\n007,2.5\n011,é\n"


@pytest.fixture
def file(tmp_path):
    def make(content: str | bytes, name: str = "table.csv"):
        (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        return tmp_path / name

    return make


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_a_csv_reads_the_same_however_it_is_written(file, encoding, delimiter, newline):
    written = PLAIN.replace(",", delimiter).replace("\n", newline).encode(encoding)
    frame = read_table(file(written))
    assert frame.to_dict("list") == {"unit_id": ["007", "011"], "value": ["2.5", "é"]}
    assert frame.dtypes.tolist() == ["str", "str"]


def test_cp1252_is_read_with_a_warning(file):
    with pytest.warns(UserWarning, match=r"must be UTF-8 text; found cp1252 in table\.csv.*check its accents"):
        frame = read_table(file(PLAIN.replace("é", "é €").encode("cp1252")))
    assert frame["value"].tolist() == ["2.5", "é €"]


def test_utf8_is_read_without_a_warning(file, recwarn):
    read_table(file(PLAIN))
    # The collector may come by while this runs, and warn of what an earlier test left open.
    assert not [one for one in recwarn if not issubclass(one.category, ResourceWarning)]


def test_cells_are_trimmed_and_empty_ones_missing(file):
    frame = read_table(file('a,b,c\n x ,"","  "\nNA,null,-\n'))
    assert frame.iloc[0].isna().tolist() == [False, True, True]
    assert frame.iloc[0, 0] == "x"
    assert frame.iloc[1].tolist() == ["NA", "null", "-"], "NA is also Namibia"


def test_blank_rows_are_left_out_but_counted(file):
    source = load(file("a,b\n1,2\n\n3,4\n,\n5,6\n\n"), "t")
    assert source.frame["a"].tolist() == ["1", "3", "5"]
    assert source.frame.index.tolist() == [2, 4, 6]
    assert source.problems == ()


def test_quoted_delimiters_newlines_and_quotes_belong_to_the_cell(file):
    frame = read_table(file('unit_id;"a;b";text\n1;"x;y";"two\nlines, ""quoted"""\n2;;5" disk\n'))
    assert frame.columns.tolist() == ["unit_id", "a;b", "text"]
    assert frame["text"].tolist() == ['two\nlines, "quoted"', '5" disk']


@pytest.mark.parametrize(
    ("text", "header"),
    [
        ("unit_id;vraag a, b, c, d\n1;2\n", ["unit_id", "vraag a, b, c, d"]),
        ("x;y\n1,5;2,5\n3,5;4,5\n", ["x", "y"]),
        ('"a;b","c"\n"1;2","3"\n', ["a;b", "c"]),
        ("x, of y; of z;w\n1;2;3\n", ["x, of y", "of z", "w"]),
        ("alone\n1\n2\n", ["alone"]),
    ],
)
def test_the_delimiter_is_not_taken_for_one_inside_names_or_numbers(file, text, header):
    assert read_table(file(text)).columns.tolist() == header


def test_a_last_cell_may_have_lines_when_its_quote_is_closed(file):
    assert read_table(file('a,b\n1,"two\nlines"\n\n'))["b"].tolist() == ["two\nlines"]


def test_columns_without_a_name_are_left_out(file):
    assert read_table(file(",a,\n0,1,\n1,2,\n")).to_dict("list") == {"a": ["1", "2"]}


def test_parquet_keeps_its_types(tmp_path):
    stored = pd.DataFrame({"unit_id": ["007"], "n": [3], "when": pd.to_datetime(["2024-01-01"])})
    stored.to_parquet(tmp_path / "t.parquet")
    frame = read_table(tmp_path / "t.parquet")
    assert frame["unit_id"].tolist() == ["007"]
    assert [str(frame[column].dtype)[:8] for column in frame] == ["str", "int64", "datetime"]
    assert load(tmp_path / "t.parquet", "t").frame.index.tolist() == [1]


@pytest.mark.parametrize(
    ("content", "name", "text"),
    [
        ("", "t.csv", r"t\.csv must hold rows; found an empty file, t\.csv\. Export it again"),
        ("a,b\n", "t.csv", "must have at least one row; found a header only, in"),
        ("a,b", "t.csv", "must have at least one row; found a header only, in"),
        ("a,b\n,\n", "t.csv", "must have at least one row; found a header only, in"),
        ("\na,b\n1,2\n", "t.csv", "must have column names in row 1; found an empty row in"),
        (PLAIN.encode("utf-16"), "t.csv", r"must be UTF-8 text; found UTF-16 in t\.csv\. Save it as CSV UTF-8"),
        (PLAIN.encode("utf-16-be"), "t.csv", "must be UTF-8 text; found UTF-16 in"),
        (b"a,b\n1,\x81\n", "t.csv", "must be UTF-8 text; found binary data in"),
        (bytes(range(256)) * 9, "t.csv", "must be UTF-8 text; found binary data in"),
        (b"PK\x03\x04" + bytes(99), "t.csv", "must be UTF-8 text; found an Excel workbook or zip file in"),
        (b"PAR1" + bytes(99), "t.csv", "must be UTF-8 text; found a Parquet file in"),
        (PLAIN, "t.parquet", r"must be a Parquet file; found t\.parquet, which cannot be read: .*Write it again"),
        (PLAIN, "t.xlsx", r"must be one of \.csv, \.tsv, \.txt, \.parquet; found 't\.xlsx'"),
        ("a,a,b\n1,2,3\n", "t.csv", r"t\.csv\.a must occur once; found several\. Rename or drop one"),
        ("a,b\n1,2\n3\n4,5,6\n", "t.csv", r"must have 2 fields in every row; found 1 \(rows 3, 4\)\. Look for loose"),
        ('a,b\n1,"2\n3,4\n5,6\n', "t.csv", r"must close every quote; found a last cell of 4 lines in t\.csv"),
        ('a,b\n"1,2\n3,4\n5,6\n', "t.csv", r"must have 2 fields in every row; found 1 \(row 2\)"),
        ('"a,b\n' + "1,2\n" * 50_000, "t.csv", r"must be CSV; found field larger.*quote that is not closed"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(file, content, name, text):
    with pytest.raises(ValueError, match=text):
        read_table(file(content, name))


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"none\.csv must have a file; found no file none\.csv\. Correct its path"):
        read_table(tmp_path / "none.csv")


def test_rows_with_other_fields_do_not_shift_the_numbers_of_the_rest(file):
    source = load(file("a,b\n1,2\n3\n4,5\n6,7,8\n9,10\n"), "t")
    assert source.frame["a"].to_dict() == {2: "1", 4: "4", 6: "9"}
    assert (source.problems[0].rows, source.problems[0].n_rows) == ((3, 5), 2)


def test_garbage_is_refused_whatever_it_is(file):
    for seed in range(20):
        with pytest.raises(ValueError, match=r"table\.csv must "):
            read_table(file(bytes([seed]) + os.urandom(5_000)))


cells = st.text(st.characters(blacklist_categories=("Cc", "Cs", "Zs", "Zl", "Zp")), min_size=1, max_size=8)


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.tuples(cells, cells), min_size=1, max_size=8), delimiter=st.sampled_from(",;\t|"))
def test_what_pandas_writes_comes_back(tmp_path_factory, rows, delimiter):
    path = tmp_path_factory.mktemp("written") / "t.csv"
    written = pd.DataFrame(rows, columns=["unit_id", "period"])
    written.to_csv(path, index=False, sep=delimiter)
    assert read_table(path).to_numpy().tolist() == written.to_numpy().tolist()
