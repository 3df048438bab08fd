"""The canary run, made once: with few reports in the quick tests, with all of them in the slow ones."""

import pytest

from canary.page import Page
from canary.run import make_canary_run
from running import made_once


@pytest.fixture(scope="session", params=["few", pytest.param("all", marks=pytest.mark.slow)])
def run(request, tmp_path_factory):
    return made_once(
        tmp_path_factory, f"canary-{request.param}", lambda folder: make_canary_run(folder, extent=request.param)
    )


@pytest.fixture(scope="session")
def pages(run):
    """All pages by path, taken apart."""
    return {path: Page(path.read_text(encoding="utf-8")) for path in sorted((run / "reports").rglob("*.html"))}
