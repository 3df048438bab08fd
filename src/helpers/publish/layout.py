"""What all pages have in common: templates, style, labels and the record of where the figures come from."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from helpers.publish.labels import page_labels

TEMPLATE = Path(__file__).parent / "template"
_RECORD = (
    "dataset", "unit", "last_period", "source", "licence", "notebook", "parameters", "data_hash", "versions",
)  # fmt: skip


def render_template(
    name: str, page: Mapping[str, object], *, style: str = "", script: str = "", **values: object
) -> str:
    """Fill another template of the same look, such as the index.

    Parameters
    ----------
    name : str
        File in the folder of templates.
    page : mapping of str to value
        What it says; see `helpers.publish.render.render_html`.
    style, script : str
        Files in the same folder, for this page alone. The script may run by its hash; nothing else may.
    **values : object
        What the template asks for.
    """
    template = _environment().get_template(name)
    return tidy(template.render(resources=surroundings(page, style, script), **values))


@cache
def _css(*names: str) -> Markup:
    texts = ((TEMPLATE / name).read_text(encoding="utf-8") for name in names)
    text = re.sub(r"\s+", " ", "".join(texts))
    return Markup(re.sub(r" ?([{};,]) ?", r"\1", text))


@cache
def _script(name: str) -> tuple[Markup, str]:
    """Give a script as it will stand in the page, and what the page's policy must say to let it run."""
    if not name:
        return Markup(), ""
    text = tidy((TEMPLATE / name).read_text(encoding="utf-8"))
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return Markup(text), f"; script-src 'sha256-{digest}'"


def surroundings(page: Mapping[str, object], style: str = "", script: str = "") -> dict[str, object]:
    """Give what the templates ask for beside the content of a page: labels, style, script and what the page records."""
    language = str(page["language"])
    label = page_labels(language, min_group=page.get("min_group"))
    record = [name for name in _RECORD if page.get(name)]
    text, allowed = _script(script)
    css = _css("page.css", style) if style else _css("page.css")
    return {
        "page": page,
        "label": label,
        "record": record,
        "css": css,
        "script": text,
        "script_allowed": Markup(allowed),
    }


def tidy(html: str) -> str:
    """Take out empty lines."""
    return re.sub(r"\n[ \t]*(?=\n)", "", html).strip() + "\n"


@cache
def _environment() -> Environment:
    return Environment(loader=FileSystemLoader(TEMPLATE), autoescape=True, undefined=StrictUndefined)
