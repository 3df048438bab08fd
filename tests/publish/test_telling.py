"""A batch is told to whoever listens: a person, cron, another program."""

import io
import json
import re
from dataclasses import replace

import pytest
from rich.console import Console

from helpers.publish import progress
from helpers.publish.events import Events
from helpers.publish.exits import BrokenOff, exit_code
from helpers.publish.manifest import record_of
from helpers.publish.outcome import Outcome
from helpers.publish.progress import Progress, Quiet
from helpers.publish.telling import Teller, Unchanged
from helpers.stats.estimates import NotApplicable

ODD = 'Zo\u00eb "& Co"\n\u2028\x1b[31m\ud800'


@pytest.fixture
def tasks(planner, write_notebook):
    notebooks = [write_notebook(name=f"0{n}_sample") for n in (1, 2, 3, 4)]
    return [planner.task(path, unit="nl") for path in notebooks]


@pytest.fixture
def screen():
    """A console and what it shows."""
    return Console(file=io.StringIO(), highlight=False, markup=False, soft_wrap=True, width=100)


NONE_UNCHANGED = Unchanged()


def told(teller, tasks, *outcomes, unchanged=NONE_UNCHANGED):
    """Tell of tasks that end one after the other."""
    with teller:
        teller.begin(len(tasks), unchanged)
        for task, outcome in zip(tasks, outcomes, strict=True):
            teller.started(task)
            teller.ended(task, record_of(task, outcome))
        teller.end(tasks[0].folder, "excx report tiny --only-failed")
    return teller


FAILED = Outcome("failed", seconds=4, error="OSError: disk full")
ENDS = (Outcome("done", seconds=65), Outcome("not applicable", seconds=2), FAILED, Outcome("done", seconds=3))


def test_a_person_reads_what_became_of_the_reports_and_how_to_go_on(screen, tasks):
    assert told(Progress(screen), tasks, *ENDS, unchanged=Unchanged(7)).exit_code == 1
    lines = screen.file.getvalue().splitlines()
    assert lines[0].startswith("4 of 4 reports, 1 not applicable, 1 failed, ")
    assert re.fullmatch(r"2 made, 1 not applicable, 1 failed, 7 unchanged in 0 s, [\d,]+ a minute\.", lines[1])
    assert lines[2] == (
        "Slowest: 01_sample for Netherlands (en) 1 min 05 s; 03_sample for Netherlands (en) 4 s; "
        "04_sample for Netherlands (en) 3 s."
    )
    assert lines[3] == "failed: 03_sample for Netherlands (en): OSError: disk full"
    assert re.fullmatch(r"  log: \S+/\.logs/nl-\w+\.03_sample\.en\.log", lines[4])
    assert lines[5:] == ["Run these again with: excx report tiny --only-failed"]


def test_a_person_is_told_once_that_kept_reports_speak_of_earlier_data(screen, tasks):
    told(Progress(screen), tasks[:1], ENDS[0], unchanged=Unchanged(130, 118))
    kept = (
        "Kept 118 reports whose units' own data did not change; what they say of other units and of the whole "
        "organisation is of the data they were made from. Leave --resume out to make all anew."
    )
    assert screen.file.getvalue().splitlines()[-1] == kept and screen.file.getvalue().count("Kept") == 1


def test_one_report_of_earlier_data_is_told_even_where_nothing_had_to_be_made(screen, tasks):
    teller = Progress(screen)
    teller.begin(0, Unchanged(3, 1))
    teller.end(tasks[0].folder, "")
    lines = screen.file.getvalue().splitlines()
    assert lines[0] == "0 made, 0 not applicable, 0 failed, 3 unchanged."
    assert lines[1].startswith("Kept 1 report whose unit's own data did not change; what it says of other units")


def test_of_many_failures_some_are_named_and_the_last_line_says_how_to_go_on(screen, tasks):
    told(Progress(screen), tasks[:1] * 30, *[FAILED] * 30)
    lines = screen.file.getvalue().splitlines()
    assert sum(line.startswith("failed:") for line in lines) == 20
    assert lines[-2:] == ["… and 10 more.", "Run these again with: excx report tiny --only-failed"]


def test_a_name_cannot_move_the_cursor(screen, planner, tasks):
    tasks[0].page["unit"] = "Zo\u00eb\n\x1b[31m"
    told(Progress(screen), tasks[:1], FAILED)
    assert "failed: 01_sample for Zoë  [31m (en)" in screen.file.getvalue()


@pytest.fixture
def clock(monkeypatch):
    """Let a test say how late it is."""
    now = [0.0]
    monkeypatch.setattr("helpers.publish.telling.time.monotonic", lambda: now[0])
    return now


