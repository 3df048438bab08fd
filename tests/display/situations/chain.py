"""The chain from leadership to loyalty: links, paths, the weakest link, sincerity, order, and what is missing."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from helpers.display.wording import Words, cautions, chain_constructs, chain_links, chain_paths

NONE = float("nan")
LUCK = "Differences in {x} stand out too little from luck to correct the link."
SINCERE = {"x": "engagement", "m": "sincerity", "y": "repurchase"}
REASONS = {
    "This needs two neighbours of leadership, culture, behaviour and experience, measured here.": {},
    "{measures} are not known of the same units and periods.": {"measures": "leadership, culture"},
    "One wave cannot tell whether units move: each unit is seen once.": {},
    "How many people were asked is not known, so luck cannot be taken out of {x}.": {"x": "behaviour"},
    LUCK: {"x": "customer_satisfaction"},
    "Comparing links needs two of them; found {found}.": {"found": 1},
    "Links can be compared only where all their scores are known to differ by more than luck.": {},
    "Which comes first needs three waves in a row of the same units.": {},
}


def row(estimate: float, low: float, high: float, *, sd: bool = True, view: str = "within", **more: object) -> dict:
    figures = dict(zip(("estimate", "ci_low", "ci_high"), (estimate, low, high), strict=True))
    told = {f"{name}_sd": value if sd else NONE for name, value in figures.items()}
    about = {"x": "leadership", "y": "culture", "view": view, "form": "corrected", "conf_level": 0.95}
    empty = {"reason": "", "reason_values": {}, "obstacle": LUCK, "obstacle_values": {"x": "leadership"}}
    return figures | told | about | empty | {"term": "leadership > culture"} | more


def link(figures: dict, verdict: str, because: str) -> Callable[[Words], str]:
    return lambda words: chain_links.link_sentence(figures, words, verdict=verdict, because=because)


def no_link(reason: str, **values: object) -> Callable[[Words], str]:
    return link(row(NONE, NONE, NONE, reason=reason, reason_values=values), "cannot_tell", "too_few")


def summary(*verdicts: str, view: str = "within", one_wave: bool = False) -> Callable[[Words], str]:
    ends = {"view": view, "first": "leadership", "last": "customer_satisfaction", "one_wave": one_wave}
    return lambda words: chain_links.summary_sentence(verdicts, words, **ends)


def units(*ends: str) -> Callable[[Words], str]:
    """Of paths to these ends; those with a star have no interval in standard deviations."""
    rows = [{"path": ("leadership", end.strip("*")), "ci_low_sd": NONE if "*" in end else 0.1} for end in ends]
    return lambda words: chain_paths.units_sentence(rows, words)


def path(figures: dict, verdict: str, because: str, end: str = "customer_satisfaction") -> Callable[[Words], str]:
    passed = figures | {"path": ("leadership", "culture", "behaviour", end)}
    return lambda words: chain_paths.path_sentence(passed, words, verdict=verdict, because=because)


def weakest(*, told: bool) -> Callable[[Words], str]:
    links = {"x": ["behaviour", "culture", "leadership"], "y": ["customer_satisfaction", "behaviour", "culture"]}
    table = pd.DataFrame(links | {"ahead_low": [0.0, 0.12 if told else -0.02, 0.2]})
    table.attrs = {"told": told, "conf_level": 0.95}
    return lambda words: chain_paths.weakest_sentence(table, words)


def carried(figures: dict, verdict: str, because: str, y: str = "repurchase") -> Callable[[Words], str]:
    names = SINCERE | {"y": y}
    return lambda words: chain_paths.carried_sentence(names, figures, words, verdict=verdict, because=because)


def order(*orders: str) -> Callable[[Words], str]:
    table = pd.DataFrame({"x": ["leadership", "culture"], "y": ["culture", "behaviour"]}).head(len(orders))
    return lambda words: chain_paths.order_sentences(table.assign(order=orders), words)


def undrawn(*rows: dict) -> Callable[[Words], str]:
    return lambda words: chain_links.undrawn_sentence(rows, words)


def ways(*estimates: float) -> Callable[[Words], str]:
    return lambda words: chain_links.undrawn_variants(pd.DataFrame({"estimate": estimates}), words)


def luck(*shares: float, view: str = "within") -> Callable[[Words], str]:
    names = ("leadership", "culture", "behaviour")
    rows = [{"x": x, "view": view, "reliability": share} for x, share in zip(names, shares, strict=False)]
    return lambda words: chain_constructs.luck_sentence(rows, words)


def missing(*roles: str, withheld: bool = False) -> Callable[[Words], str]:
    return lambda words: chain_constructs.missing_sentence(roles, words, withheld=withheld)


def inapplicable(reason: str, values: dict) -> Callable[[Words], str]:
    return lambda words: cautions.not_applicable(reason, values, words)


MORE, LESS, UNCLEAR = row(0.74, 0.62, 0.87), row(-0.3, -0.5, -0.1), row(0.1, -0.2, 0.4)
SMALL = row(0.02, -0.03, 0.07)
BETWEEN = {"view": "between"}

SITUATIONS = {
    "chain: every link": summary("yes", "yes", "yes"),
    "chain: some links": summary("yes", "no", "cannot_tell"),
    "chain: no link": summary("cannot_tell", "no", "cannot_tell"),
    "chain: every link, one wave": summary("yes", "yes", "yes", view="between", one_wave=True),
    "chain: some links, one wave": summary("yes", "no", "cannot_tell", view="between", one_wave=True),
    "chain: no link, between units": summary("no", "no", "no", view="between"),
    "chain: link, yes": link(MORE, "yes", "zero_excluded"),
    "chain: link, yes of a fall": link(LESS, "yes", "zero_excluded"),
    "chain: link, no": link(SMALL, "no", "below_smallest"),
    "chain: link, cannot tell": link(UNCLEAR, "cannot_tell", "interval_includes_0"),
    "chain: link, the opposite": link(LESS, "cannot_tell", "wrong_sign"),
    "chain: link, same people": link(MORE, "cannot_tell", "same_people"),
    "chain: link, luck unknown": link(SMALL, "cannot_tell", "luck_unknown"),
    "chain: link, too few groups": link(MORE, "cannot_tell", "too_few"),
    "chain: a link is not drawn": undrawn(MORE, row(0.2, 0.1, 0.3, sd=False)),
    "chain: two links are not drawn": undrawn(
        row(0.2, 0.1, 0.3, sd=False), row(0.2, 0.1, 0.3, sd=False, x="behaviour", y="customer_satisfaction")
    ),
    "chain: a way is not drawn": ways(0.5, NONE),
    "chain: two ways are not drawn": ways(NONE, NONE),
    "chain: link, no scale free of luck": link(row(0.2, 0.1, 0.3, sd=False), "yes", "zero_excluded"),
    "chain: link, between units, yes": link(row(0.74, 0.62, 0.87, **BETWEEN), "yes", "zero_excluded"),
    "chain: link, between units, the opposite": link(row(-0.3, -0.5, -0.1, **BETWEEN), "cannot_tell", "wrong_sign"),
    "chain: link, between units, cannot tell": link(
        row(0.1, -0.2, 0.4, **BETWEEN), "cannot_tell", "interval_includes_0"
    ),
    "chain: link, between units, no": link(row(0.02, -0.03, 0.07, **BETWEEN), "no", "below_smallest"),
    "chain: link, no figures": no_link("One wave cannot tell whether units move: each unit is seen once."),
    "chain: link, nothing changes": no_link(
        "{column} does not change within units beyond what all units share.", column="culture"
    ),
    "chain: culture missing": missing("culture"),
    "chain: three missing": missing("culture", "behaviour", "experience"),
    "chain: leadership withheld": missing("leadership", withheld=True),
    "chain: leadership withheld, culture missing": missing("leadership", "culture", withheld=True),
    "chain: no loyalty": chain_constructs.no_loyalty,
    "chain: luck": luck(0.17, 0.19, 0.77),
    "chain: luck, between units": luck(0.67, view="between"),
    "chain: luck unknown": luck(),
    "chain: path, yes": path(row(0.16, 0.11, 0.25), "yes", "zero_excluded"),
    "chain: path, no": path(SMALL, "no", "below_smallest"),
    "chain: path, a link is open": path(row(0.16, 0.02, 0.25), "cannot_tell", "a_link_open"),
    "chain: path, cannot tell": path(UNCLEAR, "cannot_tell", "interval_includes_0"),
    "chain: path, the opposite": path(LESS, "cannot_tell", "wrong_sign"),
    "chain: path, no scale free of luck": path(
        row(0.022, 0.008, 0.041, sd=False), "yes", "zero_excluded", end="repurchase"
    ),
    "chain: path, next to nothing": path(
        row(0.0, -0.0002, 0.0003, sd=False), "cannot_tell", "a_link_open", end="repurchase"
    ),
    "chain: paths, no figures": lambda words: chain_paths.open_paths(
        [("leadership", "culture", "behaviour", end) for end in ("customer_satisfaction", "nps", "repurchase")], words
    ),
    "chain: paths, each yes": chain_paths.yes_sentence,
    "chain: paths, one per point": units("customer_satisfaction", "nps", "*repurchase"),
    "chain: paths, two per point": units("customer_satisfaction", "*nps", "*repurchase"),
    "chain: links, each yes": chain_links.yes_sentence,
    "chain: link, yes told once": lambda words: chain_links.link_sentence(
        row(0.47, 0.39, 0.54), words, verdict="yes", because="zero_excluded", told_once=True
    ),
    "chain: path, yes told once": lambda words: chain_paths.path_sentence(
        row(0.16, 0.11, 0.25) | {"path": ("leadership", "culture", "behaviour", "nps")},
        words,
        verdict="yes",
        because="zero_excluded",
        told_once=True,
    ),
    "chain: the weakest link": weakest(told=True),
    "chain: no weakest link": weakest(told=False),
    "chain: sincerity, yes": carried(row(0.034, 0.027, 0.041), "yes", "zero_excluded"),
    "chain: sincerity, no": carried(row(-0.1, -1.6, 1.3), "no", "below_smallest", "nps"),
    "chain: sincerity, cannot tell": carried(row(1.0, -1.6, 3.6), "cannot_tell", "interval_includes_0", "nps"),
    "chain: sincerity, the opposite": carried(row(-2.0, -3.6, -0.4), "cannot_tell", "wrong_sign", "nps"),
    "chain: sincerity, not to be separated": carried(row(0.034, 0.027, 0.041), "cannot_tell", "not_separable"),
    "chain: sincerity, same people": carried(row(0.034, 0.027, 0.041), "cannot_tell", "same_people"),
    "chain: sincerity, no figures": carried(row(NONE, NONE, NONE), "cannot_tell", "too_few"),
    "chain: no sincerity": chain_paths.no_sincerity,
    "chain: order, first": order("first"),
    "chain: order, last": order("last", "unclear"),
    "chain: order, same wave": order("same_wave"),
    "chain: order, against the claim": order("against"),
} | {f"chain: {reason}": inapplicable(reason, values) for reason, values in REASONS.items()}

VARIANTS = pd.DataFrame(
    [
        {"x": "leadership", "y": "culture", "variant": variant, "view": view, "estimate": 0.5}
        for variant, view in (
            ("corrected", "within"),
            ("measured", "within"),
            ("beside", "within"),
            ("other_view", "between"),
            ("other_view", "within"),
        )
    ]
)
STEPS = pd.DataFrame({"x": "leadership", "y": "culture", "step": ["before", "same", "after"], "n": 9})
TERMS = pd.DataFrame({"term": list(chain_paths.TERMS), "estimate": 0.1, "ci_low": 0.05, "ci_high": 0.15})
PHRASES = {
    "chain: quantity": chain_links.quantity,
    "chain: quantity, by wave": chain_paths.order_quantity,
    "chain: booked": lambda words: chain_constructs.source_name("booked student_attendance", words),
}
PHRASES |= {
    f"chain: variant {at}": lambda words, at=at: chain_links.variant_names(VARIANTS, words)["name"].iloc[at]
    for at in range(len(VARIANTS))
}
PHRASES |= {
    f"chain: step {at}": lambda words, at=at: chain_paths.step_names(STEPS, words)["name"].iloc[at]
    for at in range(len(STEPS))
}
PHRASES |= {
    f"chain: term {at}": lambda words, at=at: chain_paths.step_rows(SINCERE, TERMS, words)[at]["step"]
    for at in range(len(TERMS))
}
