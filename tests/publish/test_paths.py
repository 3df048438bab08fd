"""No name of a unit leads out of the folder of reports, and no file is ever half there."""

import os
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.publish import paths

NAMES = ["../../etc/passwd", "/etc/passwd", "..", "", "nul", "CON", "a/b\\c:d*e?", "\x00\n", "é ü", "😀", "-rf"]
ENDS = [
    "team.",
    "team ",
    "team...  ",
    " .team",
    "C:\\x",
    "\\\\host\\share",
    "a:stream",
    "~",
    "$HOME",
    "%TEMP%",
    "|",
    "<x>",
]
UNSEEN = ["\u202egnp.exe", "te\u200bam", "\u2066a\u2069", "\ufeff", "\u00ad", "\u3000", "\ud800", "．．／", "ﷺ" * 500]
DEVICES = ["con", "prn", "aux", "nul", "com1", "COM9", "lpt1", "con.txt", "NUL .html"]
HOSTILE = [*NAMES, *ENDS, *UNSEEN, *DEVICES, "x" * 10_000]
# What Windows, which is the strictest, takes as the name of a file.
ALLOWED = re.compile(r"(?!(con|prn|aux|nul|com\d|lpt\d)(\.|$))[a-z0-9_-][a-z0-9._-]{0,79}(?<!\.)")


@pytest.mark.parametrize("unit", HOSTILE, ids=[ascii(unit[:12]) for unit in HOSTILE])
def test_hostile_units_get_a_folder_inside(tmp_path, unit):
    report = paths.report_file(tmp_path, unit, "10_unit_report", "en", {})
    paths.write_whole(report, "page", tmp_path)
    assert report.resolve().parent.parent == tmp_path.resolve()
    assert report.read_text() == "page"


@pytest.mark.parametrize("name", HOSTILE, ids=[ascii(name[:12]) for name in HOSTILE])
def test_every_name_is_allowed_on_every_disk_whatever_it_was_made_from(tmp_path, name):
    """Rule 13: of dataset, unit, notebook and parameter alike."""
    report = paths.report_file(paths.dataset_folder(tmp_path, name), name, name, "en", {name: name})
    steps = [*report.relative_to(tmp_path).parts, *paths.log_file(tmp_path, report).relative_to(tmp_path).parts[1:]]
    assert len(steps) == 4
    assert all(ALLOWED.fullmatch(step) for step in steps[:3]), steps
    assert len(steps[3]) < 200 and ALLOWED.match(steps[3])


@pytest.mark.parametrize("text", ["", "😀", "...", "\u200b\u202e", "---", "\x00"])
def test_of_a_name_of_which_nothing_is_left_the_hash_tells(tmp_path, text):
    assert paths.slug(text) == "unit"
    assert paths.report_file(tmp_path, text, "n", "en", {}).parent.name == f"unit-{paths.short_hash(text)}"


def test_notebooks_and_datasets_that_differ_only_in_what_a_slug_drops_stay_apart(tmp_path):
    names = ("02_gallup", "02_Gallup", "02 gallup", "02_gallup.", "02_gallup\u200b", "02_gällup")
    notebooks = {paths.report_file(tmp_path, "nl", name, "en", {}).name for name in names}
    datasets = {paths.dataset_folder(tmp_path, name).name for name in names}
    assert len({name.lower() for name in notebooks}) == len({name.lower() for name in datasets}) == len(names)


@given(st.text())
def test_a_slug_is_short_plain_ascii(text):
    slug = paths.slug(text)
    assert 1 <= len(slug) <= paths.MAX_SLUG
    assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-_")


@given(st.text(), st.text())
def test_different_units_never_share_a_folder(tmp_path_factory, one, other):
    first, second = (paths.report_file(tmp_path_factory.getbasetemp(), unit, "n", "en", {}) for unit in (one, other))
    assert (str(first).lower() == str(second).lower()) == (one == other)


def test_units_that_differ_only_in_case_stay_apart_on_any_disk(tmp_path):
    names = {str(paths.report_file(tmp_path, unit, "n", "en", {})).lower() for unit in ("sales", "Sales", "SALES")}
    assert len(names) == 3


def test_other_parameters_make_another_file(tmp_path):
    usual = paths.report_file(tmp_path, "nl", "02_gallup", "en", {})
    other = paths.report_file(tmp_path, "nl", "02_gallup", "en", {"lags": 4})
    assert usual.name == "02_gallup.en.html"
    assert other.name != usual.name and other.parent == usual.parent


def test_a_dataset_with_a_plain_name_keeps_it(tmp_path):
    assert paths.dataset_folder(tmp_path, "demo-null") == tmp_path / "demo-null"
    assert paths.dataset_folder(tmp_path, "Héma..").name.startswith("hema-")


def test_a_path_that_leaves_the_folder_is_refused(tmp_path):
    with pytest.raises(ValueError, match="path must stay inside"):
        paths.write_whole(tmp_path / "reports" / ".." / "out.html", "page", tmp_path / "reports")


@pytest.mark.parametrize("link", ["demo", "demo/unit", "demo/unit/report.html"])
def test_no_symbolic_link_is_followed(tmp_path, link):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "reports" / link).parent.mkdir(parents=True)
    (tmp_path / "reports" / link).symlink_to(elsewhere)
    with pytest.raises(ValueError, match="must not go through a symbolic link"):
        paths.write_whole(tmp_path / "reports" / "demo" / "unit" / "report.html", "page", tmp_path / "reports")
    assert not list(elsewhere.iterdir())


def test_a_link_inside_the_folder_is_refused_too_even_if_it_stays_inside(tmp_path):
    (tmp_path / "reports" / "one").mkdir(parents=True)
    (tmp_path / "reports" / "other").symlink_to(tmp_path / "reports" / "one")
    with pytest.raises(ValueError, match=r"must not go through a symbolic link; found .*other'\. Remove the link"):
        paths.write_whole(tmp_path / "reports" / "other" / "report.html", "page", tmp_path / "reports")


def test_a_broken_link_is_not_written_through(tmp_path):
    (tmp_path / "report.html").symlink_to(tmp_path.parent / "elsewhere.html")
    with pytest.raises(ValueError, match="must not go through a symbolic link"):
        paths.write_whole(tmp_path / "report.html", "page", tmp_path)
    assert not (tmp_path.parent / "elsewhere.html").exists()


def test_the_folder_of_reports_itself_may_be_a_link(tmp_path):
    (tmp_path / "disk").mkdir()
    (tmp_path / "reports").symlink_to(tmp_path / "disk")
    paths.write_whole(tmp_path / "reports" / "report.html", "page", tmp_path / "reports")
    assert (tmp_path / "disk" / "report.html").read_text() == "page"


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    report = tmp_path / "report.html"
    paths.write_whole(report, "old", tmp_path)

    def full(*_):
        raise OSError("No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        paths.write_whole(report, "new", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]
    assert report.read_text() == "old"


def test_what_a_killed_process_left_goes_and_what_is_being_written_stays(tmp_path):
    torn, young, page = (tmp_path / name for name in (".writing-1", ".writing-2", "page.html"))
    for path in (torn, young, page):
        path.write_text("half")
    for path in (torn, page):
        os.utime(path, (0, 0))
    paths.remove_torn(tmp_path)
    paths.remove_torn(tmp_path / "missing")
    assert set(tmp_path.iterdir()) == {young, page}
