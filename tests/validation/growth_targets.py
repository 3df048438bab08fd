"""The targets of growth after engagement: what is asked."""

from __future__ import annotations

from growth_looks import designs, panel, studied
from measures import mean, refused, share
from target_table import Target

COVERED, LEAST_OF_COMPANIES = (0.935, 0.965), 0.92
SLACK = 2
# A "yes" needs the interval on one side: half of 5 %.
FALSE_YES, FALSE_YES_OF_COMPANIES, POWER = 0.025, 0.08, 0.80
NAMES = {"slope": "slope", "product": "interaction"}
CURVED, BY_LEVEL = "curved, no product", "slopes differ by level"


def targets() -> list[Target]:
    """The lines of the table, in its order."""
    panels = [name for name, design in designs().items() if design.look is panel and name not in (CURVED, BY_LEVEL)]
    lines = [line for design in panels for quantity in NAMES for line in _of_panel(design, quantity)]
    return [*lines, *_traps(), *_of_companies()]


def _of_panel(design: str, quantity: str) -> list[Target]:
    why = "in panels of this shape the interval is too short or too long; read it with the share measured here"
    covered, bounds = share(f"{quantity}_covered"), {"slack": SLACK, "why": why}
    yes, label = share(f"{quantity}_verdict", "yes"), f"“yes” on the {NAMES[quantity]}, {design}"
    name = f"95 % interval of the {NAMES[quantity]} covers, {design}"
    lines = [Target(name, design, covered, *COVERED, **bounds)]
    if design.startswith("both"):
        whole = studied(design)
        return [*lines, Target(f"“yes” on the {NAMES[quantity]}, {whole}", whole, yes)]
    return [*lines, Target(label, design, yes, high=FALSE_YES, **bounds)]


def _traps() -> list[Target]:
    """Where there is no interaction the product may stand for something else, which a check should tell."""
    why = "the check does not take out what it is meant to"
    checked = {"high": 0.05, "slack": SLACK, "why": why}
    yes = share("product_verdict", "yes")
    return [
        Target(f"“yes” on the interaction, {CURVED}", CURVED, yes, **checked),
        Target(f"zero outside beside the squares, {CURVED}", CURVED, share("squares_clear"), **checked),
        Target(f"“yes” on the interaction, {BY_LEVEL}", BY_LEVEL, yes, **checked),
        Target(f"zero outside within units, {BY_LEVEL}", BY_LEVEL, share("within_clear"), **checked),
        Target("zero outside within units, both effects", "both effects", share("within_clear")),
    ]


def _of_companies() -> list[Target]:
    bounds = {"low": LEAST_OF_COMPANIES, "slack": SLACK}
    why = "the standard errors do not hold all that sets a score apart from what growth follows"
    held, false = mean("corrected_covered"), {"slack": SLACK, "why": "see the panels without effect above"}
    lines = [
        Target("slope found, demo (truth 0.6)", "demo", mean("slope")),
        Target("slope corrected for errors, demo (truth 0.6)", "demo", mean("corrected")),
        Target("slope minus truth, corrected, demo", "demo", mean("corrected_error"), -0.03, 0.03, SLACK, why),
        Target("95 % interval of the slope covers, demo", "demo", share("slope_covered")),
        Target("95 % interval of the corrected slope covers, demo", "demo", held, **bounds, why=why),
        Target("correction refused, demo", "demo", refused("corrected")),
        Target("interaction found over truth, demo", "demo", mean("product_ratio")),
        Target("reliability of the product within units, demo", "demo", mean("reliability")),
    ]
    for quantity, name in NAMES.items():
        null, yes = f"95 % interval of the {name} covers, demo-null", share(f"{quantity}_verdict", "yes")
        lines += [
            Target(
                null, "demo-null", share(f"{quantity}_covered"), **bounds, why="few companies; see the panels above"
            ),
            Target(
                f"“yes” on the {name}, demo",
                "demo",
                yes,
                low=POWER,
                why="these companies are too small for this effect",
            ),
            Target(f"“yes” on the {name}, demo-null", "demo-null", yes, high=FALSE_YES_OF_COMPANIES, **false),
        ]
    return lines
