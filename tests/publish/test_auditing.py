"""A clean run of small reports passes; whatever single fault is planted in a copy of it, the audit names it."""

import base64
import hashlib
import json
import shutil
import struct
import zlib
from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
import pytest
from nbformat import v4
from typer.testing import CliRunner

from helpers.cli import app
from helpers.datasets.dataset import open_dataset
from helpers.publish import markup
from helpers.publish.audit_content import _here
from helpers.publish.audit_findings import RULES, Finding
from helpers.publish.audit_page import ELEMENTS
from helpers.publish.audit_release import Release
from helpers.publish.audit_remainders import subtract
from helpers.publish.auditing import MAX_SHOWN, Audit, audit_folder, render_findings
from helpers.publish.index import write_index
from helpers.publish.labels import page_labels
from helpers.publish.manifest import append_record, record_of
from helpers.publish.outcome import Outcome
from helpers.publish.paths import report_file, write_whole
from helpers.publish.releasing import write_release
from helpers.publish.render import render_html
from helpers.publish.task import Planner
from helpers.release.cells import write_csv
from helpers.release.tree import Tree, remainders
from publish.conftest import PARAMETERS, SETTINGS

ROOT = Path(__file__).parents[2]
UNITS = """unit_id,name,parent_id,level
all,Everyone,,organisation
nl,Netherlands,all,country
nl-1,North,nl,team
nl-2,East,nl,team
nl-3,South,nl,team
nl-4,West,nl,team
be,Belgium,all,country
"""
# South is hidden so that West, of 8, cannot be had by subtraction.
ANSWERS = {"nl-1": 40, "nl-2": 35, "nl-3": 31, "nl-4": 8, "nl": 114, "be": 60, "all": 174}
TABLE = (
    "<table><caption>eNPS by unit in 2024.</caption><thead><tr><th scope='col'>Unit</th><th scope='col'>Value</th></tr>"
    "</thead><tbody><tr><th scope='row'>North</th><td>11</td></tr><tr><th scope='row'>South</th><td>not shown</td></tr>"
    "</tbody></table>"
)
LEVELS = '\n[levels]\npanel = "team"\nquartile = "team"\nreport = "team"\n'


@pytest.fixture(scope="module")
def clean(tmp_path_factory):
    """A folder of one page, an index, a manifest and a release."""
    place = tmp_path_factory.mktemp("audited")
    data = place / "data"
    data.mkdir()
    rows = [
        f"{unit},{period},{measure},{estimate},{n},6"
        for unit, n in ANSWERS.items()
        for period in ("2023", "2024")
        for measure, estimate in (("enps", 11), ("engagement", 3.5), ("nps", 21))
    ]
    (data / "units.csv").write_text(UNITS)
    (data / "scores.csv").write_text("\n".join(["unit_id,period,measure,estimate,n,se", *rows]) + "\n")
    settings = SETTINGS.replace('panel = "country"\nquartile = "country"\nreport = "country"\n', LEVELS.split("]\n")[1])
    (data / "dataset.toml").write_text(settings)
    dataset = open_dataset(data)
    planner = Planner(dataset, place / "reports")
    make_page(planner, place)
    write_index(planner)
    write_release(dataset, place / "reports")
    return planner.folder


def make_page(planner, place):
    parameters = v4.new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]})
    table = v4.new_code_cell("", outputs=[v4.new_output("display_data", {"text/html": TABLE})])
    nb = v4.new_notebook(cells=[v4.new_markdown_cell("# How do we fare?\n\nWhy we ask."), parameters, table])
    nbformat.write(nb, place / "01_sample.ipynb")
    task = planner.task(place / "01_sample.ipynb", unit="nl")
    nb.metadata["excx"] = dict(task.page)
    write_whole(task.target, render_html(nb), task.folder.parent)
    append_record(task.folder, record_of(task, Outcome("done", seconds=1.0)))


@pytest.fixture
def copied(clean, tmp_path):
    """A copy of the clean folder to plant a fault in."""
    return Path(shutil.copytree(clean, tmp_path / clean.name))


def page_of(folder):
    return next(folder.glob("nl-*/*.html"))


