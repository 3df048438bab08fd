"""The templates beside this module; values are escaped, without control characters, and a missing one is an error."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from helpers.display.wording.paragraph import shown


def fill(template: str, **values: object) -> Markup:
    """Fill in a template.

    Parameters
    ----------
    template : str
        File name in ``templates``.
    **values : object
        What the template names; strings are escaped, `Markup` is not.

    Returns
    -------
    Markup
    """
    return Markup(_environment().get_template(template).render(values))


@cache
def _environment() -> Environment:
    folder = Path(__file__).parent / "templates"
    return Environment(
        loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined, trim_blocks=False, finalize=shown
    )
