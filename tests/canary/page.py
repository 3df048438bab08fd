"""What a page is made of, as a parser sees it, and what in it could act or ask something of the network."""

import base64
import hashlib
import re
from html.parser import HTMLParser

CSP = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
ADDRESSES = {"src", "href", "xlink:href", "action", "formaction", "data", "poster", "srcset", "background", "ping"}
# Forms, frames, plug-ins, and whatever else changes what the rest of a page does.
ACTING = {"base", "embed", "form", "frame", "iframe", "link", "object", "portal", "template"}
ACTING |= {"animate", "foreignobject", "math", "set"}
TEXTS = {"alt", "aria-label", "title", "abbr", "content"}
_LOADS = re.compile(r"url\(\s*[\"']?(?!#)|@import|expression\s*\(|javascript:|image-set", re.IGNORECASE)
_CSS_ESCAPE = re.compile(r"\\([0-9a-fA-F]{1,6})\s?|\\(.)")
_INSIDE = re.compile(r"#[\w:.-]*|data:image/(?:png|jpeg);base64,[A-Za-z0-9+/=\s]+")
_REPORT = re.compile(r"[\w-]+/[\w.-]+\.html")


class Page(HTMLParser):
    """A page taken apart: `elements` (tag, attributes), `text`, `rows` of tables, lines of `drawings`, `scripts`."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.html, self.open = html, []
        self.elements, self.styles, self.scripts, self.comments = [], [], [], []
        self.parts, self.rows, self.drawings = [], [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, attrs))
        self.open.append(tag)
        self.parts += [" ", *(f" {value} " for name, value in attrs if name in TEXTS and value)]
        if tag in ("td", "th") and self.rows:
            self.rows[-1].append("")
        if tag == "tr":
            self.rows.append([])
        if tag == "svg":
            self.drawings.append([])
        if tag == "text":
            self.drawings[-1].append([float(dict(attrs)["y"]), ""])

    def handle_endtag(self, tag):
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data):
        inside = self.open[-1] if self.open else ""
        if inside in ("script", "style"):
            (self.scripts if inside == "script" else self.styles).append(data)
            return
        self.parts.append(data)
        if "text" in self.open:
            self.drawings[-1][-1][1] += data
        elif "tr" in self.open and self.rows[-1]:
            self.rows[-1][-1] += data

    def handle_comment(self, data):
        self.comments.append(data)

    @property
    def text(self):
        """All that is read or read aloud."""
        return "".join(self.parts)

    @property
    def descriptions(self):
        """What is read aloud in place of a picture."""
        return [value for _, attrs in self.elements for name, value in attrs if name in ("aria-label", "alt") and value]


def findings(html, *, index=False):
    """List what in a page could act, load or lead away; an index may have one script, allowed by its hash."""
    page = Page(html)
    found = [f"<{tag}>" for tag, _ in page.elements if tag in ACTING]
    found += [finding for tag, attrs in page.elements for finding in _attributes(tag, attrs, index)]
    found += [f"style: {match.group()}" for style in page.styles if (match := _loads(style))]
    found += [f"comment: {comment[:60]}" for comment in page.comments]
    return found + _scripts(page, index) + _policies(page, index)


def _attributes(tag, attrs, index):
    for name, value in attrs:
        value = value or ""
        inside = _INSIDE.fullmatch(value) or (index and tag == "a" and _REPORT.fullmatch(value))
        acts = name.startswith("on") or name in ("srcdoc", "autofocus") or (name in ADDRESSES and not inside)
        other = name == "http-equiv" and value.lower() != "content-security-policy"
        if acts or other or (name not in TEXTS and _loads(value)):
            yield f"{name}={value[:60]!r} in <{tag}>"


def _loads(css):
    plain = _CSS_ESCAPE.sub(lambda escape: chr(int(escape[1], 16)) if escape[1] else escape[2], css)
    return _LOADS.search(plain)


def _scripts(page, index):
    n = sum(tag == "script" for tag, _ in page.elements)
    raw = page.html.lower().count("<script")
    return [] if n == raw == index else [f"{n} scripts, {raw} times '<script'"]


def _policies(page, index):
    metas = [dict(attrs) for tag, attrs in page.elements if tag == "meta"]
    policies = [
        meta.get("content") for meta in metas if meta.get("http-equiv", "").lower() == "content-security-policy"
    ]
    digest = base64.b64encode(hashlib.sha256("".join(page.scripts).encode()).digest()).decode()
    wanted = f"{CSP}; script-src 'sha256-{digest}'" if index else CSP
    before = page.html.find("Content-Security-Policy") < min(page.html.find("<title"), page.html.find("<style"))
    return [] if policies == [wanted] and before else [f"policy {policies}"]
