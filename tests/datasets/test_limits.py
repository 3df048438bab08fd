"""Rule 15: what would not fit into the machine, or holds more than texts and numbers, is refused before it is read."""

import ast
import gzip
import pickle
import re
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import helpers
from helpers.datasets import limits
from helpers.datasets.checking import check_dataset
from helpers.datasets.dataset import open_dataset
from helpers.datasets.reading import load, read_table

SOURCES = sorted(Path(helpers.__file__).parent.rglob("*.py"))


@pytest.fixture
def parquet(tmp_path):
    def make(columns, **options):
        table = columns if isinstance(columns, pa.Table) else pa.table(columns)
        pq.write_table(table, tmp_path / "t.parquet", **options)
        return tmp_path / "t.parquet"

    return make


def test_the_largest_surveys_known_stay_within_the_limits():
    """Gallup's 1.8 million answers to 30 items; 68 times the demo's 434,972 answers of customers in 12 columns."""
    assert 2 * 1_800_000 * (30 + 6) < 2 * 68 * 434_972 * 12 < limits.MAX_CELLS
    assert limits.MAX_FILE_BYTES > 2 * 68 * 434_972 * 60


def test_a_file_that_is_too_large_is_refused(tmp_path):
    path = tmp_path / "t.csv"
    with path.open("wb") as file:
        file.truncate(limits.MAX_FILE_BYTES + 1)
    with pytest.raises(ValueError, match=r"must hold at most 4,294,967,296 bytes; found 4,294,967,297 in t\.csv\."):
        load(path, "t")


def test_a_short_parquet_file_of_a_billion_rows_is_refused(parquet, monkeypatch):
    """Counted in the footer: repeated values take no room, so the file's own size says nothing."""
    path = parquet({"unit_id": pa.DictionaryArray.from_arrays(np.zeros(2_000_000, dtype="int32"), ["a"])})
    assert path.stat().st_size < 20_000
    monkeypatch.setattr(limits, "MAX_CELLS", 1_000_000)
    monkeypatch.setattr(pq.ParquetFile, "read", lambda *_, **__: pytest.fail("it was read"))
    with pytest.raises(ValueError, match=r"t must hold at most 1,000,000 cells; found 2,000,000\. Split it by period"):
        load(path, "t")


def test_a_file_that_unpacks_to_a_thousand_times_its_size_is_refused(parquet, monkeypatch):
    path = parquet({"value": np.zeros(4_000_000)}, compression="zstd", use_dictionary=False)
    monkeypatch.setattr(pq.ParquetFile, "read", lambda *_, **__: pytest.fail("it was read"))
    with pytest.raises(ValueError, match=r"must unpack to at most 1,000 times its size; found 3[\d,]+ bytes in"):
        load(path, "t")


def test_a_file_that_unpacks_to_more_than_fits_is_refused(parquet, monkeypatch):
    path = parquet({"value": np.arange(100_000.0)})
    monkeypatch.setattr(limits, "MAX_UNPACKED_BYTES", 100_000)
    with pytest.raises(ValueError, match=r"must hold at most 100,000 bytes unpacked; found [\d,]+"):
        load(path, "t")


def test_one_long_text_repeated_is_measured_before_it_is_copied(parquet, monkeypatch):
    path = parquet({"name": pa.DictionaryArray.from_arrays(np.zeros(100_000, dtype="int32"), ["x" * 9_000])})
    monkeypatch.setattr(limits, "MAX_UNPACKED_BYTES", 100_000_000)
    with pytest.raises(ValueError, match="must hold at most 100,000,000 bytes of text; found more"):
        load(path, "t")


@pytest.mark.parametrize("name", ["t.csv", "t.parquet"])
def test_a_text_that_is_too_long_is_refused_and_not_shown(tmp_path, name):
    frame = pd.DataFrame({"unit_id": ["1"], "name": ["é" * (limits.MAX_TEXT + 1)]})
    frame.to_csv(tmp_path / name, index=False) if name.endswith("csv") else frame.to_parquet(tmp_path / name)
    with pytest.raises(
        ValueError, match=r"t\.name must hold texts of at most 10,000 characters; found one of 10,001\."
    ) as no:
        load(tmp_path / name, "t")
    assert "éé" not in str(no.value)


@pytest.mark.parametrize("name", ["t.csv", "t.parquet"])
def test_too_many_columns_are_refused(tmp_path, name):
    frame = pd.DataFrame({f"c{number}": ["1"] for number in range(limits.MAX_COLUMNS + 1)})
    frame.to_csv(tmp_path / name, index=False) if name.endswith("csv") else frame.to_parquet(tmp_path / name)
    with pytest.raises(ValueError, match=r"t must have at most 2,000 columns; found 2,001\. Leave out columns"):
        load(tmp_path / name, "t")


