"""The parameters of a notebook: the names and types of its cell tagged `parameters`, checked before a kernel starts.

Papermill only warns of a misspelt name and turns values of numpy into text; here both are refused or converted.
"""

from __future__ import annotations

import ast
import datetime
import io
import math
import tokenize
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

import nbformat
import numpy as np

from helpers.datasets.problems import suggest
from helpers.datasets.secret_texts import HIDDEN, is_secret, is_secret_name, unless_secret

_TYPES: Mapping[str, type] = {"str": str, "int": int, "float": float, "bool": bool}
_WORDS = {str: "text", int: "a whole number", float: "a number", bool: "true or false"}
# Of a checked dataset, whose folder and ids may well look random.
_MAY_BE_RANDOM = ("dataset", "unit")
_TRUTH = {"true": True, "yes": True, "false": False, "no": False}

Value = str | int | float | bool


@dataclass(frozen=True)
class Parameter:
    """One line of a parameters cell: its name, type, default and comment."""

    name: str
    type: type
    default: Value
    help: str


def notebook_parameters(nb: nbformat.NotebookNode) -> dict[str, Parameter]:
    """List the parameters of a notebook.

    Parameters
    ----------
    nb : NotebookNode
        With one cell tagged ``parameters`` of typed literals: ``lags: int = 4  # how many``.

    Returns
    -------
    dict of str to Parameter

    Raises
    ------
    ValueError
        For a default that is no literal, or of no type that can be given: text, number, true or false.
    """
    cells = [cell for cell in nb.cells if "parameters" in cell.metadata.get("tags", [])]
    return {found.name: found for found in _assigned(cells[0].source)} if cells else {}


def check_parameters(known: Mapping[str, Parameter], given: Mapping[str, object]) -> dict[str, Value]:
    """Convert values to plain Python, and refuse what the notebook does not know.

    Parameters
    ----------
    known : mapping of str to Parameter
        See `notebook_parameters`.
    given : mapping of str to value
        Values of numpy, paths and dates are converted where nothing is lost.

    Returns
    -------
    dict of str to str, int, float or bool

    Raises
    ------
    ValueError
        For an unknown name, with the near or allowed ones, or a name or value that looks like a secret: values end up
        in a notebook's code.
    TypeError
        For a value of another type than the default; a truth value is no number.
    """
    for name, value in given.items():
        _check_name(name, known)
        _refuse_secret(name, value)
    return {name: _converted(known[name], value) for name, value in given.items()}


def parse_parameters(known: Mapping[str, Parameter], texts: Sequence[str]) -> dict[str, Value]:
    """Read parameters as typed on a command line.

    Parameters
    ----------
    known : mapping of str to Parameter
        See `notebook_parameters`.
    texts : sequence of str
        Each ``name=value``.

    Raises
    ------
    ValueError
        For a text of another form, an unknown name, a value that does not fit the type, or what looks like a secret.
    """
    parsed: dict[str, Value] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            raise ValueError(f"parameter must be given as name=value; found {unless_secret(text)}.")
        _check_name(name, known)
        _refuse_secret(name, value)
        parsed[name] = _parsed(known[name], value)
    return parsed


def _assigned(source: str) -> Iterator[Parameter]:
    """Read what papermill reads too, without the second that it takes to import papermill."""
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
        lines = ast.parse(source).body
    except (SyntaxError, tokenize.TokenError) as error:
        raise ValueError(f"parameters cell must be Python; found {unless_secret(str(error))}.") from error
    comments = {token.start[0]: token.string.lstrip("# ").strip() for token in tokens if token.type == tokenize.COMMENT}
    for line in lines:
        target = line.targets[0] if isinstance(line, ast.Assign) else getattr(line, "target", None)
        if isinstance(line, ast.Assign | ast.AnnAssign) and isinstance(target, ast.Name) and line.value is not None:
            named = ast.unparse(line.annotation) if isinstance(line, ast.AnnAssign) else ""
            yield _parameter(target.id, named, line.value, comments.get(line.end_lineno, ""))
        elif not (isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant)):
            raise ValueError(
                f"parameters cell must hold one `name: type = default` a line; found {ast.unparse(line)!r}."
            )


def _parameter(name: str, named: str, value: ast.expr, comment: str) -> Parameter:
    try:
        default = ast.literal_eval(value)
    except (ValueError, TypeError):
        default = None
    kind = _TYPES.get(named, type(default))
    if kind not in _WORDS or not _fits(default, kind):
        shown = unless_secret(ast.unparse(value))
        raise ValueError(f"{name} must have a default of type str, int, float or bool; found {shown}.")
    _refuse_secret(name, default)
    return Parameter(name, kind, default, comment)


def _check_name(name: str, known: Mapping[str, Parameter]) -> None:
    if not name.isidentifier():
        raise ValueError(f"parameter name must be an identifier; found {unless_secret(name)}.")
    if is_secret_name(name):
        raise ValueError(f"parameter must not hold a secret; found {name!r}. Set it as an environment variable.")
    if name not in known:
        raise ValueError(f"parameter must be one of {', '.join(known)}; found {name!r}. {suggest(name, known)}")


def _refuse_secret(name: str, value: object) -> None:
    if is_secret(str(value), random=name not in _MAY_BE_RANDOM):
        raise ValueError(f"{name} must not hold a secret; found {HIDDEN}. Set it as an environment variable.")


def _converted(parameter: Parameter, value: object) -> Value:
    plain = _plain(value)
    if parameter.type is float and type(plain) is int:
        plain = float(plain)
    if not _fits(plain, parameter.type):
        words = _WORDS[parameter.type]
        raise TypeError(f"{parameter.name} must be {words}; found {value!r} of type {type(value).__name__}.")
    return plain


def _plain(value: object) -> object:
    plain = value.item() if isinstance(value, np.generic) else value
    if isinstance(plain, PurePath):
        return str(plain)
    return plain.isoformat() if isinstance(plain, datetime.date) else plain


def _fits(value: object, kind: type) -> bool:
    # type(), since True is an instance of int.
    finite = not isinstance(value, float) or math.isfinite(value)
    return (type(value) is kind or (kind is float and type(value) is int)) and finite


def _parsed(parameter: Parameter, text: str) -> Value:
    readers: Mapping[type, Callable[[str], Value]] = {bool: lambda word: _TRUTH[word.lower()], int: int, float: float}
    try:
        return _converted(parameter, readers.get(parameter.type, str)(text))
    except (ValueError, KeyError, TypeError):
        raise ValueError(f"{parameter.name} must be {_WORDS[parameter.type]}; found {text!r}.") from None