def plant(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def plant_in_table(folder, change, audit=None):
    """Change the released table, and let its audit vouch for it, so that nothing else is wrong."""
    scores = folder / "release" / "scores.csv"
    frame = pd.read_csv(scores, dtype="str", keep_default_na=False, encoding="utf-8-sig").set_index(
        ["unit_id", "period", "measure"], drop=False
    )
    changed = change(frame)
    frame = frame if changed is None else changed
    figures = {name: pd.to_numeric(frame[name]) for name in ("estimate", "ci_low", "ci_high")}
    write_csv(frame.assign(**figures), scores)
    vouch(folder, rows=len(frame), shown=int((frame["shown"] == "yes").sum()), **(audit or {}))


def vouch(folder, **counts):
    path = folder / "release" / "audit.json"
    told = json.loads(path.read_text())
    digest = hashlib.sha256((folder / "release" / "scores.csv").read_bytes()).hexdigest()
    told["scores"] |= {"sha256": digest, **counts}
    path.write_text(json.dumps(told))


def named(folder):
    return [str(finding) for finding in audit_folder(folder).findings]


def missed(folder, file, rule, found):
    """Give the findings, or that there are none, unless all are about one file and one says what was planted."""
    findings = audit_folder(folder).findings
    about_it = {finding.file for finding in findings} == {file}
    said = any(one.rule == rule and found in one.found for one in findings)
    return [] if about_it and said else [str(one) for one in findings] or ["no finding"]


def test_a_clean_run_has_no_findings(clean):
    found = audit_folder(clean)
    assert found.findings == ()
    assert (found.files, found.pages, found.tables) == (5, 2, 1)
    assert found.remainders == sum(unit not in ("nl-3", "nl-4") for unit in ANSWERS) * 6


def test_the_folder_of_all_datasets_is_audited_too(clean):
    assert (
        render_findings(audit_folder(clean.parent)).splitlines()[-1]
        == render_findings(audit_folder(clean)).splitlines()[-1]
    )


def test_rules_are_named_as_in_the_document():
    """All rules, by their numbers."""
    text = (ROOT / "docs" / "privacy.md").read_text(encoding="utf-8")
    assert [rule for rule, words in RULES.items() if f"{rule}. **{words}.**" not in text] == []


def test_what_may_stand_in_a_page_is_known_to_the_audit():
    assert set(markup._TEXT) | set(markup._DRAWING) <= ELEMENTS


def png(*chunks, behind=b""):
    parts = [(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)), (b"IDAT", zlib.compress(b"\0\0")), *chunks]
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in [*parts, (b"IEND", b"")]
    )
    return b"\x89PNG\r\n\x1a\n" + body + behind


def jpeg(*segments, behind=b""):
    body = b"".join(b"\xff" + bytes([kind]) + struct.pack(">H", len(data) + 2) + data for kind, data in segments)
    return b"\xff\xd8" + body + b"\xff\xda\x00\x02\x00\xff\xd9" + behind


def img(data, kind="png"):
    return f'<img alt="a" src="data:image/{kind};base64,{base64.b64encode(data).decode()}">'


def packed(data):
    return f"<p>{base64.b64encode(data).decode()}</p>"


def svg(inner):
    return img(f'<svg xmlns="http://www.w3.org/2000/svg">{inner}</svg>'.encode(), "svg+xml")


