"""When nothing can be written, the batch says so, and what is there stays whole."""

import os
import subprocess

import pytest
from batches import UNITS, after


@pytest.fixture
def disk(tmp_path):
    """Make a disk of so many kilobytes in a folder; as root, like CI."""
    mounted = []

    def make(folder, kilobytes):
        folder.mkdir(exist_ok=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", folder], check=True)
        mounted.append(folder)

    if os.geteuid() != 0:
        pytest.skip("only root may mount a small disk")
    yield make
    for folder in mounted:
        subprocess.run(["umount", "-l", folder], check=True)


def remount(folder, options):
    subprocess.run(["mount", "-o", f"remount,{options}", folder], check=True)


@pytest.mark.slow
def test_a_disk_that_is_full(batch, disk):
    # Room for the first report and a little more.
    disk(batch.reports, (len(batch.pages["all"]) // 4096 + 8) * 4)
    code, said = batch.run("--jobs", "1")
    assert code == 1 and "Traceback" not in said
    assert "No space left on device" in said and "What was finished is kept; go on with --resume." in said
    remount(batch.reports, "size=50m")
    after(batch)


@pytest.mark.slow
def test_a_disk_without_any_room(batch, disk):
    disk(batch.reports, 4)
    code, said = batch.run()
    assert code != 0 and "No space left on device" in said and "Traceback" not in said
    remount(batch.reports, "size=50m")
    after(batch, **dict.fromkeys(UNITS, ""))


@pytest.mark.slow
def test_a_folder_that_cannot_be_written_to(batch, disk):
    disk(batch.reports, 1000)
    remount(batch.reports, "ro")
    code, said = batch.run()
    assert code == 2 and said.count("\n") == 1, said
    assert "reports folder must be writable" in said and "Read-only file system" in said
    remount(batch.reports, "rw")
    after(batch, **dict.fromkeys(UNITS, ""))


@pytest.mark.slow
def test_no_room_for_passing_files(batch, disk):
    disk(batch.passing, 12)
    code, said = batch.run()
    assert code != 0 and "No space left on device" in said and "Traceback" not in said
    remount(batch.passing, "size=50m")
    after(batch)
