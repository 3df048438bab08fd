import pytest

from helpers.datasets.contract import CONTRACT
from helpers.datasets.personal import FREE_TEXT_COLUMNS, HEALTH_COLUMNS, PERSONAL_COLUMNS, is_personal, refused_columns

PERSONAL = """
name|Naam|first name|FirstName|last_name|LastName|full-name|RecipientLastName|voornaam|Achternaam|klantnaam
Medewerker naam|Naam leidinggevende|employee_first_name|Username|contactpersoon|initialen
email|E-mail|e_mail|eMail|E-mailadres|emailAddress|Recipient Email|customer_email|klant e-mail adres|Participant Email
phone|phone number|TelephoneNumber|telefoon|Telefoonnummer|mobiel nummer|customer_phone_number|mobile
Address|home address|adres|Woonadres|postcode|Postal Code|huisnummer|street
IP|IPAddress|ip_adres|IP Address|user agent|Token|access_token|LocationLatitude|location longitude|Network ID
birth date|DateOfBirth|date_of_birth|geboortedatum|Geboorte datum|geboortejaar|DOB
personeelsnummer|Personeels nummer|personnel number|employee_id|EmployeeID|staff no staffnumber|medewerkernummer|bsn
BSN|burgerservicenummer|SSN|social_security_number|passport number|IBAN|klantnummer|customer id
Prénom? voornaam|vóórnaam
"""
HARMLESS = """
unit_id|period|product name|team_name|programme|voornaamste_reden|vornamen|mobile_app|country|gender|age_band|tenure
contract|email_free|recommend|ipad|tokenised|q1|moment|n_invited|shoe_size|wave|phoneme|streets|namedrop
"""


def names(text):
    return [name for name in text.strip().replace("\n", "|").split("|") if name]


@pytest.mark.parametrize("column", names(PERSONAL))
def test_a_name_that_points_to_a_person_is_known_in_any_spelling(column):
    assert is_personal(column)


@pytest.mark.parametrize("column", [name for name in names(HARMLESS) if name != "email_free"])
def test_a_name_that_only_looks_like_one_is_not_personal(column):
    assert not is_personal(column)


@pytest.mark.parametrize("table", list(CONTRACT))
def test_personal_columns_are_refused_in_every_table_and_its_own_columns_in_none(table):
    columns = [*CONTRACT[table].columns, "E-mail adres", "geboortedatum", "bonus"]
    found = refused_columns(table, columns, CONTRACT[table].columns)
    assert [problem.column for problem in found] == ["E-mail adres", "geboortedatum"]
    assert str(found[0]) == (
        f"{table}.E-mail adres must be left out; found a personal column. Drop it; person_key may hold a pseudonym."
    )


def test_units_have_a_name_and_nothing_else_has():
    assert not refused_columns("units", ["name"], CONTRACT["units"].columns)
    assert refused_columns("employee_answers", ["name"], CONTRACT["employee_answers"].columns)


@pytest.mark.parametrize("column", ["cause", "Diagnosis", "reason", "oorzaak", "reden verzuim", "ICD-10"])
def test_why_people_were_absent_is_refused_in_absence_only(column):
    found = refused_columns("absence", [column], CONTRACT["absence"].columns)
    assert "may not be recorded" in str(found[0])
    assert not refused_columns("outcomes", [column], CONTRACT["outcomes"].columns)


@pytest.mark.parametrize("table", [name for name in CONTRACT if name != "customer_answers"])
@pytest.mark.parametrize("column", ["comment", "Comments", "opmerkingen", "open_answer", "vrije tekst"])
def test_free_text_is_refused_outside_customer_answers(table, column):
    found = refused_columns(table, [column], CONTRACT[table].columns)
    assert "only customer_answers may have it, as comment" in str(found[0])


def test_an_item_may_have_any_name_because_it_holds_numbers():
    assert not refused_columns("employee_answers", ["address_1"], {"address_1"})


def test_the_lists_hold_words_as_they_are_compared():
    for listed in (PERSONAL_COLUMNS, HEALTH_COLUMNS, FREE_TEXT_COLUMNS):
        assert all(name == name.lower() and name.isalnum() for name in listed)
