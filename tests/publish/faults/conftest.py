"""A batch to be disturbed, and the pages of the same batch when nothing disturbs it."""

import pytest
from batches import HOLE, PAGE, UNITS, Batch

from running import made_once


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory):
    """Folder in which one page of each unit lies."""
    return lambda make: made_once(tmp_path_factory, "undisturbed", make)


@pytest.fixture
def batch(tiny, write_notebook, tmp_path, tmp_path_factory, undisturbed, monkeypatch):
    """Give a batch that has not begun; whatever happens to it, it is over when the test is."""
    # Tests of others may have chosen another kind of kernel.
    monkeypatch.delenv("EXCX_KERNEL", raising=False)
    notebook = write_notebook(HOLE, PAGE)
    # Sockets are made in it, whose paths may have 107 letters at most.
    passing = tmp_path_factory.mktemp("t")

    def make(folder):
        whole = Batch(tiny, notebook, passing, {}, tmp_path / "undisturbed")
        assert whole.run(EXCX_KERNEL="stock")[0] == 0
        folder.mkdir()
        for unit in UNITS:
            (folder / unit).write_bytes(whole.page(unit))

    pages = {unit: (undisturbed(make) / unit).read_bytes() for unit in UNITS}
    own = Batch(tiny, notebook, passing, pages, tmp_path / "reports")
    yield own
    own.kill_all()
