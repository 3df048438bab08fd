"""The targets of the lag tests: what is asked."""

from __future__ import annotations

from lag_designs import GRADED, graded
from measures import any_of, mean, median_over, quantile, refused, share
from target_table import Target

from helpers.stats.power import POWER


def targets() -> list[Target]:
    """The lines of the table, in its order."""
    return [*_interval_targets(), *_lag_targets(), *_error_targets(), *_feedback_targets(), *_claim_targets()]


def _interval_targets() -> list[Target]:
    lines = []
    for n_times in (8, 12, 15):
        for kind, name in (("CR2", "CR2"), ("wild", "wild bootstrap")):
            label = f"95 % interval by {name} covers, T = {n_times}"
            why = "with these periods the t or bootstrap distribution is off; widen the wording by the size measured"
            lines.append(Target(label, f"strong {n_times}", share(f"covered_{kind}"), 0.935, 0.965, why=why))
    for n_times in (8, 12, 15):
        null, why = f"null {n_times}", "few periods; print the size measured here beside the p-value"
        rejects = share("covered_CR2", False)
        lines += [
            Target(f"lag claimed rejects a true null, T = {n_times}", null, rejects, high=0.065, why=why),
            Target(f"joint lag test (HTZ) rejects a true null, T = {n_times}", null, share("HTZ"), high=0.065, why=why),
            Target(f"the same by an F test with CR1 errors, T = {n_times}", null, share("F")),
        ]
    return lines


def _lag_targets() -> list[Target]:
    lines = []
    picked = "right lag picked by largest &#124;t&#124;, effect .3, T ="
    for n_times, least in ((8, 0.85), (12, 0.90), (15, 0.94)):
        why = f"lags 0 to 3 leave {n_times - 3} of {n_times} periods, too few to tell neighbours of a slow x apart"
        lines.append(Target(f"{picked} {n_times}", f"strong {n_times}", share("right"), low=least, why=why))
    lines.append(Target(f"{picked} 9", "strong 9", share("right")))
    for n_times in (8, 12, 15):
        label = f"right lag picked, effect .1, T = {n_times}"
        lines.append(Target(label, f"weak {n_times}", share("right")))
        label = f"“yes” at the lag claimed, effect .1, T = {n_times}"
        lines.append(Target(label, f"effect 0.1, T = {n_times}", share("verdict", "yes")))
    for n_times, effect in ((8, 0.40), (12, 0.30), (15, 0.25)):
        bounds = {"low": effect - 0.05, "high": effect + 0.05}
        why = "below the band the test finds more than supposed, above it less"
        label = f"least detectable effect, SD, T = {n_times}"
        lines.append(Target(label, f"null {n_times}", quantile("needed", POWER), **bounds, why=why))
        lines.append(Target(f"the same as printed, mean, T = {n_times}", f"printed {n_times}", mean("printed")))
    return lines


def _error_targets() -> list[Target]:
    lines = []
    for n_times in (8, 12):
        for reliability in (0.8, 0.6):
            design, about = f"error {n_times} {reliability:g}", f"reliability {reliability:g}, T = {n_times}"
            why = "few years and much error leave the correction a spread that is not symmetric"
            name = f"corrected for errors of x, median over truth, {about}"
            lines += [
                Target(name, design, median_over("corrected", 0.3), 0.9, 1.1, why=why),
                Target(f"not corrected, median over truth, {about}", design, median_over("naive", 0.3)),
                Target(f"correction refused, {about}", design, refused("corrected")),
            ]
    return lines


def _feedback_targets() -> list[Target]:
    lines = []
    for n_times in (11, 14):
        about = f"feedback .3, no effect, T = {n_times}"
        for kind in ("CR2", "CR1"):
            label = f"lag claimed rejects, {kind}, {about}"
            lines.append(Target(label, f"feedback {n_times}", share(f"covered_{kind}", False)))
        claim = f"feedback 0.3, no effect, T = {n_times}"
        lines += [
            Target(f"lead not flat, {about}", claim, share("lead")),
            Target(f"reverse effect clear after 1 year, {about}", claim, share("reverse_1")),
            Target(f"one of these two, {about}", claim, any_of("lead", "reverse_1")),
            Target(f"reverse effect clear at the lag claimed, {about}", claim, share("reverse_2")),
            Target(f"“yes”, {about}", claim, share("verdict", "yes")),
        ]
    return lines


def _claim_targets() -> list[Target]:
    null = "no effect, reliability 0.8, T = 14"
    lines = [
        Target("“yes” under the null", null, share("verdict", "yes"), high=0.025, slack=2),
        Target("grade C or better under the null", null, share("grade", "A", "B", "C"), high=0.05),
    ]
    for design in (graded(*one) for one in GRADED):
        lines.append(Target(f"“yes”, {design}", design, share("verdict", "yes")))
        lines.append(Target(f"grade C or better, {design}", design, share("grade", "A", "B", "C")))
    for name in ("independent", "levels only"):
        label = f"necessity “holds” where it is false, {name}"
        lines.append(Target(label, f"necessity {name}", share("verdict", "holds"), high=0.05))
    return lines
