"""The scan finds a planted canary however it is written down, and a page that could act; so it can fail."""

import base64
import gzip
import html
import io
import json
import struct
import zipfile
import zlib
from urllib.parse import quote

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from canary.dataset import ODD, SILENT_OUTCOME
from canary.page import CSP, findings
from canary.run import HOST, USER
from canary.scan import SILENT_NUMBERS, machine_patterns, person_patterns, scan

CANARY = "CANARY-comment-17"
BYTES = CANARY.encode()
CLEAN = f"""<!doctype html><html lang="en"><head><meta http-equiv="Content-Security-Policy" content="{CSP}">
<title>Report</title><style>p{{color: red}} b::after{{content: "\\2195"}}</style></head>
<body><a href="#s1">Answer</a><p>onload=x javascript:alert(1) &lt;script&gt;</p>%s</body></html>"""


def zipped(data):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inside.txt", data)
    return file.getvalue()


def drawn(kind, **metadata):
    file = io.BytesIO()
    figure = plt.figure(figsize=(1, 1))
    figure.savefig(file, format=kind, **metadata)
    plt.close(figure)
    return file.getvalue()


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(kind, data):
    return b"\x89PNG\r\n\x1a\n" + chunk(kind, data) + chunk(b"IEND", b"")


def parquet(frame):
    file = io.BytesIO()
    frame.to_parquet(file)
    return file.getvalue()


def commented_jpeg():
    whole = drawn("jpeg")
    return whole[:2] + b"\xff\xfe" + struct.pack(">H", 2 + len(BYTES)) + BYTES + whole[2:]


WAYS = {
    "plain": BYTES,
    "lower case": BYTES.lower(),
    "full-width letters": "".join(chr(ord(sign) + 0xFEE0) for sign in CANARY).encode(),
    "signs without width": "\u200b".join(CANARY).encode(),
    "utf-16": CANARY.encode("utf-16"),
    "utf-16, big end first": CANARY.encode("utf-16-be"),
    "utf-16 at an odd place": b"x" + CANARY.encode("utf-16-le"),
    "latin-1": f"é {CANARY}".encode("latin-1"),
    "entities": "".join(f"&#{ord(sign)};" for sign in CANARY).encode(),
    "entities twice": html.escape("".join(f"&#x{ord(sign):x};" for sign in CANARY)).encode(),
    "url": "".join(f"%{byte:02X}" for byte in BYTES).encode(),
    "url in a url": quote(quote(CANARY.replace("-", "&#45;"))).encode(),
    "json": "".join(f"\\u{ord(sign):04x}" for sign in CANARY).encode(),
    "json in json": json.dumps("".join(f"\\u{ord(sign):04x}" for sign in CANARY)).encode(),
    "hex": BYTES.hex().encode(),
    "base64": b'src="data:text/plain;base64,' + base64.b64encode(BYTES) + b'"',
    "base64 within a word": b"abc" + base64.b64encode(b"so they said: " + BYTES + b" and more"),
    "base64 in lines": base64.encodebytes(b"-" * 100 + BYTES + b"-" * 100),
    "base64 for addresses": base64.urlsafe_b64encode(b"~~?>" + BYTES).rstrip(b"="),
    "base64 in base64": base64.b64encode(base64.b64encode(BYTES)),
    "utf-16 in base64": base64.b64encode(CANARY.encode("utf-16-le")),
    "gzip": gzip.compress(BYTES),
    "gzip in base64 in json": json.dumps({"d": base64.b64encode(gzip.compress(BYTES)).decode()}).encode(),
    "gzip behind something else": b"head" * 9 + gzip.compress(BYTES),
    "zlib": zlib.compress(BYTES),
    "zip": zipped(BYTES),
    "zip in gzip": gzip.compress(zipped(BYTES)),
    "png text": drawn("png", metadata={"Comment": CANARY}),
    "png text, packed": png(b"zTXt", b"Comment\x00\x00" + zlib.compress(BYTES)),
    "png international text, packed": png(b"iTXt", b"Comment\x00\x01\x00en\x00x\x00" + zlib.compress(BYTES)),
    "png in base64": base64.b64encode(drawn("png", metadata={"Comment": CANARY})),
    "jpeg comment": commented_jpeg(),
    "svg metadata": drawn("svg", metadata={"Title": CANARY}),
    "svg in a data address": quote(f"<svg><title>{html.escape(CANARY)}</title></svg>").encode(),
    "parquet": parquet(pd.DataFrame({"a": [CANARY] * 5})),
    "parquet metadata": parquet(pd.DataFrame({CANARY: [1.0]})),
}


def hits(folder, data, patterns=None, **choices):
    (folder / "file").write_bytes(data)
    return scan(folder, patterns or person_patterns(), **choices).hits