IN_THE_PAGE = {
    "script": ("<script>alert(1)</script>", 11, "<script>"),
    "script in a drawing": ("<svg><script>1</script></svg>", 11, "<script>"),
    "handler": ('<p onclick="x()">a</p>', 11, "onclick= in <p>"),
    "javascript link": ('<a href="java\nscript:x()">a</a>', 11, "an address that acts, href='javascript:x…'"),
    "vbscript link": ('<a href=" vbscript:x()">a</a>', 11, "an address that acts, href='vbscript:x()'"),
    "data link": ('<a href="data:text/html,x">a</a>', 11, "an address that acts, href='data:text/ht…'"),
    "outside picture": ('<img alt="a" src="https://example.org/a.png">', 11, "something loaded from elsewhere, src="),
    "outside use": ('<svg><use href="//example.org/a"/></svg>', 11, "something loaded from elsewhere, href="),
    "outside link": ('<a href="https://example.org">a</a>', 11, "a link that leads to no file of this folder"),
    "absolute link": ('<a href="/etc/passwd">a</a>', 11, "a link that leads to no file of this folder, '/etc/passwd'"),
    "dead link": ('<a href="other.html">a</a>', 11, "a link that leads to no file of this folder, 'other.html'"),
    "link out of the folder": ('<a href="../../x.html">a</a>', 11, "a link that leads to no file of this folder"),
    "url in a style": ('<p style="background:url(https://x.org)">a</p>', 11, "a style that loads or acts, style="),
    "url in disguise": (r'<p style="background:\75 rl(https://x.org)">a</p>', 11, "a style that loads or acts"),
    "url in a drawing": ('<svg><path fill="url(https://x.org)"/></svg>', 11, "a style that loads or acts, fill="),
    "import": ("<style>@import 'x.css';</style>", 11, "a style that loads or acts, \"@import 'x.css'"),
    "refresh": ('<meta http-equiv="refresh" content="0;url=x">', 11, "<meta> of 'refresh'"),
    "form": ("<form></form>", 11, "<form>"),
    "input": ("<input>", 11, "<input>"),
    "iframe": ("<iframe></iframe>", 11, "<iframe>"),
    "object": ("<object></object>", 11, "<object>"),
    "base": ('<base href="x">', 11, "<base>"),
    "foreign object": ("<svg><foreignObject></foreignObject></svg>", 11, "<foreignobject>"),
    "declaration": ("<!DOCTYPE svg>", 11, "'<!DOCTYPE svg>'"),
    "comment with markup": ("<!--[if IE]><b>x</b><![endif]-->", 11, "'<!--[if IE]>"),
    "instruction": ("<?php x ?>", 11, "'<?php x ?'"),
    "broken markup": ("<![x[ ]>", 11, "'markup that cannot be re…'"),
    "absolute path": ("<p>/opt/project/data.csv</p>", 10, "a path of a machine, '/opt/pro…'"),
    "home folder": ("<p>/home/j.jansen/x</p>", 10, "a path of a machine, '/home/j.…'"),
    "path of Windows": (r"<p>C:\Users\jansen</p>", 10, r"a path of a machine, 'C:\\Users'"),
    "path of a network": (r"<p>\\files\hr\scores.csv</p>", 10, "a path of a machine"),
    "path, escaped": ("<p>&#47;home/jansen</p>", 10, "a path of a machine"),
    "papermill": ("<!-- papermill -->", 10, "'papermill', which notebooks leave behind"),
    "widget": ("<p>application/vnd.jupyter.widget-view+json</p>", 10, "'widget-view', which notebooks leave behind"),
    "metadata": ("<svg><metadata>x</metadata></svg>", 10, "'<metadata', which notebooks leave behind"),
    "traceback": ("<pre>Traceback (most recent call last):</pre>", 10, "traceback (most recent call last)"),
    "text in a PNG": (img(png((b"tEXt", b"Author\0me"))), 10, "a chunk 'tEXt' in a PNG"),
    "Exif in a PNG": (img(png((b"eXIf", b"x"))), 10, "a chunk 'eXIf' in a PNG"),
    "data behind a PNG": (img(png(behind=b"secret")), 10, "6 bytes behind the end of a PNG"),
    "cut PNG": (img(png()[:30]), 11, "a picture that breaks off"),
    "Exif in a JPEG": (img(jpeg((0xE1, b"Exif\0\0")), "jpeg"), 10, "a segment APP1 in a JPEG"),
    "comment in a JPEG": (img(jpeg((0xFE, b"me")), "jpeg"), 10, "a segment COM in a JPEG"),
    "data behind a JPEG": (img(jpeg(behind=b"x"), "jpeg"), 10, "bytes behind the end of a JPEG"),
    "no picture": (img(b"PAR1" + bytes(40)), 11, "a picture that is no PNG, JPEG or SVG"),
    "drawing with script": (svg("<script>1</script>"), 11, "<script>, in an embedded drawing"),
    "drawing with a path": (svg("<desc>/home/me/x</desc>"), 10, "a path of a machine, '/home/me', in an"),
    "JSON in letters": (packed(b'{"answers": [1, 2, 3, 4, 5, 6, 7, 8, 9]}'), 10, "JSON packed into"),
    "Parquet in letters": (packed(b"PAR1" + bytes(40)), 10, "Parquet packed into"),
    "Arrow in letters": (packed(b"ARROW1" + bytes(40)), 10, "Arrow packed into"),
    "pickle in letters": (packed(b"\x80\x04\x95" + bytes(40)), 10, "pickle packed into"),
    "ZIP in letters": (packed(b"PK\x03\x04" + bytes(40)), 10, "ZIP packed into"),
    "table in letters": (packed(b"unit,score\nSouth,11\nWest,12\n" * 2), 10, "text packed into"),
    "numbers in letters": (packed(hashlib.sha512(b"1").digest() * 2), 10, "data packed into 172 letters"),
    "anonymous": ("<p>Anonymous answers.</p>", 10, "the word anonymous"),
    "anoniem": ("<p>Antwoorden zijn anoniem.</p>", 10, "the word anonymous"),
    "figure of a hidden unit": (TABLE.replace("not shown", "11"), 1, "enps in a table, 'eNPS by unit in 2024.'"),
}  # fmt: skip


