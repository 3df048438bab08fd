"""What hides in texts and pictures: folders of a machine, remains of notebooks, and data packed into letters.

Each check gives pairs of rule and what was found.
"""

from __future__ import annotations

import base64
import binascii
import getpass
import json
import re
import socket
import struct
from collections.abc import Iterator
from functools import cache
from html import unescape
from pathlib import Path
from urllib.parse import unquote

from helpers.publish.audit_findings import hint

Found = tuple[int, str]
PNG, JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
# Folders where people and programs keep files: a unit may be named C:\Windows to see what happens.
_PLACES = re.compile(
    r"(?<![\w.])/(?:home|root|tmp|usr|var|opt|work|mnt|users|private|github|builds|srv)/[\w.-]+"
    r"|(?<!\w)[a-z]:\\(?:users|documents and settings|programdata|program files|temp|tmp|home|data|work|projects)\b"
    r"|(?<!\w)\\\\[\w.$-]+\\[\w.$ -]+\\[\w.$-]+|file://|(?<![\w.])~/\w",
    re.IGNORECASE,
)
# Looked for first: most pages hold none, and plain texts are found much faster.
_PLACE_SIGNS = (
    "/home/", "/root/", "/tmp/", "/usr/", "/var/", "/opt/", "/work/", "/mnt/", "/users/", "/private/", "/github/",
    "/builds/", "/srv/", ":\\", "\\\\", "file://", "~/",
)  # fmt: skip
_MACHINERY = (
    "papermill", "injected-parameters", "application/vnd.jupyter", "widget-view", "widget-state", '"metadata"',
    "<metadata", "excx-guard", "kernelspec", "ipykernel", "traceback (most recent call last)",
)  # fmt: skip
# Below 40 letters there is room for no more than a word.
_RUN = re.compile(r"[A-Za-z0-9+/_%-]{40,}={0,2}")
_URL_PART = re.compile(r"data:image/[a-z+.-]+;base64,[A-Za-z0-9+/=\s]+", re.IGNORECASE)
# Numbers packed as bytes have no mark of their own; a word that long mixes neither cases nor digits.
_LONG = 100
_MAGIC = {
    b"PAR1": "Parquet", b"ARROW1": "Arrow", b"PK\x03\x04": "ZIP", b"\x1f\x8b": "gzip", b"\x80\x03": "pickle",
    b"\x80\x04": "pickle", b"\x80\x05": "pickle", b"SQLite format": "SQLite", PNG: "PNG", JPEG: "JPEG",
}  # fmt: skip
# What a picture needs to be drawn; all else is text about it, such as who made it, when and where.
_PNG_CHUNKS = {
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"pHYs", b"gAMA", b"sRGB", b"cHRM", b"bKGD", b"sBIT",
}  # fmt: skip
_JPEG_TEXTS = {0xFE: "COM", **{0xE0 + n: f"APP{n}" for n in range(1, 14)}}


def machine_remains(text: str) -> Iterator[Found]:
    """Look for paths, the user and host of this machine, and what notebooks leave behind.

    Parameters
    ----------
    text : str
        A page or a line of a manifest, escaped or not.
    """
    shown = unescape(text) if "&" in text else text
    lower = shown.lower()
    match = _PLACES.search(shown) if any(sign in lower for sign in _PLACE_SIGNS) else None
    if match:
        yield 10, f"a path of a machine, {hint(match[0], 8)}"
    yield from ((10, f"{sign!r}, which notebooks leave behind") for sign in _MACHINERY if sign in lower)
    for what, name in _here():
        if name in shown:
            yield 10, f"the {what} of this machine"


def packed_data(text: str) -> Iterator[Found]:
    """Decode long runs of letters outside pictures, and look at what they are.

    Parameters
    ----------
    text : str
    """
    for match in _RUN.finditer(_URL_PART.sub(" ", text)):
        run = unquote(match[0])
        kind = _kind(run)
        if kind:
            yield 10, f"{kind} packed into {len(run)} letters"


def picture_remains(data: bytes) -> Iterator[Found]:
    """Look for texts in a PNG or JPEG, and for what stands behind its end.

    Parameters
    ----------
    data : bytes
    """
    try:
        if data.startswith(PNG):
            yield from _png_remains(data)
        elif data.startswith(JPEG):
            yield from _jpeg_remains(data)
        else:
            yield 11, "a picture that is no PNG, JPEG or SVG"
    except (struct.error, IndexError):
        yield 11, "a picture that breaks off"


def decoded(letters: str) -> bytes:
    """Decode base64, also of the alphabet for addresses, as far as it goes; empty when it is none."""
    plain = re.sub(r"\s", "", letters).rstrip("=").replace("-", "+").replace("_", "/")
    plain = plain[: len(plain) - (len(plain) % 4 == 1)]
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4))
    except binascii.Error:
        return b""


def _kind(run: str) -> str:
    # What stands before packed data may be letters too.
    for start in range(4):
        data = decoded(run[start:])
        known = next((name for magic, name in _MAGIC.items() if data.startswith(magic)), "")
        if known or _is_text(data):
            return known or ("JSON" if _is_json(data) else "text")
    mixed = all(re.search(kind, run) for kind in ("[a-z]", "[A-Z]", "[0-9]"))
    return "data" if mixed and len(run) >= _LONG else ""


def _is_text(data: bytes) -> bool:
    return len(data) >= 20 and sum(32 <= byte < 127 or byte in (9, 10, 13) for byte in data) >= 0.95 * len(data)


def _is_json(data: bytes) -> bool:
    try:
        return isinstance(json.loads(data), dict | list)
    except ValueError:
        return data.lstrip()[:1] in (b"{", b"[")


def _png_remains(data: bytes) -> Iterator[Found]:
    place, kind = len(PNG), b""
    while kind != b"IEND":
        size, kind = struct.unpack(">I4s", data[place : place + 8])
        place += 12 + size
        if kind not in _PNG_CHUNKS:
            yield 10, f"a chunk {hint(kind.decode('latin-1'))} in a PNG, which may tell of its maker"
    if place < len(data):
        yield 10, f"{len(data) - place} bytes behind the end of a PNG"


def _jpeg_remains(data: bytes) -> Iterator[Found]:
    place = 2
    while data[place] == 0xFF and data[place + 1] not in (0xDA, 0xD9):
        marker, size = data[place + 1], struct.unpack(">H", data[place + 2 : place + 4])[0]
        if marker in _JPEG_TEXTS:
            yield 10, f"a segment {_JPEG_TEXTS[marker]} in a JPEG, which may tell of its maker"
        place += 2 + size
    if not data.endswith(b"\xff\xd9"):
        yield 10, "bytes behind the end of a JPEG"


@cache
def _here() -> tuple[tuple[str, str], ...]:
    """Names of this machine that are no words, since those say nothing when they are found."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        user = ""
    named = (("user", user), ("host", socket.gethostname()), ("home folder", str(Path.home())))
    return tuple((what, name) for what, name in named if len(name) > 5 and not name.isalpha())
