"""What is known of a public source, and the dataset that is built from it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from helpers.datasets.folders import SETTINGS_FILE


@dataclass(frozen=True)
class Built:
    """A dataset before it is written.

    Parameters
    ----------
    settings : mapping of str to object
        The keys of `dataset.toml` without ``tables`` and ``files``.
    tables : mapping of str to DataFrame
        By their names in the contract.
    dictionary : str
        Markdown: what each measure means, where it comes from, what does not compare.
    """

    settings: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame]
    dictionary: str


@dataclass(frozen=True)
class PublicSource:
    """Files of a publisher that a dataset can be built from.

    Parameters
    ----------
    name : str
        As given to `fetch`.
    publisher, title : str
        To find the files by.
    folder : str
        Where they lie in a mirror that holds several sources.
    files : mapping of str to str
        File name to SHA-256, in hexadecimal digits.
    build : callable
        From the checked paths by file name to the dataset.
    """

    name: str
    publisher: str
    title: str
    folder: str
    files: Mapping[str, str]
    build: Callable[[Mapping[str, Path]], Built]


def write_built(built: Built, source: PublicSource, folder: Path) -> None:
    """Write tables as Parquet, the dictionary as README.md and the settings as `dataset.toml`.

    Parameters
    ----------
    built : Built
    source : PublicSource
        Its files are listed in the settings with their checksums.
    folder : Path
        Made when it does not exist.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in built.tables.items():
        table.to_parquet(folder / f"{name}.parquet", index=False)
    (folder / "README.md").write_text(built.dictionary, encoding="utf-8")
    tables = {name: f"{name}.parquet" for name in built.tables}
    files = [{"name": name, "sha256": sha256} for name, sha256 in source.files.items()]
    # Last, so that a folder whose writing was broken off is not taken for a dataset.
    settings = toml({**built.settings, "tables": tables, "files": files})
    (folder / SETTINGS_FILE).write_text(settings, encoding="utf-8")


def toml(values: Mapping[str, Any]) -> str:
    """Write settings as TOML: plain keys first, then a section for each mapping and for each mapping in a list.

    Parameters
    ----------
    values : mapping of str to str, bool, int, float, list, mapping or list of mappings
        Keys are plain words; mappings hold no mappings.
    """
    sections = [(f"[{key}]", value) for key, value in values.items() if isinstance(value, Mapping)]
    lists = {key: value for key, value in values.items() if _is_list_of_mappings(value)}
    sections += [(f"[[{key}]]", one) for key, ones in lists.items() for one in ones]
    plain = {key: value for key, value in values.items() if not isinstance(value, Mapping) and key not in lists}
    return "\n".join([_lines(plain), *(f"{header}\n{_lines(section)}" for header, section in sections)])


def _is_list_of_mappings(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, Mapping) for one in value)


def _lines(values: Mapping[str, Any]) -> str:
    # Texts, numbers, booleans and lists of texts are written alike in JSON and TOML.
    return "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in values.items())