@pytest.mark.parametrize(("planted", "rule", "found"), IN_THE_PAGE.values(), ids=IN_THE_PAGE)
def test_what_is_planted_in_a_page_is_found(copied, planted, rule, found):
    """Rules 1, 10 and 11."""
    page = page_of(copied)
    plant(page, "</main>", f"{planted}</main>")
    assert not missed(copied, page.relative_to(copied).as_posix(), rule, found)


@pytest.mark.parametrize(
    "harmless",
    [
        img(png()),
        img(jpeg((0xE0, b"JFIF\0")), "jpeg"),
        svg('<path d="M0 0L1 1" fill="url(#a)"/>'),
        '<a href="../index.html">a</a>',
        "<p>Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft</p>",
        "<p>and/or https: 1/2 a\\b &lt;script&gt; javascript:</p>",
        r"<p>C:\Windows\System32 \\server\share ../etc/passwd</p>",
        TABLE.replace("2024", "2031"),
        TABLE.replace("not shown", "too few"),
        TABLE.replace("South", "Netherlands").replace("not shown", "11"),
    ],
)
def test_what_is_harmless_is_let_be(copied, harmless):
    plant(page_of(copied), "</main>", f"{harmless}</main>")
    assert named(copied) == []


INDEX_ROW = (
    '<tbody role="rowgroup"><tr><th scope="row"><bdi>South</bdi><ul></ul></th><td>team</td><td>2024</td><td>11</td>'
    "<td>not shown</td><td>made</td></tr>"
)
ELSEWHERE_IN_PAGES = {
    "weaker policy": ("page", "src 'none'", "src 'self'", 11, "another security policy, \"default-src 'self'"),
    "no policy": ("page", "Content-Security-Policy", "X-Policy", 11, "no security policy"),
    "script allowed in a report": ("page", "data:\"", "data:; script-src data:\"", 11, "another security policy"),
    "wrong hash": ("index", "sha256-", "sha256-A", 11, "another security policy"),
    "other script": ("index", '"use strict";', '"use strict"; fetch("x");', 11, "1 scripts that are not just the one"),
    "second script": ("index", "</main>", "<script>1</script></main>", 11, "2 scripts that are not just the one"),
    "dead link in the index": ("index", 'href="nl-', 'href="xx-', 11, "a link that leads to no file of this folder"),
    "nothing confidential": ("page", "Confidential. ", "", 10, "no word that the page is confidential"),
    "figure in the index": ("index", '<tbody role="rowgroup">', INDEX_ROW, 1, "enps in a table, 'eNPS and NPS"),
}  # fmt: skip


@pytest.mark.parametrize(("kind", "old", "new", "rule", "found"), ELSEWHERE_IN_PAGES.values(), ids=ELSEWHERE_IN_PAGES)
def test_what_is_changed_around_the_content_is_found(copied, kind, old, new, rule, found):
    """Rules 1, 10 and 11."""
    page = page_of(copied) if kind == "page" else copied / "index.html"
    plant(page, old, new)
    assert not missed(copied, page.relative_to(copied).as_posix(), rule, found)


@pytest.mark.parametrize("name", ["NPS", "N\u00adPS"])
def test_a_card_of_a_hidden_unit_is_found_even_where_its_name_may_break(copied, name):
    """Rule 1."""
    plant(
        page_of(copied),
        "</main>",
        f'<ul><li class="card"><p class="name">{name}</p><p class="value">21</p></li></ul></main>',
    )
    assert named(copied) == []
    target = report_file(copied, "nl-4", "01_sample", "en", {})
    target.parent.mkdir()
    shutil.copy(page_of(copied), target)
    assert not missed(
        copied, target.relative_to(copied).as_posix(), 1, "nps on a card, of unit 'nl-4' that the release hides"
    )


def test_a_page_of_published_figures_need_not_be_confidential(copied):
    line = str(page_labels("en")["published_line"])
    plant(page_of(copied), "<strong>Confidential. Not for judging individuals.</strong>", line)
    assert named(copied) == []


