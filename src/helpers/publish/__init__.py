"""How notebooks become reports: run, render, index."""

import sys

# jsonschema, which nbformat asks for, builds a grammar of web addresses when it finds this: a second of every start.
sys.modules.setdefault("rfc3987_syntax", None)
