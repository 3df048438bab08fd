"""The text of `dataset.toml`, read if it is small and flat, and free of secrets and signs that nobody sees."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from helpers.datasets.folders import SETTINGS_FILE
from helpers.datasets.hidden_signs import has_hidden
from helpers.datasets.problems import DatasetError, Problem, refusal
from helpers.datasets.secret_texts import HIDDEN, is_secret, is_secret_name

# A publisher's hundred files with their checksums take 20 KiB; deeper than a list of files nothing lies.
MAX_SETTINGS_BYTES = 256 << 10
MAX_KEYS = 1_000
MAX_DEPTH = 4
_CHECKSUM = re.compile(r"[0-9a-f]{64}")


def read_settings(folder: Path) -> dict[str, Any]:
    """Read `dataset.toml` as nested values.

    Raises
    ------
    DatasetError
        When it is missing, no TOML, too large or too deep, or holds a secret or hidden signs.
    """
    raw = _read_toml(folder)
    problems = _unsafe_problems(raw)
    if problems:
        raise DatasetError(problems)
    return raw


def _read_toml(folder: Path) -> dict[str, Any]:
    try:
        size = (folder / SETTINGS_FILE).stat().st_size
        if size > MAX_SETTINGS_BYTES:
            raise _too_large(f"{MAX_SETTINGS_BYTES:,} bytes", f"{size:,}")
        return tomllib.loads((folder / SETTINGS_FILE).read_text(encoding="utf-8-sig"))
    except RecursionError:
        raise _too_large(f"{MAX_DEPTH} levels", "more") from None
    except OSError as error:
        found = f"{error.strerror} ({folder.name})"
        raise refusal(SETTINGS_FILE, "", "exist", found, "Write it as data/README.md describes.") from None
    except UnicodeDecodeError:
        raise refusal(SETTINGS_FILE, "", "be UTF-8 text", "another encoding", "Save it as UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        raise refusal(SETTINGS_FILE, "", "be valid TOML", str(error), "Texts stand in quotes, lists in [ ].") from None


def _unsafe_problems(raw: Mapping[str, Any]) -> list[Problem]:
    """List secrets and hidden signs, by their place and never by their value; refuse what is too large or deep."""
    problems, waiting, n_keys = [], [("", raw, 0)], 0
    while waiting:
        place, value, depth = waiting.pop()
        if depth > MAX_DEPTH:
            raise _too_large(f"{MAX_DEPTH} levels", "more")
        if isinstance(value, Mapping):
            waiting += [(f"{place}.{key}".lstrip("."), one, depth + 1) for key, one in value.items()]
        elif isinstance(value, list):
            waiting += [(place, one, depth + 1) for one in value]
        n_keys += 1
        if n_keys + len(waiting) > MAX_KEYS:
            raise _too_large(f"{MAX_KEYS:,} keys and values", "more")
        problems += _unsafe_value(place, value)
    return problems[::-1]


def _unsafe_value(place: str, value: Any) -> list[Problem]:
    where = "" if is_secret(place) or has_hidden(place) else place
    is_checksum = place == "files.sha256" and isinstance(value, str) and _CHECKSUM.fullmatch(value)
    secret = is_secret_name(place) or (isinstance(value, str) and not is_checksum and is_secret(value))
    if (place and not where) or (secret and not isinstance(value, Mapping)):
        return [Problem(SETTINGS_FILE, where, "hold no secret", HIDDEN, way_out="Set it as an environment variable.")]
    # Paths have a rule of their own.
    if isinstance(value, str) and not place.startswith("tables.") and has_hidden(value):
        found = "control, direction or zero-width signs"
        return [Problem(SETTINGS_FILE, where, "hold no hidden signs", found, way_out="Type it again.")]
    return []


def _too_large(limit: str, found: str) -> DatasetError:
    return refusal(SETTINGS_FILE, "", f"hold at most {limit}", found, "Write it as data/README.md describes.")
