"""A confined kernel writes to its own folders alone, and says and shows only so much."""

import os

import pytest

from helpers.publish import confinement
from helpers.publish.confinement import forbid_writing, limit_printed, limit_shown


def in_child(act):
    """Act in a process of its own, and give its exit code."""
    child = os.fork()
    if child == 0:
        try:
            act()
        except BaseException:
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.fixture
def places(tmp_path):
    own, other = tmp_path / "own", tmp_path / "other"
    for place in (own, other):
        place.mkdir()
        (place / "file").write_text("whole")
    return own, other


@pytest.mark.parametrize(
    "change",
    [
        lambda place: (place / "new").write_text("x"),
        lambda place: (place / "file").write_text("x"),
        lambda place: os.truncate(place / "file", 0),
        lambda place: (place / "file").unlink(),
        lambda place: (place / "folder").mkdir(),
        lambda place: (place / "file").rename(place / "renamed"),
        lambda place: (place / "link").symlink_to("file"),
        lambda place: os.mkfifo(place / "pipe"),
    ],
    ids=["make", "overwrite", "truncate", "remove", "folder", "rename", "link", "pipe"],
)
def test_what_is_not_its_own_cannot_be_changed(places, change):
    own, other = places

    def act():
        assert forbid_writing([str(own), str(own / "missing")])
        assert (other / "file").read_text() == "whole"
        with pytest.raises(PermissionError):
            change(other)
        change(own)

    assert in_child(act) == 0
    assert (other / "file").read_text() == "whole" and len(list(other.iterdir())) == 1


def test_a_system_without_the_means_goes_on(monkeypatch):
    class Old:
        def syscall(self, *_):
            return -1

    monkeypatch.setattr(confinement.ctypes, "CDLL", lambda *_, **__: Old())
    assert not forbid_writing(["/tmp"])


def test_what_is_printed_is_cut_with_a_sentence(monkeypatch):
    class Stream:
        def _flush_buffers(self):
            yield {}, "12345"

    monkeypatch.setattr(confinement, "MAX_PRINTED", 12)
    limit_printed(Stream)
    sent = [text for _ in range(5) for _, text in Stream()._flush_buffers()]
    cut = "\n[printed text must stay within 12 characters; what comes after is left out]\n"
    assert sent == ["12345", "12345", "12" + cut]


def test_showing_too_much_is_an_error_of_the_cell_that_does(monkeypatch):
    class Display:
        def publish(self, data, metadata=None):
            return data

    monkeypatch.setattr(confinement, "MAX_SHOWN", 10)
    limit_shown((Display, "publish"))
    assert Display().publish({"text/html": "123456", "other": None}, metadata={})
    with pytest.raises(ValueError, match=r"outputs must stay within 10 characters; found more\. Show less\."):
        Display().publish({"text/html": "12345"})
    assert Display().publish({"text/html": "1234"})
