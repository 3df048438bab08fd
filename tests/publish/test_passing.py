"""Nothing stays of what passes through, however long a dying process writes."""

import os
import subprocess
import sys
import tempfile

from helpers.publish import passing
from helpers.publish.passing import passing_folder

# Like a kernel that ends the call it was in: it makes its folders anew, and files in them.
WRITER = """
import pathlib, sys, time
folder, ends = pathlib.Path(sys.argv[1]), time.monotonic() + 0.5
print(flush=True)
while time.monotonic() < ends:
    try:
        deep = folder / "ipython" / "profile"
        deep.mkdir(parents=True, exist_ok=True)
        for number in range(50):
            (deep / str(number)).write_text("typed")
    except OSError:
        pass
"""


def test_a_folder_is_gone_though_something_still_writes_into_it(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    # The writer goes on for half a second, and a busy machine may let it wait for a while in between.
    monkeypatch.setattr(passing, "_PAUSE", 0.3)
    with passing_folder() as folder:
        writer = subprocess.Popen([sys.executable, "-c", WRITER, str(folder)], stdout=subprocess.PIPE)
        writer.stdout.readline()
    writer.wait()
    assert writer.returncode == 0 and not list(tmp_path.iterdir())


def test_a_folder_is_private_and_gone_after_an_error(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    try:
        with passing_folder() as folder:
            assert folder.stat().st_mode & 0o777 == 0o700
            (folder / "kernel.log").write_text("typed")
            raise KeyError
    except KeyError:
        assert not list(tmp_path.iterdir())


def test_only_folders_whose_owner_is_gone_are_abandoned(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (old, lock), (other, _), (young, its_lock) = (passing.locked_folder() for _ in range(3))
    strangers = tmp_path / "else"
    strangers.mkdir()
    for folder in (old, other, strangers):
        os.utime(folder, (0, 0))
    passing.unlock(lock)
    passing.unlock(its_lock)
    passing.remove_abandoned()
    assert {path.name for path in tmp_path.iterdir()} == {other.name, young.name, "else"}