STRAY = {
    "executed notebook": ("nl-1843653496/01_sample.ipynb", 10, "a file that is no part of the reports (.ipynb)"),
    "Parquet": ("scores.parquet", 10, "a file that is no part of the reports (.parquet)"),
    "table outside the release": ("scores.csv", 10, "a file that is no part of the reports (.csv)"),
    "another table in the release": ("release/all.csv", 10, "a file that is no part of the reports (.csv)"),
    "ledger": ("ledger/000001.json", 10, "a file that is no part of the reports (.json)"),
    "file of a Mac": (".DS_Store", 10, "a file that is no part of the reports (without suffix)"),
    "half a file": (".writing-0123456789abcdef", 10, "a file that is no part of the reports"),
    "page without hash": ("netherlands/01_sample.en.html", 13, "a page whose name is not slug and hash"),
    "page with another name": ("nl-1843653496/Jan Jansen.html", 13, "a page whose name is not slug and hash"),
    "log with another name": (".logs/jansen.txt", 10, "a file that is no part of the reports (.txt)"),
}


@pytest.mark.parametrize(("name", "rule", "found"), STRAY.values(), ids=STRAY)
def test_a_file_that_does_not_belong_is_found(copied, name, rule, found):
    """Rules 10 and 13."""
    (copied / name).parent.mkdir(exist_ok=True)
    (copied / name).write_text("x")
    assert not missed(copied, name, rule, found)


@pytest.mark.parametrize("target", ["nl-1843653496", "index.html"])
def test_a_symbolic_link_is_found_and_not_followed(copied, target):
    """Rule 13."""
    (copied / "be-0123456789").symlink_to(copied / target)
    assert not missed(copied, "be-0123456789", 13, "a symbolic link")


def test_a_stray_file_beside_the_datasets_is_found(copied):
    """Rule 10."""
    (copied.parent / "notes.csv").write_text("x")
    assert not missed(copied.parent, "notes.csv", 10, "a file that is no part of the reports (.csv)")


LINES = {
    "path": ("ImportError: no name (/home/jansen/src/x.py)", "a folder in the reason of a failure (line 2)"),
    "path of Windows": (r"OSError: C:\Users\jansen\x.csv", "a folder in the reason of a failure (line 2)"),
    "short path": ("OSError: ~/x", "a path of a machine, '~/x' (line 2)"),
    "traceback": ("KeyError\nTraceback (most recent call last):\n answers = 3", "more than the first line of an error"),
    "traceback in one line": ("Traceback (most recent call last): x", "which notebooks leave behind (line 2)"),
}


@pytest.mark.parametrize(("error", "found"), LINES.values(), ids=LINES)
def test_what_a_manifest_tells_of_the_machine_is_found(copied, error, found):
    """Rule 10."""
    with (copied / "manifest.jsonl").open("a") as file:
        file.write(json.dumps({"unit": "nl", "error": error}) + "\n")
    assert not missed(copied, "manifest.jsonl", 10, found)


def test_a_line_that_is_no_record_is_found(copied):
    """Rule 10."""
    with (copied / "manifest.jsonl").open("a") as file:
        file.write("/home/jansen\n")
    assert not missed(copied, "manifest.jsonl", 10, "a line that is no record of a report (line 2)")


@pytest.mark.parametrize(("what", "name"), [("getuser", "user"), ("gethostname", "host")])
def test_a_manifest_that_names_user_or_host_is_found(copied, monkeypatch, what, name):
    """Rule 10."""
    module = {"getuser": "getpass", "gethostname": "socket"}[what]
    monkeypatch.setattr(f"helpers.publish.audit_content.{module}.{what}", lambda: "j.jansen-42")
    _here.cache_clear()
    plant(copied / "manifest.jsonl", '"error": ""', '"error": "no rights for j.jansen-42"')
    assert not missed(copied, "manifest.jsonl", 10, f"the {name} of this machine (line 1)")
    _here.cache_clear()


def set_row(column, value, unit="nl-1", measure="enps"):
    def change(frame):
        frame.loc[(unit, "2024", measure), column] = value

    return change


def shown_after_all(frame):
    """Show South, so that West can be had by subtraction: 114 - 40 - 35 - 31 = 8."""
    rows = frame.index.get_level_values(0) == "nl-3"
    frame.loc[rows, ["estimate", "ci_low", "ci_high", "answers", "shown"]] = ["11", "-1", "23", "31", "yes"]


