"""Headless Chromium, and the pages opened in it."""

import json
from pathlib import Path

import pytest
from chromium import ARGUMENTS, chromium
from pages import PUBLISHED, SECTOR, make_demo_pages, make_published_pages, make_sector_pages

from running import made_once

AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
HEIGHT = 900


@pytest.fixture(scope="session")
def browser():
    # Imported here, so that the quick tests run without it.
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def axe_source():
    return AXE.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def page_file(request, tmp_path_factory):
    """Give the file of a kind of page in a language."""

    def find(kind, language):
        source, make = _site_of(kind, language)
        dataset = request.getfixturevalue(source)
        site = made_once(tmp_path_factory, f"{source}-pages", lambda folder: make(folder, dataset))
        return Path(json.loads((site / "pages.json").read_text())[f"{kind} {language}"])

    return find


def _site_of(kind, language):
    if (kind, language) in PUBLISHED:
        return "chicago", make_published_pages
    return ("sector", make_sector_pages) if (kind, language) in SECTOR else ("demo", make_demo_pages)


@pytest.fixture
def open_file(browser):
    """Open a file as a reader with this screen and this colour scheme does."""
    contexts = []

    def open_one(path, *, scheme="light", width=1280, watch=lambda page: None):
        context = browser.new_context(viewport={"width": width, "height": HEIGHT}, color_scheme=scheme)
        contexts.append(context)
        page = context.new_page()
        watch(page)
        page.goto(path.as_uri())
        return page

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def open_page(open_file, page_file):
    return lambda kind, language, **choices: open_file(page_file(kind, language), **choices)
