"""Robust least squares of many groups at once: Huber weights, iterated. No loop over groups."""

import numpy as np
import pandas as pd

_NORMAL = 1.4826  # makes the median absolute deviation of a normal sample an estimate of its standard deviation


def robust_residuals(
    predictors: np.ndarray, target: np.ndarray, groups: np.ndarray, tuning: float, iterations: int = 15
) -> tuple[np.ndarray, np.ndarray]:
    """Residuals of a linear fit within each group, standardised for leverage, and the fitted values.

    Parameters
    ----------
    predictors : floats of shape (n, k), finite. An intercept is always fitted.
    target : floats of shape (n,), finite
    groups : integers of shape (n,), 0 or more; each group has its own coefficients
    tuning : Huber constant in robust standard deviations, above 0; residuals beyond it lose weight
    iterations : re-weightings after the ordinary fit

    Returns
    -------
    residual, fitted : both (n,). `residual` is `(target − fitted) / √(1 − leverage)`: a point that pulls the line
    towards itself is not excused by that, and its honest spread does not depend on where it lies. Huber (1964).
    """
    if len(target) == 0:
        return np.empty(0), np.empty(0)
    count = int(groups.max()) + 1
    design = np.column_stack([np.ones(len(target)), _centred(predictors, groups)])
    weights = np.ones(len(target))
    for step in range(iterations + 1):
        weighted = design * weights[:, None]
        normal = np.zeros((count, design.shape[1], design.shape[1]))
        np.add.at(normal, groups, weighted[:, :, None] * design[:, None, :])
        moment = np.zeros((count, design.shape[1]))
        np.add.at(moment, groups, weighted * target[:, None])
        inverse = np.linalg.pinv(normal, hermitian=True, rcond=1e-10)
        fitted = np.einsum("ni,ni->n", design, (inverse @ moment[:, :, None])[groups, :, 0])
        raw = target - fitted
        leverage = np.clip(np.einsum("ni,nij,nj->n", weighted, inverse[groups], design), 0.0, 0.99)
        if step < iterations:
            weights = _huber_weights(raw, groups, tuning)
    return raw / np.sqrt(1.0 - leverage), fitted


def _centred(predictors: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Predictors less their group mean, in units of their overall spread: the normal equations stay well posed."""
    frame = pd.DataFrame(predictors)
    centred = (frame - frame.groupby(groups).transform("mean")).to_numpy()
    spread = centred.std(axis=0)
    return centred / np.where(spread > 0, spread, 1.0)


def _huber_weights(residuals: np.ndarray, groups: np.ndarray, tuning: float) -> np.ndarray:
    series = pd.Series(residuals)
    deviation = (series - series.groupby(groups).transform("median")).abs()
    scale = _NORMAL * deviation.groupby(groups).transform("median").to_numpy()
    limit = tuning * np.where(scale > 0, scale, np.inf)
    return np.minimum(1.0, limit / np.maximum(np.abs(residuals), 1e-300))
