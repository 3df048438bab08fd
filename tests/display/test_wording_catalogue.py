"""The catalogue holds exactly the texts in use, and what comes from data cannot break out of them."""

from __future__ import annotations

import json
import string
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from helpers.display.wording import Words
from helpers.display.wording.catalogue import load_catalogue
from helpers.display.wording.cautions import caution
from helpers.display.wording.scan import compare, texts_in_code, texts_in_notebooks
from helpers.display.wording.verdicts import BECAUSE, VERDICTS, because_text, verdict_text

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
NL = Words("nl")
# The code is read once for all tests.
compared, in_code = cache(compare), cache(texts_in_code)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_text_in_use_has_a_dutch_translation():
    missing, _ = compared(NOTEBOOKS)
    assert not [use.forms[0] for use in missing]


def test_every_translation_is_in_use():
    _, unused = compared(NOTEBOOKS)
    assert not unused


def test_translations_have_the_placeholders_of_their_text():
    catalogue = load_catalogue("nl")
    for use in in_code():
        wanted = set().union(*map(placeholders, use.forms))
        assert set().union(*map(placeholders, catalogue[use.key])) == wanted, use.forms


def test_plural_texts_have_two_translations():
    catalogue = load_catalogue("nl")
    assert all(len(catalogue[use.key]) == len(use.forms) for use in in_code())


def test_dutch_never_addresses_the_reader():
    words = {
        word.strip(".,;:()").lower()
        for forms in load_catalogue("nl").values()
        for form in forms
        for word in form.split()
    }
    assert not words & {"je", "jij", "jouw", "u", "uw", "jullie"}


def test_values_are_escaped_and_texts_stay_texts():
    text = NL.text("These figures were published by {source}.", source='<script>"{level}"</script>')
    assert text == "Deze cijfers zijn gepubliceerd door &lt;script&gt;&#34;{level}&#34;&lt;/script&gt;."


def test_a_text_without_translation_warns_and_stays_english():
    with pytest.warns(UserWarning, match="text must be in the nl catalogue; found none for 'Brand new {thing}.'"):
        assert NL.text("Brand new {thing}.", thing=3) == "Brand new 3."


def test_prose_is_looked_up_by_the_whole_cell(tmp_path: Path):
    assert Words("en").prose("# Where do we stand?\n\nWe ask.") == "# Where do we stand?\n\nWe ask."
    cell = {"cell_type": "markdown", "source": ["# Where do *we* stand?\n", "\n", "We ask."], "metadata": {}}
    code = {"cell_type": "code", "source": ["1 + 1"], "metadata": {}}
    (tmp_path / "01.ipynb").write_text(json.dumps({"cells": [cell, code]}))
    (use,) = texts_in_notebooks(tmp_path)
    assert use.key == ("", "# Where do *we* stand?\n\nWe ask.")


def test_the_command_lists_missing_texts_as_entries_to_fill_in(tmp_path: Path):
    cell = {"cell_type": "markdown", "source": ["Prose without Dutch."], "metadata": {}}
    (tmp_path / "01.ipynb").write_text(json.dumps({"cells": [cell]}))
    command = [sys.executable, "-m", "helpers.display.wording", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert '#. 01.ipynb\nmsgid "Prose without Dutch."\nmsgstr ""' in done.stdout


def test_a_measure_without_a_name_goes_by_its_id():
    assert NL.measure("sales_per_hour") == "sales per hour"
    assert (NL.measure("profit"), NL.measure("profit", definite=True)) == ("winst", "de winst")


def test_every_verdict_and_reason_has_words():
    assert [verdict_text(verdict, NL) for verdict in VERDICTS] == ["Ja", "Nee", "Niet te zeggen"]
    assert all(because_text(because, NL).endswith(".") for because in BECAUSE)
    assert because_text("", NL) == ""


def test_an_unknown_verdict_is_refused():
    with pytest.raises(ValueError, match="verdict must be one of yes, no, cannot_tell; found 'maybe'"):
        verdict_text("maybe", NL)


def test_an_unknown_reason_is_refused():
    with pytest.raises(ValueError, match=r"because must be one of .*; found 'full_moon'"):
        because_text("full_moon", NL)


def test_an_unknown_caution_is_refused():
    with pytest.raises(ValueError, match=r"name must be one of association.*; found 'weather'"):
        caution("weather", NL)


def test_words_are_light_to_import():
    code = "import sys, helpers.display.wording as w, helpers.display.wording.units; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"matplotlib", "scipy", "seaborn"} & set(done.stdout.split())
