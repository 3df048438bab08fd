"""Panels of growth with known truth, made from a seed."""

import numpy as np
import pandas as pd


def made_growth(
    rng: np.random.Generator,
    n_clusters: int = 12,
    per_cluster: int = 5,
    n_times: int = 10,
    effect: float = 0.6,
    interaction: float = 0.0,
    shock: float = 0.0,
    x_noise: float = 0.0,
    z_noise: float = 0.0,
    curve: float = 0.0,
) -> pd.DataFrame:
    """y follows x (`effect`), x² (`curve`) and x·z (`interaction`) of the period before; `shock` moves x, then y, of
    whole clusters; x and z are seen with errors of known size (``x_se``, ``z_se``).
    """
    n = n_clusters * per_cluster
    cluster = np.repeat(np.arange(n_clusters), per_cluster)
    together = rng.normal(size=(n_clusters, n_times + 1))[cluster]
    x = rng.normal(size=(n, 1)) * 0.5 + together + 0.7 * rng.normal(size=(n, n_times + 1))
    z = rng.normal(size=(n, 1)) * 0.5 + 0.4 * together + rng.normal(size=(n, n_times + 1))
    follows = effect * x + interaction * x * z + curve * x**2 + shock * together
    y = 3 + rng.normal(size=(n, 1)) + rng.normal(size=(1, n_times + 1)) + rng.normal(size=x.shape)
    y[:, 1:] += follows[:, :-1]
    seen = {"x": x + x_noise * rng.normal(size=x.shape), "z": z + z_noise * rng.normal(size=x.shape), "y": y}
    rows = {name: values[:, 1:].ravel() for name, values in seen.items()}
    keys = {"entity": np.repeat(np.arange(n), n_times), "cluster": np.repeat(cluster, n_times)}
    times = np.tile(np.arange(2001, 2001 + n_times), n)
    return pd.DataFrame(keys | {"time": times} | rows | {"x_se": x_noise, "z_se": z_noise})
