"""The correlations of the liquidity backtest with their intervals, by numpy and by scipy.

Reads a CSV file without a header: protocol, day, score, aum, with a row for every day of every protocol, days from 37 before the
period to its end. Prints one JSON object: the coefficient of score, AUM and last month's change with what AUM did, and milliseconds.
Reading the file is not timed.
"""

import json
import os
import sys
import time

# One core, as the engine has.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np  # noqa: E402
from scipy.stats import spearmanr  # noqa: E402

BEFORE, HORIZON, MONTH, SAMPLES = 37, 30, 30, 1000


def cases(scores, aum):
    """The cases: protocol, outcome and the three figures."""
    last = scores.shape[1] - 1
    days = np.arange(BEFORE, last - HORIZON + 1, HORIZON)
    protocols = np.repeat(np.arange(scores.shape[0]), days.size)
    outcome = (aum[:, days + HORIZON] / aum[:, days]).ravel()
    figures = [scores[:, days].ravel(), aum[:, days].ravel(), (aum[:, days] / aum[:, days - MONTH]).ravel()]
    return protocols, outcome, figures


class Ranked:
    """A variable in the order of its values, whose mean ranks follow from how often each protocol is drawn."""

    def __init__(self, values, protocols):
        self.order = np.argsort(values, kind="stable")
        ordered = values[self.order]
        self.first = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
        self.group = np.cumsum(np.r_[False, ordered[1:] != ordered[:-1]])
        self.protocols = protocols[self.order]

    def ranks(self, times):
        tied = np.add.reduceat(times[self.protocols], self.first)
        below = np.cumsum(tied) - tied
        ranks = np.empty(self.order.size)
        ranks[self.order] = (2 * below + tied)[self.group]
        return ranks


def pearson(x, y, weights):
    total = weights.sum()
    x, y = x - (weights @ x) / total, y - (weights @ y) / total
    return (weights * x) @ y / np.sqrt(((weights * x) @ x) * ((weights * y) @ y))


def by_numpy(scores, aum, rng):
    """The engine's method: no sample is sorted again."""
    protocols, outcome, figures = cases(scores, aum)
    count = scores.shape[0]
    outcome, figures = Ranked(outcome, protocols), [Ranked(of, protocols) for of in figures]

    def coefficients(times):
        y, weights = outcome.ranks(times), times[protocols].astype(float)
        return [pearson(of.ranks(times), y, weights) for of in figures]

    whole = coefficients(np.ones(count, dtype=np.int64))
    samples = [coefficients(np.bincount(rng.integers(0, count, count), minlength=count)) for _ in range(SAMPLES)]
    return whole, np.percentile(samples, [2.5, 97.5], axis=0)


def by_scipy(scores, aum, rng, samples):
    """As one writes it down: every sample's cases, then spearmanr."""
    protocols, outcome, figures = cases(scores, aum)
    count, each = scores.shape[0], outcome.size // scores.shape[0]
    whole = [spearmanr(of, outcome).statistic for of in figures]
    found = []
    for _ in range(samples):
        drawn = rng.integers(0, count, count)
        rows = (drawn[:, None] * each + np.arange(each)).ravel()
        found.append([spearmanr(of[rows], outcome[rows]).statistic for of in figures])
    return whole, np.percentile(found, [2.5, 97.5], axis=0)


def main(path):
    table = np.loadtxt(path, delimiter=",")
    count = int(table[:, 0].max()) + 1
    scores, aum = (table[:, column].reshape(count, -1) for column in (2, 3))
    milliseconds = []
    for _ in range(5):
        started = time.perf_counter()
        whole, interval = by_numpy(scores, aum, np.random.default_rng(1))
        milliseconds.append(1e3 * (time.perf_counter() - started))
    # A tenth of the samples, or it would take the longest of the section.
    started = time.perf_counter()
    scipy, _ = by_scipy(scores, aum, np.random.default_rng(1), SAMPLES // 10)
    spearman = 1e4 * (time.perf_counter() - started)
    print(
        json.dumps(
            {
                "numpy": whole,
                "interval": interval.tolist(),
                "scipy": scipy,
                "numpy_ms": sorted(milliseconds)[2],
                "scipy_ms": spearman,
            }
        )
    )


main(sys.argv[1])
