"""Nothing active, nothing from outside and nothing undescribed gets onto a page."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from helpers.publish.markup import check_markup

HARMFUL = {
    "<script>alert(1)</script>": "elements of text",
    "<SCRIPT src='x.js'></SCRIPT>": "elements of text",
    "<p onclick='x()'>a</p>": "onclick=",
    "<svg aria-label='a' onload='x()'></svg>": "onload=",
    "<svg aria-label='a'><script>1</script></svg>": "<script>",
    "<svg aria-label='a'><foreignObject></foreignObject></svg>": "<foreignobject>",
    "<svg aria-label='a'><style><img src=x onerror=x></style></svg>": "nothing from outside",
    "<svg aria-label='a'><style>@import 'x.css'</style></svg>": "nothing from outside",
    "<svg aria-label='a'><image href='https://a.b/c.png'/></svg>": "href='https://a.b/c.png'",
    "<svg aria-label='a'><use xlink:href='https://a.b/c.svg#d'/></svg>": "xlink:href=",
    "<svg aria-label='a'><rect fill='url(https://a.b/c)'/></svg>": "nothing from outside",
    "<a href='javascript:alert(1)'>a</a>": "href=",
    "<a href=' java&#115;cript:alert(1)'>a</a>": "href=",
    "<a href='https://a.b'>a</a>": "href='https://a.b'",
    "<a href='../index.html'>a</a>": "href='../index.html'",
    "<img src='https://a.b/c.png' alt='a'>": "src='https://a.b/c.png'",
    "<img src='//a.b/c.png' alt='a'>": "src='//a.b/c.png'",
    "<img src='data:image/svg+xml;base64,PHN2Zz4=' alt='a'>": "src=",
    "<img src='data:image/png;base64,aaaa'>": "describe every picture",
    "<img src='data:image/png;base64,aaaa' alt=' '>": "describe every picture",
    "<svg><path d='M0 0'/></svg>": "describe every picture",
    "<p style='background:url(https://a.b/c)'>a</p>": "nothing from outside",
    "<p style='background:u\\72l(x)'>a</p>": "nothing from outside",
    "<iframe src='x'></iframe>": "<iframe>",
    "<form action='x'></form>": "<form>",
    "<meta http-equiv='refresh' content='0'>": "<meta>",
    "<link rel='stylesheet' href='x'>": "<link>",
    "<base href='https://a.b'>": "<base>",
    "<object data='x'></object>": "<object>",
    "<style>p{color:red}</style>": "<style>",
    "<title>a</title>": "<title>",
    "<textarea><p title='</textarea><script>1</script>'></textarea>": "<textarea>",
    "<div data-rows='[1,2,3]'>a</div>": "data-rows=",
    "<!-- <script>1</script> -->": "no markup in comments",
    "<!doctype html>": "no declaration",
    "<?php 1 ?>": "no instruction",
    "<![CDATA[a]]>": "no declaration",
    "<div><p>a</div>": "close its tags in order",
    "<div>": "close its tags",
    "</main>": "close its tags in order",
    "<div/>": "close its tags",
    "<p>a <b": "close its tags",
    '<table class="dataframe"><tr><td>1</td></tr></table>': "found a raw DataFrame",
}


@pytest.mark.parametrize(("fragment", "reason"), HARMFUL.items(), ids=range(len(HARMFUL)))
def test_harmful_markup_is_refused_and_named(fragment, reason):
    with pytest.raises(ValueError, match=re.escape(reason)):
        check_markup(fragment)


@pytest.mark.parametrize(
    "fragment",
    [
        "<p class='answer'>Yes &amp; <strong>no</strong><br>so</p>",
        "<a href='#method'>Method</a>",
        "<table><caption>c</caption><thead><tr><th scope='col'>a</th></tr></thead><tbody></tbody></table>",
        "<details open><summary>More</summary><ol start='2'><li>a</li></ol></details>",
        "<img alt='eNPS rose' src='data:image/png;base64,iVBORw0KGgo='>",
        "<svg role='img' aria-label='a' viewBox='0 0 1 1'><g style='fill:var(--ink, #000)'><path d='M0 0'/></g></svg>",
        "<svg><title>eNPS rose</title><defs><style>*{stroke-linejoin:round}</style></defs></svg>",
        "<svg aria-hidden='true'><use href='#a1'/><rect clip-path='url(#b)' transform='scale(1)'/></svg>",
        "<p aria-label='a@b (c)' title='url(x)'>a</p>",
    ],
)
def test_text_tables_and_described_drawings_pass_unchanged(fragment):
    assert check_markup(fragment) == fragment


@given(st.text())
def test_any_escaped_text_passes_unchanged(text):
    fragment = f'<p title="{escape(text)}">{escape(text)}</p>'
    assert check_markup(fragment) == fragment
