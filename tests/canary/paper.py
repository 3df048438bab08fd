"""The text of a PDF as Chromium prints it: numbers of signs in a font, and what these stand for."""

import re
import zlib
from itertools import islice

_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_SHOWN = re.compile(rb"<([0-9A-Fa-f]+)>\s*Tj")
_RANGE = re.compile(rb"<(\w+)> <(\w+)> <(\w+)>")
_SINGLE = re.compile(rb"<(\w+)> <(\w+)>\n")


def printed(pdf):
    """Read all that a PDF shows by each of its fonts: by the right one it is the text, by the others nonsense."""
    streams = [_inflated(match[1]) for match in _STREAM.finditer(pdf)]
    tables = [_table(stream) for stream in streams if b"begincmap" in stream]
    shown = [signs for stream in streams if (signs := b"".join(_SHOWN.findall(stream)).decode())]
    return ["".join(table.get(sign, "\ufffd") for sign in _by_four(signs)) for table in tables for signs in shown]


def _inflated(data):
    try:
        return zlib.decompressobj().decompress(data)
    except zlib.error:
        return data


def _table(stream):
    table = {}
    for part in re.findall(rb"beginbfchar\n(.*?)endbfchar", stream, re.DOTALL):
        table |= {int(sign, 16): _letters(text) for sign, text in _SINGLE.findall(part)}
    for part in re.findall(rb"beginbfrange\n(.*?)endbfrange", stream, re.DOTALL):
        for first, last, text in _RANGE.findall(part):
            numbers = range(int(first, 16), int(last, 16) + 1)
            table |= {number: chr(int(text, 16) + number - numbers[0]) for number in numbers}
    return table


def _letters(text):
    return bytes.fromhex(text.decode()).decode("utf-16-be", "replace")


def _by_four(digits):
    places = iter(digits)
    while four := "".join(islice(places, 4)):
        yield int(four, 16)
