"""Whichever process is killed, the batch goes on, or `--resume` does, and nothing runs on."""

import os
import signal
import time

import psutil
import pytest
from batches import after, wait_until

# Each notebook but the first leaves a sign and waits; one that has been there before, or is told to go on, does not.
WAITS = """
import os, time
sign, go = (Path(dataset, ".cache", name) for name in (f"sign-{unit}", "go"))
before = sign.exists()
sign.write_text(f"{os.getpid()} {os.getppid()}")
while unit in UNITS and not before and not go.exists():
    time.sleep(0.05)
"""


def wait_in(batch, *units):
    """Start a batch; give the ids of kernel and template of each of these units, once they wait and all is made."""
    batch.fault(WAITS.replace("UNITS", repr(units)))
    batch.start()
    assert wait_until(lambda: "all" in batch.records() and set(units) <= set(batch.signs()))
    return {unit: tuple(map(int, sign.split())) for unit, sign in batch.signs().items()}


def workers(batch):
    family = psutil.Process(batch.runner.pid).children(recursive=True)
    servers = [one for one in family if "forkserver" in " ".join(one.cmdline())]
    return [one for one in servers if one.parent() in servers]


def test_kill_the_runner(batch):
    wait_in(batch, "nl", "be")
    batch.runner.kill()
    assert batch.ended()[0] == -signal.SIGKILL
    after(batch, all="done", nl="", be="")


@pytest.mark.slow
def test_kill_everything_at_once(batch):
    wait_in(batch, "nl", "be")
    for process in batch.processes():
        process.kill()
    batch.ended()
    left = list(batch.passing.iterdir())
    assert left, "then there is nothing to clear up"
    for folder in left:
        os.utime(folder, (0, 0))
    batch.mend()
    assert batch.run("--resume", "-u", "nl")[0] == 0
    after(batch, all="done", nl="done", be="done")


@pytest.mark.slow
def test_kill_a_worker(batch):
    wait_in(batch, "nl", "be")
    workers(batch)[0].kill()
    assert batch.ended()[0] == 0
    after(batch, all="done", nl="done", be="done")


@pytest.mark.slow
def test_kill_a_kernel(batch):
    os.kill(wait_in(batch, "nl")["nl"][0], signal.SIGKILL)
    code, said = batch.ended()
    assert code == 1 and "kernel must live to the last cell; it died" in said
    after(batch, all="done", nl="kernel must live to the last cell", be="done")


@pytest.mark.slow
def test_kill_a_kernel_that_left_a_daemon(batch):
    batch.fault("import os, subprocess; subprocess.Popen(['sleep', '600'], start_new_session=True, cwd='/')\n"
                "os.kill(os.getpid(), 9) if unit == 'nl' else None")  # fmt: skip
    assert batch.run()[0] == 1
    after(batch, all="done", nl="kernel must live to the last cell", be="done")


@pytest.mark.slow
def test_kill_the_template(batch):
    batch.fault(WAITS.replace("UNITS", "('all', 'nl')"))
    batch.start()
    assert wait_until(lambda: set(batch.signs()) == {"all", "nl"})
    (template,) = {int(sign.split()[1]) for sign in batch.signs().values()}
    os.kill(template, signal.SIGKILL)
    (batch.dataset / ".cache" / "go").touch()
    code, said = batch.ended()
    assert code == 0 and "3 made" in said
    assert int(batch.signs()["be"].split()[1]) != template
    after(batch, all="done", nl="done", be="done")


@pytest.mark.slow
def test_stop_twice(batch):
    wait_in(batch, "nl", "be")
    for _ in range(5):
        os.killpg(batch.runner.pid, signal.SIGINT)
        time.sleep(0.02)
    code, said = batch.ended()
    assert code == 130 and said.count("go on with --resume") == 1 and "Traceback" not in said
    after(batch, all="done", nl="", be="")
