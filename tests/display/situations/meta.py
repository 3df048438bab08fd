"""Situations of the meta-analysis."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from helpers.display.wording import (
    Words,
    cautions,
    meta_answers,
    meta_checks,
    meta_measured,
    meta_studies,
    meta_utility,
)
from helpers.stats.expectancy import expectancy
from helpers.stats.meta_published import recomputed

NAN = float("nan")
ROW = {
    **{"outcome": "profit", "k": 60, "n": 5093, "method": "individual", "conf_level": 0.95, "cred_level": 0.8},
    **{"mean_r": 0.12, "mean_r_low": 0.09, "mean_r_high": 0.15, "sd_res": 0.05, "pct_sampling": 74.0},
    **{"rho": 0.14, "rho_low": 0.11, "rho_high": 0.18, "sd_rho": 0.07, "pct_accounted": 78.0},
    **{"cr_low": 0.06, "cr_high": 0.23, "n_missing": 0, "mean_rxx": 0.74, "mean_ryy": 1.0},
    **{"re_r": 0.13, "re_low": 0.1, "re_high": 0.16, "pi_low": -0.02, "pi_high": 0.27},
    **{"most_low": 0.03, "most_high": 0.22},
    **{"verdict": "yes", "because": "zero_excluded"},
}
BARE = {"method": "none", "rho": NAN, "rho_low": NAN, "rho_high": NAN, "sd_rho": NAN, "pct_accounted": NAN}
VERDICTS = {
    "zero_excluded": "yes",
    "studies_differ": "on_average",
    "few_studies": "on_average",
    "below_smallest": "no",
    "interval_includes_0": "cannot_tell",
    "wrong_sign": "cannot_tell",
    "too_few_studies": "cannot_tell",
}
NAMES = {"engagement": "engagement"}


def answer(because: str, **more: object) -> Callable[[Words], str]:
    row = ROW | {"because": because, "verdict": VERDICTS[because]} | more
    return lambda words: meta_answers.meta_answer(row, words, **NAMES)


def tally(*verdicts: str) -> Callable[[Words], str]:
    return lambda words: meta_answers.meta_tally(verdicts, words, **NAMES)


def measured(**more: object) -> Callable[[Words], str]:
    return lambda words: meta_measured.measured_sentence(ROW | more, words, **NAMES)


def heterogeneity(**more: object) -> Callable[[Words], str]:
    return lambda words: meta_checks.heterogeneity_sentence(ROW | more, words)


def study_rows(n_decide: int) -> pd.DataFrame:
    rows = pd.DataFrame({"r": [0.11, 0.12, 0.14], "r_full": 0.13})
    return rows.assign(decides=[number < n_decide for number in range(3)])


def kinds(p_value: float, left_out: int = 0) -> pd.DataFrame:
    rows = pd.DataFrame({"term": ["retail", "banking"], "conf_level": 0.95})
    rows.attrs = {"between": {"p_value": p_value}, "left_out": left_out}
    return rows


def variants(**rxx: float) -> pd.DataFrame:
    return pd.DataFrame({"term": list(rxx), "mean_rxx": list(rxx.values())})


def small(low: float, high: float) -> Callable[[Words], str]:
    return lambda words: meta_checks.small_study_sentence({"ci_low": low, "ci_high": high}, words)


def utility(r: float = 0.16) -> dict[str, object]:
    return expectancy({"observed": r}).iloc[0].to_dict()


def published(**more: object) -> Callable[[Words], str]:
    row = {"who": "Harter, Schmidt & Hayes", "year": 2002, "theirs": "customer_loyalty", "observed": 0.16}
    known = recomputed(pd.DataFrame([row | {"corrected": 0.33, "k": 20, "n": 3199} | more])).iloc[0].to_dict()
    return lambda words: meta_utility.recomputed_sentence(known, words)


def inapplicable(reason: str, **values: object) -> Callable[[Words], str]:
    return lambda words: cautions.not_applicable(reason, values, words)


def shown(n_shown: int, gate: bool) -> Callable[[Words], str]:
    return lambda words: meta_checks.studies_shown_sentence(n_shown, 60, words, gate=gate)


STUDIES = pd.DataFrame({"r": [0.4, 0.1], "ci_low": [0.1, -0.2], "ci_high": [0.6, 0.3]})
SITUATIONS: dict[str, Callable[[Words], str]] = {
    "meta: yes": answer("zero_excluded"),
    "meta: yes, no spread": answer("zero_excluded", cr_low=0.14, cr_high=0.14),
    "meta: yes, not corrected": answer("zero_excluded", **BARE),
    "meta: yes, of a table": answer("zero_excluded", outcome=""),
    "meta: yes, true correlations beyond one": answer("zero_excluded", rho=0.95, rho_high=1.1, cr_high=1.2),
    "meta: on average only": answer("studies_differ", cr_low=-0.01),
    "meta: few studies": answer("few_studies", k=6),
    "meta: no": answer("below_smallest", rho=0.01, rho_low=-0.03, rho_high=0.04, cr_low=-0.02, cr_high=0.04),
    "meta: cannot tell": answer("interval_includes_0", rho=0.02, rho_low=-0.05, rho_high=0.1, cr_low=-0.07),
    "meta: wrong sign": answer("wrong_sign", mean_r=-0.12, rho=-0.14, rho_low=-0.2, rho_high=-0.1, cr_low=-0.3),
    "meta: one study": answer("too_few_studies", k=1),
    "meta: two studies": answer("too_few_studies", k=2),
    "meta: no study": answer("too_few_studies", k=0, n_missing=12),
    "meta tally: all alike": tally("yes", "yes"),
    "meta tally: all on average": tally("on_average", "on_average"),
    "meta tally: none": tally("no", "no"),
    "meta tally: nothing can be told": tally("cannot_tell", "cannot_tell"),
    "meta tally: one of each": tally("yes", "on_average", "no", "cannot_tell"),
    "meta tally: two of each": tally(*2 * ("yes", "on_average", "no", "cannot_tell")),
    "meta: what a study is": lambda words: meta_measured.studies_sentence(
        words, level="organisation", units="team", engagement="engagement"
    ),
    "meta: what a study of a table is": lambda words: meta_measured.studies_sentence(
        words, level="study", units="", engagement="engagement"
    ),
    "meta: reliability, outcome as booked": measured(),
    "meta: reliability, outcome from answers": measured(outcome="nps", mean_ryy=0.29),
    "meta: reliability, not low": measured(outcome="nps", mean_ryy=0.61),
    "meta: reliability not known": measured(**BARE),
    "meta: differences between studies": heterogeneity(),
    "meta: no more difference than chance": heterogeneity(pct_accounted=181.0),
    "meta: no difference at all": heterogeneity(pct_accounted=NAN, pi_low=NAN, pi_high=NAN, re_low=NAN, re_high=NAN),
    "meta: differences of few, not corrected": heterogeneity(k=6, **BARE),
    "meta: no more difference than chance, not corrected": heterogeneity(**BARE | {"pct_sampling": 120.0}),
    "meta: interval too short": lambda words: meta_checks.credibility_caution(ROW | {"n": 60 * 150}, words),
    "meta: interval too short, small studies": lambda words: meta_checks.credibility_caution(ROW, words),
    "meta: no study decides": lambda words: meta_checks.without_one_sentence(study_rows(0), words),
    "meta: one study decides": lambda words: meta_checks.without_one_sentence(study_rows(1), words),
    "meta: two studies decide": lambda words: meta_checks.without_one_sentence(study_rows(2), words),
    "meta: some studies shown": shown(59, True),
    "meta: all studies shown, behind the gate": shown(60, True),
    "meta: some studies of a publisher shown": shown(59, False),
    "meta: small studies find more": small(0.5, 2.0),
    "meta: small studies find less": small(-2.0, -0.5),
    "meta: small studies find no more": small(-1.0, 1.0),
    "meta: studies of about one size": lambda words: meta_checks.sizes_alike_sentence(words),
    "meta: small studies agree exactly": small(NAN, NAN),
    "meta: kinds differ": lambda words: meta_checks.kinds_sentence(kinds(0.01), words, by="industry"),
    "meta: kinds do not differ": lambda words: meta_checks.kinds_sentence(kinds(0.4, 1), words, by="country"),
    "meta: kinds do not differ, some left out": lambda words: meta_checks.kinds_sentence(
        kinds(0.4, 24), words, by="country"
    ),
    "meta: kinds cannot be told": lambda words: meta_checks.kinds_sentence(kinds(NAN), words, by="industry"),
    "meta: which reliability": lambda words: meta_checks.variants_sentence(
        variants(headline=0.74, endless=0.27, retest=0.34), words
    ),
    "meta: one reliability": lambda words: meta_checks.variants_sentence(variants(headline=0.74), words),
    "meta: reliabilities of a table": lambda words: meta_checks.variants_sentence(
        variants(headline=0.74), words, of_table=True
    ),
    "meta: no reliability": lambda words: meta_checks.variants_sentence(variants(observed=NAN), words),
    "meta: utility": lambda words: meta_utility.utility_sentence(utility(), words, outcome="profit", **NAMES),
    "meta: the corrected promises more": lambda words: meta_utility.corrected_caution({"rho": {}}, words),
    "meta: besd": lambda words: meta_utility.besd_sentence(utility(0.4), words),
    "meta: Gallup's ratio": lambda words: meta_utility.published_ratio_sentence(
        {"value": 2.33, "year": 2024.0}, utility(0.4), words
    ),
    "meta: published, both means": published(),
    "meta: published, without sizes": published(k=NAN, n=NAN),
    "meta: published for loyalty": lambda words: meta_utility.loyalty_sentence(["nps", "repurchase"], words),
    "meta: alt of studies": lambda words: meta_studies.studies_alt(STUDIES, words, quantity="R", mean=0.12),
    "meta: alt of one study": lambda words: meta_studies.studies_alt(STUDIES.head(1), words, quantity="R", mean=0.4),
    "meta: no groups": inapplicable(
        "A meta-analysis compares organisations, countries or other groups of units; {unit} has none of these.",
        unit="Noord",
    ),
    "meta: kinds not known": inapplicable("Of what kind these studies are is not known."),
    "meta: errors not known": inapplicable("The sampling errors of these units are not known."),
    "meta: no more than chance": inapplicable("These units differ less than chance alone would make them."),
}
