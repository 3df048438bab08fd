"""Second implementations in the plainest form, slow and by the book, to set the fast ones against."""

import numpy as np
import pandas as pd


def dummy_matrix(panel: pd.DataFrame, x: list[str]) -> np.ndarray:
    """Regressors, a dummy per entity, a dummy per period but one."""
    dummies = [pd.get_dummies(panel["entity"]), pd.get_dummies(panel["time"]).iloc[:, 1:]]
    return np.hstack([panel[x].to_numpy(float), *(table.to_numpy(float) for table in dummies)])


def matrix_power(matrix: np.ndarray, power: float) -> np.ndarray:
    """Power of a symmetric matrix; zero eigenvalues stay zero."""
    values, vectors = np.linalg.eigh(matrix)
    kept = values > 1e-9
    return vectors[:, kept] * values[kept] ** power @ vectors[:, kept].T


def cr2(panel: pd.DataFrame, y: str, x: list[str], cluster: str) -> tuple[np.ndarray, np.ndarray]:
    """CR2 errors and Satterthwaite df of the slopes, from the full dummy regression (Pustejovsky and Tipton 2018)."""
    design, outcome = dummy_matrix(panel, x), panel[y].to_numpy(float)
    bread = np.linalg.pinv(design.T @ design)
    residual_maker = np.eye(len(panel)) - design @ bread @ design.T
    residuals = residual_maker @ outcome
    rows = [np.flatnonzero(panel[cluster] == one) for one in panel[cluster].unique()]
    errors, dfs = [], []
    for k in range(len(x)):
        weights = []
        for members in rows:
            adjustment = matrix_power(residual_maker[np.ix_(members, members)], -0.5)
            weight = np.zeros(len(panel))
            weight[members] = adjustment @ design[members] @ bread[:, k]
            weights.append(weight)
        terms = np.array(weights)
        covariance = terms @ residual_maker @ terms.T
        errors.append(np.sqrt(((terms @ residuals) ** 2).sum()))
        dfs.append(np.trace(covariance) ** 2 / (covariance**2).sum())
    return np.array(errors), np.array(dfs)


def jackknife_se(panel: pd.DataFrame, y: str, x: list[str], cluster: str) -> np.ndarray:
    """Delete-one-cluster jackknife of the slopes, by running every regression again."""
    slopes = least_squares(panel, y, x)
    left_out = [least_squares(panel[panel[cluster] != one], y, x) for one in panel[cluster].unique()]
    return np.sqrt(((np.array(left_out) - slopes) ** 2).sum(axis=0))


def least_squares(panel: pd.DataFrame, y: str, x: list[str]) -> np.ndarray:
    """Slopes of the full dummy regression."""
    return np.linalg.lstsq(dummy_matrix(panel, x), panel[y].to_numpy(float))[0][: len(x)]


def quartile_contrast(units: pd.DataFrame) -> dict[str, float]:
    """Cut points, sizes, weighted means and SD of one sample, by pandas' own quantile."""
    p25, p75 = units["engagement"].quantile([0.25, 0.75])
    top, bottom = units[units["engagement"] >= p75], units[units["engagement"] <= p25]
    return {
        "p25": p25,
        "p75": p75,
        "n_top": len(top),
        "n_bottom": len(bottom),
        "mean_top": np.average(top["value"], weights=top["weight"]) if p25 < p75 else np.nan,
        "mean_bottom": np.average(bottom["value"], weights=bottom["weight"]) if p25 < p75 else np.nan,
        "sd": units["value"].std(),
    }
