"""What docs/schedulers.md shows is run: command lines, the DAG, the workflow."""

import json
import os
import re
import shlex
import subprocess
import sys
import types
from pathlib import Path

import nbformat
import pytest
import yaml
from nbformat import v4

PAGE = (Path(__file__).parents[2] / "docs" / "schedulers.md").read_text(encoding="utf-8")
# The installation of the page, with this environment behind it.
EXCX = """#!{python}
import sys
from pathlib import Path
from helpers.datasets import dataset
for module in [one for name, one in sys.modules.items() if name.startswith("helpers.")]:
    if hasattr(module, "project_root"):
        module.project_root = lambda: Path({root!r})
from helpers import cli
if __name__ == "__main__":
    cli.app()
"""
PARAMETERS = 'dataset: str = ""  # a name or a folder\nunit: str = ""  # unit id\nlanguage: str = "en"  # en or nl'


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.M | re.S)


def cron_command():
    (line,) = blocks("cron")[0].splitlines()
    *times, command = line.split(maxsplit=5)
    assert len(times) == 5 and all(re.fullmatch(r"[\d*,/-]+", time) for time in times)
    return command


class Operator:
    """Stands in for Airflow's; keeps what it was asked to run."""

    made = ()

    def __init__(self, *, task_id, bash_command, cwd, **options):
        self.task_id, self.bash_command, self.cwd, self.options = task_id, bash_command, cwd, options
        Operator.made += (self,)

    def __rshift__(self, other):
        assert self.task_id == "check" and other.task_id == "report"


class Dag:
    """Stands in for Airflow's."""

    def __init__(self, *, dag_id, schedule, start_date, catchup, max_active_runs):
        assert catchup is False and max_active_runs == 1

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None


def airflow_commands(monkeypatch):
    operators = types.ModuleType("airflow.providers.standard.operators.bash")
    operators.BashOperator = Operator
    sdk = types.ModuleType("airflow.sdk")
    sdk.DAG = Dag
    for module in (operators, sdk):
        monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(Operator, "made", ())
    exec(compile(blocks("python")[0], "dag.py", "exec"), {})
    return [f"cd {one.cwd} && {one.bash_command}" for one in Operator.made]


def workflow_steps():
    (job,) = yaml.safe_load(blocks("yaml")[0])["jobs"].values()
    return job["steps"]


def workflow_commands():
    return [step["run"] for step in workflow_steps() if "excx" in step.get("run", "")]


@pytest.fixture
def installation(tiny, tmp_path):
    """A project as the page has it: a dataset, two notebooks, and `.venv/bin/excx`."""
    root = tmp_path / "excx"
    for folder in ("data", "notebooks", ".venv/bin"):
        (root / folder).mkdir(parents=True)
    (root / "Makefile").touch()
    tiny.rename(root / "data" / "my-survey")
    cells = [v4.new_markdown_cell("# Is it run?"), v4.new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]})]
    for name in ("01_sample", "10_unit_report"):
        nbformat.write(v4.new_notebook(cells=cells), root / "notebooks" / f"{name}.ipynb")
    excx = root / ".venv" / "bin" / "excx"
    excx.write_text(EXCX.format(python=sys.executable, root=str(root)))
    excx.chmod(0o755)
    return root


def run(command, root):
    command = command.replace("/srv/excx", shlex.quote(str(root)))
    # Kernels from nothing: cheaper for three small notebooks than a process to fork them from, each time.
    environment = os.environ | {"EXCX_KERNEL": "stock"}
    return subprocess.run(["bash", "-e", "-c", command], cwd=root, env=environment, capture_output=True, text=True)


def test_every_command_line_of_the_page_does_what_it_says(installation, monkeypatch):
    cron = run(cron_command(), installation)
    assert (cron.returncode, cron.stdout, cron.stderr) == (0, "", "")
    reports = installation / "reports" / "my-survey"
    assert len(list(reports.glob("*/*.html"))) == 4

    check, report = (run(command, installation) for command in airflow_commands(monkeypatch))
    assert check.returncode == 0, check.stdout
    end = json.loads(report.stdout.splitlines()[-1])
    assert (report.returncode, end["exit_code"], end["made"], end["unchanged"]) == (0, 0, 0, 4), report.stdout

    same_check, report = workflow_commands()
    assert same_check in airflow_commands(monkeypatch)[0]
    assert run(report, installation).returncode == 0
    events = (installation / "events.jsonl").read_text().splitlines()
    assert [json.loads(line)["event"] for line in events] == ["start", "end"]


def test_actions_are_pinned_by_major_version_and_the_environment_is_made_first():
    steps = workflow_steps()
    used = [step["uses"] for step in steps if "uses" in step]
    assert used and all(re.fullmatch(r"actions/[a-z-]+@v\d+", one) for one in used)
    assert next(step["run"] for step in steps if "run" in step) == "make env"


def test_each_exit_code_of_the_page_is_one_of_the_program():
    from helpers.publish import exits

    codes = {int(code) for code in re.findall(r"^\| (\d+) \|", PAGE, re.M)}
    assert codes == {exits.ALL_MADE, exits.SOME_FAILED, exits.REFUSED, exits.STOPPED}


def test_fields_of_events_on_the_page_are_those_that_are_written():
    from helpers.publish.events import FIELDS

    told = re.search(r"`report` for each that\s+ends\s+\((.*?)\)", PAGE, re.S)[1]
    assert re.findall(r"`(\w+)`", told)[: len(FIELDS)] == list(FIELDS)


def test_the_options_of_the_commands_for_a_cluster_exist():
    scheduler, worker, report = blocks("sh")[0].splitlines()
    for line in (scheduler, worker):
        name, *words = line.removeprefix(".venv/bin/dask ").split()
        shown = subprocess.run([sys.executable, "-m", "dask", name, "--help"], capture_output=True, text=True).stdout
        assert all(word in shown for word in words if word.startswith("--"))
    shown = subprocess.run([sys.executable, "-m", "helpers.cli", "report", "--help"], capture_output=True, text=True)
    assert all(word in shown.stdout for word in report.split() if word.startswith("--"))
