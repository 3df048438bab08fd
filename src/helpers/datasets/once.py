"""What is the same for many reports is computed once in a batch, and read by the rest.

A *result* is named after the content of everything its computation refers to: values, the data of a dataset, the code
of the functions, and the state of a random generator. So nothing of one unit can stand on the page of another.
"""

from __future__ import annotations

import contextlib
import dis
import functools
import hashlib
import os
import pickle
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import TypeVar

import numpy as np
import pandas as pd

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

# Folder of the running batch, private to it, where results are kept; without it each report computes its own.
FOLDER = "EXCX_BATCH"
_PLAIN = (str, bytes, bool, int, float, type(None))
_REFERS = ("LOAD_GLOBAL", "LOAD_NAME")
Result = TypeVar("Result")


def once(make: Callable[[], Result]) -> Result:
    """Compute something, or give what an earlier report of the batch computed from the very same.

    Parameters
    ----------
    make : callable
        As in ``lambda: lag_study(panel, x="enps", y="nps", rng=default_rng(seed))``. What it refers to must be plain
        values, frames, arrays, generators, dataclasses, functions and modules of ours or of libraries, containers of
        these, or have a ``content_key``.

    Returns
    -------
    object
        Its result, which must be picklable; it is kept only in a folder that nobody else can write to. Random
        generators it refers to are not advanced where it was read.

    Raises
    ------
    TypeError
        When it refers to something whose content cannot be told.
    """
    folder = os.environ.get(FOLDER)
    if not folder or not _is_private(folder):
        return make()
    path = Path(folder, f"{_key(make)}.pickle")
    with _alone(path.with_suffix(".lock")):
        with contextlib.suppress(FileNotFoundError):
            return pickle.loads(path.read_bytes())
        result = make()
        with contextlib.suppress(OSError):
            _write_aside(result, path)
        return result


def _is_private(folder: str) -> bool:
    """Tell whether nobody but this user can have written into a folder, since reading a pickle runs what is in it."""
    if not hasattr(os, "getuid"):
        return False
    with contextlib.suppress(OSError):
        state = os.stat(folder, follow_symlinks=False)
        return stat.S_ISDIR(state.st_mode) and state.st_uid == os.getuid() and not state.st_mode & 0o077
    return False


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Let one process compute a result while the others wait for it; the system lets go for one that died."""
    with contextlib.ExitStack() as held:
        if fcntl is not None:
            with contextlib.suppress(OSError):
                fcntl.flock(held.enter_context(path.open("ab")), fcntl.LOCK_EX)
        yield


def _write_aside(result: object, path: Path) -> None:
    handle, aside = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
    try:
        with open(handle, "wb") as file:
            pickle.dump(result, file)
        os.replace(aside, path)
    finally:
        Path(aside).unlink(missing_ok=True)


def _key(make: Callable[[], object]) -> str:
    digest = hashlib.sha256()
    for part in _content(make):
        digest.update(len(part).to_bytes(8) + part)
    digest.update(_our_code().encode())
    return digest.hexdigest()


def _content(value: object) -> Iterator[bytes]:
    """Tell the content of a value in parts; equal parts, equal content."""
    yield f"{type(value).__module__}.{type(value).__qualname__}".encode()
    if isinstance(value, _PLAIN):
        yield repr(value).encode("utf-8", "surrogatepass")
    elif isinstance(value, np.generic | np.ndarray):
        yield from _array_content(np.asarray(value))
    elif isinstance(value, pd.DataFrame | pd.Series | pd.Index):
        yield from _frame_content(value)
    elif isinstance(value, np.random.Generator):
        yield from _content(value.bit_generator.state)
    elif isinstance(value, Mapping):
        yield from _content([item for pair in value.items() for item in pair])
    elif isinstance(value, set | frozenset):
        yield from _content(sorted(value))
    elif isinstance(value, Path):
        yield str(value).encode()
    elif isinstance(value, ModuleType | functools.partial) or hasattr(value, "__qualname__"):
        yield from _code_content(value)
    elif isinstance(key := getattr(value, "content_key", None), str):
        yield key.encode()
    elif isinstance(value, Sequence):
        yield str(len(value)).encode()
        for one in value:
            yield from _content(one)
    elif is_dataclass(value):
        yield from _content({field.name: getattr(value, field.name) for field in fields(value)})
    else:
        raise TypeError(f"what `once` refers to must be of known content; found {type(value).__name__}.")


def _array_content(array: np.ndarray) -> Iterator[bytes]:
    yield f"{array.dtype} {array.shape}".encode()
    if array.dtype == object:
        yield from _content(array.ravel().tolist())
    else:
        yield np.ascontiguousarray(array).tobytes()


def _frame_content(frame: pd.DataFrame | pd.Series | pd.Index) -> Iterator[bytes]:
    table = frame if isinstance(frame, pd.DataFrame) else frame.to_frame()
    yield repr([(str(name), str(dtype)) for name, dtype in table.dtypes.items()]).encode()
    yield pd.util.hash_pandas_object(table, index=True).to_numpy().tobytes()
    yield from _content(dict(getattr(frame, "attrs", {})))


def _code_content(code: Callable[..., object] | ModuleType) -> Iterator[bytes]:
    if isinstance(code, functools.partial):
        yield from _content([code.func, code.args, code.keywords])
    elif isinstance(code, ModuleType):
        yield code.__name__.encode()
    elif isinstance(code, FunctionType) and ("<" in code.__qualname__ or code.__module__ == "__main__"):
        yield from _own_content(code)
    else:
        yield f"{code.__module__}.{code.__qualname__}".encode()
        bound_to = getattr(code, "__self__", None)
        if not isinstance(bound_to, ModuleType | type):
            yield from _content(bound_to)


def _own_content(function: FunctionType) -> Iterator[bytes]:
    """Tell the content of a function written in a notebook: its code and all it refers to."""
    codes = list(_with_inner(function.__code__))
    for each in codes:
        plain = tuple(const for const in each.co_consts if not isinstance(const, CodeType))
        yield each.co_code
        yield repr((plain, each.co_names, each.co_varnames, each.co_freevars)).encode()
    cells = [cell.cell_contents for cell in function.__closure__ or ()]
    names = {step.argval for each in codes for step in dis.get_instructions(each) if step.opname in _REFERS}
    known = {name: function.__globals__[name] for name in sorted(names) if name in function.__globals__}
    yield from _content([cells, function.__defaults__, function.__kwdefaults__, known])


def _with_inner(code: CodeType) -> Iterator[CodeType]:
    """Give a code and that of the functions and comprehensions in it."""
    yield code
    for const in code.co_consts:
        if isinstance(const, CodeType):
            yield from _with_inner(const)


def _our_code() -> str:
    """Fingerprint the modules of helpers that are in use, as they are on disk."""
    digest = hashlib.sha256()
    for name in sorted(name for name in sys.modules if name.partition(".")[0] == "helpers"):
        file = getattr(sys.modules[name], "__file__", None)
        digest.update(name.encode() + (Path(file).read_bytes() if file else b""))
    return digest.hexdigest()