@pytest.mark.parametrize("way", WAYS)
def test_a_canary_is_found_however_it_is_written_down(tmp_path, way):
    assert hits(tmp_path, b"before " + WAYS[way] if way == "plain" else WAYS[way])


def test_a_canary_is_found_in_the_name_of_a_file(tmp_path):
    (tmp_path / f"{CANARY}.html").write_text("")
    assert scan(tmp_path, person_patterns()).hits


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("form", ["{:.5f}", "{:.10f}", "{!r}"])
def test_an_odd_number_is_found_in_both_notations(tmp_path, name, form):
    written = form.format(ODD[name])
    assert hits(tmp_path, written.encode()) and hits(tmp_path, written.replace(".", ",").encode())


def test_an_odd_number_is_found_as_a_double(tmp_path):
    assert hits(tmp_path, b"abc" + struct.pack("<d", ODD["item"]), numbers=ODD.values())


@pytest.mark.parametrize("written", ["987,654.25", "987.654,25", "987654", "987 654", "876.543"])
def test_a_figure_of_the_silent_team_is_found_in_both_notations(tmp_path, written):
    assert hits(tmp_path, written.encode(), {"silent": SILENT_NUMBERS})
    assert f"{SILENT_OUTCOME:,.0f}" == "987,654"


@pytest.mark.parametrize(
    "told", [USER, HOST, "file:///x", "/home/anna/data", "/tmp/excx-1", '"papermill": {}', "/here/data"]
)
def test_what_tells_of_the_machine_is_found(tmp_path, told):
    assert hits(tmp_path, f"<p>({told})</p>".encode(), machine_patterns("/here/data", users=(USER, HOST)))


def test_nothing_is_found_in_ordinary_words(tmp_path):
    patterns = person_patterns() | machine_patterns("/here/data", users=(USER, HOST)) | {"silent": SILENT_NUMBERS}
    page = CLEAN % "<p>Kanaries: and/or 0.73, 6,28; https://example.org/home; docs/methods.md</p>"
    assert not hits(tmp_path, page.encode(), patterns, numbers=ODD.values())


ACTING = {
    "script": "<script>1</script>",
    "script in capitals": "<SCRIPT src=x></SCRIPT>",
    "handler": "<p onclick='x'>a</p>",
    "handler in capitals": "<p OnClick=x>a</p>",
    "handler behind a slash": "<svg/onload=x></svg>",
    "script address": "<a href='javascript:x'>a</a>",
    "script address, disguised": "<a href='jav&#x09;ascript:x'>a</a>",
    "address outside": "<a href='https://example.org'>a</a>",
    "address without a scheme": "<img src='//example.org/a.png' alt='a'>",
    "file beside": "<img src='a.png' alt='a'>",
    "page in an address": "<a href='data:text/html,x'>a</a>",
    "style that loads": "<p style='background:url(http://x/a.png)'>a</p>",
    "style that loads, escaped": "<p style='background:\\75rl(http://x/a.png)'>a</p>",
    "style sheet that loads": "<style>@import 'http://x/a.css'</style>",
    "drawing that loads": "<svg><image xlink:href='http://x/a.png'/></svg>",
    "drawing filled from outside": "<svg><rect fill='url(http://x/#a)'/></svg>",
    "frame": "<iframe></iframe>",
    "form": "<form></form>",
    "refresh": "<meta http-equiv=refresh content='0;url=x'>",
    "base": "<base href='x'>",
    "comment": "<!-- data -->",
    "wider policy": f"<meta http-equiv='content-security-policy' content=\"{CSP} https:\">",
}


@pytest.mark.parametrize("what", ACTING)
def test_what_could_act_or_load_is_found(what):
    assert findings(CLEAN % ACTING[what])


def test_what_only_speaks_of_acting_is_not():
    assert findings(CLEAN % "<p title='javascript:x onload='>url(http://x) @import</p>") == []


@pytest.mark.parametrize(
    "policy", ["", "default-src 'none'; style-src 'unsafe-inline'", f"{CSP} https:", f"{CSP}; script-src *"]
)
def test_a_missing_or_another_policy_is_found(policy):
    meta = f'<meta http-equiv="Content-Security-Policy" content="{CSP}">'
    assert findings((CLEAN % "").replace(meta, meta.replace(CSP, policy) if policy else ""))


def test_an_index_may_run_its_own_script_and_no_other():
    digest = "sha256-ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLs="  # of the letter a
    index = (CLEAN % "<script>a</script>").replace(CSP, f"{CSP}; script-src '{digest}'")
    assert findings(index, index=True) == [] and findings(index)
    assert findings(index.replace("<script>a", "<script>b"), index=True)
    assert findings(index.replace("</body>", "<script>a</script></body>"), index=True)
