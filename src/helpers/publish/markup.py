"""What HTML may stand in a report: an allow-list, since unit names and item texts come from outside.

Nothing is repaired. A fragment that holds anything else is refused, and with it the report.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

from markupsafe import Markup

_VOID = {"br", "col", "hr", "img"}
_TEXT = re.findall(
    r"\S+",
    "a abbr article aside b blockquote br caption cite code col colgroup dd del details div dl dt em figcaption figure "
    "h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s section small span strong sub summary sup table tbody td "
    "tfoot th thead time tr u ul",
)
_DRAWING = re.findall(
    r"\S+",
    "svg g path rect circle ellipse line polyline polygon text tspan defs use clippath lineargradient radialgradient "
    "stop pattern mask marker symbol title desc style image",
)
_DESCRIPTIONS = {"abbr", "alt", "aria-label", "title"}
_ANYWHERE = {"class", "dir", "hidden", "id", "lang", "role", "style", "tabindex", "title"}
_ONLY = {
    "a": {"href"},
    "col": {"span"},
    "colgroup": {"span"},
    "details": {"open"},
    "img": {"alt", "height", "src", "width"},
    "ol": {"start", "type"},
    "td": {"colspan", "headers", "rowspan"},
    "th": {"abbr", "colspan", "headers", "rowspan", "scope"},
    "time": {"datetime"},
}
_ADDRESSES = {"href", "src", "xlink:href"}
# A link inside the page, or a picture that is part of it.
_INSIDE = re.compile(r"#[\w:.-]*|data:image/png;base64,[A-Za-z0-9+/=\s]+")
_OUTSIDE_STYLE = re.compile(r"url\(\s*(?![\"']?#)|@|expression|javascript:|\\|<", re.IGNORECASE)
_ACTIVE = re.compile(r"^[\x00-\x20]*(?:java|vb)script:", re.IGNORECASE)


class _Checker(HTMLParser):
    """Walks through a fragment and raises at the first thing that is not allowed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.unnamed: list[int] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Check an element and what it says of itself."""
        self._check_tag(tag, attrs)
        if tag not in _VOID:
            self.open.append(tag)
        if tag == "svg" and not _is_named(dict(attrs)):
            self.unnamed.append(len(self.open))
        if tag == "title" and self.unnamed and self.unnamed[-1] == len(self.open) - 1:
            self.unnamed.pop()

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Check an element that closes itself, which only drawings may."""
        self._check_tag(tag, attrs)
        if tag not in _VOID and not self._in_drawing:
            raise _refusal("close its tags", f"<{tag}/>")

    def handle_endtag(self, tag: str) -> None:
        """Check that elements end in the order they began, and a drawing with a description."""
        if not self.open or self.open[-1] != tag:
            raise _refusal("close its tags in order", f"</{tag}>")
        if tag == "svg" and self.unnamed and self.unnamed[-1] == len(self.open):
            raise _refusal("describe every picture", "<svg> without aria-label, title or aria-hidden")
        self.open.pop()

    def handle_data(self, data: str) -> None:
        """Check the styles inside a drawing."""
        if self.open and self.open[-1] == "style" and _OUTSIDE_STYLE.search(data):
            raise _refusal("load nothing from outside", data[:60])

    def handle_comment(self, data: str) -> None:
        """Check that a comment hides no markup."""
        if re.search(r"[<>]|--", data):
            raise _refusal("hold no markup in comments", data[:60])

    def handle_decl(self, decl: str) -> None:
        """Refuse a document type."""
        raise _refusal("hold no declaration", f"<!{decl[:60]}>")

    def unknown_decl(self, data: str) -> None:
        """Refuse a marked section."""
        raise _refusal("hold no declaration", f"<![{data[:60]}")

    def handle_pi(self, data: str) -> None:
        """Refuse an instruction to the machine."""
        raise _refusal("hold no instruction", f"<?{data[:60]}")

    def finish(self) -> None:
        """Check that nothing is left open."""
        self.close()
        if self.open or self.rawdata.strip():
            raise _refusal("close its tags", f"<{self.open[-1]}>" if self.open else self.rawdata[:60])

    @property
    def _in_drawing(self) -> bool:
        return "svg" in self.open

    def _check_tag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        inside = self._in_drawing or tag == "svg"
        if tag not in (_DRAWING if inside else _TEXT):
            raise _refusal("hold only elements of text, tables and drawings", f"<{tag}>")
        for name, value in attrs:
            _check_attribute(tag, name, value or "", inside)
        if tag == "img" and not (dict(attrs).get("alt") or "").strip():
            raise _refusal("describe every picture", "<img> without alt")


def check_markup(fragment: str) -> Markup:
    """Give a fragment back as it is, marked as safe to show.

    Parameters
    ----------
    fragment : str
        HTML from a notebook's outputs or prose.

    Returns
    -------
    Markup

    Raises
    ------
    ValueError
        For scripts, handlers, forms, frames, anything loaded from outside, unclosed tags, raw frames of pandas, or
        pictures without a description.
    """
    if 'class="dataframe"' in fragment:
        raise ValueError("tables in a report must be made by helpers.display.tables; found a raw DataFrame.")
    checker = _Checker()
    checker.feed(fragment)
    checker.finish()
    return Markup(fragment)


def _check_attribute(tag: str, name: str, value: str, in_drawing: bool) -> None:
    known = name in _ANYWHERE or name.startswith("aria-") or name in _ONLY.get(tag, ())
    if name.startswith("on") or not (known or in_drawing):
        raise _refusal("hold only known attributes", f"{name}= in <{tag}>")
    if name in _ADDRESSES and not _INSIDE.fullmatch(value):
        raise _refusal("load and link nothing from outside", f"{name}={value[:60]!r}")
    if _ACTIVE.match(value):
        raise _refusal("hold no script", f"{name}={value[:60]!r}")
    if (
        (name == "style" or "(" in value)
        and name not in ("alt", "title", "aria-label")
        and _OUTSIDE_STYLE.search(value)
    ):
        raise _refusal("load nothing from outside", f"{name}={value[:60]!r}")


def _is_named(attributes: dict[str, str | None]) -> bool:
    return any(attributes.get(name) for name in ("aria-label", "aria-labelledby", "aria-hidden"))


def _refusal(rule: str, found: str) -> ValueError:
    return ValueError(f"output must {rule}; found {found}.")
