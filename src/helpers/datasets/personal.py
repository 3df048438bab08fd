"""Columns that are refused at the door: they name or point to persons, tell why somebody was ill, or hold free text.

Names are compared by their words, so that ``E-mail adres``, ``emailAdres`` and ``email_adres`` are one and the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable

from helpers.datasets.cell_contents import are_contacts
from helpers.datasets.contract import CONTRACT
from helpers.datasets.problems import Problem

_NAMES = """
    firstname lastname fullname middlename surname givenname familyname maidenname nickname initials username loginname
    employeename customername clientname respondentname participantname recipientname contactname managername personname
    ownername contactperson
    voornaam voornamen achternaam roepnaam volledigenaam tussenvoegsel voorletters initialen meisjesnaam geslachtsnaam
    gebruikersnaam medewerkernaam werknemernaam klantnaam contactnaam naammedewerker naamklant naamleidinggevende
    contactpersoon naammanager naamteamleider naamwerknemer managernaam partnernaam
    medewerkersnaam werknemersnaam persoonsnaam
"""
_CONTACT = """
    email emailaddress mailaddress phone phonenumber telephone telephonenumber mobilenumber mobilephone address
    homeaddress streetaddress street housenumber postcode postalcode zipcode
    emailadres mailadres telefoon telefoonnummer telefoonnr mobiel mobielnummer adres woonadres straat straatnaam
    huisnummer telnr telefoonnummers mobielnr gsmnummer noodcontact woonplaats requestsentto
"""
_NUMBERS = """
    personnelnumber personnelno personnelid employeenumber employeeno employeeid staffnumber staffid payrollnumber
    workerid customernumber customerid socialsecuritynumber ssn nationalid passport passportnumber iban
    personeelsnummer personeelsnr personeelnummer medewerkernummer medewerkersnummer medewerkerid werknemersnummer
    werknemernummer klantnummer klantid relatienummer bsn burgerservicenummer sofinummer paspoort paspoortnummer
    rekeningnummer personeelsno persnr persno mdwnr mdwnummer mdwid medewerkernr medewerkersnr medewerkercode mwnr
    werknemernr werknemersnr werknemerid loonnummer loonnr loonbelastingnummer salarisnummer salarisnr stamnummer stamnr
    badgenummer badgenr badgeid klantnr relatienr debiteurnummer debiteurnr kenteken employeenr employeecode
    employeecustomid staffno payrollid payrollno badgenumber badgeno workdayid sapnummer
"""
_RESPONSES = """
    respondentid respondentnr respondentnummer respondentno responseid responsid participantid participantnumber
    recipientid contactid personid persoonid persoonsid userid uniqueidentifier externalreference externaldatareference
    customdata panelistid deelnemerid deelnemernummer antwoordid surveyresponseid
"""
# Of which the law forbids the record to most, or allows it under conditions that a survey does not meet.
_SENSITIVE = """
    nationality nationaliteit ethnicity ethnicgroup etniciteit religion religie godsdienst maritalstatus
    burgerlijkestaat unionmember vakbondslid sexualorientation seksuelegeaardheid disability arbeidshandicap
"""
_BIRTH = """
    birthdate birthday dateofbirth dob yearofbirth birthyear placeofbirth birthplace geboortedatum geboortedag
    geboortejaar datumgeboorte gebdatum gebdat gebdtm gebdag gebjaar geboortedat geboorteplaats geboorteland
"""
_TRACES = """
    ipaddress ipaddr clientip userip ipadres token accesstoken useragent latitude longitude networkid deviceid cookie
    sessionid permalink ipnummer ipv4 ipv6 macaddress breedtegraad lengtegraad gpscoordinaten externalurl
"""
# As whole names only: "product name" and "mobile app" point to nobody.
_ALONE = """
    name names naam namen ip mobile mobiel mail tel gsm lat lon lng url uuid
"""
_WHOLE = frozenset(_ALONE.split())
_LISTED = f"{_NAMES} {_CONTACT} {_NUMBERS} {_RESPONSES} {_SENSITIVE} {_BIRTH} {_TRACES}"
PERSONAL_COLUMNS = frozenset(_LISTED.split()) | _WHOLE
# Whole names too, whose cells name somebody: "manager supports me" and "team leader rating" do not.
_SOMEBODY = """
    manager linemanager directmanager supervisor teamleader teamlead boss leidinggevende directeleidinggevende
    teamleider afdelingshoofd chef mentor medewerker werknemer collega employee worker colleague person persoon
    respondent participant recipient user gebruiker klant customer client
"""
SOMEBODY_COLUMNS = frozenset(_SOMEBODY.split())
# Whole names that single somebody out where a row is a person: a job held by one, an age in years beside a unit. Bands
# and families of jobs ("age band", "functiegroep") do not, and stay.
_SINGLING_OUT = """
    age ageinyears leeftijd leeftijdinjaren job jobtitle jobname position functie functienaam functietitel functiecode
    salary wage salaris brutosalaris brutoloon uurloon maandsalaris jaarsalaris
"""
SINGLING_OUT_COLUMNS = frozenset(_SINGLING_OUT.split())
_ROWS_ARE_PERSONS = ("employee_answers", "employments")
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
        The columns of the contract, which are never refused, and those that `items` names. An item may be about a
        manager or a reason, but not go by the name of what identifies a person.

    Returns
    -------
    list of Problem
        One for each column refused.
    """
    columns = list(columns)
    own = {column.casefold() for column in CONTRACT[table].columns}
    items = {column.casefold() for column in declared} - own
    contacts = are_contacts(columns)
    values = [number for number, contact in enumerate(contacts, 1) if contact]
    # NAME for name is a slip of the pen, which the check of the columns names.
    others = [one for one, contact in zip(columns, contacts, strict=True) if one.casefold() not in own and not contact]
    reasons = {column: _reason(table, column, asked=column.casefold() in items) for column in others}
    problems = [Problem(table, column, *reason) for column, reason in reasons.items() if reason]
    if values:
        found = f"what may reach a person, in column {values[0]}"
        problems.append(Problem(table, "", "have names in row 1, not values", found, way_out="Add a row of names."))
    return problems


def is_personal(column: str) -> bool:
    """Tell whether a column's name says that it names, reaches or identifies persons."""
    words = _words(column)
    # Typeform heads the token of a response with a mere #.
    return column.strip() == "#" or "".join(words) in _WHOLE or _mentions(words, PERSONAL_COLUMNS - _WHOLE)


def _reason(table: str, column: str, *, asked: bool) -> tuple[str, ...] | None:
    """Give rule, found, rows, n_rows and way out of a refused column."""
    words = _words(column)
    if asked:
        found, way_out = "a personal column named as an item", "Drop it from both, or rename a true question."
        return ("be left out", found, (), 0, way_out) if is_personal(column) else None
    whole = "".join(words).rstrip("0123456789")
    if is_personal(column) or whole in SOMEBODY_COLUMNS:
        return "be left out", "a personal column", (), 0, "Drop it; person_key may hold a pseudonym."
    if table in _ROWS_ARE_PERSONS and whole in SINGLING_OUT_COLUMNS:
        found, way_out = "a column that singles persons out", "Drop it, or use bands or groups under another name."
        return "be left out", found, (), 0, way_out
    if table == "absence" and _mentions(words, HEALTH_COLUMNS):
        return "be left out", "a cause of absence", (), 0, "Drop it: why people were absent may not be recorded here."
    if _mentions(words, FREE_TEXT_COLUMNS):
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
