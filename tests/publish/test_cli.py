"""The commands do what they say, say in one line what is wrong, and leave nothing running."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from typer.testing import CliRunner

from helpers import cli
from helpers.publish import batch
from helpers.publish.manifest import MANIFEST

SHOW = "from IPython.display import HTML\nHTML(f'<p>{unit} {lags}</p>')"
HEAVY = ("pandas", "matplotlib", "papermill", "nbconvert", "ibis", "scipy", "distributed")


def excx(*arguments: object):
    return CliRunner().invoke(cli.app, [str(argument) for argument in arguments])


def wait_until(condition, seconds=30.0):
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.1)
    return condition()


def assert_one_line_error(result, *words):
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1 and result.stderr.startswith("Error: ")
    assert all(word in result.stderr for word in words), result.stderr


def test_help_lists_the_commands_and_loads_nothing_heavy():
    source = f"import sys, helpers.cli; print([name for name in {HEAVY} if name in sys.modules])"
    assert subprocess.check_output([sys.executable, "-c", source], text=True) == "[]\n"
    shown = excx("--help").stdout
    assert all(f"  {command}" in shown for command in ("demo", "fetch", "check", "score", "report"))


def test_help_of_report_says_what_the_exit_codes_mean():
    shown = " ".join(excx("report", "--help").stdout.split())
    assert "Exit codes: 0, all made; 1, some failed or the batch broke off; 2, refused before anything ran" in shown
    assert "130, stopped" in shown


@pytest.mark.parametrize("name", ["demo-null", "demo-sector"])
def test_demo_makes_the_dataset_asked_for(name, tmp_path):
    result = excx("demo", "--only", name, "--scale", "0.05", "--seed", "3", "--folder", tmp_path)
    assert result.exit_code == 0, result.stderr
    assert result.stdout == f"Made {tmp_path / name}.\n"
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_demo_refuses_a_truth_it_does_not_know(tmp_path):
    (tmp_path / "truth.toml").write_text("[effects]\nlagg = [0, 0, 1]\n")
    result = excx("demo", "--truth", tmp_path / "truth.toml", "--folder", tmp_path)
    assert_one_line_error(result, "lagg")


def test_fetch_refuses_a_source_it_does_not_know():
    assert_one_line_error(excx("fetch", "chicagoo"), "chicago")


def test_check_prints_every_problem_and_says_by_its_exit_code_whether_there_are_errors(tiny):
    assert excx("check", tiny).exit_code == 0
    (tiny / "scores.csv").write_text("unit_id,period,measure,estimate,n,se\nxx,20-24,enps,twelve,60,6\n")
    result = excx("check", tiny)
    assert result.exit_code == 1
    assert all(word in result.stdout for word in ("xx", "20-24", "twelve"))


def test_score_counts_what_there_is(tiny):
    result = excx("score", tiny)
    assert (result.exit_code, result.stdout) == (0, "4 scores: 3 units, 2 periods, 1 measures.\n")


def test_one_failure_stops_no_other_and_is_named_with_the_way_to_go_on(tiny, tmp_path, write_notebook, processes):
    good, bad = write_notebook(SHOW, name="01_good"), write_notebook("1 / 0", name="02_bad")
    where = ["--jobs", 1, "--reports", tmp_path / "reports"]
    asked = ["report", tiny, "-n", bad, "-n", good, "-u", "nl", *where]
    result = excx(*asked)
    folder = tmp_path / "reports" / "tiny"
    assert result.exit_code == 1
    assert "1 made, 0 not applicable, 1 failed, 0 unchanged in " in result.stderr
    assert "failed: 02_bad for Netherlands (en): ZeroDivisionError: division by zero" in result.stderr
    assert result.stderr.splitlines()[-1].startswith(f"Run these again with: excx report {tiny} --only-failed")
    assert len(list(folder.glob("*/01_good.en.html"))) == 1 and not list(folder.glob("*/02_bad*"))
    assert "division by zero" in next((folder / ".logs").glob("nl-*")).read_text()
    assert (folder / "index.html").read_text().count(">failed</span></li>") == 1

    before = {path: path.stat().st_mtime_ns for path in folder.glob("*/01_good.en.html")}
    assert "0 made, 0 not applicable, 1 failed, 1 unchanged in " in excx(*asked, "--resume").stderr
    assert {path: path.stat().st_mtime_ns for path in before} == before

    write_notebook(SHOW, name="02_bad")
    again = excx("report", tiny, "--only-failed", "-n", bad, *where)
    assert again.exit_code == 0 and "1 made, 0 not applicable, 0 failed, 0 unchanged in " in again.stderr
    quiet = excx(*asked, "--resume", "--quiet")
    assert (quiet.exit_code, quiet.stdout, quiet.stderr) == (0, "", "")
    assert not list((folder / ".logs").iterdir())
    assert not processes()


def test_a_batch_that_breaks_off_says_so_and_exits_with_1(tiny, tmp_path, write_notebook, monkeypatch):
    def no_room(folder, record):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(batch, "append_record", no_room)
    result = excx("report", tiny, "-n", write_notebook("0"), "--jobs", 1, "--json", "--reports", tmp_path / "reports")
    said = "[Errno 28] No space left on device. What was finished is kept; go on with --resume."
    assert result.exit_code == 1 and result.stderr == f"Error: {said}\n"
    end = json.loads(result.stdout.splitlines()[-1])
    assert (end["event"], end["exit_code"], end["error"]) == ("end", 1, said)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["-u", "Netherland"], "unit must be a unit_id of tiny; found 'Netherland'"),
        (["-n", "99_none"], "notebook must be one of the collection; found '99_none'"),
        (["-u", "nl", "-p", "lagz=4"], "Did you mean lags?"),
        (["-u", "nl", "-p", "lags=four"], "lags must be a whole number; found 'four'"),
        (["--level", "team"], "level must be one of organisation, country; found 'team'"),
    ],
    ids=["unit", "notebook", "parameter", "type", "level"],
)
def test_wrong_names_are_refused_before_anything_runs(tiny, tmp_path, write_notebook, arguments, words):
    (tmp_path / "10_unit_report.ipynb").write_bytes(write_notebook(name="10").read_bytes())
    result = excx(
        "report", tiny, "-n", tmp_path / "10_unit_report.ipynb", *arguments, "--reports", tmp_path / "reports"
    )
    assert_one_line_error(result, words)
    assert not (tmp_path / "reports").exists()


@pytest.mark.parametrize(
    ("table", "text", "words"),
    [
        ("scores.csv", "", "scores must hold rows; found an empty file, scores.csv."),
        ("scores.csv", None, "scores must have a file; found no file scores.csv."),
        ("scores.csv", "period,measure,estimate\n2024,enps,1\n", "scores must have the column unit_id; found period"),
        ("units.csv", "unit_id,name,parent_id,level\n", "units must have at least one row; found a header only"),
        (
            "units.csv",
            "unit_id,name,parent_id,level\nall,A,,organisation\nnl,N,be,country\nbe,B,nl,country\n",
            "units must form a tree; found a cycle through nl, be.",
        ),
    ],
)
def test_a_table_that_cannot_be_read_is_told_in_one_line_before_anything_runs(tiny, tmp_path, table, text, words):
    (tiny / table).unlink() if text is None else (tiny / table).write_text(text)
    assert_one_line_error(excx("report", tiny, "-u", "nl", "--reports", tmp_path / "reports"), words)
    assert not (tmp_path / "reports").exists()


def test_an_unknown_dataset_is_refused():
    assert_one_line_error(excx("report", "no-such-data"), "found 'no-such-data'")


@pytest.mark.parametrize(
    "arguments", ["--jobs 0", "--language de", "--resume --only-failed", "--quiet --json", "--nb 02"]
)
def test_wrong_use_exits_with_2(tiny, arguments):
    assert excx("report", tiny, *arguments.split()).exit_code == 2


@pytest.mark.parametrize(("wished", "language"), [("nl", "nl"), ("en_GB:en", ""), ("", "")])
def test_the_environment_may_wish_a_language(monkeypatch, wished, language):
    monkeypatch.setenv("LANGUAGE", wished)
    assert cli._language_wished() == language


@pytest.fixture
def running(tiny, tmp_path, write_notebook, processes):
    """A batch of which one report is finished and one never ends."""
    good, slow = write_notebook(SHOW, name="01_good"), write_notebook("while True: pass", name="02_slow")
    command = [
        sys.executable,
        "-m",
        "helpers.cli",
        "report",
        tiny,
        "-n",
        good,
        "-n",
        slow,
        "--jobs",
        "2",
        "--reports",
        "reports",
        "--json",
    ]
    # Tests started in the background of a shell ignore Ctrl-C, and would hand that on.
    hears = {"preexec_fn": lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)}
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    process = subprocess.Popen(command, cwd=tmp_path, start_new_session=True, **streams, **hears)
    manifest = tmp_path / "reports" / "tiny" / MANIFEST
    assert wait_until(lambda: manifest.exists() and any("/cwd" in line for line in processes()), 90)
    yield process
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def test_ctrl_c_keeps_what_is_finished_and_leaves_no_kernel(running, tmp_path, processes):
    os.killpg(running.pid, signal.SIGINT)
    assert running.wait(20) == 130
    assert "go on with --resume" in running.stderr.read()
    events = [json.loads(line) for line in running.stdout]
    assert [event["event"] for event in events] == ["start", "report", "end"]
    assert (events[1]["notebook"], events[-1]["made"], events[-1]["exit_code"]) == ("01_good", 1, 130)
    assert wait_until(lambda: not processes(), 5)
    folder = tmp_path / "reports" / "tiny"
    assert [json.loads(line)["notebook"] for line in (folder / MANIFEST).read_text().splitlines()] == ["01_good"]
    assert "01_good.en.html" in (folder / "index.html").read_text()
    assert not list(folder.rglob(".writing-*")) and not list(folder.rglob("02_slow*"))
