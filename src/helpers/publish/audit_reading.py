"""A page taken apart once: its elements, styles, scripts and footer, and the tables and cards with their figures."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

Attributes = list[tuple[str, str | None]]
# A browser takes these for whole without an end tag.
_VOID = {"br", "col", "hr", "img", "input", "meta", "link", "base", "embed", "source", "track", "wbr", "area", "param"}


@dataclass
class Cell:
    """A cell of a table: whether it heads its row or column, its text, and the first name marked in it."""

    head: bool
    text: str = ""
    name: str = ""


@dataclass
class Table:
    """A table: its caption, and its rows of cells."""

    caption: str = ""
    rows: list[list[Cell]] = field(default_factory=list)


@dataclass
class Card:
    """A card: the name of its measure, and its value."""

    name: str = ""
    value: str = ""


class Page(HTMLParser):
    """What a page holds; made by `read_page`."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, Attributes]] = []
        self.styles: list[str] = []
        self.scripts: list[str] = []
        self.oddities: list[str] = []
        self.footer = ""
        self.tables: list[Table] = []
        self.cards: list[Card] = []
        self._open: list[str] = []
        self._into: list[tuple[int, object, str]] = []

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        """Note an element, and where the text inside it belongs."""
        self.elements.append((tag, attrs))
        if tag in _VOID:
            return
        self._open.append(tag)
        target = self._target(tag, attrs)
        if target:
            self._into.append((len(self._open), *target))

    def handle_startendtag(self, tag: str, attrs: Attributes) -> None:
        """Note an element that closes itself."""
        self.elements.append((tag, attrs))

    def handle_endtag(self, tag: str) -> None:
        """Close an element with all that was left open in it."""
        if tag not in self._open:
            return
        while self._open.pop() != tag:
            pass
        while self._into and self._into[-1][0] > len(self._open):
            self._into.pop()

    def handle_data(self, data: str) -> None:
        """Keep a text where it belongs."""
        inside = self._open[-1] if self._open else ""
        if inside in ("style", "script"):
            (self.styles if inside == "style" else self.scripts).append(data)
            return
        for _, owner, name in self._into:
            setattr(owner, name, getattr(owner, name) + data)

    def handle_decl(self, decl: str) -> None:
        """Note a declaration; a page has one, of its type."""
        if decl.lower() != "doctype html":
            self.oddities.append(f"<!{decl}>")

    def handle_comment(self, data: str) -> None:
        """Note a comment with markup, which some programs read."""
        if "<" in data or ">" in data:
            self.oddities.append(f"<!--{data}-->")

    def unknown_decl(self, data: str) -> None:
        """Note a marked section."""
        self.oddities.append(f"<![{data}")

    def handle_pi(self, data: str) -> None:
        """Note an instruction to the machine."""
        self.oddities.append(f"<?{data}")

    def updatepos(self, i: int, j: int) -> int:
        """Count no lines, which takes time and is not asked for."""
        return j

    def _target(self, tag: str, attrs: Attributes) -> tuple[object, str] | None:
        kinds = (dict(attrs).get("class") or "").split() if attrs else ()
        if tag == "footer":
            return self, "footer"
        if tag == "table":
            self.tables.append(Table())
        elif tag == "li" and "card" in kinds:
            self.cards.append(Card())
        elif tag == "p" and self.cards and "li" in self._open:
            return next(((self.cards[-1], part) for part in ("name", "value") if part in kinds), None)
        return self._in_table(tag) if self.tables and "table" in self._open else None

    def _in_table(self, tag: str) -> tuple[object, str] | None:
        table = self.tables[-1]
        if tag == "caption":
            return table, "caption"
        if tag == "tr":
            table.rows.append([])
        if tag in ("td", "th") and table.rows:
            table.rows[-1].append(Cell(tag == "th"))
            return table.rows[-1][-1], "text"
        cell = table.rows[-1][-1] if table.rows and table.rows[-1] else None
        return (cell, "name") if tag == "bdi" and cell and not cell.name else None


def read_page(text: str) -> Page:
    """Take a page, or a drawing, apart.

    Parameters
    ----------
    text : str
        HTML or SVG.

    Returns
    -------
    Page
        Where the reader has to give up, so far as it came, and that among the oddities.
    """
    page = Page()
    try:
        page.feed(text)
        page.close()
    except AssertionError:
        page.oddities.append("markup that cannot be read")
    return page
