"""A forked kernel is a kernel of its own: nothing old in it, nothing shared, and an end that is certain."""

import asyncio
import logging
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import psutil
import pytest
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbformat import v4

from helpers.publish import provisioner, warm
from helpers.publish.client import QuickClient
from helpers.publish.kernels import DeadlinePassed
from helpers.publish.pool import run_all
from publish.conftest import wait_until


@pytest.fixture
def template():
    """Give the running template of this process, fully imported."""
    warm.template_address()
    process = psutil.Process(warm._own.process.pid)
    # Asleep for a while, it has nothing left to import and waits for requests.
    assert wait_until(lambda: all(asleep(process) for _ in range(5)), 90)
    return process


def asleep(process):
    time.sleep(0.05)
    return process.status() == psutil.STATUS_SLEEPING and process.memory_info().rss > 1e8


@pytest.fixture
def stock(monkeypatch):
    return lambda: monkeypatch.setenv(warm.CHOICE, "stock")


def test_the_template_is_one_task_without_event_loop_or_zmq(template, kernel):
    assert kernel(printed="os.getppid()") == template.pid
    assert len(os.listdir(f"/proc/{template.pid}/task")) == 1
    opened = [os.readlink(path) for path in Path(f"/proc/{template.pid}/fd").iterdir()]
    assert not [name for name in opened if "eventpoll" in name or "eventfd" in name]


def test_the_template_holds_libraries_and_nothing_of_helpers(template, kernel):
    loaded = set(kernel(printed="sorted(sys.modules)"))
    assert {"numpy", "pandas", "scipy.stats", "matplotlib.pyplot", "ibis"} <= loaded
    assert not {name for name in loaded if name.split(".")[0] == "helpers"}


def test_every_library_named_can_be_imported(template, kernel):
    names = repr(warm.template_process.LIBRARIES)
    assert kernel(printed=f"[name for name in {names} if name not in sys.modules]") == []


def test_a_kernel_has_session_group_place_and_sockets_of_its_own(template, kernel):
    cell = "from pathlib import Path; place = Path.cwd()"
    found = kernel(
        cell,
        printed="{'ids': [os.getpid(), os.getsid(0), os.getpgrp()], 'here': os.listdir(), 'name': place.name, "
        "'sockets': len(list(place.parent.glob('kernel-ipc-*')))}",
    )
    assert len(set(found["ids"])) == 1
    assert (found["here"], found["name"], found["sockets"]) == ([], "cwd", 5)


def test_a_kernel_sees_environment_and_arguments_as_a_stock_one_does(template, kernel, stock, monkeypatch):
    printed = "[{k: v for k, v in os.environ.items() if not k.startswith(('JPY_', 'IPYTHONDIR', 'TMPDIR', 'EXCX_'))}, "
    printed += "sys.path, [Path(one).name for one in sys.argv], hash('a'), str(sys.flags)]"
    monkeypatch.setenv("MADE_AFTER_THE_TEMPLATE", "1")
    forked = kernel("from pathlib import Path", printed=printed)
    stock()
    from_nothing = kernel("from pathlib import Path", printed=printed)
    assert "MADE_AFTER_THE_TEMPLATE" in forked[0] and forked == from_nothing


def test_what_is_random_differs_and_the_hash_of_texts_does_not(template, kernel):
    cells = ["import random, uuid, tempfile", "import numpy as np"]
    printed = "[random.random(), np.random.random(), np.random.default_rng().random(), uuid.uuid4().hex, hash('a')]"
    one, other = kernel(*cells, printed=printed), kernel(*cells, printed=printed)
    assert not set(one[:-1]) & set(other[:-1])
    assert one[-1] == other[-1]


def test_nothing_leaks_from_one_kernel_to_the_next(template, kernel):
    kernel("import pandas, builtins, os, matplotlib", "pandas.seen = builtins.seen = os.environ['SEEN'] = 'NL'",
           "matplotlib.rcParams['font.size'] = 99; os.chdir('/')", printed="0")  # fmt: skip
    left = "[hasattr(pandas, 'seen'), hasattr(builtins, 'seen'), 'SEEN' in os.environ, matplotlib.rcParams['font.size']"
    assert kernel("import pandas, builtins, matplotlib", printed=left + "]") == [False, False, False, 10.0]


def test_a_forked_kernel_keeps_to_the_deadline(template, kernel, processes):
    with pytest.raises(DeadlinePassed, match="within 2 seconds"):
        kernel("while True: pass", printed="0", deadline=2)
    assert wait_until(lambda: not processes())


RUNNER = """
import sys
from pathlib import Path
import nbformat
from helpers.publish.kernels import execute
execute(nbformat.read(sys.argv[1], as_version=4), {}, Path(sys.argv[2]), 600)
"""
# The first holds the interpreter: no thread of the kernel gets its turn.
STANDING_STILL = (
    "import re, subprocess, sys; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
)
STANDING_STILL += "re.match(r'(a+)+$', 'a' * 60 + 'b')"


def test_a_killed_runner_takes_kernel_and_template_along_even_when_a_cell_stands_still(tmp_path, processes):
    parameters = v4.new_code_cell("lags: int = 3", metadata={"tags": ["parameters"]})
    nbformat.write(v4.new_notebook(cells=[parameters, v4.new_code_cell(STANDING_STILL)]), tmp_path / "nb.ipynb")
    workplace = Path(os.environ["TMPDIR"], "w")
    workplace.mkdir()
    runner = subprocess.Popen([sys.executable, "-c", RUNNER, tmp_path / "nb.ipynb", workplace])
    # The kernel, and what its cell has started.
    assert wait_until(lambda: sum("/w/cwd" in line for line in processes()) == 2, 60)
    family = psutil.Process(runner.pid).children(recursive=True)
    assert any("template_process" in " ".join(one.cmdline()) for one in family)
    runner.kill()
    runner.wait()
    assert wait_until(lambda: not processes())
    assert wait_until(lambda: not any(one.is_running() and one.status() != psutil.STATUS_ZOMBIE for one in family))


