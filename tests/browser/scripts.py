"""What is asked of an open page, as JavaScript that the tests share."""

VISIBLE = "element => element.checkVisibility({visibilityProperty: true}) && element.getClientRects().length > 0"


def open_details(page):
    """Unfold everything that folds."""
    page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")


def ask_each(page, selector, question):
    """Ask the visible elements that a selector finds; give the answers in the page's order."""
    return page.evaluate(
        f"selector => [...document.querySelectorAll(selector)].filter({VISIBLE}).map({question})", selector
    )
