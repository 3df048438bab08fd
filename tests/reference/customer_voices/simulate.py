"""Does the truth come back? Waves of demo companies, and units whose customers answer alike; writes result.csv, no R.

Run `python tests/reference/customer_voices/simulate.py` (about four minutes). Every wave of every seed is one survey.
"""

import csv
from pathlib import Path

import numpy as np
import pandas as pd

from helpers.datasets.demo import load_truth, simulate
from helpers.stats.moment_study import moment_study
from helpers.stats.nps_survey import Design
from helpers.stats.penalty_reward import recommend_points, satisfaction_levels
from helpers.stats.reason_shares import reason_leads, reason_shares
from helpers.stats.reason_verdict import reason_verdict

GROUPS = ("promoters", "detractors")
CLAIMED = {"delivery": "precondition", "use": "delighter", "service": "delighter"}
# Company, scale, seeds: balances are clear of zero at full size, and the level is one of many surveys.
COMPANIES = [("demo", 1.0, 15), ("demo-null", 0.3, 40)]
DESIGN = Design("weight", "unit")
# Units, answers of each, and how much reasons hang together within one: shares of reasons vary as Dirichlet(20 p).
N_UNITS, N_ANSWERS, ALIKE, N_SURVEYS = 40, 25, 20.0, 1000
SHARES = {"employees": 0.3, "price": 0.3, "product": 0.2, "ease": 0.12, "waiting": 0.08}


def company_survey(answers: pd.DataFrame, truth) -> dict[str, bool]:
    study = moment_study(answers, CLAIMED, smallest_effect=0.1)
    rows = study.effects[study.effects["term"] == "asymmetry"].set_index("moment")
    balance = pd.Series({one: 2 * points for one, points in truth.effects.moments.items()})[rows.index]
    shares = reason_shares(answers, DESIGN)
    found = {"all balances inside": balance.between(rows["ci_low"], rows["ci_high"]).all()}
    found["any kind named"] = study.kinds["kind"].isin(["precondition", "delighter"]).any()
    found["claim confirmed"] = study.verdict.verdict == "yes"
    kinds = dict(zip(study.kinds["moment"], study.kinds["kind"], strict=True))
    found |= {f"{one} as claimed": kinds[one] == kind for one, kind in CLAIMED.items()}
    place = {"promoters": 0, "detractors": 2}
    wanted = pd.Series({reason: given for reason, given in truth.customers.reasons.items()})
    for group in GROUPS:
        own = shares.table[shares.table["group"] == group].set_index("reason")
        told = wanted.map(lambda given, at=place[group]: given[at])[own.index]
        found[f"all shares of {group} inside"] = told.between(own["ci_low"], own["ci_high"]).all()
    verdict = reason_verdict(reason_leads(shares, "employees"), groups=GROUPS)
    return found | {"employees first": verdict.verdict == "yes"}


def company_surveys(name: str, scale: float, seeds: int):
    truth = load_truth(name)
    for seed in range(1, seeds + 1):
        answers = simulate(truth, seed=seed, scale=scale, tables=["customer_answers"])["customer_answers"]
        answers = answers.assign(
            unit=answers["unit_id"],
            level=satisfaction_levels(answers["satisfaction"]),
            group=recommend_points(answers["recommend"]).map({100: "promoters", -100: "detractors"}),
        )
        for _, wave in answers.groupby("period"):
            yield company_survey(wave, truth)


def alike_surveys():
    rng, p = np.random.default_rng(3), np.array(list(SHARES.values()))
    for _ in range(N_SURVEYS):
        chances = {group: rng.dirichlet(ALIKE * p, N_UNITS) for group in GROUPS}
        unit = np.repeat(np.arange(N_UNITS), N_ANSWERS)
        group = rng.choice(GROUPS, len(unit))
        chance = np.where((group == "promoters")[:, None], *(chances[one][unit] for one in GROUPS))
        reason = (chance.cumsum(axis=1) < rng.random(len(unit))[:, None]).sum(axis=1).clip(max=len(p) - 1)
        frame = pd.DataFrame({"unit": unit, "group": group, "reason": np.array(list(SHARES))[reason]})
        yield alike_survey(frame.assign(weight=np.exp(rng.normal(0, 0.4, len(unit)))))


def alike_survey(frame: pd.DataFrame) -> dict[str, bool]:
    shares = reason_shares(frame, DESIGN)
    verdict = reason_verdict(reason_leads(shares, "employees"), groups=GROUPS)
    found = {"tie confirmed": verdict.verdict == "yes", "tie refuted": verdict.verdict == "no"}
    for name, each in (("", shares), ("clusters ignored: ", reason_shares(frame, Design("weight")))):
        own = each.table[each.table["group"] == "promoters"]
        found[f"{name}all shares inside"] = own["reason"].map(SHARES).between(own["ci_low"], own["ci_high"]).all()
    return found


def main() -> None:
    worlds = {name: company_surveys(name, scale, seeds) for name, scale, seeds in COMPANIES}
    rows = []
    for world, surveys in (worlds | {"alike units": alike_surveys()}).items():
        found = pd.DataFrame(surveys)
        rows += [(world, name, round(float(share), 4), len(found)) for name, share in found.mean().items()]
    with (Path(__file__).parent / "result.csv").open("w", newline="") as file:
        csv.writer(file).writerows([("world", "quantity", "share", "n"), *rows])


if __name__ == "__main__":
    main()
