"""The ledger: what was recorded survives crashes and runs at the same time, and every alteration is noticed."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.release import ledger as ledger_module
from helpers.release.ledger import HEAD, LEDGER, LOCK, Entry, Ledger, LedgerError

PAYLOADS = (
    {"units": ["a", "b"], "min_group": 10},
    {"units": ["ç", "\ud800", "−"], "share": 0.1, "none": None},
    {"masks": {"a": {"enps": True}}, "period": "2024-H1"},
)
# Appends until it is killed or has done its share, and says so after each append has returned.
WRITER = """
import sys, warnings
sys.path.insert(0, sys.argv[1])
import types
package = types.ModuleType("helpers.release")
package.__path__ = [sys.argv[1] + "/helpers/release"]
sys.modules["helpers.release"] = package  # spares the import of pandas
from helpers.release.ledger import Ledger
from pathlib import Path
warnings.filterwarnings("ignore", message="ledger.jsonl must end in a whole line")
ledger = Ledger(Path(sys.argv[2]))
for i in range(int(sys.argv[4])):
    entry = ledger.append({"by": sys.argv[3], "i": i, "long": "x" * 5000}, b"cells %d" % i)
    print(entry.number, entry.hash, flush=True)
"""


class Crash(BaseException):
    """Stands for the end of the process: nothing in the ledger catches it."""


@pytest.fixture
def three(tmp_path):
    """Give the folder of a ledger with three entries, the first two with attachments."""
    return made(tmp_path / "ledger")


def made(folder: Path) -> Path:
    ledger = Ledger(folder)
    for payload, attachment in zip(PAYLOADS, (b"first", b"second", b""), strict=True):
        ledger.append(payload, attachment)
    return folder


def lines(folder: Path) -> list[bytes]:
    return (folder / LEDGER).read_bytes().splitlines(keepends=True)


def rewrite(folder: Path, kept: list[bytes]) -> None:
    (folder / LEDGER).write_bytes(b"".join(kept))


def numbers(folder: Path) -> list[int]:
    return [entry.number for entry in Ledger(folder).entries()]


def writer(folder: Path, name: str, n: int) -> subprocess.Popen:
    source = Path(ledger_module.__file__).parents[2]
    arguments = [sys.executable, "-c", WRITER, str(source), str(folder), name, str(n)]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


# What is recorded


def test_order_content_and_attachments_survive(three):
    entries = Ledger(three).entries()
    assert [entry.number for entry in entries] == [1, 2, 3]
    assert tuple(entry.payload for entry in entries) == PAYLOADS
    assert [Ledger(three).attachment(entry) for entry in entries] == [b"first", b"second", b""]


def test_append_gives_the_entry_that_is_read_later(tmp_path):
    ledger = Ledger(tmp_path)
    entry = ledger.append({2: ("a", "b"), 10: 1}, b"cells")
    assert entry.payload == {"2": ["a", "b"], "10": 1}
    assert Ledger(tmp_path).entries() == (entry,)
    assert Ledger(tmp_path).head == entry.hash


def test_before_the_first_append_there_is_nothing_and_reading_makes_nothing(tmp_path):
    ledger = Ledger(tmp_path / "none")
    assert (ledger.entries(), ledger.head) == ((), "")
    assert not (tmp_path / "none").exists()


def test_an_attachment_is_named_after_what_sha256sum_prints(three):
    entry = Ledger(three).entries()[0]
    printed = subprocess.run(["sha256sum", three / f"{entry.attached}.json.gz"], capture_output=True, text=True)
    assert printed.stdout.split()[0] == entry.attached


def test_nobody_but_the_owner_may_open_the_folder(three):
    assert three.stat().st_mode & 0o077 == 0


def test_there_is_no_way_to_change_or_remove_an_entry():
    public = {name for name in dir(Ledger) if not name.startswith("_")}
    assert public == {"entries", "head", "attachment", "append", "locked"}
    with pytest.raises(AttributeError):
        Entry(1, {}, "").number = 2


@pytest.mark.parametrize(
    ("payload", "found"),
    [
        ({"share": float("nan")}, "Out of range float values are not JSON compliant"),
        ({"units": {"a"}}, "Object of type set is not JSON serializable"),
        (["units"], "dictionary update sequence"),
    ],
    ids=["nan", "set", "list"],
)
def test_what_json_cannot_hold_is_refused_and_not_written(three, payload, found):
    with pytest.raises(ValueError, match=f"payload must hold only what JSON can; found {found}") as refused:
        Ledger(three).append(payload)
    assert not isinstance(refused.value, LedgerError)
    assert numbers(three) == [1, 2, 3]


# What is noticed


@pytest.mark.parametrize("name", [LEDGER, HEAD])
def test_one_flipped_bit_of_any_byte_is_noticed(three, name):
    path = three / name
    whole = path.read_bytes()
    for position in range(len(whole)):
        altered = bytearray(whole)
        altered[position] ^= 1
        path.write_bytes(altered)
        with pytest.raises(LedgerError, match=r"Restore .* from a backup"):
            Ledger(three).entries()
    path.write_bytes(whole)
    assert numbers(three) == [1, 2, 3]


@pytest.fixture(scope="module")
def pristine():
    with tempfile.TemporaryDirectory() as folder:
        yield made(Path(folder) / "ledger")


@given(data=st.data(), flip=st.integers(1, 255))
def test_any_other_byte_anywhere_is_noticed(pristine, data, flip):
    names = sorted(path.name for path in pristine.iterdir() if path.name != LOCK)
    path = pristine / data.draw(st.sampled_from(names))
    whole = path.read_bytes()
    position = data.draw(st.integers(0, len(whole) - 1))
    try:
        path.write_bytes(whole[:position] + bytes([whole[position] ^ flip]) + whole[position + 1 :])
        with pytest.raises(LedgerError):
            read_all(pristine)
    finally:
        path.write_bytes(whole)
    read_all(pristine)


def read_all(folder: Path) -> None:
    ledger = Ledger(folder)
    for entry in ledger.entries():
        ledger.attachment(entry)


@pytest.mark.parametrize("name", [LEDGER, HEAD])
def test_a_file_cut_short_anywhere_is_noticed(three, name):
    whole = (three / name).read_bytes()
    for length in range(len(whole)):
        (three / name).write_bytes(whole[:length])
        with pytest.raises(LedgerError):
            Ledger(three).entries()


@pytest.mark.parametrize(
    ("kept", "broken"),
    [
        ([0, 1], r"ledger.jsonl must hold the 3 entries that ledger.head counts; found 2\."),
        ([], r"ledger.jsonl must hold the 3 entries that ledger.head counts; found 0\."),
        ([1, 2], "line 1 of ledger.jsonl must follow the line before; found entry 2"),
        ([0, 2], "line 2 of ledger.jsonl must follow the line before; found entry 3"),
        ([1, 0, 2], "line 1 of ledger.jsonl must follow the line before; found entry 2"),
        ([0, 2, 1], "line 2 of ledger.jsonl must follow the line before; found entry 3"),
        ([0, 1, 1, 2], "line 3 of ledger.jsonl must follow the line before; found entry 2"),
    ],
    ids=["last removed", "all removed", "first removed", "middle removed", "swapped", "last swapped", "doubled"],
)
def test_lines_removed_swapped_or_doubled_are_noticed(three, kept, broken):
    whole = lines(three)
    rewrite(three, [whole[i] for i in kept])
    with pytest.raises(LedgerError, match=broken):
        Ledger(three).entries()
    with pytest.raises(LedgerError, match=broken):
        Ledger(three).append({})


def test_a_changed_payload_is_noticed_though_it_is_valid_json(three):
    first, *rest = lines(three)
    rewrite(three, [first.replace(b'"min_group":10', b'"min_group":11'), *rest])
    with pytest.raises(LedgerError, match=r"line 1 of ledger.jsonl must match its hash; found '[0-9a-f]{12}'"):
        Ledger(three).entries()


def test_the_same_content_spelt_otherwise_is_noticed(three):
    first, *rest = lines(three)
    rewrite(three, [json.dumps(json.loads(first)).encode() + b"\n", *rest])
    with pytest.raises(LedgerError, match=r"line 1 of ledger.jsonl must be as it was written; found another text"):
        Ledger(three).entries()


def test_the_head_of_another_ledger_is_noticed(three, tmp_path):
    other = Ledger(tmp_path / "other")
    for _ in range(3):
        other.append({"another": "company"})
    shutil.copy(tmp_path / "other" / HEAD, three / HEAD)
    with pytest.raises(LedgerError, match=r"ledger.head must carry the hash of entry 3; found '[0-9a-f]{12}'"):
        Ledger(three).entries()


def test_a_line_with_the_right_number_from_another_ledger_is_noticed(three, tmp_path):
    other = tmp_path / "other"
    for _ in range(3):
        Ledger(other).append({"another": "company"})
    rewrite(three, [lines(three)[0], lines(other)[1], lines(three)[2]])
    with pytest.raises(
        LedgerError, match=r"line 2 of ledger.jsonl must follow the line before; found entry 2 with another"
    ):
        Ledger(three).entries()


@pytest.mark.parametrize(
    "part", [{"payload": ["a", "b"]}, {"attachment": "../../secret"}], ids=["payload", "attachment"]
)
def test_a_line_that_no_append_could_have_written_is_refused_though_its_hash_is_right(tmp_path, part):
    def canonical(record):
        return json.dumps(record, sort_keys=True, separators=(",", ":")).encode()

    record = {"number": 1, "previous": "", "payload": {}, "attachment": ""} | part
    own = hashlib.sha256(canonical(record)).hexdigest()
    rewrite(tmp_path, [canonical(record | {"hash": own}) + b"\n"])
    (tmp_path / HEAD).write_bytes(canonical({"number": 1, "hash": own}) + b"\n")
    with pytest.raises(LedgerError, match=r"line 1 of ledger.jsonl must be as it was written; found another text"):
        Ledger(tmp_path).entries()


@pytest.mark.parametrize("removed", [[HEAD], [HEAD, LEDGER]], ids=["head", "head and entries"])
def test_a_removed_head_is_noticed(three, removed):
    for name in removed:
        (three / name).unlink()
    with pytest.raises(LedgerError, match=r"ledger.head must be there as long as .*; found none"):
        Ledger(three).entries()


def test_entries_two_ahead_of_the_head_are_noticed(tmp_path):
    folder = tmp_path / "ledger"
    Ledger(folder).append({"n": 1})
    earlier = (folder / HEAD).read_bytes()
    Ledger(folder).append({"n": 2})
    Ledger(folder).append({"n": 3})
    (folder / HEAD).write_bytes(earlier)
    with pytest.raises(LedgerError, match=r"must be at most one line ahead of ledger.head; found 3 lines, not 1"):
        Ledger(folder).entries()


def test_the_last_line_without_its_end_is_noticed_when_it_had_been_completed(three):
    whole = (three / LEDGER).read_bytes()
    (three / LEDGER).write_bytes(whole[:-1])
    with pytest.raises(LedgerError, match=r"must hold the 3 entries that ledger.head counts; found 2"):
        Ledger(three).append({})
    assert (three / LEDGER).read_bytes() == whole[:-1]


@pytest.mark.parametrize(
    ("alter", "found"),
    [(lambda path: path.write_bytes(b"{}"), "another content"), (Path.unlink, "no such file")],
    ids=["replaced", "removed"],
)
def test_a_replaced_or_removed_attachment_is_noticed(three, alter, found):
    entry = Ledger(three).entries()[1]
    alter(three / f"{entry.attached}.json.gz")
    with pytest.raises(LedgerError, match=rf"json.gz must be what entry 2 was made with; found {found}\. Restore"):
        Ledger(three).attachment(entry)


def test_the_way_out_names_the_folder_and_warns_before_deleting_it(three):
    rewrite(three, lines(three)[:2])
    with pytest.raises(LedgerError) as altered:
        Ledger(three).entries()
    assert str(altered.value).endswith(
        f"Restore {three} from a backup. Delete the whole folder only if nobody keeps reports made from this dataset."
    )


def test_a_rewritten_chain_is_betrayed_only_by_a_head_that_was_handed_out(three, tmp_path):
    """What the docstring admits: without the head from an earlier audit, a new chain is as good as the old one."""
    handed_out = Ledger(three).head
    shutil.rmtree(three)
    Ledger(three).append(PAYLOADS[0] | {"min_group": 5})
    assert handed_out not in [entry.hash for entry in Ledger(three).entries()]


@pytest.mark.parametrize("name", [LEDGER, HEAD, LOCK])
def test_a_linked_file_is_refused(three, tmp_path, name):
    shutil.move(three / name, tmp_path / "elsewhere")
    (three / name).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(LedgerError, match=rf"{name} must be a file of its own; found a symbolic link\. Put the file"):
        Ledger(three).append({})


def test_a_linked_attachment_is_refused(three, tmp_path):
    entry = Ledger(three).entries()[0]
    path = three / f"{entry.attached}.json.gz"
    shutil.move(path, tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(LedgerError, match="must be a file of its own; found a symbolic link"):
        Ledger(three).attachment(entry)


def test_a_folder_in_the_place_of_the_ledger_is_refused(tmp_path):
    (tmp_path / LEDGER).mkdir()
    with pytest.raises(LedgerError, match=r"ledger.jsonl must be a file of its own; found a folder or a device"):
        Ledger(tmp_path).entries()


def test_a_ledger_that_cannot_be_read_stops_the_release(three, monkeypatch):
    def denied(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "read_bytes", denied)
    with pytest.raises(LedgerError, match=r"must be readable; found 'Permission denied'. Mend that"):
        Ledger(three).entries()


def test_a_full_disk_stops_the_release_and_the_next_append_goes_on(three, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(LedgerError, match="must be writable; found 'No space left on device'"):
        Ledger(three).append({})
    monkeypatch.undo()
    assert Ledger(three).append({}).number == 4
    assert not list(three.glob(".writing-*"))


# Crashes


def torn(folder: Path) -> Path:
    made(folder)
    with (folder / LEDGER).open("ab") as file:
        file.write(b'{"attachment":"","hash":"ab')
    return folder


def one_ahead(folder: Path) -> Path:
    made(folder)
    earlier = (folder / HEAD).read_bytes()
    Ledger(folder).append({"n": 4})
    (folder / HEAD).write_bytes(earlier)
    return folder


def test_a_line_one_ahead_of_the_head_counts_and_the_next_append_heals_the_head(tmp_path):
    folder = one_ahead(tmp_path / "ledger")
    assert numbers(folder) == [1, 2, 3, 4]
    assert Ledger(folder).append({"n": 5}).number == 5
    rewrite(folder, lines(folder)[:4])
    with pytest.raises(LedgerError, match="must hold the 5 entries"):
        Ledger(folder).entries()


def test_a_line_cut_short_by_a_crash_is_put_aside_with_one_warning(tmp_path):
    folder = torn(tmp_path / "ledger")
    assert numbers(folder) == [1, 2, 3]
    with pytest.warns(UserWarning, match=r"found 27 bytes that a crash cut short. They were moved to ledger") as caught:
        Ledger(folder).append({"n": 4})
    assert len(caught) == 1
    assert [path.read_bytes() for path in folder.glob("*.torn")] == [b'{"attachment":"","hash":"ab']
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        Ledger(folder).append({"n": 5})
    assert numbers(folder) == [1, 2, 3, 4, 5]


def test_a_line_cut_short_behind_one_that_was_never_confirmed_is_no_crash(tmp_path):
    folder = one_ahead(tmp_path / "ledger")
    with (folder / LEDGER).open("ab") as file:
        file.write(b"{")
    with pytest.raises(LedgerError, match=r"must be at most one line ahead of ledger.head; found 5 lines, not 3"):
        Ledger(folder).append({})


def crash_at(patch: pytest.MonkeyPatch, at: int, when: str) -> None:
    """Let the call with this number, of all calls that reach the disk, be the last one."""
    calls = count(1)

    def patched(call):
        def crashing(*arguments, **named):
            if next(calls) != at:
                return call(*arguments, **named)
            if when == "half" and call.__name__ == "write":
                call(arguments[0], bytes(arguments[1])[: len(arguments[1]) // 2])
            if when == "after":
                call(*arguments, **named)
            raise Crash

        return crashing

    for name in ("open", "write", "fsync", "replace", "truncate"):
        patch.setattr(os, name, patched(getattr(os, name)))


STARTS = {"empty": lambda folder: folder, "three": made, "torn": torn, "one ahead": one_ahead}


@pytest.mark.filterwarnings("ignore:ledger.jsonl must end in a whole line")
@pytest.mark.parametrize("when", ["before", "half", "after"])
@pytest.mark.parametrize("start", STARTS)
def test_a_crash_at_any_call_loses_nothing_that_was_confirmed(tmp_path, start, when):
    for at in count(1):
        folder = STARTS[start](tmp_path / str(at))
        confirmed = Ledger(folder).entries()
        with pytest.MonkeyPatch.context() as patch:
            crash_at(patch, at, when)
            try:
                Ledger(folder).append({"new": at}, b"new cells")
                break
            except Crash:
                pass
        survived = Ledger(folder).entries()
        assert survived[: len(confirmed)] == confirmed
        assert [entry.payload for entry in survived[len(confirmed) :]] in ([], [{"new": at}])
        entry = Ledger(folder).append({"next": at}, b"next cells")
        assert Ledger(folder).entries() == (*survived, entry)
        read_all(folder)
        assert not list(folder.glob(".writing-*"))
    assert at > 12


@pytest.mark.filterwarnings("ignore:ledger.jsonl must end in a whole line")
def test_a_process_killed_again_and_again_loses_nothing_that_it_had_confirmed(tmp_path):
    rng, confirmed = random.Random(0), []
    for run in range(12):
        process = writer(tmp_path, f"run {run}", 10_000)
        printed = process.stdout.readline()
        assert printed, process.stderr.read()
        time.sleep(rng.uniform(0, 0.03))
        process.kill()
        # What readline took from the pipe and did not give lies in the stream, where communicate would not look.
        printed += process.stdout.read()
        process.communicate()
        confirmed += [tuple(line.split()) for line in printed.splitlines(keepends=True) if line.endswith("\n")]
        present = {(str(entry.number), entry.hash) for entry in Ledger(tmp_path).entries()}
        assert set(confirmed) <= present
        assert len(present) - len(confirmed) <= run + 1
    Ledger(tmp_path).append({"last": True})
    read_all(tmp_path)


def test_the_head_moves_only_after_all_else_is_on_the_disk(three, monkeypatch):
    names, unsynced, last = {}, set(), []
    call = {name: getattr(os, name) for name in ("open", "write", "fsync", "replace")}

    def opened(path, *arguments, **named):
        descriptor = call["open"](path, *arguments, **named)
        names[descriptor] = Path(path).name
        return descriptor

    def written(descriptor, data):
        unsynced.add(names[descriptor])
        return call["write"](descriptor, data)

    def synced(descriptor):
        unsynced.discard(names[descriptor])
        last.append(names[descriptor])
        return call["fsync"](descriptor)

    def replaced(source, target):
        assert not unsynced
        assert Path(target).name != HEAD or last[-2:] == [three.name, Path(source).name]
        last.append(Path(target).name)
        return call["replace"](source, target)

    for name, watched in {"open": opened, "write": written, "fsync": synced, "replace": replaced}.items():
        monkeypatch.setattr(os, name, watched)
    Ledger(three).append({}, b"cells")
    assert not unsynced
    assert [name for name in last if not name.startswith(".writing-")][-4:] == [LEDGER, three.name, HEAD, three.name]


# Runs at the same time


def test_two_processes_appending_25_each_make_one_chain_of_50(tmp_path):
    processes = [writer(tmp_path / "ledger", name, 25) for name in ("left", "right")]
    ends = [process.communicate(timeout=60) for process in processes]
    assert [process.returncode for process in processes] == [0, 0], ends
    entries = Ledger(tmp_path / "ledger").entries()
    assert len(entries) == 50
    for name in ("left", "right"):
        assert [entry.payload["i"] for entry in entries if entry.payload["by"] == name] == list(range(25))
    read_all(tmp_path / "ledger")


def test_reading_while_another_process_appends_is_fine(tmp_path):
    process, seen = writer(tmp_path / "ledger", "writer", 60), []
    while process.poll() is None:
        seen.append(len(Ledger(tmp_path / "ledger").entries()))
    process.communicate()
    assert numbers(tmp_path / "ledger") == list(range(1, 61))
    assert seen == sorted(seen)
    assert len(set(seen)) > 2


def test_a_reader_overtaken_by_two_appends_reads_again(three, monkeypatch):
    reader, steps = Ledger(three), []
    read = reader._bytes

    def overtaken(name):
        data = read(name)
        if not steps:
            steps.extend([Ledger(three).append({"n": 4}), Ledger(three).append({"n": 5})])
        return data

    monkeypatch.setattr(reader, "_bytes", overtaken)
    assert reader.entries()[3:] == tuple(steps)


def test_threads_that_share_a_ledger_wait_for_each_other(tmp_path):
    ledger = Ledger(tmp_path)
    threads = [threading.Thread(target=lambda: [ledger.append({}) for _ in range(10)]) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert numbers(tmp_path) == list(range(1, 21))


def test_nobody_else_appends_between_reading_and_appending(three):
    mine, other = Ledger(three), Ledger(three, timeout=0.05)
    with mine.locked():
        before = mine.entries()
        with pytest.raises(LedgerError, match="held by another process"):
            other.append({"by": "other"})
        mine.append({"after": len(before)})
    assert other.append({"by": "other"}).number == 5


def test_a_lock_held_too_long_says_so(three):
    with (
        Ledger(three).locked(),
        pytest.raises(LedgerError, match=r"ledger.lock must be free within 0.05 s; found it held by .* Wait until"),
        Ledger(three, timeout=0.05).locked(),
    ):
        pytest.fail("two held the lock at once")


def test_the_lock_is_free_again_after_an_error(three):
    with pytest.raises(KeyError), Ledger(three).locked():
        raise KeyError
    assert Ledger(three, timeout=0).append({}).number == 4


def test_a_system_without_these_locks_is_refused(three, monkeypatch):
    monkeypatch.setattr(ledger_module, "fcntl", None)
    with pytest.raises(LedgerError, match=r"the ledger must be locked with flock; found none on 'posix'. Use Linux"):
        Ledger(three).append({})
