"""What `make bench-endurance` measures of thousands of reports, on a few seconds of something smaller."""

import os
import signal
import subprocess
import sys
import time

import pytest
from endurance import watched, written
from growth import FIGURES, STEPS, TARGETS, Step, check, slope, steps
from parts import PARTS, Sample, disk, held, parts

PARENT = next(target for target in TARGETS if target.figure == "parent")


def seen(reports, parent, **other):
    return Sample(reports, 60 * reports / 100, dict.fromkeys(FIGURES, 5.0) | {"parent": parent} | other)


def batch(parent, reports=1000):
    """Looks at a batch of which the parent holds so much after so many reports."""
    return [seen(number, parent(number)) for number in range(reports + 1)]


def test_the_slope_is_per_1000_reports_and_does_not_know_the_first_step():
    found = steps(batch(lambda number: 500.0 if number < 100 else 200 + 0.003 * number), 1000)
    assert slope(found, "parent") == (pytest.approx(3), pytest.approx(0, abs=1e-9))
    assert found[0].held["parent"] == 500


def test_the_error_of_the_slope_is_that_of_least_squares():
    level = [0.0, 4, 1, 3, 2, 5, 4, 7, 6, 8]
    found = [Step(500 * (place + 1), 100, {"parent": value}) for place, value in enumerate(level)]
    # lm(c(4, 1, 3, 2, 5, 4, 7, 6, 8) ~ seq(1, 5, 0.5)) in R 4.2.
    assert slope(found, "parent") == (pytest.approx(1.366667, abs=1e-6), pytest.approx(0.367819, abs=1e-6))


@pytest.mark.parametrize(("growth", "line"), [(1.9, "+1.90 ± 0.00 MB | 2 MB | yes"), (2.5, "2 MB | NO"), (-9, "−9.00")])
def test_what_grows_faster_than_a_million_reports_can_bear_is_told(growth, line):
    text, met = check(PARENT, steps(batch(lambda number: 200 + growth * number / 1000), 1000))
    assert line in text
    assert met == (growth <= 2)


def test_the_pace_is_that_of_each_step():
    found = steps(batch(lambda number: 1.0), 1000)
    assert [round(one.a_minute) for one in found] == [100] * STEPS
    assert [one.reports for one in found] == list(range(100, 1001, 100))


def test_a_step_that_was_hardly_looked_at_is_refused():
    with pytest.raises(ValueError, match=r"each step must be looked at twice; found 1 times in step 3. Use a shorter"):
        steps([one for one in batch(lambda number: 1.0) if one.reports // 100 != 2 or one.reports == 250], 1000)


def test_the_page_tells_growth_steps_and_what_is_done_once():
    looks = batch(lambda number: 900.0 if number in (0, 1000) else 100 + number / 100)
    events = [{"event": "report", "state": "done"}] * 1000
    page, well = written(looks, events, [90.0, 110.0], reports=1000, teams=1240, jobs=4, pause=2)
    assert "| parent | +10.00 ± 0.00 MB | 2 MB | NO |" in page and not well
    assert "| workers | +0.00 ± 0.00 MB | 2 MB | yes |" in page
    assert "1,000 were made, of 100 KiB on average" in page
    assert "| 1,000 | 100 | 109 | 5 | 5 |" in page
    assert "After the last one, when the index is written: 0 s, the parent at most 900 MB." in page


def test_reports_that_failed_are_no_endurance():
    looks, events = batch(lambda number: 100.0), [{"event": "report", "state": "done"}] * 999
    _, well = written(looks, events, [1.0], reports=1000, teams=1240, jobs=4, pause=2)
    assert not well


# The words by which a process is known, then what it forks.
FORK_SERVER = "'multiprocessing.forkserver'; import os, time; os.fork() or os.fork(); time.sleep(60)"
TEMPLATE = "'template_process'; import os, time; os.fork() or os.fork() or os.setsid(); time.sleep(60)"
BATCH = f"""
import mmap, os, subprocess, sys, threading, time
for code in ({FORK_SERVER!r}, {TEMPLATE!r}, "import time; time.sleep(60)"):
    subprocess.Popen([sys.executable, "-c", code], start_new_session=True, stdin=subprocess.DEVNULL)
kept = [open(os.devnull) for _ in range(50)]
block = b"x" * 60_000_000
with open(sys.argv[1], "rb") as file:
    mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
assert mapped.find(b"z") == -1
for _ in range(7):
    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
print("ready", flush=True)
time.sleep(60)
"""
SIZES = {"parent": 1, "workers": 2, "template": 2, "kernels": 2, "other": 1}


def sizes(parent):
    return {part: len(processes) for part, processes in parts(parent).items()}


@pytest.fixture
def small_batch(tmp_path_factory):
    """Processes that descend from each other as those of a batch do; all end with the test."""
    library = tmp_path_factory.mktemp("mapped") / "library"
    library.write_bytes(b"y" * 90_000_000)
    run = subprocess.Popen([sys.executable, "-c", BATCH, library], stdout=subprocess.PIPE)
    assert run.stdout.readline() == b"ready\n"
    end = time.monotonic() + 30
    while sizes(run.pid) != SIZES and time.monotonic() < end:
        time.sleep(0.05)
    yield run.pid
    for process in [one for members in parts(run.pid).values() for one in members]:
        os.kill(process, signal.SIGKILL)
    run.communicate()


def test_the_parts_of_a_batch_are_told_apart(small_batch, tmp_path):
    assert sizes(small_batch) == SIZES
    found = held(small_batch, tmp_path)
    # What it allocated, without the file of 90 MB that it has mapped.
    assert 60 < found["parent"] < 90
    assert all(0 < found[part] < 50 for part in PARTS[1:])
    assert found["processes"] == 8
    # Eight of the parent, one each of fork server and worker.
    assert found["threads"] == 10
    assert 50 <= found["descriptors of parent"] < 70


def test_what_lies_in_the_private_folder_is_counted_at_any_depth(tmp_path):
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "result").write_bytes(b"x" * 3 * 2**20)
    (tmp_path / "a" / "lock").touch()
    assert disk(tmp_path) == {"disk": pytest.approx(3, abs=0.1), "files": 2}
    assert disk(tmp_path / "gone") == {"disk": 0, "files": 0}


LEAK = """
import json, os, sys, tempfile, time
kept = []
for number in range(40):
    time.sleep(0.05)
    kept.append((b"x" * 1_000_000, tempfile.NamedTemporaryFile()))
    print(json.dumps({"event": "report", "state": "done"}), flush=True)
"""


def test_a_batch_that_keeps_what_it_made_is_caught(tmp_path):
    looks, events = watched([sys.executable, "-c", LEAK], tmp_path, 0.02)
    assert len(events) == 40
    found = steps(looks, 40)
    # 1 MB, a descriptor and a file with each report.
    for figure, rise in (("parent", 1000), ("descriptors of parent", 1000), ("files", 1000)):
        assert slope(found, figure)[0] == pytest.approx(rise, rel=0.2), figure
    checked = {target.figure: check(target, found)[1] for target in TARGETS}
    assert not checked["parent"] and not checked["descriptors of parent"]
    assert checked["workers"] and checked["processes"]


def test_a_batch_that_breaks_off_is_no_measurement(tmp_path):
    code = "import sys; sys.exit('disk is full')"
    with pytest.raises(RuntimeError, match=r"must end with exit code 0; found 1\. disk is full"):
        watched([sys.executable, "-c", code], tmp_path, 0.02)
