"""What is the same for many reports is computed once in a batch; what differs in anything is never mixed up."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd
import pytest
from numpy.random import default_rng

from helpers.datasets import once as module
from helpers.datasets.once import FOLDER, once
from helpers.display.wording import Words


@dataclass(frozen=True)
class Claim:
    x: str
    lag: int


FRAME = pd.DataFrame({"unit": ["a", "b"], "score": [1.0, np.nan]})
VALUES = {
    "a number": (1, 2),
    "a number and its text": (1, "1"),
    "a missing number": (1.0, float("nan")),
    "a cell of a frame": (FRAME, FRAME.assign(score=[1.0, 2.0])),
    "the name of a column": (FRAME, FRAME.rename(columns={"score": "other"})),
    "the order of rows": (FRAME, FRAME[::-1]),
    "what is said of a frame": (FRAME, FRAME.copy().set_flags()),
    "an array": (np.array([1, 2]), np.array([1.0, 2.0])),
    "the seed": (default_rng(1), default_rng(2)),
    "the language": (Words("en"), Words("nl")),
    "the function called": (np.mean, np.median),
    "whose method it is": (default_rng(1).normal, default_rng(2).normal),
    "an argument given beforehand": (partial(round, ndigits=1), partial(round, ndigits=2)),
    "a part of a claim": (Claim("enps", 2), replace(Claim("enps", 2), lag=3)),
    "a thing in a list": ([1, [2, 3]], [1, [2, 4]]),
    "where a list ends": ([[1], [2]], [[1, 2], []]),
    "a pair": ({"a": 1}, {"a": 2}),
}
VALUES["what is said of a frame"][1].attrs["note"] = "other"


@pytest.fixture
def batch(tmp_path, monkeypatch):
    tmp_path.chmod(0o700)
    monkeypatch.setenv(FOLDER, str(tmp_path))
    return tmp_path


def taking(value: object, made: list[object]) -> object:
    """Compute something of a value, and note that it was computed."""

    def make() -> str:
        note()
        return f"of {type(value).__name__}"

    note = Noting(made)
    return once(make)


class Noting:
    content_key = "notes that it was called"

    def __init__(self, made: list[object]) -> None:
        self.made = made

    def __call__(self) -> None:
        self.made.append(1)


@pytest.mark.parametrize(("first", "second"), VALUES.values(), ids=list(VALUES))
def test_another_content_is_computed_anew_and_the_same_is_not(batch, first, second):
    made: list[object] = []
    told = [taking(value, made) for value in (first, second, first, second)]
    assert len(made) == 2
    assert told == [f"of {type(value).__name__}" for value in (first, second, first, second)]


def test_without_a_batch_everything_is_computed_where_it_is_asked_for(monkeypatch):
    monkeypatch.delenv(FOLDER, raising=False)
    made: list[object] = []
    assert [taking(1, made), taking(1, made)] == ["of int", "of int"]
    assert len(made) == 2


def test_what_an_inner_function_refers_to_counts(batch):
    def of(unit: str) -> str:
        return once(lambda: [(lambda: unit)() for _ in range(2)])

    assert [of("NL"), of("BE"), of("NL")] == [["NL"] * 2, ["BE"] * 2, ["NL"] * 2]


def test_code_that_was_changed_computes_anew(batch, monkeypatch):
    made: list[object] = []
    taking(1, made)
    monkeypatch.setattr(module, "_our_code", lambda: "other code")
    taking(1, made)
    assert len(made) == 2


def test_content_that_cannot_be_told_is_refused(batch):
    unknown = object()
    with pytest.raises(TypeError, match="what `once` refers to must be of known content; found object"):
        once(lambda: unknown)


def test_a_full_disk_costs_the_time_again_and_nothing_else(batch, monkeypatch):
    def full(*_: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(module, "_write_aside", full)
    made: list[object] = []
    assert [taking(1, made), taking(1, made)] == ["of int", "of int"]
    assert len(made) == 2


@pytest.mark.parametrize("spoil", ["others may write", "a link", "another owner", "gone"])
def test_nothing_is_read_from_a_folder_that_others_can_write_to(batch, monkeypatch, spoil):
    taking(1, [])
    if spoil == "others may write":
        batch.chmod(0o770)
    elif spoil == "a link":
        (batch / "link").symlink_to(batch)
        monkeypatch.setenv(FOLDER, str(batch / "link"))
    elif spoil == "another owner":
        monkeypatch.setattr(os, "getuid", lambda: os.stat(batch).st_uid + 1)
    else:
        monkeypatch.setenv(FOLDER, str(batch / "none"))
    made: list[object] = []
    taking(1, made)
    assert len(made) == 1


COMPUTING = """
import pathlib, sys, time
from helpers.datasets.once import once
def make():
    with open({note!r}, "a") as file:
        file.write("computed\\n")
    time.sleep({seconds})
    return 3
print(once(make))
"""


def computing(batch, *, seconds: float) -> subprocess.Popen:
    """Another process that computes the same; its note says when it has begun."""
    code = COMPUTING.format(note=str(batch / "note"), seconds=seconds)
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env={**os.environ})


def begun(batch) -> int:
    note = batch / "note"
    return len(note.read_text().splitlines()) if note.exists() else 0


def test_of_two_processes_at_once_one_computes_and_the_other_waits(batch):
    both = [computing(batch, seconds=0.5) for _ in range(2)]
    assert [one.communicate(timeout=60)[0].strip() for one in both] == ["3", "3"]
    assert begun(batch) == 1


def test_who_is_killed_while_computing_holds_nobody_up(batch):
    first = computing(batch, seconds=600)
    ends = time.monotonic() + 60
    while not begun(batch) and time.monotonic() < ends:
        time.sleep(0.02)
    first.send_signal(signal.SIGKILL)
    first.communicate(timeout=60)
    second = computing(batch, seconds=600)
    while begun(batch) < 2 and time.monotonic() < ends:
        time.sleep(0.02)
    second.kill()
    second.communicate(timeout=60)
    assert begun(batch) == 2
    assert not list(batch.glob("*.pickle"))
