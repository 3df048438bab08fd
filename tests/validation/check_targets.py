"""The targets of the checks of a lag claim: what is asked."""

from __future__ import annotations

from check_designs import CURVE_PERIODS, DYNAMIC_PERIODS, GRANGER, PERIODS, PROJECTED_PERIODS, granger_name
from check_looks import EFFECT, JACKKNIFE, LEAST_SQUARES, ONE_STEP, OWN
from measures import mean, share
from target_table import Target

SIZE, SELDOM = 0.065, 0.05
RIGHT = {8: 0.85, 12: 0.90, 15: 0.94}
COVERED = (0.935, 0.965)
OWN_BIAS, OWN_BIAS_FROM, FEEDBACK_BIAS = 0.08, 10, 0.03
MODELS = ("together", "alone")


def targets() -> list[Target]:
    """The lines of the table, in its order."""
    return [
        *_search_sizes(),
        *_searched_lags(),
        *_own_lags(),
        *_with_feedback(),
        *_granger(),
        *_projections(),
        *_curves(),
        *_dependence(),
    ]


def _search_sizes() -> list[Target]:
    lines, why = (
        [],
        "see the Monte Carlo error; where more panels say the same, print this size beside the corrected p-value",
    )
    for n_times in PERIODS:
        design, about = f"search, null {n_times}", f"some lag significant under the null, T = {n_times}"
        for model in MODELS:
            size = share(f"{model}_size")
            lines.append(Target(f"max-t, lags {model}: {about}", design, size, high=SIZE, why=why))
        lines.append(Target(f"not corrected, lags together: {about}", design, share("together_uncorrected")))
    return lines


def _searched_lags() -> list[Target]:
    lines = []
    for n_times, least in RIGHT.items():
        strong, about = f"search, strong {n_times}", f"effect .3, T = {n_times}"
        why = f"lags 0 to 3 leave {n_times - 3} of {n_times} periods, too few to tell neighbours of a slow x apart"
        lines += [
            Target(
                f"right lag has the largest &#124;t&#124;, {about}", strong, share("together_right"), least, why=why
            ),
            Target(f"right lag identified, {about}", strong, share("together_identified_right")),
            Target(f"wrong lag identified, {about}", strong, share("together_identified_wrong")),
        ]
    why = "the search names a lag that these data cannot tell"
    for n_times in PERIODS:
        weak, about = f"search, weak {n_times}", f"effect .1, T = {n_times}"
        lines.append(Target(f"right lag has the largest &#124;t&#124;, {about}", weak, share("together_right")))
        for model in MODELS:
            name, identified = f"a lag identified, lags {model}, {about}", share(f"{model}_identified")
            lines.append(Target(name, weak, identified, high=SELDOM, why=why))
    for model in MODELS:
        name = f"one of two equal lags (.3) identified as the one, lags {model}, T = 12"
        lines.append(Target(name, "search, two lags", share(f"{model}_identified")))
    return lines


def _own_lags() -> list[Target]:
    """The autoregression, which least squares with unit effects pulls down."""
    lines, why = [], "what the jackknife leaves is of order 1 / T²"
    for n_times in DYNAMIC_PERIODS:
        design, about = f"dynamics {n_times}", f"T = {n_times}"
        if n_times >= OWN_BIAS_FROM:
            bias = mean(f"{JACKKNIFE}, {OWN}")
            lines.append(
                Target(f"{JACKKNIFE}, bias of the own lag, {about}", design, bias, -OWN_BIAS, OWN_BIAS, why=why)
            )
        lines.append(Target(f"{LEAST_SQUARES}, bias of the own lag, {about}", design, mean(f"{LEAST_SQUARES}, {OWN}")))
    return lines


def _with_feedback() -> list[Target]:
    """x answers to y (.3) and does nothing to it: what each estimator makes of x."""
    lines, why = [], "instruments of so few periods are weak, and weak ones pull towards least squares"
    for n_times in DYNAMIC_PERIODS:
        design, about = f"dynamics {n_times}", f"feedback .3, no effect, T = {n_times}"
        bias = {name: mean(f"{name}, {EFFECT}") for name in (ONE_STEP, LEAST_SQUARES, JACKKNIFE)}
        bounds = {"low": -FEEDBACK_BIAS, "high": FEEDBACK_BIAS, "why": why}
        lines.append(Target(f"Arellano–Bond, one step, bias of x, {about}", design, bias[ONE_STEP], **bounds))
        lines.append(Target(f"{LEAST_SQUARES}, bias of x, {about}", design, bias[LEAST_SQUARES]))
        held = {"95 % interval by Arellano–Bond covers x": ONE_STEP}
        if n_times >= OWN_BIAS_FROM:
            lines.append(Target(f"{JACKKNIFE}, bias of x, {about}", design, bias[JACKKNIFE]))
            held |= {f"95 % interval by {JACKKNIFE} covers x": JACKKNIFE}
        for name, estimator in held.items():
            lines.append(Target(f"{name}, {about}", design, mean(f"{estimator}, {EFFECT}, covered")))
    return lines


def _granger() -> list[Target]:
    lines, why = [], "few periods to learn each unit's own past from; print the size measured here beside the p-value"
    for shape in GRANGER:
        design = granger_name(*shape)
        lines.append(Target(f"bootstrap rejects a true null, {design}", design, share("bootstrap"), high=SIZE, why=why))
        for key, name in (("ztilde", "textbook Ztilde"), ("zbar", "textbook Zbar")):
            lines.append(Target(f"{name} rejects a true null, {design}", design, share(key)))
        if shape[0] == 14 and shape[-1] == 1:
            lines.append(Target(f"bootstrap finds an effect of .3, {design}", f"{design}, effect", share("bootstrap")))
    return lines


def _projections() -> list[Target]:
    lines, why = [], "short panels pull the later horizons; see the bias beside"
    for n_times in PROJECTED_PERIODS:
        design = f"projections {n_times}"
        for horizon in range(4):
            about, covered = f"local projection, horizon {horizon}, T = {n_times}", share(f"covered_{horizon}")
            lines.append(Target(f"95 % interval covers, {about}", design, covered, *COVERED, why=why))
            lines.append(Target(f"bias, {about}", design, mean(f"error_{horizon}")))
    return lines


def _curves() -> list[Target]:
    lines, why = [], "exchanging histories supposes units alike; these are not enough for it"
    names = {"median": "median", "share_expected_sign": "share of one sign", "share_significant": "share significant"}
    for n_times in CURVE_PERIODS:
        for column, name in names.items():
            label, design = f"specification curve, {name}, rejects a true null, T = {n_times}", f"curve {n_times}"
            lines.append(Target(label, design, share(column), high=SIZE, why=why))
        for column, name in names.items():
            label = f"specification curve, {name}, finds an effect of .3, T = {n_times}"
            lines.append(Target(label, f"curve {n_times}, effect", share(column)))
    return lines


def _dependence() -> list[Target]:
    lines = []
    for world in ("no shared shocks", "years shared", "regions share shocks"):
        design = f"dependence, {world}"
        for key, name in (("before", "before period effects"), ("after", "after them")):
            lines += [
                Target(f"Pesaran CD rejects {name}, {world}", design, share(f"{key}_rejects")),
                Target(f"mean of CD {name}, {world}", design, mean(f"{key}_cd")),
            ]
        lines.append(Target(f"CD rejects above zero after period effects, {world}", design, share("after_above")))
        lines.append(Target(f"mean size of correlations after them, {world}", design, mean("after_size")))
    return lines
