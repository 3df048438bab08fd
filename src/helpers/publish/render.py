"""An executed notebook as one HTML page that needs nothing from outside."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable
from functools import cache

import jinja2
import nbformat
from markupsafe import Markup, escape
from nbconvert.exporters.templateexporter import TemplateExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from helpers.publish.labels import page_labels
from helpers.publish.layout import TEMPLATE, surroundings, tidy
from helpers.publish.markup import check_markup
from helpers.publish.sections import with_contents
from helpers.publish.selection import for_readers

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
    html, _ = exporter.from_notebook_node(read, surroundings(nb.metadata["excx"]))
    if html.count("<h1") != 1:
        raise ValueError(f"page must have one title, a line that starts with '# '; found {html.count('<h1')}.")
    label = page_labels(nb.metadata["excx"]["language"])["contents"]
    return tidy(with_contents(html, label))


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
        template_name=TEMPLATE.name,
        extra_template_basedirs=[str(TEMPLATE.parent)],
        preprocessors=[],
        default_preprocessors=[],
    )


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
