"""What was computed from files is kept beside them, and what nobody asked for lately is forgotten."""

from __future__ import annotations

import os

import pandas as pd
import pytest

from helpers.datasets.folders import CACHE_FOLDER
from helpers.datasets.score_cache import KEPT, KEY_LENGTH, cached, content_key


def frame(value: int) -> pd.DataFrame:
    return pd.DataFrame({"value": [value]})


def key(number: int) -> str:
    return f"{number:0{KEY_LENGTH}d}"


def made_in_turn(folder, name: str, n: int) -> None:
    for number in range(n):
        cached(folder, name, key(number), lambda number=number: frame(number))
        os.utime(folder / CACHE_FOLDER / f"{name}-{key(number)}.parquet", (number, number))


def test_a_frame_is_made_once(tmp_path):
    made = [cached(tmp_path, "one", key(1), lambda value=value: frame(value)) for value in (1, 2)]
    assert [one["value"].item() for one in made] == [1, 1]


def test_only_the_latest_of_a_name_are_kept(tmp_path):
    made_in_turn(tmp_path, "other", 2)
    made_in_turn(tmp_path, "one", KEPT + 3)
    left = {path.stem for path in (tmp_path / CACHE_FOLDER).iterdir()}
    assert left == {f"one-{key(number)}" for number in range(3, KEPT + 3)} | {f"other-{key(0)}", f"other-{key(1)}"}


def test_what_another_process_took_away_is_made_again(tmp_path):
    cached(tmp_path, "one", key(1), lambda: frame(1))
    (tmp_path / CACHE_FOLDER / f"one-{key(1)}.parquet").unlink()
    assert cached(tmp_path, "one", key(1), lambda: frame(2))["value"].item() == 2


@pytest.mark.parametrize("other", [("a", "c"), ("b", "b")])
def test_a_key_names_contents_and_settings(tmp_path, other):
    (tmp_path / "x").write_text("a")
    known = content_key([tmp_path / "x"], "b")
    (tmp_path / "x").write_text(other[0])
    assert content_key([tmp_path / "x"], *other[1:]) != known
    assert len(known) == KEY_LENGTH