def twice(frame):
    frame.loc[("again", "", "")] = frame.iloc[0]


def cycle(frame):
    frame.loc["all", "parent_id"] = "nl"


def without_width(frame):
    frame.loc[("nl-1", "2024", "enps"), ["kind", "ci_low", "ci_high"]] = ["mean", "11", "11"]


IN_THE_TABLE = {
    "figure of a hidden group": (set_row("estimate", "11", "nl-4"), 1, "a figure of a hidden group: 'enps' of unit"),
    "answers of a hidden group": (set_row("answers", "5–9", "nl-4"), 1, "a figure of a hidden group"),
    "band of a hidden group": (set_row("band", "high", "nl-4"), 1, "a figure of a hidden group"),
    "small group": (set_row("answers", "5–9"), 1, "a figure of fewer than 10 answers: 'enps' of unit 'nl-1' in '2024'"),
    "no answers": (set_row("answers", ""), 1, "a figure without a number of answers"),
    "exact answers": (set_row("answers", "29"), 6, "an exact number of answers below 30"),
    "narrow band of answers": (set_row("answers", "12–13"), 6, "a band of answers that is none of ours"),
    "all promoters": (set_row("estimate", "100"), 6, "a figure at the end of its scale"),
    "all detractors": (set_row("estimate", "-100"), 6, "a figure at the end of its scale"),
    "interval of a band": (set_row("band", "high"), 6, "an interval beside a band"),
    "interval without width": (without_width, 6, "an interval without width"),
    "part of a group hidden": (
        set_row(["estimate", "ci_low", "ci_high", "answers", "shown"], ["", "", "", "", "no"]), 4,
        "a group hidden in part: employees of unit 'nl-1' in '2024'",
    ),
    "hidden unit shown": (shown_after_all, 2, "a remainder below 10: 'enps' of unit 'nl' without its parts"),
    "two parents": (set_row("parent_id", "be"), 2, "a unit with two parents"),
    "cycle": (cycle, 2, "units that are their own ancestors"),
    "neither shown nor hidden": (set_row("shown", "perhaps", "be"), 14, "rows that are neither shown nor hidden"),
    "row twice": (twice, 14, "a unit, period and measure twice"),
}  # fmt: skip


@pytest.mark.parametrize(("change", "rule", "found"), IN_THE_TABLE.values(), ids=IN_THE_TABLE)
def test_what_is_planted_in_a_table_is_found(copied, change, rule, found):
    """Rules 1, 2, 4, 6 and 14."""
    plant_in_table(copied, change)
    assert any(one.rule == rule and found in one.found for one in audit_folder(copied).findings), named(copied)


@pytest.mark.parametrize(("kind", "value"), [("rate", "0"), ("rate", "1"), ("percent", "0"), ("percent", "100")])
def test_a_share_of_nobody_or_all_is_found(copied, kind, value):
    """Rule 6; of percentages, those are shares of people whose measure has bands."""

    def change(frame):
        frame["kind"] = kind
        frame["estimate"] = frame["estimate"].mask(frame["shown"] == "yes", "0.5")
        frame.loc[("nl-1", "2024", "enps"), "estimate"] = value
        frame.loc[("nl-2", "2024", "enps"), ["band", "ci_low", "ci_high"]] = ["low", "", ""]

    plant_in_table(copied, change)
    assert not missed(
        copied, "release/scores.csv", 6, "a figure at the end of its scale: 'enps' of unit 'nl-1' in '2024'"
    )


def test_a_remainder_that_bands_leave_open_is_counted_and_no_finding(copied):
    """Rule 2: 110 without 40, 35 and 20 to 29 leaves 6 to 15, which may be enough."""

    def change(frame):
        shown_after_all(frame)
        frame.loc["nl-3", "answers"] = "20–29"
        frame.loc[["nl", "be"], "answers"] = ["110"] * 6 + ["64"] * 6

    plant_in_table(copied, change)
    found = audit_folder(copied)
    assert (found.findings, found.unsure) == ((), 6)
    assert "(6 of them open, since answers are told in bands)" in render_findings(found)


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@x", "\uff1dx", " =x"])
def test_a_cell_that_a_spreadsheet_calculates_is_found(copied, name):
    """Rule 12."""
    plant(copied / "release" / "scores.csv", '"North"', f'"{name}"')
    vouch(copied)
    assert not missed(copied, "release/scores.csv", 12, "a cell that a spreadsheet may calculate")


