"""A matplotlib figure as a small inline SVG: scales, follows the colours of the page, and repeats byte for byte."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from xml.etree import ElementTree

import matplotlib
from matplotlib.figure import Figure

from helpers.display.plots.style import CSS_NAMES, STYLE

SVG = "{http://www.w3.org/2000/svg}"
LINK = "{http://www.w3.org/1999/xlink}href"
NUMBER = re.compile(r"-?\d+\.\d+")
COLOUR = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)
REFERENCE = re.compile(r"#([\w-]+)")
# A tenth of a point is below what a screen shows.
DECIMALS = 1
SHAPES = ("d", "transform", "x", "y", "points", "cx", "cy")
INVISIBLE = "fill: none"
UNTURNED = re.compile(r"rotate\(-?0 [^)]*\)")
DROPPED = ("metadata", "style", "clipPath", "title", "desc")


def svg_text(drawing: Figure) -> str:
    """Draw a figure as SVG without width, ids that nothing uses, metadata, clipping or fonts of its own.

    Parameters
    ----------
    drawing : Figure

    Returns
    -------
    str
        The element ``<svg>``; ids that are used start with ``@``, to be replaced by a prefix of the page.
    """
    raw = io.StringIO()
    with matplotlib.rc_context(STYLE):
        drawing.savefig(raw, format="svg", metadata={"Date": None, "Creator": None})
    root = ElementTree.fromstring(raw.getvalue())
    _drop(root)
    used = set(_references(root))
    for element in root.iter():
        _tidy(element, used)
    for name in ("width", "height", "version"):
        root.attrib.pop(name, None)
    return ElementTree.tostring(root, encoding="unicode")


def _drop(parent: ElementTree.Element) -> None:
    """Leave out what shows nothing, and take the contents out of groups that do nothing."""
    kept: list[ElementTree.Element] = []
    for child in parent:
        tag = child.tag.removeprefix(SVG)
        if tag in DROPPED or child.attrib.get("style") == INVISIBLE:
            continue
        _drop(child)
        if tag == "g" and set(child.attrib) <= {"id", "clip-path"}:
            kept += list(child)
        elif len(child) or tag not in ("defs", "g"):
            kept.append(child)
    parent[:] = kept


def _references(root: ElementTree.Element) -> Iterator[str]:
    for element in root.iter():
        if LINK in element.attrib:
            yield element.attrib[LINK].removeprefix("#")


def _tidy(element: ElementTree.Element, used: set[str]) -> None:
    element.tag = element.tag.removeprefix(SVG)
    element.text, element.tail = element.text if element.tag == "text" else None, None
    attributes = element.attrib
    attributes.pop("clip-path", None)
    if attributes.get("id") in used:
        attributes["id"] = "@" + attributes["id"]
    else:
        attributes.pop("id", None)
    if LINK in attributes:
        attributes["href"] = "#@" + attributes.pop(LINK).removeprefix("#")
    for name in SHAPES:
        if name in attributes:
            attributes[name] = _short(attributes[name])
    if UNTURNED.fullmatch(attributes.get("transform", "")):
        del attributes["transform"]
    if "style" in attributes:
        attributes["style"] = _page_style(attributes["style"])


def _short(text: str) -> str:
    rounded = NUMBER.sub(lambda match: f"{round(float(match.group()), DECIMALS) + 0.0:g}", text)
    return re.sub(r"\s+", " ", rounded).strip()


def _page_style(style: str) -> str:
    kept = []
    for part in filter(None, (part.strip() for part in style.split(";"))):
        name, _, value = part.partition(":")
        # Letters are those of the page around the figure.
        if name != "font-family":
            kept.append(f"{name.strip()}:{_page_colour(value.strip())}")
    return ";".join(kept)


def _page_colour(value: str) -> str:
    def named(match: re.Match[str]) -> str:
        colour = match.group().lower()
        return f"var(--{CSS_NAMES[colour]}, {colour})" if colour in CSS_NAMES else colour

    return COLOUR.sub(named, value)