def test_a_terminal_shows_time_left_and_what_has_been_running_longest(tasks, clock):
    screen = Console(file=io.StringIO(), force_terminal=True, width=100)
    teller = Progress(screen)
    teller.begin(403, Unchanged())
    teller.live.stop()
    for end in range(1, 4):
        clock[0] = 2.0 * end
        teller.ended(tasks[0], record_of(tasks[0], FAILED if end == 1 else Outcome("done")))
    assert teller._lines().plain == "3 of 403 reports, 1 failed, about 13 min 20 s left, 6 s."
    teller.started(tasks[1])
    teller.started(tasks[2])
    clock[0] = 16.0
    assert teller._lines().plain.splitlines()[1:] == ["Running longest: 02_sample for Netherlands (en), 10 s."]
    for _ in range(progress._ENDS_REMEMBERED):
        clock[0] += 1.0
        teller.ended(tasks[1], record_of(tasks[1], Outcome("done")))
    assert "about 3 min 20 s left" in teller._line().plain, "the pace is that of late"


def test_a_log_gets_a_line_now_and_then(screen, tasks, clock):
    teller = Progress(screen)
    teller.begin(10_000, Unchanged())
    record = record_of(tasks[0], Outcome("done"))
    for end in range(1, 10_001):
        clock[0] = float(end)
        teller.ended(tasks[0], record)
    lines = screen.file.getvalue().splitlines()
    assert lines[0].startswith("5 of 10,000 reports") and lines[-1] == "10,000 of 10,000 reports, 2 h 46 min."
    assert 50 < len(lines) < 200


def test_quiet_says_nothing_when_all_is_well(screen, tasks):
    assert told(Quiet(screen), tasks, *[Outcome("done")] * 3, Outcome("not applicable")).exit_code == 0
    assert screen.file.getvalue() == ""


def test_quiet_names_what_failed_and_how_to_go_on(screen, tasks):
    told(Quiet(screen), tasks, *ENDS)
    lines = screen.file.getvalue().splitlines()
    assert [line.split()[0] for line in lines] == ["failed:", "log:", "Run"]


def events(stream):
    assert stream.getvalue().endswith("\n") and stream.getvalue().isascii()
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_program_reads_start_each_report_and_end(tasks):
    stream = io.StringIO()
    told(Events(stream), tasks, *ENDS, unchanged=Unchanged(7, 2))
    start, *reports, end = events(stream)
    assert start == {"event": "start", "reports": 4, "unchanged": 7, "of_earlier_data": 2}
    assert [report["state"] for report in reports] == ["done", "not applicable", "failed", "done"]
    assert list(reports[2]) == [
        "event", "unit", "notebook", "language", "parameters", "state", "seconds", "error", "file", "log",
    ]  # fmt: skip
    assert (reports[0]["unit"], reports[0]["notebook"], reports[0]["seconds"]) == ("nl", "01_sample", 65)
    assert reports[2]["error"] == "OSError: disk full" and reports[2]["file"] == ""
    counts = {"made": 2, "not_applicable": 1, "failed": 1, "unchanged": 7, "of_earlier_data": 2}
    assert {name: end[name] for name in counts} == counts
    assert (end["event"], end["exit_code"], end["error"]) == ("end", 1, "")


def test_no_name_breaks_a_line_of_the_events(tasks):
    stream = io.StringIO()
    told(Events(stream), [replace(tasks[0], unit=ODD)], Outcome("failed", error=ODD))
    assert [events(stream)[1][name] for name in ("unit", "error")] == [ODD, ODD]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ValueError("unit must be one of nl, be; found 'fr'."), 2),
        (NotApplicable("no data"), 2),
        (OSError("no such folder"), 2),
        (BrokenOff("disk full"), 1),
        (KeyboardInterrupt(), 130),
        (RuntimeError("nobody foresaw this"), 1),
    ],
)
def test_the_last_event_holds_the_exit_code_whatever_ended_the_batch(error, code):
    stream = io.StringIO()
    with pytest.raises(type(error)), Events(stream):
        raise error
    (end,) = events(stream)
    assert (end["event"], end["exit_code"], end["made"]) == ("end", code, 0)
    assert end["error"] == str(error) and exit_code(error) == code


def test_whoever_tells_nobody_still_counts(tasks):
    teller = told(Teller(), tasks, *ENDS)
    assert teller.counts == {"made": 2, "not applicable": 1, "failed": 1, "unchanged": 0}
    assert [record.notebook for record in teller.failed] == ["03_sample"] and not teller.running