def test_texts_without_quotes_are_found(copied):
    """Rule 12."""
    plant(copied / "release" / "scores.csv", '\n"nl-1"', "\nnl-1")
    vouch(copied)
    assert not missed(copied, "release/scores.csv", 12, "texts without quotes")


def test_another_table_than_the_audit_was_made_for_is_found(copied):
    """Rule 14."""
    plant(copied / "release" / "scores.csv", '"North"', '"Nord"')
    assert not missed(copied, "release/scores.csv", 14, "other bytes than the audit was made for (sha256)")


AUDITS = {
    "rows": (lambda told: told["scores"].update(rows=1), "scores.csv", 14, "42 rows, not those of the audit"),
    "shown": (lambda told: told["scores"].update(shown=1), "scores.csv", 14, "30 shown, not those of the audit"),
    "threshold": (lambda told: told.update(min_group=4), "audit.json", 14, "a min_group below 5"),
    "no threshold": (lambda told: told.pop("min_group"), "audit.json", 14, "an audit that cannot be read"),
    "no rule": (lambda told: told["rules"].pop("2"), "audit.json", 14, "no proof of rule 2"),
    "leak": (
        lambda told: told["remainders"]["employees"].update(below_min_group=1), "audit.json", 2,
        "remainders below min_group in family 'employees'",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("change", "file", "rule", "found"), AUDITS.values(), ids=AUDITS)
def test_an_audit_that_does_not_hold_is_found(copied, change, file, rule, found):
    """Rules 2 and 14."""
    path = copied / "release" / "audit.json"
    told = json.loads(path.read_text())
    change(told)
    path.write_text(json.dumps(told))
    assert not missed(copied, f"release/{file}", rule, found)


def test_a_linked_table_is_not_read(copied, tmp_path):
    """Rule 13."""
    scores = copied / "release" / "scores.csv"
    scores.rename(tmp_path / "elsewhere.csv")
    scores.symlink_to(tmp_path / "elsewhere.csv")
    found = audit_folder(copied)
    assert [(one.rule, one.found) for one in found.findings] == [
        (13, "a symbolic link"), (14, "a release without this file"),
    ]  # fmt: skip
    assert found.remainders == 0


@pytest.mark.parametrize("seed", range(60))
def test_the_attacker_finds_the_remainders_that_the_release_would_refuse(seed):
    """Rule 2, on random trees whose numbers of answers are all told."""
    rng = np.random.default_rng(seed)
    n_units = int(rng.integers(2, 14))
    ids = [f"u{place}" for place in range(n_units)]
    parents = ["", *(ids[rng.integers(place)] for place in range(1, n_units))]
    tree = Tree(ids, parents)
    own = rng.integers(0, 16, n_units).astype(float)
    n = remainders(tree, own, np.ones(n_units, dtype=bool))
    hidden = (n < 10) | (rng.random(n_units) < 0.3)
    left = remainders(tree, own, hidden)
    small = ~hidden & (left > 0) & (left < 10)
    told = {"unit_id": ids, "parent_id": parents, "period": "2024", "measure": "enps", "shown": ~hidden}
    frame = pd.DataFrame({**told, "low": np.where(hidden, np.nan, n), "high": np.where(hidden, np.nan, n)})
    found = subtract(Release({"min_group": 10}, frame))
    named = {unit for unit, leaks in zip(ids, small, strict=True) if leaks}
    assert {one[1].split("unit '")[1].split("'")[0] for one in found.findings} == named
    assert (found.checked, found.unsure) == (int((~hidden).sum()), 0)


@pytest.mark.parametrize("name", ["scores.csv", "audit.json"])
def test_half_a_release_is_found(copied, name):
    """Rule 14."""
    (copied / "release" / name).unlink()
    assert not missed(copied, f"release/{name}", 14, "a release without this file")


def test_a_table_of_other_columns_is_found(copied):
    """Rule 14."""
    (copied / "release" / "scores.csv").write_text("a,b\n1,2\n")
    assert not missed(copied, "release/scores.csv", 14, "a table that is none of a release")


def test_without_release_the_summary_says_what_was_not_checked_and_how_to(copied):
    shutil.rmtree(copied / "release")
    found = audit_folder(copied)
    assert found.findings == ()
    assert (
        "data: no release, so no figure was held against one. To check them, run excx release data"
        in render_findings(found)
    )


def test_figures_published_by_their_source_may_be_small(copied):
    plant_in_table(copied, set_row("answers", "5–9"))
    path = copied / "release" / "audit.json"
    scores = json.loads(path.read_text())["scores"]
    path.write_text(json.dumps({"published_by_source": "A school board", "scores": scores}))
    assert named(copied) == []


def test_units_below_one_without_rows_are_told(copied):
    plant_in_table(copied, lambda frame: frame.drop("nl", level=0))
    found = audit_folder(copied)
    assert found.findings == ()
    assert "data: 4 units stand below one without any row" in render_findings(found)


def test_files_for_the_insight_team_are_named_and_logs_are_not_read(copied):
    """Rule 10: logs hold paths by design, and are not handed out."""
    (copied / ".logs").mkdir()
    (copied / ".logs" / "nl-1843653496.01_sample.en.log").write_text("/home/jansen")
    found = audit_folder(copied)
    assert found.findings == ()
    assert "data: for the insight team only, not to be handed out: .logs/, manifest.jsonl." in render_findings(found)


def test_a_folder_without_reports_is_an_error_and_no_pass(tmp_path):
    """Rule 14."""
    with pytest.raises(
        ValueError, match=r"folder must hold reports, with index.html, manifest.jsonl or release/; found"
    ):
        audit_folder(tmp_path)


def test_at_most_fifty_findings_are_printed_and_the_summary_counts_all():
    findings = tuple(Finding(f"{place}.html", 11, "<script>", "Remove it.") for place in range(60))
    lines = render_findings(Audit(findings, files=60, pages=60, size=1234)).splitlines()
    assert len(lines) == MAX_SHOWN + 2
    assert lines[0] == "0.html: rule 11, Reports are inert: found <script>. Remove it."
    assert lines[-2] == "… and 10 more."
    assert lines[-1].startswith("60 files, 60 pages, 1,234 bytes, 0 tables, 0 remainders checked")
    assert lines[-1].endswith("60 findings.")


def test_a_finding_cannot_write_to_the_terminal():
    assert "\x1b" not in str(Finding("\x1b[2J.html", 13, "x", "y"))


def test_the_command_fails_when_anything_is_found(copied):
    clean = CliRunner().invoke(app, ["audit", str(copied)])
    assert (clean.exit_code, clean.stdout.splitlines()[-1][-12:]) == (0, "0 findings.".rjust(12))
    (copied / "scores.parquet").write_text("x")
    assert CliRunner().invoke(app, ["audit", str(copied)]).exit_code == 1


def keep_page(folder, known, text="11", *, hidden_then=False):
    """Let a page show a figure that the release hides, kept from a release that its audit knows, or does not."""
    page, path, manifest = page_of(folder), folder / "release" / "audit.json", folder / "manifest.jsonl"
    plant(page, "<td>not shown</td>", f"<td>{text}</td>")
    records = [json.loads(line) | {"release": "first"} for line in manifest.read_text().splitlines()]
    manifest.write_text("".join(json.dumps(record) + "\n" for record in records))
    audit = json.loads(path.read_text())
    assert audit["releases"] == [audit["ledger"]]
    told = {} if hidden_then else {"first": [["nl-3", "2024", "enps"]]}
    path.write_text(json.dumps(audit | {"releases": [*known, audit["ledger"]], "told_before": told}))


def test_a_page_kept_from_a_release_that_the_ledger_knows_is_told_and_is_no_finding(copied):
    keep_page(copied, ["first"])
    found = audit_folder(copied)
    assert not found.findings
    assert [
        note for note in found.notes if "1 page of an earlier release shows figures that this release hides" in note
    ]
    assert "run excx report without --resume" in render_findings(found)


@pytest.mark.parametrize("known", [[], ["another"]])
def test_a_page_of_a_release_that_the_ledger_does_not_know_is_held_against_this_one(copied, known):
    keep_page(copied, known)
    assert [finding.rule for finding in audit_folder(copied).findings] == [1]


def test_a_figure_that_the_earlier_release_did_not_tell_is_a_finding_on_a_kept_page(copied):
    keep_page(copied, ["first"], hidden_then=True)
    found = audit_folder(copied)
    assert [finding.rule for finding in found.findings] == [1]
    assert not any("earlier release" in note for note in found.notes)


def test_nothing_else_is_forgiven_a_kept_page(copied):
    keep_page(copied, ["first"], "11<script>alert(1)</script>")
    assert {finding.rule for finding in audit_folder(copied).findings} == {11}
