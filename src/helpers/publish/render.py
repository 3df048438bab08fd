"""An executed notebook as one HTML page that needs nothing from outside."""

from __future__ import annotations

import base64
import copy
import hashlib
import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import jinja2
import nbformat
from markupsafe import Markup, escape
from nbconvert.exporters.templateexporter import TemplateExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from helpers.publish.labels import page_labels
from helpers.publish.markup import check_markup
from helpers.publish.sections import with_contents
from helpers.publish.selection import for_readers

_TEMPLATE = Path(__file__).parent / "template"
_RECORD = (
    "dataset", "unit", "last_period", "source", "licence", "notebook", "parameters", "data_hash", "versions",
)  # fmt: skip
# The first of these that an output offers is shown; text alone (reprs, streams) is for the researcher only.
_SHOWN = ("text/html", "image/svg+xml", "text/markdown", "image/png")
_ACTIVE = ("application/javascript", "application/vnd.jupyter.widget-view+json")
_TABLE = re.compile(r"(<table\b.*?</table>)", re.DOTALL)


def render_html(nb: nbformat.NotebookNode, *, code: bool = False) -> str:
    """Turn an executed notebook into a page.

    Parameters
    ----------
    nb : NotebookNode
        Its metadata hold under ``excx`` what the page says: ``language``, ``title`` and what else
        `helpers.publish.task.Planner` puts into `Task.page`.
    code : bool
        For researchers: show the code of each cell, folded, and the cells that readers are spared.

    Returns
    -------
    str
        The page. The same notebook gives the same text.

    Raises
    ------
    ValueError
        For an output that holds more than text, tables and drawings, a picture without description, or a page without
        exactly one title.
    """
    exporter = _exporter()
    exporter.exclude_input = not code
    read = nb if code else for_readers(copy.copy(nb))
    html, _ = exporter.from_notebook_node(read, _surroundings(nb.metadata["excx"]))
    if html.count("<h1") != 1:
        raise ValueError(f"page must have one title, a line that starts with '# '; found {html.count('<h1')}.")
    label = page_labels(nb.metadata["excx"]["language"])["contents"]
    return _tidy(with_contents(html, label))


def render_template(
    name: str, page: Mapping[str, object], *, style: str = "", script: str = "", **values: object
) -> str:
    """Fill another template of the same look, such as the index.

    Parameters
    ----------
    name : str
        File in the folder of templates.
    page : mapping of str to value
        As in `render_html`.
    style, script : str
        Files in the same folder, for this page alone. The script may run by its hash; nothing else may.
    **values : object
        What the template asks for.
    """
    template = _exporter().environment.get_template(name)
    return _tidy(template.render(resources=_surroundings(page, style, script), **values))


class _Exporter(TemplateExporter):
    """Nbconvert with our templates, everything escaped that is not marked as checked."""

    output_mimetype = "text/html"
    template_extension = ".html.j2"

    def _create_environment(self) -> jinja2.Environment:
        environment = super()._create_environment()
        environment.autoescape, environment.undefined = True, jinja2.StrictUndefined
        return environment

    def default_filters(self) -> Iterable[tuple[str, object]]:
        """Add ours to those of nbconvert."""
        yield from super().default_filters()
        yield "prose", _prose
        yield "shown", _shown


class _Renderer(IPythonRenderer):
    """Markdown without addresses to follow: a page is read offline, and must ask nothing of anyone."""

    def link(self, text: str, url: str, title: str | None = None) -> str:
        """Keep links within the page; of others, keep text and address."""
        if url.startswith("#"):
            return f'<a href="{escape(url)}">{text}</a>'
        outside = url.startswith(("http://", "https://")) and url != text
        return f"{text} ({escape(url)})" if outside else text

    def inline_math(self, body: str) -> str:
        """Show a formula as it was typed."""
        return f'<span class="math">{escape(body)}</span>'

    def block_math(self, body: str) -> str:
        """Show a formula of its own line as it was typed."""
        return f'<p class="math">{escape(body)}</p>'


@cache
def _exporter() -> _Exporter:
    return _Exporter(
        template_name=_TEMPLATE.name,
        extra_template_basedirs=[str(_TEMPLATE.parent)],
        preprocessors=[],
        default_preprocessors=[],
    )


@cache
def _css(*names: str) -> Markup:
    texts = ((_TEMPLATE / name).read_text(encoding="utf-8") for name in names)
    text = re.sub(r"\s+", " ", "".join(texts))
    return Markup(re.sub(r" ?([{};,]) ?", r"\1", text))


@cache
def _script(name: str) -> tuple[Markup, str]:
    """Give a script as it will stand in the page, and what the page's policy must say to let it run."""
    if not name:
        return Markup(), ""
    text = _tidy((_TEMPLATE / name).read_text(encoding="utf-8"))
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return Markup(text), f"; script-src 'sha256-{digest}'"


def _surroundings(page: Mapping[str, object], style: str = "", script: str = "") -> dict[str, object]:
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


def _prose(source: str) -> Markup:
    markdown = MarkdownWithMath(renderer=_Renderer(escape=False, exclude_anchor_links=True))
    return _scrolling(check_markup(markdown.render(source)))


def _shown(output: nbformat.NotebookNode, cell: nbformat.NotebookNode) -> Markup:
    data = output.get("data", {})
    active = [kind for kind in _ACTIVE if kind in data]
    if active:
        raise ValueError(f"output must hold no script; found {active[0]}.")
    kind = next((kind for kind in _SHOWN if kind in data), None)
    if kind is None:
        return Markup()
    content = "".join(data[kind])
    if kind == "image/png":
        content = _picture(content, output, cell)
    shown = _prose(content) if kind == "text/markdown" else _scrolling(check_markup(content))
    return Markup('<div class="output">{}</div>\n').format(shown)


def _picture(content: str, output: nbformat.NotebookNode, cell: nbformat.NotebookNode) -> str:
    described = output.get("metadata", {}).get("image/png", {})
    alt = described.get("alt") or output.get("metadata", {}).get("alt") or cell.metadata.get("alt") or ""
    bytes_as_text = re.sub(r"\s", "", content)
    return Markup('<figure><img src="data:image/png;base64,{}" alt="{}"></figure>').format(bytes_as_text, alt)


def _scrolling(fragment: Markup) -> Markup:
    """Put tables into boxes that scroll, so that the page of a phone does not."""
    return Markup(_TABLE.sub(r'<div class="scroll" tabindex="0">\1</div>', str(fragment)))


def _tidy(html: str) -> str:
    return re.sub(r"\n[ \t]*(?=\n)", "", html).strip() + "\n"
