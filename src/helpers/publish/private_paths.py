"""Where this machine keeps its files: told to nobody, neither on a page nor in an error that is passed on."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from html import unescape
from pathlib import Path

# An absolute path up to its last part, also of Windows; neither "and/or" nor an address nor "../" begins one.
_FOLDERS = re.compile(r"(?<![\w./\\:<])(?:[A-Za-z]:)?[/\\]{1,2}(?:[^\s/\\'\"]+[/\\])+")


def refuse_paths(html: str, folders: Iterable[Path]) -> None:
    """Refuse a page that names one of these folders, however it is escaped.

    Raises
    ------
    ValueError
        Without naming the folder.
    """
    shown = unescape(html)
    if any(str(folder) in shown for folder in folders):
        raise ValueError("page must hold no path of this machine; found one. Show names, not folders.")


def without_folders(text: str) -> str:
    """Shorten the absolute paths in a text to their last parts.

    Parameters
    ----------
    text : str
        Such as the message of an error.

    Returns
    -------
    str
        With ``…/`` for the folders.
    """
    # The home of a user may hold spaces, at which the pattern would stop.
    for known in (Path.cwd(), Path.home()):
        if known != Path(known.anchor):
            text = text.replace(f"{known}{os.sep}", "…/")
    return _FOLDERS.sub("…/", text)
