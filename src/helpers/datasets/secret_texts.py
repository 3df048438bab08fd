"""Tell names and values that look like secrets: parameters and settings end up in notebooks, pages and logs.

A value is never part of a message; neither is a name that was typed with a value in it.
"""

from __future__ import annotations

import re
from itertools import pairwise

_NAME = re.compile(
    r"passw|passphrase|passcode|\bpwd\b|(?<![a-z])pw(?![a-z])|wachtwoord|secret|geheim|token|credential|"
    r"(api|private|access|account|encryption|signing)[_-]?key|connection_?string|(?<![a-z])dsn(?![a-z])",
    re.IGNORECASE,
)
# Services whose keys begin alike: PEM, JWT, AWS, Google, GitHub, GitLab, Slack, Stripe and OpenAI, Hugging Face, PyPI,
# npm, SendGrid, Azure.
_SHAPES = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY|\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*|\b(AKIA|ASIA|AROA)[0-9A-Z]{16}\b|"
    r"\bAIza[\w-]{30,}|\bya29\.[\w-]{20,}|\bgh[opsur]_\w{20,}|\bgithub_pat_\w{20,}|\bglpat-[\w-]{16,}|"
    r"\bxox[a-z]-[\w-]{8,}|"
    r"\bhooks\.slack\.com/services/|\b[sr]k[-_](live|test|proj|ant)?[-_]?[\w-]{16,}|\bhf_\w{20,}|\bpypi-\w{16,}|"
    r"\bnpm_\w{20,}|\bSG\.[\w-]{16,}\.[\w-]{16,}|\b(Account|SharedAccess)Key=|[?&;]sig=[\w%/+-]{16,}"
)
# postgresql://user:pw@host, also without a user, as in redis://:pw@host.
_ADDRESS = re.compile(r"\b[a-z][a-z0-9+.-]*://[^\s/@:]*:[^\s/@]+@", re.IGNORECASE)
_ASSIGNED = re.compile(
    r"(passw(or)?d|passphrase|\bpwd|\bpw|wachtwoord|secret|token|api[_-]?key|access[_-]?key|private[_-]?key)"
    r"[\"']?\s*[=:]\s*[\"']?[^\s\"']+|\b(bearer|basic)\s+[\w.+/=-]{12,}",
    re.IGNORECASE,
)
_RUN = re.compile(r"[A-Za-z0-9+_=-]{24,}")
_HEX = re.compile(r"(?<![0-9A-Za-z-])([0-9a-f]{32,}|[0-9A-F]{32,})(?![0-9A-Za-z-])")
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
# Neighbours in a random token of letters and digits are of different kinds (upper, lower, digit) six times in ten; in
# names written as ReportOf2024 one in three at most.
_SHARE_OF_TURNS = 0.45
HIDDEN = "a text that looks like a secret, not shown here"


def is_secret_name(name: str) -> bool:
    """Tell whether a name says that its value is a secret, e.g. ``db_password``."""
    return _NAME.search(name) is not None


def is_secret(value: str, *, random: bool = True) -> bool:
    """Tell whether a value looks like a secret.

    Parameters
    ----------
    value : str
    random : bool
        Whether long texts without meaning count: ids and folders may be such.

    Returns
    -------
    bool
        True for keys of known services, ``password=…``, addresses with a password in them and, if asked, for random
        tokens of 24 signs or more and hexadecimal ones of 32 or more. A UUID is none.
    """
    if any(pattern.search(value) for pattern in (_SHAPES, _ADDRESS, _ASSIGNED)):
        return True
    return random and (_HEX.search(value) is not None or any(map(_is_random, _RUN.findall(value))))


def unless_secret(value: str) -> str:
    """Quote a value for a message, if it does not look like a secret."""
    return HIDDEN if is_secret(value) else repr(value)


def _is_random(text: str) -> bool:
    kinds = [_kind(sign) for sign in text if sign.isalnum()]
    if _UUID.fullmatch(text) or len(set(kinds)) < 3:
        return False
    turns = sum(one != other for one, other in pairwise(kinds))
    return turns >= _SHARE_OF_TURNS * (len(kinds) - 1)


def _kind(sign: str) -> str:
    return "digit" if sign.isdigit() else "upper" if sign.isupper() else "lower"
