"""No name of a unit leads out of the folder of reports, and no file is ever half there."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.publish import paths

NAMES = ["../../etc/passwd", "/etc/passwd", "..", "", "nul", "CON", "a/b\\c:d*e?", "\x00\n", "é ü", "😀", "-rf"]
HOSTILE = [*NAMES, "x" * 10_000]


@pytest.mark.parametrize("unit", HOSTILE, ids=[repr(unit[:12]) for unit in HOSTILE])
def test_hostile_units_get_a_folder_inside(tmp_path, unit):
    report = paths.report_file(tmp_path, unit, "10_unit_report", "en", {})
    paths.write_whole(report, "page", tmp_path)
    assert report.resolve().parent.parent == tmp_path.resolve()
    assert report.read_text() == "page"


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


@pytest.mark.parametrize("link", ["unit", "unit/report.html"])
def test_no_symbolic_link_is_followed(tmp_path, link):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "reports" / link).parent.mkdir(parents=True)
    (tmp_path / "reports" / link).symlink_to(elsewhere)
    with pytest.raises(ValueError, match="must not go through a symbolic link"):
        paths.write_whole(tmp_path / "reports" / "unit" / "report.html", "page", tmp_path / "reports")
    assert not list(elsewhere.iterdir())


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
