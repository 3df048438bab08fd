"""The page for works councils names, for each of the 15 rules, tests that are there."""

import re

from helpers.datasets.folders import project_root

PAGE = project_root() / "docs" / "privacy.md"
ROW = re.compile(r"^\| (\d+) \| (.+) \|$", re.MULTILINE)


def test_every_rule_has_tests_that_are_there():
    text = PAGE.read_text(encoding="utf-8")
    rules = [int(number) for number in re.findall(r"^(\d+)\. \*\*", text, re.MULTILINE)]
    named = {int(number): re.findall(r"`([^`]+)`", files) for number, files in ROW.findall(text)}
    assert rules == list(range(1, 16)) == list(named)
    missing = [name for names in named.values() for name in names if not (project_root() / name).is_file()]
    assert not missing


def test_every_file_named_for_a_rule_holds_claims():
    names = set(re.findall(r"`(tests/[^`]+)`", PAGE.read_text(encoding="utf-8")))
    silent = [name for name in names if "\ndef test_" not in (project_root() / name).read_text(encoding="utf-8")]
    assert names and not silent
