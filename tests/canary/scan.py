"""Look through folders for what may not be there: canaries in any reading of any byte, and pages that could act."""

import re
import socket
import struct
import sys
from dataclasses import dataclass, field
from pathlib import Path

from canary.dataset import ODD, SILENT_OUTCOME, SILENT_TARGET
from canary.layers import folded, layers

PERSONS = r"canary-(?!user|host)[a-z]+-\d"
# Five digits of an odd number are no accident; thousands may stand apart.
_SIGNS = "[.,]"
ODD_NUMBERS = {name: re.escape(f"{value:.10f}"[:6]).replace(r"\.", _SIGNS) for name, value in ODD.items()}
# No page tells a day on which a single person came or went.
DAYS = r"1987-11-13|2021-03-17|13 nov\w* 1987|17 (?:maart|march) 2021"
SILENT_NUMBERS = "|".join(rf"{int(value) // 1000}\W?{int(value) % 1000}" for value in (SILENT_OUTCOME, SILENT_TARGET))
MACHINERY = (
    r"file://|papermill|injected-parameters|application/vnd\.jupyter|widget-view|widget-state|\"metadata\"|"
    r"excx-guard|kernelspec|ipykernel"
)
_PLACES = r"(?<![\w.])/(?:home|root|tmp|usr|var|opt|work|mnt|users|private|github|builds)/[\w.-]+"


@dataclass
class Scanned:
    """What was looked through: files, bytes, readings, and the hits as ``file: way: what``."""

    files: int = 0
    size: int = 0
    layers: int = 0
    hits: list = field(default_factory=list)

    def __str__(self):
        return f"{self.files} files, {self.size:,} bytes, {self.layers:,} layers: {len(self.hits)} hits"


def person_patterns():
    """Give what points to one person."""
    return {"person": PERSONS, "day": DAYS, **ODD_NUMBERS}


def machine_patterns(*folders, users=()):
    """Give what tells of the machine a page was made on."""
    named = {str(Path(one)) for one in (*folders, sys.prefix, Path(__file__).parents[2])} | set(users)
    # A host by the name of a word, or a single letter, says nothing when it is found.
    named |= {name for name in (socket.gethostname(),) if len(name) > 5 and not name.isalpha()}
    return {"machine": "|".join(re.escape(folded(one)) for one in sorted(named)), "path": _PLACES, "tools": MACHINERY}


def scan(root, patterns, *, kinds=(), numbers=()):
    """Look for patterns in all readings of all files below a folder, or of one file, with their names.

    Parameters
    ----------
    root : Path
    patterns : dict of str to str
        Regular expressions, in lower case.
    kinds : tuple of str
        Suffixes of the files looked at; empty: all.
    numbers : sequence of float
        Looked for as the eight bytes of a double, too.
    """
    scanned, wanted = Scanned(), {name: re.compile(pattern) for name, pattern in patterns.items()}
    packed = [(value, struct.pack(order, value)) for value in numbers for order in ("<d", ">d")]
    for path in sorted(path for path in (root, *root.rglob("*")) if path.is_file()):
        if kinds and path.suffix not in kinds:
            continue
        data, name = path.read_bytes(), str(path.relative_to(root.parent))
        scanned.files, scanned.size = scanned.files + 1, scanned.size + len(data)
        scanned.hits += [f"{name}: bytes: {value}" for value, eight in packed if eight in data]
        for layer in layers(name.encode("utf-8", "surrogateescape") + b"\n" + data):
            scanned.layers += 1
            scanned.hits += [f"{name}: {layer.way}: {hit}" for hit in _hits(layer.text, wanted)]
    return scanned


def _hits(text, wanted):
    read = folded(text)
    for name, pattern in wanted.items():
        if match := pattern.search(read):
            yield f"{name}: {read[max(match.start() - 40, 0) : match.end() + 40]!r}"