def test_a_killed_template_harms_no_running_kernel_and_the_next_is_a_stock_one(
    own_template, kernel, caplog, monkeypatch
):
    monkeypatch.setattr(provisioner, "_told", set())
    cell = "import os, signal, time; template = os.getppid(); os.kill(template, signal.SIGKILL); time.sleep(0.5)"
    killed = kernel(cell, printed="template")
    assert killed == warm._own.process.pid
    with caplog.at_level(logging.WARNING):
        assert kernel(printed="os.getppid()") == os.getpid()
    assert "Kernel was not forked, but started from nothing: " in caplog.text


@pytest.mark.parametrize(
    ("sitecustomize", "reason"),
    [
        ("import threading, time; threading.Thread(target=time.sleep, args=(9,), daemon=True).start()", "single task"),
        ("import helpers", "must hold nothing of helpers; found it imported"),
        ("import os; os.fork = lambda: (_ for _ in ()).throw(OSError('no room for another process'))", "no room"),
    ],
)
def test_a_template_that_must_not_be_copied_says_so_and_stock_kernels_do_the_work(
    sitecustomize, reason, own_template, kernel, caplog, monkeypatch, tmp_path
):
    (tmp_path / "sitecustomize.py").write_text(
        f"import sys\nif any('template_process' in one for one in sys.orig_argv):\n    {sitecustomize}\n"
    )
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])]))
    monkeypatch.setattr(provisioner, "_told", set())
    with caplog.at_level(logging.WARNING):
        assert kernel(printed="os.getppid()") == os.getpid()
    assert reason in caplog.text


def test_what_an_interpreter_reads_only_once_asks_for_a_stock_kernel(template, kernel, caplog, monkeypatch):
    monkeypatch.setattr(provisioner, "_told", set())
    monkeypatch.setenv("PYTHONPYCACHEPREFIX", "/nowhere")
    with caplog.at_level(logging.WARNING):
        assert kernel(printed="os.getppid()") == os.getpid()
    assert "environment must be the template's; found another PYTHONPYCACHEPREFIX." in caplog.text


def test_other_systems_and_whoever_asks_for_it_get_stock_kernels(monkeypatch, stock, kernel):
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(sys, "platform", "darwin")
        assert warm.template_address() == ""
    stock()
    assert warm.template_address() == ""
    assert kernel(printed="os.getppid()") == os.getpid()


def test_a_template_that_cannot_be_started_is_logged(own_template, kernel, caplog, monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.mkdtemp", lambda prefix: str(tmp_path / "not there"))
    with caplog.at_level(logging.WARNING):
        assert kernel(printed="os.getppid()") == os.getpid()
    assert "Kernels cannot be forked, and are started from nothing: " in caplog.text


def test_an_environment_that_was_installed_before_gets_stock_kernels_and_a_hint(kernel, caplog, monkeypatch):
    monkeypatch.setattr(provisioner, "_told", set())
    monkeypatch.setattr(provisioner, "NAME", "excx-unknown")
    with caplog.at_level(logging.WARNING):
        assert kernel(printed="os.getppid()") == os.getpid()
    assert "excx-unknown is no entry point of this environment. Install excx again." in caplog.text


def test_jupyterlab_keeps_the_normal_kernel(template, kernel):
    kernel(printed="0")
    assert "kernel_provisioner" not in KernelSpecManager().get_kernel_spec("python3").metadata


def test_a_batch_has_one_template_that_ends_with_it(planner, write_notebook, own_template):
    notebook = write_notebook("import os; raise ValueError(os.getppid())")
    tasks = [planner.task(notebook, unit=unit) for unit in ("all", "nl", "be")]
    (told,) = {outcome.error for _, outcome in run_all(tasks, 2)}
    assert warm._own is None and not psutil.pid_exists(int(told.removeprefix("ValueError: ")))


def test_a_kernel_that_is_ready_has_nothing_left_to_say(tmp_path_factory):
    workplace = tmp_path_factory.mktemp("k")
    manager = AsyncKernelManager(client_factory=QuickClient, connection_file=str(workplace / "kernel.json"))

    async def talk():
        await manager.start_kernel(cwd=str(workplace))
        client = manager.client()
        client.start_channels()
        try:
            await client.wait_for_ready(30)
            await asyncio.sleep(0.3)
            return await client.iopub_channel.msg_ready() or await client.shell_channel.msg_ready()
        finally:
            client.stop_channels()
            await manager.shutdown_kernel(now=True)

    assert not asyncio.run(talk())


def test_a_kernel_that_dies_at_its_start_is_not_waited_for(template, kernel, monkeypatch):
    monkeypatch.setattr(provisioner.ForkedKernel, "poll", lambda self: 0)
    monkeypatch.setattr(provisioner.ForkedKernel, "__init__", _killed(provisioner.ForkedKernel.__init__))
    with pytest.raises(RuntimeError, match="Kernel died before replying"):
        kernel(printed="0")


def _killed(begin):
    def init(self, connection, pid, pidfd):
        begin(self, connection, pid, pidfd)
        os.kill(pid, signal.SIGKILL)

    return init