class Trap:
    """Unpickling it leaves a file behind."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return Path.touch, (self.path,)


def test_nothing_pickled_in_a_parquet_file_is_run(tmp_path, parquet):
    """An extension type of Python's own is unpickled by its reader; the metadata of pandas are not even looked at."""
    trap = pickle.dumps(Trap(tmp_path / "sprung"))
    metadata = {"ARROW:extension:name": "arrow.py_extension_type", "ARROW:extension:metadata": trap}
    field = pa.field("unit_id", pa.string(), metadata=metadata)
    table = pa.table([["a"]], schema=pa.schema([field], metadata={"pandas": trap}))
    assert read_table(parquet(table))["unit_id"].tolist() == ["a"]
    assert not (tmp_path / "sprung").exists()
    pickle.loads(trap)
    assert (tmp_path / "sprung").exists(), "the trap works"


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (pa.array([[1]]), "list<element: int64>"),
        (pa.array([{"a": 1}]), "struct<a: int64>"),
        (pa.array([[("a", 1)]], type=pa.map_(pa.string(), pa.int64())), "map<string, int64"),
        (pa.array([b"x"]), "binary"),
        (pa.ExtensionArray.from_storage(pa.uuid(), pa.array([b"0" * 16], pa.binary(16))), "extension<arrow.uuid>"),
    ],
    ids=["list", "struct", "map", "binary", "extension"],
)
def test_columns_that_are_not_plain_are_refused(parquet, cells, kind):
    found = rf"t\.x must hold plain texts, numbers, dates and truth values; found a column of type {re.escape(kind)}"
    with pytest.raises(ValueError, match=found):
        load(parquet({"unit_id": ["a"], "x": cells}), "t")


def test_answers_that_are_streamed_are_held_to_the_limits_too(write, tables, monkeypatch):
    """Parquet answers are scored where they lie, without passing the reader of tables."""
    folder = write({"tables.customer_answers": '"a.parquet"'}, **tables)
    answers = pd.read_csv(folder / "customer_answers.csv", dtype="str")
    answers.to_parquet(folder / "a.parquet")
    monkeypatch.setattr(limits, "MAX_CELLS", 9)
    with pytest.raises(ValueError, match="customer_answers must hold at most 9 cells; found 10"):
        open_dataset(folder)
    assert any("at most 9 cells" in str(problem) for problem in check_dataset(folder))


def test_packed_files_are_refused_with_a_way_out(tmp_path):
    text = b"unit_id,name\n1,a\n"
    with zipfile.ZipFile(tmp_path / "t.zip", "w") as file:
        file.writestr("t.csv", text)
    (tmp_path / "t.csv.gz").write_bytes(gzip.compress(text))
    for name in ("t.zip", "t.csv.gz"):
        with pytest.raises(ValueError, match=rf"must be one of \.csv, .*; found '{name}'\. Save it as CSV UTF-8"):
            load(tmp_path / name, "t")
        (tmp_path / "t.csv").write_bytes((tmp_path / name).read_bytes())
        with pytest.raises(ValueError, match=r"found (an Excel workbook or zip|a packed) file in t\.csv\. Save"):
            load(tmp_path / "t.csv", "t")


UNSAFE_MODULES = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "marshal", "shelve", "yaml", "xmlrpc"}
UNSAFE_CALLS = {"eval", "exec", "compile", "__import__"}
UNSAFE_METHODS = {"read_pickle", "to_pickle", "unsafe_load", "full_load"}


def unsafe(source: str) -> list[str]:
    """What a module does that could run what it reads."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names if alias.name.split(".")[0] in UNSAFE_MODULES]
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in UNSAFE_MODULES:
            found.append(node.module)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in UNSAFE_CALLS:
            found.append(node.func.id)
        if isinstance(node, ast.Attribute) and node.attr in UNSAFE_METHODS:
            found.append(node.attr)
        if isinstance(node, ast.keyword) and node.arg in ("allow_pickle", "shell"):
            found.append(node.arg)
    return found


# What a batch computed once it reads again, from a folder that only it can write to: tests/datasets/test_once.py. A
# stage takes over what a copy of itself has read, through memory that has no name and no other reader.
OWN = {"once.py": ["pickle"], "stage.py": ["pickle"]}


@pytest.mark.parametrize("path", SOURCES, ids=[path.stem for path in SOURCES])
def test_no_module_runs_what_it_reads(path):
    assert unsafe(path.read_text(encoding="utf-8")) == OWN.get(path.name, [])


def test_the_scan_finds_what_it_looks_for():
    source = "import pickle\nfrom yaml import load\neval('1')\npd.read_pickle(x)\nnp.load(f, allow_pickle=True)\n"
    assert sorted(unsafe(source)) == ["allow_pickle", "eval", "pickle", "read_pickle", "yaml"]
