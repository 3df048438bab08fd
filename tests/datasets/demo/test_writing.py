import hashlib
import tomllib

import pandas as pd
import pytest

from helpers.datasets.demo import load_truth, make_demo, simulate, writing

SCALE = 0.1


def hashes(folder):
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture(scope="module")
def folder(truth, tmp_path_factory):
    return make_demo(tmp_path_factory.mktemp("data") / "demo", truth, seed=3, scale=SCALE)


def test_the_same_seed_gives_the_same_bytes(folder, truth, tmp_path):
    assert hashes(make_demo(tmp_path / "again", truth, seed=3, scale=SCALE)) == hashes(folder)


def test_another_seed_gives_other_bytes(folder, truth, tmp_path):
    one, other = hashes(folder), hashes(make_demo(tmp_path / "other", truth, seed=4, scale=SCALE))
    same = {name for name in one if one[name] == other[name]}
    assert same == {"items.parquet", "truth.toml", "units.parquet"}


def test_written_tables_are_those_in_memory(folder, truth):
    for name, table in simulate(truth, seed=3, scale=SCALE).items():
        path = folder / ("truth/expected.parquet" if name == "expected" else f"{name}.parquet")
        pd.testing.assert_frame_equal(pd.read_parquet(path), table)


def test_settings_name_every_table_and_say_that_it_is_made_up(folder):
    settings = tomllib.loads((folder / "dataset.toml").read_text("utf-8"))
    assert settings["synthetic"] is True
    assert settings["title"] == "Voorbeeld"
    assert settings["levels"] == {"panel": "country", "quartile": "team", "report": "country"}
    assert set(settings["tables"].values()) == {path.name for path in folder.glob("*.parquet")}
    assert "expected" not in settings["tables"]


def test_the_truth_beside_the_data_is_the_one_used(folder, truth):
    assert load_truth(file=folder / "truth.toml") == truth


def test_rows_are_gathered_into_large_groups(truth, tmp_path, monkeypatch):
    monkeypatch.setattr(writing, "ROWS_PER_GROUP", 20_000)
    folder = make_demo(tmp_path / "demo", truth, scale=SCALE)
    groups = writing.pq.ParquetFile(folder / "customer_answers.parquet").metadata
    sizes = [groups.row_group(at).num_rows for at in range(groups.num_row_groups)]
    assert len(sizes) > 2
    assert min(sizes[:-1]) >= 20_000


def test_a_crash_leaves_no_half_dataset_and_the_earlier_one_in_place(truth, tmp_path, monkeypatch):
    folder = make_demo(tmp_path / "demo", truth, scale=SCALE)
    before, whole = hashes(folder), writing.draw

    def breaking(*arguments, **choices):
        for count, piece in enumerate(whole(*arguments, **choices)):
            if count == 3:
                raise RuntimeError("disk full")
            yield piece

    monkeypatch.setattr(writing, "draw", breaking)
    with pytest.raises(RuntimeError, match="disk full"):
        make_demo(folder, truth, seed=9, scale=SCALE)
    assert hashes(folder) == before
    assert [path.name for path in tmp_path.iterdir()] == ["demo"]


def test_an_earlier_demo_dataset_is_replaced(truth, tmp_path):
    folder = make_demo(tmp_path / "demo", truth, scale=SCALE)
    (folder / ".cache").mkdir()
    make_demo(folder, truth, scale=SCALE, title="Another")
    assert not (folder / ".cache").exists()
    assert tomllib.loads((folder / "dataset.toml").read_text("utf-8"))["title"] == "Another"
    assert [path.name for path in tmp_path.iterdir()] == ["demo"]


def test_a_folder_with_something_else_is_left_alone(truth, tmp_path):
    (tmp_path / "dataset.toml").write_text("title = 'real'", "utf-8")
    with pytest.raises(ValueError, match=r"folder must be new or hold a demo dataset; found .* Name another"):
        make_demo(tmp_path, truth, scale=SCALE)
    assert [path.name for path in tmp_path.iterdir()] == ["dataset.toml"]
