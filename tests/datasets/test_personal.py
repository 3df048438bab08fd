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


def test_an_item_may_ask_after_a_manager_but_not_be_called_by_what_identifies_a_person():
    """Rule 7: naming a column as an item is no way in."""
    assert not refused_columns("employee_answers", ["manager", "reason_1", "job"], {"manager", "reason_1", "job"})
    found = refused_columns("employee_answers", ["geboortejaar"], {"geboortejaar"})
    assert str(found[0]) == (
        "employee_answers.geboortejaar must be left out; found a personal column named as an item. "
        "Drop it from both, or rename a true question."
    )


@pytest.mark.parametrize(
    "column", ["leeftijd", "Age", "age_in_years", "functie", "Functietitel", "job title", "salaris"]
)
def test_what_singles_a_person_out_is_refused_where_a_row_is_a_person(column):
    """An age in years or a job held by one points to a person beside a unit; bands and families of jobs do not."""
    found = refused_columns("employee_answers", [column], ())
    assert str(found[0]).endswith(
        "found a column that singles persons out. Drop it, or use bands or groups under another name."
    )
    assert not refused_columns("outcomes", [column], ())


@pytest.mark.parametrize("column", ["age_band", "leeftijdsklasse", "functiegroep", "job family", "position_index"])
def test_bands_and_groups_stay(column):
    assert not refused_columns("employee_answers", [column], ())


@pytest.mark.parametrize("column", ["Manager1", "leidinggevende", "team_leader", "Line manager", "Medewerker", "klant"])
def test_a_column_of_somebody_is_refused_and_a_question_about_somebody_not(column):
    assert refused_columns("units", [column], ())
    assert not refused_columns("employee_answers", [f"{column}_listens", f"oordeel {column}"], ())


@pytest.mark.parametrize("column", ["jan.jansen@example.org", "06-12345678"])
def test_a_header_that_is_a_value_is_refused_without_being_shown(column):
    """A file without a header has somebody's details in its place."""
    found = refused_columns("employee_answers", ["unit_id", column], ())
    assert str(found[0]) == (
        "employee_answers must have names in row 1, not values; found what may reach a person, in column 2. "
        "Add a row of names."
    )


DUTCH_HR = """
personeelsnr|Pers.nr.|mdw_nr|Mdw.nummer|loonnummer|Salarisnr|stamnummer|BSN|geb.datum|Geb. datum|geboorteplaats
e-mail leidinggevende|Naam manager|IP-adres|respondent id|tel.nr.|Telefoon mobiel|kenteken|woonplaats|nationaliteit
Burgerlijke staat|badge nr|relatie nr.|Voorletter(s) en achternaam|uniek ID? userid|UniqueIdentifier
"""


@pytest.mark.parametrize("column", names(DUTCH_HR))
def test_the_names_of_dutch_personnel_systems_are_known(column):
    assert is_personal(column)


# The columns of an export, and those of them that a table may not have.
EXPORTS = {
    "qualtrics": (
        "StartDate,EndDate,Status,IPAddress,Progress,Finished,RecordedDate,ResponseId,RecipientLastName,"
        "RecipientFirstName,RecipientEmail,ExternalReference,LocationLatitude,LocationLongitude,DistributionChannel,"
        "UserLanguage,Q1_NPS_GROUP,Q1,Q2_1,BusinessUnit,Country",
        "IPAddress,ResponseId,RecipientLastName,RecipientFirstName,RecipientEmail,ExternalReference,LocationLatitude,"
        "LocationLongitude",
    ),
    "qualtrics units": ("UnitName,UnitID,ParentUnitID,Manager1", "Manager1"),
    "surveymonkey": (
        "Respondent ID,Collector ID,Start Date,End Date,IP Address,Email Address,First Name,Last Name,Custom Data 1,"
        "How likely is it that you would recommend us?,Any comments?",
        "Respondent ID,IP Address,Email Address,First Name,Last Name,Custom Data 1,Any comments?",
    ),
    "typeform": (
        "#,How likely are you to recommend us?,bu,Start Date (UTC),Submit Date (UTC),Network ID",
        "#,Network ID",
    ),
    "google forms": ("Timestamp,Email Address,Username,How likely are you?,Rate [Work]", "Email Address,Username"),
    "microsoft forms": ("ID,Begintijd,Tijd van voltooien,E-mail,Naam,Aanbeveling", "E-mail,Naam"),
    "limesurvey": ("id,submitdate,lastpage,startlanguage,seed,token,ipaddr,BU,eNPS,DRV[SQ001]", "token,ipaddr"),
    "delighted": (
        "Response ID,Person ID,Email,Name,Survey type,Score,Comment,Permalink,Created at,Tags,Business Unit",
        "Response ID,Person ID,Email,Name,Comment,Permalink",
    ),
    "formbricks": (
        "No.,Response ID,Timestamp,Finished,Survey ID,User ID,Tags,url,userAgent - browser,1. Recommend?,bu",
        "Response ID,User ID,url,userAgent - browser",
    ),
    "medallia": (
        "request_id,response_received_at,star_rating,comments,external_url,channel,brand,customer_name,request_sent_to,"
        "employee_first_name,employee_last_name,employee_email,employee_custom_id,employee_status,team_leader",
        "comments,external_url,customer_name,request_sent_to,employee_first_name,employee_last_name,employee_email,"
        "employee_custom_id,team_leader",
    ),
}


@pytest.mark.parametrize("tool", EXPORTS)
def test_an_export_loses_its_personal_columns_and_no_others(tool):
    columns, refused = (text.split(",") for text in EXPORTS[tool])
    assert [problem.column for problem in refused_columns("employee_answers", columns, ())] == refused


def test_the_lists_hold_words_as_they_are_compared():
    for listed in (PERSONAL_COLUMNS, HEALTH_COLUMNS, FREE_TEXT_COLUMNS):
        assert all(name == name.lower() and name.isalnum() for name in listed)
