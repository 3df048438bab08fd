"""What is known of a measure beyond its id: its name, its scale, and which end is better.

A measure that is not listed goes by its id, with spaces for underscores.
"""

from __future__ import annotations

from dataclasses import dataclass

KINDS = ("nps", "mean", "rate", "percent", "value")


@dataclass(frozen=True)
class Measure:
    """A measure as a reader meets it.

    Parameters
    ----------
    name : str
        English name, the key of its translation.
    kind : {"nps", "mean", "rate", "value"}
        Points from −100 to 100, a mean answer, a share from 0 to 1, or an amount of any unit.
    is_amount : bool
        Whether one has more or less of it (profit) rather than a higher or lower level (productivity).
    higher_is_better : bool
    takes_the : bool
        Whether English puts an article before it inside a sentence.
    """

    name: str
    kind: str = "mean"
    is_amount: bool = False
    higher_is_better: bool = True
    takes_the: bool = False


MEASURES = {
    "enps": Measure("eNPS", "nps"),
    "nps": Measure("NPS", "nps"),
    "employee_satisfaction": Measure("employee satisfaction"),
    "customer_satisfaction": Measure("customer satisfaction"),
    "sincerity": Measure("sincerity of staff", takes_the=True),
    "engagement": Measure("engagement"),
    "response_rate": Measure("response rate", "rate", takes_the=True),
    "repurchase": Measure("repeat purchase", "rate"),
    "meaningful_work": Measure("meaningful work"),
    "hands_on_management": Measure("hands-on management"),
    "positive_environment": Measure("positive environment"),
    "growth_opportunity": Measure("growth opportunity"),
    "trust_in_leadership": Measure("trust in leadership"),
    "context": Measure("knowing why"),
    "purpose": Measure("purpose"),
    "promise_kept": Measure("promises kept"),
    "motivation": Measure("motivation"),
    "valued": Measure("being valued"),
    "voice": Measure("voice"),
    "communication": Measure("communication"),
    "room_to_act": Measure("room to act"),
    "obstacle": Measure("freedom from obstacles"),
    "customer_orientation": Measure("customer orientation"),
    "service_behaviour": Measure("service behaviour"),
    "other": Measure("other questions"),
    "leadership": Measure("leadership"),
    "culture": Measure("culture"),
    "behaviour": Measure("behaviour"),
    "experience": Measure("customer experience"),
    "profit": Measure("profit", "value", is_amount=True),
    "productivity": Measure("productivity", "value"),
    "revenue_growth": Measure("revenue growth", "value"),
    "turnover": Measure("staff turnover", "value", is_amount=True, higher_is_better=False),
    "absence": Measure("absence", "value", is_amount=True, higher_is_better=False),
    "accidents": Measure("accidents", "value", is_amount=True, higher_is_better=False),
    "shrinkage": Measure("shrinkage", "value", is_amount=True, higher_is_better=False),
    "defects": Measure("defects", "value", is_amount=True, higher_is_better=False),
    "teacher_climate": Measure("teacher climate"),
    "student_climate": Measure("student climate"),
    "parent_climate": Measure("parent climate"),
    "effective_leaders": Measure("effective leaders"),
    "collaborative_teachers": Measure("collaborative teachers"),
    "involved_families": Measure("involved families"),
    "supportive_environment": Measure("supportive environment"),
    "ambitious_instruction": Measure("ambitious instruction"),
    "safety": Measure("safety"),
    "school_community": Measure("school community", takes_the=True),
    "parent_teacher_partnership": Measure("parent–teacher partnership", takes_the=True),
    "quality_of_facilities": Measure("quality of facilities", takes_the=True),
    "teacher_response_rate": Measure("teacher response rate", "rate", takes_the=True),
    "student_response_rate": Measure("student response rate", "rate", takes_the=True),
    "student_attendance": Measure("student attendance", "value"),
    "teacher_attendance": Measure("teacher attendance", "value"),
    "suspensions": Measure("suspensions", "value", is_amount=True, higher_is_better=False),
    "mobility": Measure("student mobility", "value", is_amount=True, higher_is_better=False),
    "staff_engagement": Measure("staff engagement"),
    "workplace_recommendation": Measure("recommendation as a workplace", takes_the=True),
    "care_recommendation": Measure("recommendation of the care", takes_the=True),
    "work_stress": Measure("work stress", "rate", higher_is_better=False),
    "mortality_index": Measure("mortality index", "value", higher_is_better=False, takes_the=True),
    "emergency_within_4h": Measure("share of A&E patients dealt with in four hours", "value", takes_the=True),
    "my_work": Measure("the work itself", "rate"),
    "objectives": Measure("objectives and purpose", "rate"),
    "line_management": Measure("line management", "rate"),
    "teamwork": Measure("teamwork", "rate"),
    "learning": Measure("learning and development", "rate"),
    "inclusion": Measure("inclusion and fair treatment", "rate"),
    "resources": Measure("resources and workload", "rate"),
    "pay": Measure("pay and benefits", "rate"),
    "managing_change": Measure("leadership and managing change", "rate"),
    "wish_to_leave": Measure("wish to leave", "value", higher_is_better=False, takes_the=True),
    "bullying": Measure("bullying and harassment", "value", is_amount=True, higher_is_better=False),
    "discrimination": Measure("discrimination", "value", is_amount=True, higher_is_better=False),
}


def measure_of(measure: str) -> Measure:
    """Look a measure up; one that is not listed keeps its id as its name.

    Parameters
    ----------
    measure : str
        Id of a measure, e.g. ``enps``.

    Returns
    -------
    Measure
    """
    return MEASURES.get(measure) or Measure(str(measure).replace("_", " "))
