"""Every reading of a file: what its bytes say once they are unpacked, decoded and unescaped, again and again.

A *layer* is one such reading, with the way to it; compressed and packed content gives bytes, any other step a text.
"""

import base64
import html
import io
import json
import re
import struct
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.parquet as pq

# Base64 in base64, compressed in base64 in JSON: steps enough for whatever software writes by itself.
DEEPEST = 6
# Sixteen letters hold twelve bytes, fewer than the shortest canary.
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{16,}")
_BROKEN_BASE64 = re.compile(r"(?<=[A-Za-z0-9+/_-]{60})\s+(?=[A-Za-z0-9+/_-])")
_ESCAPE = re.compile(r'\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(["\\/bfnrt]))')
_WRITTEN = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_PNG, _JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"


@dataclass(frozen=True)
class Layer:
    """One reading: the way to it, such as ``utf-8 > base64 > gzip``, and the text."""

    way: str
    text: str


def layers(data):
    """Give every reading of bytes, each text once."""
    seen, waiting = set(), [("", data)]
    while waiting:
        way, content = waiting.pop()
        # Of a text and of its bytes, the hash alone would be the same.
        if (key := (type(content), hash(content))) in seen or way.count(">") > DEEPEST:
            continue
        seen.add(key)
        if isinstance(content, str):
            yield Layer(way.removeprefix(" > "), content)
        steps = _texts_inside(content) if isinstance(content, str) else _inside(content)
        waiting += [(f"{way} > {step}", found) for step, found in steps if found]


def folded(text):
    """Write a text as a search looks for it: compatible letters, lower case, no signs without width."""
    plain = "".join(sign for sign in text if unicodedata.category(sign) != "Cf") if not text.isascii() else text
    return unicodedata.normalize("NFKC", plain).casefold()


def _inside(data):
    yield from _decoded(data)
    for step, begins, unpack in _PACKED:
        for start in _places(data, begins):
            try:
                yield from ((step, found) for found in unpack(data[start:]))
            except (OSError, EOFError, ValueError, zlib.error, struct.error, zipfile.BadZipFile, pa.ArrowException):
                continue


def _decoded(data):
    try:
        yield "utf-8", data.decode("utf-8")
    except UnicodeDecodeError:
        yield "utf-8", data.decode("utf-8", "ignore")
        yield "latin-1", data.decode("latin-1")
    if b"\x00" in data:
        yield from (
            (name, data[start:].decode(name, "ignore")) for name in ("utf-16-le", "utf-16-be") for start in (0, 1)
        )


def _texts_inside(text):
    yield "html", html.unescape(text) if "&" in text else ""
    yield "url", unquote(text) if "%" in text else ""
    yield "json", _ESCAPE.sub(_unescaped, text) if "\\" in text else ""
    if text.isascii():
        yield from (("hex", bytes.fromhex(run)) for run in re.findall(r"\b(?:[0-9a-fA-F]{2}){8,}\b", text))
    for run in _BASE64.findall(_BROKEN_BASE64.sub("", text)):
        yield from (("base64", found) for found in _from_base64(run))


def _unescaped(match):
    code = match[1] or match[2]
    return chr(int(code, 16)) if code else _WRITTEN.get(match[3], match[3])


def _from_base64(run):
    plain = run.replace("-", "+").replace("_", "/")
    # What stands before it may be letters too, so that it may begin at any of four places.
    for start in range(4):
        part = plain[start:]
        found = base64.b64decode(part[: len(part) // 4 * 4] + _rest(part))
        if _has_content(found):
            yield found


def _rest(part):
    over = len(part) % 4
    return part[-over:] + "=" * (4 - over) if over > 1 else ""


def _has_content(data):
    """Tell text and packed content from the noise that any long word gives."""
    readable = sum(32 <= byte < 127 or byte in (0, 9, 10, 13) for byte in data)
    return readable >= 0.9 * len(data) or any(data.startswith(begins) for _, begins, _ in _PACKED)


def _places(data, begins):
    return [match.start() for match in re.finditer(re.escape(begins), data)]


def _gunzipped(data):
    yield zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(data)


def _inflated(data):
    yield zlib.decompressobj().decompress(data)


def _unzipped(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        yield "\n".join(archive.namelist()).encode()
        yield archive.comment
        yield from (archive.read(name) for name in archive.namelist())


def _png_texts(data):
    place = len(_PNG)
    while place + 8 <= len(data):
        size, kind = struct.unpack(">I4s", data[place : place + 8])
        chunk, place = data[place + 8 : place + 8 + size], place + 12 + size
        if kind == b"IDAT":
            continue
        yield chunk
        name, _, rest = chunk.partition(b"\x00")
        if kind == b"zTXt":
            yield name + b" " + zlib.decompress(rest[1:])
        if kind == b"iTXt" and rest[:1] == b"\x01":
            yield zlib.decompress(rest[2:].split(b"\x00", 2)[2])


def _jpeg_texts(data):
    place = 2
    while data[place : place + 1] == b"\xff" and data[place + 1] != 0xDA:
        size = struct.unpack(">H", data[place + 2 : place + 4])[0]
        yield data[place + 4 : place + 2 + size]
        place += 2 + size


def _parquet_texts(data):
    table = pq.ParquetFile(io.BytesIO(data)).read()
    yield json.dumps({str(key): str(value) for key, value in (table.schema.metadata or {}).items()}).encode()
    for name in table.column_names:
        values = table[name].unique().to_pylist()
        yield "\n".join([name, *map(str, values)]).encode("utf-8", "surrogatepass")


# Name, first bytes, and what gives the content.
_PACKED = (
    ("gzip", b"\x1f\x8b\x08", _gunzipped),
    ("zlib", b"\x78\x01", _inflated),
    ("zlib", b"\x78\x9c", _inflated),
    ("zlib", b"\x78\xda", _inflated),
    ("zip", b"PK\x03\x04", _unzipped),
    ("png", _PNG, _png_texts),
    ("jpeg", _JPEG, _jpeg_texts),
    ("parquet", b"PAR1", _parquet_texts),
)
