"""Columns that are refused at the door: they name or point to persons, tell why somebody was ill, or hold free text.

Names are compared by their words, so that ``E-mail adres``, ``emailAdres`` and ``email_adres`` are one and the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable

from helpers.datasets.problems import Problem

_NAMES = """
    firstname lastname fullname middlename surname givenname familyname maidenname nickname initials username loginname
    employeename customername clientname respondentname participantname recipientname contactname managername personname
    ownername contactperson
    voornaam voornamen achternaam roepnaam volledigenaam tussenvoegsel voorletters initialen meisjesnaam geslachtsnaam
    gebruikersnaam medewerkernaam werknemernaam klantnaam contactnaam naammedewerker naamklant naamleidinggevende
    contactpersoon
"""
_CONTACT = """
    email emailaddress mailaddress phone phonenumber telephone telephonenumber mobilenumber mobilephone address
    homeaddress streetaddress street housenumber postcode postalcode zipcode
    emailadres mailadres telefoon telefoonnummer telefoonnr mobiel mobielnummer adres woonadres straat straatnaam
    huisnummer
"""
_NUMBERS = """
    personnelnumber personnelno personnelid employeenumber employeeno employeeid staffnumber staffid payrollnumber
    workerid customernumber customerid socialsecuritynumber ssn nationalid passport passportnumber iban
    personeelsnummer personeelsnr personeelnummer medewerkernummer medewerkersnummer medewerkerid werknemersnummer
    werknemernummer klantnummer klantid relatienummer bsn burgerservicenummer sofinummer paspoort paspoortnummer
    rekeningnummer
"""
_BIRTH = """
    birthdate birthday dateofbirth dob yearofbirth birthyear geboortedatum geboortedag geboortejaar datumgeboorte
"""
_TRACES = """
    ipaddress ipaddr clientip userip ipadres token accesstoken useragent latitude longitude networkid deviceid cookie
    sessionid permalink
"""
# As whole names only: "product name" and "mobile app" point to nobody.
_WHOLE = frozenset(["name", "names", "naam", "namen", "ip", "mobile", "mail"])
PERSONAL_COLUMNS = frozenset(f"{_NAMES} {_CONTACT} {_NUMBERS} {_BIRTH} {_TRACES}".split()) | _WHOLE
_HEALTH = """
    cause diagnosis reason disease illness sickness symptom icd icd10 medical medication complaint
    oorzaak diagnose reden ziekte ziektebeeld aandoening klacht klachten medisch medicatie verzuimreden verzuimoorzaak
"""
HEALTH_COLUMNS = frozenset(_HEALTH.split())
_FREE_TEXT = """
    comment comments remark remarks verbatim freetext openanswer
    opmerking opmerkingen toelichting commentaar vrijetekst openantwoord
"""
FREE_TEXT_COLUMNS = frozenset(_FREE_TEXT.split())
_LONGEST = 3


def refused_columns(table: str, columns: Iterable[str], declared: Collection[str]) -> list[Problem]:
    """List the columns a table may not have, whatever they hold.

    Parameters
    ----------
    table : str
        A table of the contract.
    columns : iterable of str
        The names in the file.
    declared : collection of str
        The columns of the contract and those that `items` names, which are never refused.

    Returns
    -------
    list of Problem
        One for each column refused.
    """
    # NAME for name is a slip of the pen, which the check of the columns names.
    folded = {column.casefold() for column in declared}
    reasons = {column: _reason(table, column) for column in columns if column.casefold() not in folded}
    return [Problem(table, column, *reason) for column, reason in reasons.items() if reason]


def is_personal(column: str) -> bool:
    """Tell whether a column's name says that it names, reaches or identifies persons."""
    words = _words(column)
    return "".join(words) in _WHOLE or _mentions(words, PERSONAL_COLUMNS - _WHOLE)


def _reason(table: str, column: str) -> tuple[str, ...] | None:
    """Give rule, found, rows, n_rows and way out of a refused column."""
    if is_personal(column):
        return "be left out", "a personal column", (), 0, "Drop it; person_key may hold a pseudonym."
    if table == "absence" and _mentions(_words(column), HEALTH_COLUMNS):
        return "be left out", "a cause of absence", (), 0, "Drop it: why people were absent may not be recorded here."
    if _mentions(_words(column), FREE_TEXT_COLUMNS):
        return "be left out", "free text", (), 0, "Drop it; only customer_answers may have it, as comment."
    return None


def _words(column: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", column).encode("ascii", "ignore").decode()
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", plain)
    return re.findall(r"[a-z]+|\d+", spaced.lower())


def _mentions(words: list[str], names: frozenset[str]) -> bool:
    """Tell whether one to three words in a row make up one of the names."""
    starts = range(len(words))
    return any("".join(words[start : start + n]) in names for start in starts for n in range(1, _LONGEST + 1))
