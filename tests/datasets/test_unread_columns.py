"""Rule 8, and rule 7 for what was never checked: comments and columns of nobody's are not read, cached or shown."""

from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from helpers.datasets.checking import check_dataset
from helpers.datasets.dataset import open_dataset

COMMENT = "canarycomment" * 40


def spoil(path: Path, column: str) -> None:
    """Overwrite the pages of a column, so that whoever unpacks it fails."""
    group = pq.ParquetFile(path).metadata.row_group(0)
    chunk = next(group.column(i) for i in range(group.num_columns) if group.column(i).path_in_schema == column)
    start = min(place for place in (chunk.dictionary_page_offset, chunk.data_page_offset) if place)
    content = bytearray(path.read_bytes())
    content[start : start + chunk.total_compressed_size] = b"\xff" * chunk.total_compressed_size
    path.write_bytes(content)


@pytest.fixture
def streamed(write, tables):
    """A dataset whose answers are Parquet files, with comments and a column of nobody's."""
    names = ("customer_answers", "employee_answers")
    folder = write({f"tables.{name}": f'"{name}.parquet"' for name in names}, **tables)
    for name in names:
        frame = pd.read_csv(folder / f"{name}.csv", dtype="str").assign(remarkable="x", comment=COMMENT)
        frame = frame.drop(columns="comment") if name == "employee_answers" else frame
        frame.to_parquet(folder / f"{name}.parquet", index=False)
    return folder


def test_a_comment_that_cannot_be_unpacked_keeps_nobody_from_checking_and_scoring(streamed):
    expected = open_dataset(streamed).scores
    path = streamed / "customer_answers.parquet"
    spoil(path, "comment")
    with pytest.raises(OSError):
        pq.ParquetFile(path).read()
    assert check_dataset(streamed) == []
    dataset = open_dataset(streamed)
    assert "comment" not in dataset.table("customer_answers")
    assert dataset.scores.equals(expected) and "nps" in set(expected["measure"])


def test_a_column_of_nobodys_is_neither_unpacked_nor_scored(streamed):
    for name in ("customer_answers", "employee_answers"):
        spoil(streamed / f"{name}.parquet", "remarkable")
    dataset = open_dataset(streamed)
    assert len(dataset.scores)
    assert "remarkable" not in {*dataset.table("customer_answers"), *dataset.table("employee_answers")}


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_no_comment_is_left_in_the_cache_or_in_a_table(write, tables, suffix):
    folder = write(
        {"tables.customer_answers": f'"customer_answers.{suffix}"'},
        **tables | {"customer_answers": tables["customer_answers"].replace("Prima", COMMENT)},
    )
    pd.read_csv(folder / "customer_answers.csv", dtype="str").to_parquet(folder / "customer_answers.parquet")
    dataset = open_dataset(folder)
    assert len(dataset.scores)
    assert "comment" not in dataset.table("customer_answers")
    kept = [path.read_bytes() for path in folder.glob(".cache/*")]
    assert kept and not any(COMMENT[:13].encode() in content for content in kept)
    assert not any(COMMENT[:13] in str(pd.read_parquet(path).to_dict()) for path in folder.glob(".cache/*"))


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
@pytest.mark.parametrize("table", ["customer_answers", "employee_answers"])
def test_a_personal_column_is_refused_without_a_check_too(write, tables, table, suffix):
    """Rule 7: also where Parquet answers are scored without being read as a table."""
    spoilt = tables[table].replace("recommend", "recommend,Geb.datum", 1)
    head, *rows = spoilt.splitlines()
    place = head.split(",").index("Geb.datum")
    rows = [",".join([*row.split(",")[:place], "1970-01-01", *row.split(",")[place:]]) for row in rows]
    folder = write({f"tables.{table}": f'"{table}.{suffix}"'}, **tables | {table: "\n".join([head, *rows])})
    pd.read_csv(folder / f"{table}.csv", dtype="str").to_parquet(folder / f"{table}.parquet")
    with pytest.raises(ValueError, match=rf"{table}\.Geb\.datum must be left out; found a personal column"):
        open_dataset(folder).scores  # noqa: B018
    assert not list(folder.glob(".cache/*"))


@pytest.mark.parametrize(
    ("table", "column", "what"),
    [
        ("customer_answers", "satisfaction", "number"),
        ("customer_answers", "date", "date"),
        ("employee_answers", "q1", "number"),
    ],
)
def test_a_text_among_streamed_numbers_is_refused_without_being_shown(write, tables, table, column, what):
    folder = write({f"tables.{table}": f'"{table}.parquet"'}, **tables)
    frame = pd.read_csv(folder / f"{table}.csv", dtype="str").assign(**{column: "jan@example.org"})
    frame.to_parquet(folder / f"{table}.parquet")
    with pytest.raises(ValueError, match=rf"{table}\.{column} must be a {what}; found text in \d rows\.") as refused:
        open_dataset(folder).scores  # noqa: B018
    assert "jan" not in str(refused.value)
