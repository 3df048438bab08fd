"""Axe-core finds nothing on any kind of page, in either language and colour scheme, on a phone, a tablet and a desk."""

import pytest
from pages import every_page
from scripts import open_details

pytestmark = pytest.mark.browser

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})"
PLANTED = {
    "image-alt": "<img src='data:image/png;base64,AAAA'>",
    "color-contrast": "<p style='color: #999; background: #fff'>Barely there</p>",
    "heading-order": "<h6>Too deep</h6>",
    "scope-attr-valid": "<table><tr><th scope='left'>Wrong</th><td>1</td></tr></table>",
    "target-size": "<a href='#a' style='font-size: 8px'>a</a> <a href='#b' style='font-size: 8px'>b</a>",
}


def violations(page, axe_source):
    """List rule, place and snippet of everything axe finds."""
    page.evaluate(axe_source)
    found = page.evaluate(RUN, TAGS)
    assert found["testEngine"]["name"] == "axe-core" and len(found["passes"]) > 5, "axe did not look at the page"
    return [
        f"{rule['id']} ({rule['help']}): {' '.join(map(str, node['target']))}\n  {node['html'][:200]}\n"
        f"  {' '.join(node['failureSummary'].split())}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize("width", [320, 768, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@every_page
def test_axe_finds_nothing_with_all_that_folds_unfolded(open_page, axe_source, kind, language, scheme, width):
    page = open_page(kind, language, scheme=scheme, width=width)
    open_details(page)
    found = violations(page, axe_source)
    assert not found, "\n".join([f"{len(found)} violations:", *found])


@every_page
def test_axe_finds_nothing_on_the_page_as_it_opens(open_page, axe_source, kind, language):
    found = violations(open_page(kind, language), axe_source)
    assert not found, "\n".join([f"{len(found)} violations:", *found])


@pytest.mark.parametrize("rule", PLANTED)
def test_axe_finds_what_is_planted(open_page, axe_source, rule):
    page = open_page("not applicable", "en")
    page.evaluate("html => document.querySelector('main').insertAdjacentHTML('beforeend', html)", PLANTED[rule])
    assert [line for line in violations(page, axe_source) if line.startswith(f"{rule} ")]
