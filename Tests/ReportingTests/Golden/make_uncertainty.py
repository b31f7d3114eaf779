"""Golden values of intervals, tests of methods and Student's t, by SciPy, NumPy and statsmodels.

Run: python make_uncertainty.py, with Tests/requirements.txt; writes uncertainty.json beside itself. SciPy 1.17.1,
NumPy 2.2.6, statsmodels 0.15.0, seed 20261127.

BCa: SciPy's own `_bca_interval`, given the means of resamples that were drawn with the project's counter-based generator
(`make_statistics.py` writes it a second time), at the confidence level whose normal quantile is Hesterberg's
sqrt(G / (G - 1)) t(0.975, G - 1).
"""
import itertools
import json
import pathlib

import numpy as np
import statsmodels.api as sm
from scipy import stats
from scipy.stats import _resampling

from make_statistics import draws

RESAMPLES = 2000


def student():
    # Not nearer to 0: at one degree of freedom SciPy 1.17.1 gives 0.5 for the tail beyond 1e-9, which is 0.49999999968.
    degrees = [1, 2, 3.7, 4, 5, 29, 29.5, 79, 81, 171, 5000]
    points = [0, 0.02, 0.1, 0.7, 1, 1.96, 2.5, 4, 9, 30, 400]
    shares = [1e-12, 1e-6, 0.0025, 0.025, 0.2, 0.45, 0.5, 0.55, 0.8, 0.975, 0.9999]
    return dict(
        tails=[dict(degrees=v, t=t, tail=float(stats.t.sf(t, v))) for v in degrees for t in points],
        quantiles=[dict(degrees=v, share=p, t=float(stats.t.ppf(p, v))) for v in degrees for p in shares],
        normal=[dict(share=p, z=float(stats.norm.ppf(p))) for p in shares],
    )


def clusters(x, groups):
    names = list(dict.fromkeys(groups))
    place = np.array([names.index(g) for g in groups])
    return np.bincount(place, weights=x), np.bincount(place), place


def student_interval(x, groups):
    """Mean, variance of the mean and interval, by SciPy where patients have one case each, else by statsmodels."""
    sums, counts, place = clusters(x, groups)
    if len(sums) < 2:
        return None
    if np.ptp(x) == 0:  # a definition of ours, where SciPy has NaN
        return dict(variance=0.0, ends=[x[0], x[0]])
    if (counts == 1).all():
        result = stats.ttest_1samp(x, 0)
        interval = result.confidence_interval(0.95)
        return dict(variance=float(stats.sem(x) ** 2), ends=[float(interval.low), float(interval.high)])
    fit = sm.OLS(x, np.ones(len(x))).fit(cov_type="cluster", cov_kwds=dict(groups=place), use_t=True)
    return dict(variance=float(fit.bse[0] ** 2), ends=fit.conf_int(0.05)[0].tolist())


def accelerated(x, groups, seed):
    sums, counts, _ = clusters(x, groups)
    size = len(sums)
    if size < 2:
        return None
    if np.ptp(x) == 0:
        return [x[0], x[0]]

    def mean(index, axis):
        # From first to last, as the program adds: whether a resample's mean ties with the sample's hangs on the last bit.
        return np.take(np.cumsum(np.take(sums, index), axis), -1, axis) / np.take(counts, index).sum(axis)

    index = draws(size * RESAMPLES, size, seed).reshape(RESAMPLES, size)
    alpha = stats.norm.cdf(-np.sqrt(size / (size - 1)) * stats.t.ppf(0.975, size - 1))
    means = mean(index, 1)
    with np.errstate(all="ignore"):
        low, high, _ = _resampling._bca_interval((np.arange(size),), mean, -1, alpha, means, None, np)
    return np.percentile(means, [100 * float(low), 100 * float(high)]).tolist()


def wrong_order(a, b):
    """The formula of arXiv 2505.04720 with its correlation spelt out."""
    n = len(a)
    if n < 2:
        return None
    r = np.corrcoef(a, b)[0, 1]
    spread = np.sqrt(a.var(ddof=1) + b.var(ddof=1) - 2 * a.std(ddof=1) * b.std(ddof=1) * r)
    best, other = (a, b) if a.mean() > b.mean() else (b, a)
    return float(stats.t.cdf(np.sqrt(n) * (other.mean() - best.mean()) / spread, n - 1))


def crossed(a, b):
    """a, b: by seed and case. SciPy's one-sample t over cases and Welch's t over seeds make up minF'."""
    cases = a.mean(0) - b.mean(0)
    if len(cases) < 2 or len(a) < 2 or len(b) < 2:
        return None
    over_cases = stats.ttest_1samp(cases, 0)
    over_seeds = stats.ttest_ind(a.mean(1), b.mean(1), equal_var=False)
    f1, f2 = over_cases.statistic**2, over_seeds.statistic**2
    min_f = f1 * f2 / (f1 + f2)
    degrees = (f1 + f2) ** 2 / (f1**2 / over_seeds.df + f2**2 / over_cases.df)
    together = 2 * stats.t.sf(np.sqrt(min_f), degrees)
    d = cases.mean()
    widths = []
    for spread, v in [(abs(d) / np.sqrt(min_f), degrees), (abs(d) / np.sqrt(f2), over_seeds.df)]:
        widths.append([spread * stats.t.ppf(0.975, v), spread * (stats.t.ppf(0.975, v) + stats.t.ppf(0.8, v))])
    half, detectable = np.max(widths, 0)
    return dict(p=float(max(together, over_seeds.pvalue)), ends=[d - half, d + half], detectable=float(detectable))


def main():
    rng = np.random.default_rng(20261127)
    samples = []
    for n, kind in itertools.product([1, 2, 5, 30, 172], ["plain", "ties", "patients", "skewed"]):
        x = rng.normal(0.3, 1.0, n) if kind != "skewed" else 100 * rng.beta(6.1, 2.4, n)
        if kind == "ties":
            x = np.round(x, 1)
            x[: n // 2] = x[n // 2]
        groups = [f"P{i // 2 if kind == 'patients' and i < n // 2 else i}" for i in range(n)]
        seed = int(rng.integers(2**63))
        samples.append(dict(
            kind=kind, values=x.tolist(), groups=groups, seed=seed, resamples=RESAMPLES,
            student=student_interval(x, groups), accelerated=accelerated(x, groups, seed)))
    orders, pairs = [], []
    for n, s in itertools.product([1, 2, 5, 30, 172], [1, 2, 5]):
        case = rng.normal(75, 12, n)
        a = case + rng.normal(0, 2, (s, 1)) + rng.normal(0, 4, (s, n))
        b = case + rng.normal(1, 1, (s + n % 2, 1)) + rng.normal(0, 4, (s + n % 2, n))
        pairs.append(dict(a=a.tolist(), b=b.tolist(), crossed=crossed(a, b)))
        orders.append(dict(a=a[0].tolist(), b=b[0].tolist(), probability=wrong_order(a[0], b[0])))
    path = pathlib.Path(__file__).with_name("uncertainty.json")
    path.write_text(json.dumps(dict(student=student(), samples=samples, pairs=pairs, orders=orders)) + "\n")


if __name__ == "__main__":
    main()
