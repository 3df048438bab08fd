"""Each notebook has its share of the memory, and what it holds is counted with all it has started."""

import os
import subprocess
import sys
import time

import pytest

from helpers.publish import memory
from helpers.publish.memory import MEGABYTE, MemoryPassed, family, held, held_alone, memory_limit

HOLDS = "import sys, time; kept = b'x' * 100_000_000; print(flush=True); sys.stdin.read()"
STARTS = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {HOLDS!r}])"


@pytest.mark.parametrize(("jobs", "share"), [(1, 80_000), (4, 20_000), (100, 2_000)])
def test_the_limit_is_an_equal_share_but_enough_for_any_notebook(monkeypatch, jobs, share):
    monkeypatch.delenv(memory.CHOICE, raising=False)
    monkeypatch.setattr(memory, "_machine", lambda: 100_000 * MEGABYTE)
    assert memory_limit(jobs) == share * MEGABYTE


def test_a_container_counts_as_the_machine(monkeypatch, tmp_path):
    (tmp_path / "none").write_text("max\n")
    (tmp_path / "limit").write_text("5000000000\n")
    monkeypatch.setattr(memory, "_CGROUPS", (str(tmp_path / "none"), str(tmp_path / "limit"), str(tmp_path / "gone")))
    assert memory._machine() <= 5_000_000_000


def test_the_limit_may_be_set(monkeypatch):
    monkeypatch.setenv(memory.CHOICE, "300")
    assert memory_limit(7) == 300 * MEGABYTE


@pytest.mark.parametrize("wished", ["0", "-1", "much", "1.5"])
def test_a_limit_that_is_no_number_of_megabytes_is_refused(monkeypatch, wished):
    monkeypatch.setenv(memory.CHOICE, wished)
    with pytest.raises(ValueError, match=f"EXCX_MEMORY must be a whole number of megabytes above 0; found '{wished}'"):
        memory_limit()


def test_the_error_says_limit_and_way_out():
    said = "notebook must stay within 2,000 MB of memory; it held 2,100 MB and was stopped. Use fewer --jobs, or set"
    assert str(MemoryPassed(2_000 * MEGABYTE, 2_100 * MEGABYTE)).startswith(said)


def test_what_a_child_holds_counts():
    parent = subprocess.Popen([sys.executable, "-c", STARTS], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    parent.stdout.readline()
    assert len(list(family(parent.pid))) == 2
    assert held(parent.pid) > 100_000_000 and held_alone(parent.pid) > 100_000_000
    parent.communicate(b"")
    assert held(parent.pid) == 0


def test_looking_costs_next_to_nothing():
    start = time.process_time()
    for _ in range(100):
        held(os.getpid())
    assert time.process_time() - start < 1
