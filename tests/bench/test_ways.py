"""A small look at what `make bench` measures of reports; nothing here is timed."""

import json
import subprocess
import sys

import pytest
from reports import METER, are_same, one_by_one, side_by_side, written
from scale import cost_per_report

LOOP = {"seconds": 120, "cpu": 100, "peak_mb": 400, "reports": 10, "kib": 900}
FIRST = {"seconds": 5, "cpu": 6, "peak_mb": 500, "reports": 1, "kib": 90}
BEGIN = {"seconds": 15, "cpu": 30, "peak_mb": 900, "reports": 20, "kib": 90}
WARM = {"seconds": 60, "cpu": 200, "peak_mb": 900, "reports": 200, "kib": 90}


def taken(**other: dict[str, float]) -> dict[str, list[dict[str, float]]]:
    ways = {"loop": LOOP, "xargs": LOOP, "stock": LOOP, "limit": WARM, "held": WARM, "first": FIRST}
    ways |= {"again": FIRST | {"seconds": 0.4, "cpu": 0.3}, "begin": BEGIN, "warm": WARM} | other
    return {name: [one] for name, one in ways.items()}


def test_paces_are_set_against_the_loop():
    page = written(taken(), True, rounds=1, jobs=4)
    assert "| loop | 10 | 120.0 | 5.0 | 1.0 | 10.00 | 400 | 900 |" in page
    assert "| warm | 200 | 60.0 | 200.0 | 40.0 | 1.00 | 900 | 90 |" in page
    assert "| NO |" not in page
    # 180 reports in the 45 seconds after the first 20, and so on for ten minutes.
    assert "| once warm, as a share of the limit | at least 0.85 | 1.2 | yes |" in page
    assert "| warm with its start, as a share of the limit |  | 1 |  |" in page
    assert "| reports in ten minutes, start included | at least 1000 | 2.36e+03 | yes |" in page
    assert cost_per_report(page) == (1, 90)


def test_a_target_missed_is_told():
    page = written(taken(warm=WARM | {"seconds": 375}), False, rounds=1, jobs=4)
    assert "| warm beside the loop, times | at least 20 | 6.4 | NO |" in page
    assert "| once warm, as a share of the limit | at least 0.85 | 0.15 | NO |" in page
    assert "| first report, seconds | at most 6 | 5 | yes |" in page
    assert "| reports in ten minutes, start included | at least 1000 | 312 | NO |" in page
    assert "| stock, warm and both limits: same bytes | yes | no | NO |" in page


ORPHAN = """
import os, sys, time
if os.fork() == 0 and os.fork() == 0:
    end = time.process_time() + 0.4
    while time.process_time() < end:
        pass
"""


def test_the_meter_counts_processes_whose_parent_is_gone():
    run = subprocess.run([sys.executable, METER, sys.executable, "-c", ORPHAN], capture_output=True, check=True)
    assert json.loads(run.stdout)["cpu"] > 0.4


def test_the_meter_samples_memory_of_all_processes():
    code = "import os, time; block = b'x' * 100_000_000; os.fork(); time.sleep(1.5)"
    run = subprocess.run([sys.executable, METER, sys.executable, "-c", code], capture_output=True, check=True)
    # What both processes have in common counts once.
    assert 90 < json.loads(run.stdout)["peak_mb"] < 190


@pytest.mark.parametrize("way", [one_by_one, side_by_side])
def test_a_shell_makes_one_report_of_each_unit(way, tmp_path, monkeypatch):
    for name in ("papermill", "jupyter"):
        program = tmp_path / name
        program.write_text(f'#!/bin/sh\necho "{name} $*" >> {tmp_path}/said\n')
        program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    subprocess.run(way(["a-1", "b"], tmp_path, 2), check=True)
    said = (tmp_path / "said").read_text()
    for unit in ("a-1", "b"):
        assert f"{tmp_path}/{unit}.ipynb -p dataset demo -p unit {unit} " in said
        assert f"jupyter nbconvert --to html {tmp_path}/{unit}.ipynb" in said


def test_pages_are_the_same_only_when_all_are(tmp_path):
    for place, text in (("one", "a"), ("two", "a"), ("three", "b")):
        (tmp_path / place).mkdir()
        (tmp_path / place / "10_unit_report.en.html").write_text(text)
    places = [tmp_path / name for name in ("one", "two", "three")]
    assert are_same(places[:2])
    assert not are_same(places)
    (tmp_path / "none").mkdir()
    assert not are_same([places[0], tmp_path / "none"])
