"""The covariance that the cross-lagged model with random intercepts gives to the waves, with its derivatives."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

X, Y = 0, 1
PAIRS = ((X, X), (X, Y), (Y, Y))


@dataclass(frozen=True)
class Model:
    """How many waves and how many lags; rows of all matrices are x and y of the first wave, of the second, and so on.

    Parameters stand in the order: paths; covariances of the lasting levels, then of the shocks (as `PAIRS`); those of
    the first `lag` waves within units (lower triangle).
    """

    n_waves: int
    lag: int

    @property
    def paths(self) -> list[tuple[int, int, int]]:
        """Outcome, cause and lag of each path."""
        return [(to, of, lag) for lag in range(1, self.lag + 1) for to in (X, Y) for of in (X, Y)]

    @property
    def df(self) -> int:
        """Variances and covariances of the waves beyond the parameters."""
        return self.n_waves * (2 * self.n_waves + 1) - len(self.start(np.eye(2 * self.n_waves)))

    def levels(self, parameters: np.ndarray) -> np.ndarray:
        """Covariance of the lasting levels, shape (..., 2, 2)."""
        first = len(self.paths)
        return np.tensordot(parameters[..., first : first + len(PAIRS)], self._blocks[1][:, :2, :2], 1)

    def sources(self, parameters: np.ndarray) -> np.ndarray:
        """Covariance of the first waves and of all shocks, shape (..., 2 waves, 2 waves)."""
        return np.tensordot(parameters[..., len(self.paths) + len(PAIRS) :], self._blocks[2], 1)

    def implied(self, parameters: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """
        Covariance of the waves, and its derivatives.

        Parameters
        ----------
        parameters : array, shape (..., k)

        Returns
        -------
        covariance : array, shape (..., 2 waves, 2 waves)
        derivatives : array, shape (..., k, 2 waves, 2 waves)
            By each parameter.

        Notes
        -----
        ``Σ = 11' ⊗ levels + (I - B)^-1 sources (I - B)^-T``, where B holds the paths.
        """
        paths, levels, sources = self._blocks
        regressions = np.tensordot(parameters[..., : len(paths)], paths, 1)
        spread = np.linalg.inv(np.eye(2 * self.n_waves) - regressions)
        within = spread @ self.sources(parameters) @ spread.swapaxes(-1, -2)
        each = spread[..., None, :, :]
        half = each @ paths @ within[..., None, :, :]
        steady = np.broadcast_to(levels, (*parameters.shape[:-1], *levels.shape))
        derivatives = [half + half.swapaxes(-1, -2), steady, each @ sources @ each.swapaxes(-1, -2)]
        return within + self._in_all_waves(self.levels(parameters)), np.concatenate(derivatives, axis=-3)

    def start(self, observed: np.ndarray) -> np.ndarray:
        """Parameters to search from, shape (k,): no paths, half of what waves share as levels, the rest as shocks."""
        levels = observed.reshape(self.n_waves, 2, self.n_waves, 2).mean(axis=(0, 2)) / 2
        rest = np.maximum(np.diag(observed - self._in_all_waves(levels)), np.diag(observed) / 10)
        shocks = np.diag(rest.reshape(-1, 2).mean(axis=0))
        first = np.diag(rest[: 2 * self.lag])
        pairs = [matrix[pair] for matrix in (levels, shocks) for pair in PAIRS]
        return np.concatenate([np.zeros(len(self.paths)), pairs, first[np.tril_indices(2 * self.lag)]])

    @cached_property
    def _blocks(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """What multiplies each parameter in B, in the levels of all waves, and in the sources."""
        size, is_later = 2 * self.n_waves, np.arange(self.n_waves) >= self.lag
        paths = [
            np.kron(np.diag(is_later[lag:], -lag).astype(float), np.outer(np.eye(2)[to], np.eye(2)[of]))
            for to, of, lag in self.paths
        ]
        levels = [self._in_all_waves(_symmetric(2, *pair)) for pair in PAIRS]
        shocks = [np.kron(np.diag(is_later), _symmetric(2, *pair)) for pair in PAIRS]
        first = [_symmetric(size, *cell) for cell in zip(*np.tril_indices(2 * self.lag), strict=True)]
        return np.array(paths), np.array(levels), np.array(shocks + first)

    def _in_all_waves(self, levels: np.ndarray) -> np.ndarray:
        return np.tile(levels, (self.n_waves, self.n_waves))


def _symmetric(size: int, row: int, column: int) -> np.ndarray:
    matrix = np.zeros((size, size))
    matrix[row, column] = matrix[column, row] = 1.0
    return matrix
