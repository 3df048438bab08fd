"""What a finished page may hold, read as a stranger would: nothing that acts, loads, links outside or tells too much.

The lists are not those of `helpers.publish.markup`, so that a mistake there is seen here.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote

from helpers.publish.audit_content import Found, decoded, machine_remains, packed_data, picture_remains
from helpers.publish.audit_findings import hint
from helpers.publish.audit_reading import Page, read_page
from helpers.publish.labels import LANGUAGE_NAMES, page_labels

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
_POLICY_NAME = "content-security-policy"
SCRIPT = Path(__file__).parent / "template" / "index.js"
ELEMENTS = frozenset(
    re.findall(
        r"\S+",
        "html head meta title style body header main footer nav a abbr article aside b bdi blockquote br caption cite "
        "code col colgroup dd del details div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol "
        "p pre q s section small span strong sub summary sup table tbody td tfoot th thead time tr u ul "
        "svg g path rect circle ellipse line polyline polygon text tspan defs use clippath lineargradient "
        "radialgradient stop pattern mask marker symbol desc image",
    )
)
# The search box of the index; its script does nothing without them.
_INDEX_ELEMENTS = ELEMENTS | {"script", "label", "input", "button"}
_META = {"viewport", "referrer", "color-scheme"}
_LOADS = frozenset(
    re.findall(
        r"\S+",
        "src srcset href xlink:href action formaction poster data ping manifest background cite longdesc codebase "
        "classid archive profile usemap srcdoc",
    )
)
_PROSE = {"alt", "title", "aria-label", "content", "abbr"}
_OUTSIDE_STYLE = re.compile(
    r"url\(\s*(?![\"']?(?:#|data:image/))|@import|@font-face|image-set|expression\s*\(|-moz-binding|(?<![\w-])behavior\s*:"
    r"|(?:java|vb)script:|</",
    re.IGNORECASE,
)
_ACTIVE = re.compile(r"(?:java|vb|live)script:|data:(?!image/)", re.IGNORECASE)
_PICTURE = re.compile(r"data:image/(png|jpeg|svg\+xml);base64,(.*)", re.IGNORECASE | re.DOTALL)
_CONFIDENTIAL = re.compile(r"confidential|vertrouwelijk", re.IGNORECASE)
_ANONYMOUS = re.compile(r"anonym|anoni(?:e?m|se)", re.IGNORECASE)


def page_findings(text: str, page: Page, *, index: bool = False) -> Iterator[Found]:
    """Hold a page against rules 10 and 11.

    Parameters
    ----------
    text : str
    page : Page
        The same, taken apart.
    index : bool
        Whether it is the index, which alone has a script.

    Yields
    ------
    tuple of int and str
        Rule, and what was found.
    """
    yield from _policy_findings(page, index=index)
    yield from _script_findings(text, page, index=index)
    yield from markup_findings(page, _INDEX_ELEMENTS if index else ELEMENTS)
    yield from machine_remains(text)
    yield from packed_data(text)
    yield from _promise_findings(text, page)


def markup_findings(page: Page, allowed: frozenset[str] = ELEMENTS) -> Iterator[Found]:
    """Hold the elements, attributes and styles of a page or drawing against rule 11."""
    for tag, attrs in page.elements:
        if tag not in allowed:
            yield 11, f"<{tag}>"
        for name, value in attrs:
            yield from _attribute_findings(tag, name, value or "")
    yield from ((11, f"a style that loads or acts, {hint(one)}") for one in _outside(page.styles))
    yield from ((11, hint(one)) for one in page.oddities)


def links(page: Page) -> list[str]:
    """Give the addresses that a reader can follow, those within the page left out."""
    followed = [dict(attrs).get("href") or "" for tag, attrs in page.elements if tag == "a"]
    return [one for one in followed if one and not one.startswith("#")]


def is_published(page: Page) -> bool:
    """Tell whether a page says, below its content, that the source itself published its figures."""
    return any(str(page_labels(language)["published_line"]) in page.footer for language in LANGUAGE_NAMES)


def _policy_findings(page: Page, *, index: bool) -> Iterator[Found]:
    meta = [{name: value or "" for name, value in attrs} for tag, attrs in page.elements if tag == "meta"]
    policies = [one.get("content", "") for one in meta if one.get("http-equiv", "").lower() == _POLICY_NAME]
    digest = base64.b64encode(hashlib.sha256("".join(page.scripts).encode()).digest()).decode()
    wanted = f"{POLICY}; script-src 'sha256-{digest}'" if index else POLICY
    if policies != [wanted]:
        yield 11, f"another security policy, {hint(policies[0], 80)}" if policies else "no security policy"
    for one in meta:
        known = one["http-equiv"].lower() == _POLICY_NAME if "http-equiv" in one else one.get("name") in _META
        if not known and list(one) != ["charset"]:
            yield 11, f"<meta> of {hint(one.get('http-equiv') or one.get('name', ''))}"


def _script_findings(text: str, page: Page, *, index: bool) -> Iterator[Found]:
    # Counted in the raw text too: a browser might begin a script where the reader here saw none.
    begun = len(re.findall(r"<\s*script", text, re.IGNORECASE))
    if not index:
        if begun > len(page.scripts):
            yield 11, "<script> in the text of the page"
        return
    if begun != 1 or "".join("".join(page.scripts).split()) != "".join(SCRIPT.read_text(encoding="utf-8").split()):
        yield 11, f"{begun} scripts that are not just the one of the index"


@lru_cache(maxsize=100_000)
def _attribute_findings(tag: str, name: str, value: str) -> tuple[Found, ...]:
    """Judge an attribute once, since drawings repeat most of theirs."""
    return tuple(_judged(tag, name, value))


def _judged(tag: str, name: str, value: str) -> Iterator[Found]:
    plain = re.sub(r"[\x00-\x20]+", "", value) if ":" in value else value
    if name.startswith("on"):
        yield 11, f"{name}= in <{tag}>"
    if name not in _PROSE and _ACTIVE.match(plain):
        yield 11, f"an address that acts, {name}={hint(plain, 12)}"
    elif name in _LOADS:
        yield from _address_findings(tag, name, value)
    if (name == "style" or "(" in value) and name not in _PROSE and any(_outside([value])):
        yield 11, f"a style that loads or acts, {name}={hint(value)}"


def _address_findings(tag: str, name: str, value: str) -> Iterator[Found]:
    if value.startswith("#") or (tag == "a" and name == "href"):
        return
    picture = _PICTURE.fullmatch(value.strip())
    if picture is None or tag not in ("img", "image"):
        yield 11, f"something loaded from elsewhere, {name}={hint(value, 12)} in <{tag}>"
        return
    data = decoded(unquote(picture[2]))
    if picture[1].lower() != "svg+xml":
        yield from picture_remains(data)
        return
    drawing = data.decode("utf-8", "replace")
    yield from ((rule, f"{found}, in an embedded drawing") for rule, found in _drawing_findings(drawing))


def _drawing_findings(drawing: str) -> Iterator[Found]:
    page = read_page(drawing)
    page.oddities = [one for one in page.oddities if not one.startswith("<?xml ")]
    yield from markup_findings(page)
    yield from machine_remains(drawing)
    yield from packed_data(drawing)


def _promise_findings(text: str, page: Page) -> Iterator[Found]:
    if is_published(page):
        return
    if not _CONFIDENTIAL.search(page.footer):
        yield 10, "no word that the page is confidential"
    if "anon" in text.lower() and _ANONYMOUS.search(text):
        yield 10, "the word anonymous, which nobody can promise"


def _outside(styles: list[str]) -> Iterator[str]:
    for style in styles:
        # A letter may be written as its number: \75rl( is url(.
        plain = re.sub(r"\\([0-9a-fA-F]{1,6})\s?", lambda match: chr(int(match[1], 16) % 0x110000), style)
        plain = re.sub(r"/\*.*?\*/", "", plain.replace("\\", ""), flags=re.DOTALL)
        if match := _OUTSIDE_STYLE.search(plain):
            yield plain[match.start() :]


def address_inside(address: str, page: Path, root: Path) -> bool:
    """Tell whether a link leads to a file that is there, in the folder of the reports.

    Parameters
    ----------
    address : str
        As the page has it.
    page, root : Path
        The page, and the folder it must not leave.
    """
    path = unquote(address.split("#")[0])
    if re.match(r"[\\/]|[A-Za-z][\w+.-]*:", path) or "\\" in path or "?" in address:
        return False
    target = (page.parent / path).resolve()
    return target.is_relative_to(root.resolve()) and target.is_file()
