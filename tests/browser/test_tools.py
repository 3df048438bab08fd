"""What the browser tests need is pinned, and said plainly when it is missing. These tests open no browser."""

import json
import re
from pathlib import Path

import pytest
from chromium import chromium

HERE = Path(__file__).parent


def test_missing_browser_is_an_error_that_says_how_to_get_one(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(FileNotFoundError, match=r"need one of chromium, .*; found none on PATH\. .*apt-get install"):
        chromium()


def test_locks_hold_hashes_and_no_address():
    npm = json.loads((HERE / "package-lock.json").read_text())["packages"]
    assert npm["node_modules/axe-core"]["integrity"].startswith("sha512-")
    assert not [package for package in npm.values() if "resolved" in package]
    pypi = (HERE / "requirements.lock").read_text()
    assert "://" not in pypi and re.search(r"^playwright==\S+ \\\n +--hash=sha256:[0-9a-f]{64}", pypi, re.M)
