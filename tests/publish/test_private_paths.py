"""No folder of this machine is told to whoever reads a page or an error (rule 10)."""

from pathlib import Path

import pytest

from helpers.publish.private_paths import refuse_paths, without_folders


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("No such file or directory: '/srv/anna/data/a.csv'", "No such file or directory: '…/a.csv'"),
        ("found C:\\Users\\Anna\\a.csv.", "found …/a.csv."),
        ("found \\\\server\\share\\a.csv.", "found …/a.csv."),
        (f"helpers must be {Path.home()}/my project/x.py", "helpers must be …/my project/x.py"),
        (
            "and/or 1/2, ../a/b, https://example.org/a/b and a/b/c",
            "and/or 1/2, ../a/b, https://example.org/a/b and a/b/c",
        ),
    ],
)
def test_an_error_is_told_without_the_folders_of_this_machine(told, shown):
    assert without_folders(told) == shown


def test_a_page_that_names_a_folder_is_refused_however_it_is_escaped():
    for page in ("<p>/srv/r&amp;d</p>", "<p>&#47;srv/r&d/a.csv</p>"):
        with pytest.raises(ValueError, match=r"page must hold no path of this machine; found one\."):
            refuse_paths(page, [Path("/srv/r&d")])
    refuse_paths("<p>srv, r&amp;d</p>", [Path("/srv/r&d")])
