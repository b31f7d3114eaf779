"""Golden values of the report's statistics, by SciPy, NumPy and statsmodels.

Run: python make_statistics.py, with Tests/requirements.txt; writes statistics.json beside itself. SciPy 1.17.1,
NumPy 2.4.6, statsmodels 0.15.0, seed 20231124.

`draws` are those of the project's own counter-based generator (Philox 4x32-10), written here a second time with NumPy's
64-bit words, so that both sides of a bootstrap draw the same cases (`make_uncertainty.py`).
"""
import itertools
import json
import pathlib
import warnings

import numpy as np
from scipy import stats
from statsmodels.stats.multitest import multipletests

BOOTSTRAP = 6  # RandomStream.Purpose.bootstrap


def philox_words(count, seed, purpose):
    """The first words of RandomStream(seed, purpose)."""
    blocks = (count + 3) // 4
    mask = np.uint64(0xFFFFFFFF)
    c = [np.arange(blocks, dtype=np.uint64), np.full(blocks, purpose, np.uint64)]
    c += [np.zeros(blocks, np.uint64), np.zeros(blocks, np.uint64)]
    k0, k1 = seed & 0xFFFFFFFF, seed >> 32
    for _ in range(10):
        a, b = np.uint64(0xD2511F53) * c[0], np.uint64(0xCD9E8D57) * c[2]
        c = [(b >> np.uint64(32)) ^ c[1] ^ np.uint64(k0), b & mask, (a >> np.uint64(32)) ^ c[3] ^ np.uint64(k1), a & mask]
        k0, k1 = (k0 + 0x9E3779B9) & 0xFFFFFFFF, (k1 + 0xBB67AE85) & 0xFFFFFFFF
    return np.stack(c, 1).ravel()[:count]


def draws(count, bound, seed):
    words = philox_words(count + count // 50 + 100, seed, BOOTSTRAP)
    limit = 0xFFFFFFFF - 0xFFFFFFFF % bound
    return (words[words < limit] % np.uint64(bound))[:count].astype(int)


def exact_by_enumeration(d):
    """Any ranks, any ties: the distribution of the positive rank sum as a polynomial with exact integer counts."""
    d = d[d != 0]
    if len(d) == 0:
        return 1.0
    ranks = np.rint(2 * stats.rankdata(np.abs(d))).astype(int)
    counts = [1] + [0] * int(ranks.sum())
    for r in ranks:
        counts = [a + b for a, b in zip(counts, [0] * int(r) + counts)]
    t = int(ranks[d > 0].sum())
    return min(1.0, 2 * min(sum(counts[: t + 1]), sum(counts[t:])) / 2 ** len(d))


def signed_rank(d):
    nonzero = d[d != 0]
    plain = len(nonzero) == len(d) and len(np.unique(np.abs(d))) == len(d)
    if len(nonzero) == 0:
        exact, source = 1.0, "none left"
    elif plain:
        exact, source = stats.wilcoxon(d, method="exact").pvalue, "scipy exact"
    elif len(d) <= 13:
        exact, source = stats.wilcoxon(d, method=stats.PermutationMethod()).pvalue, "scipy permutation"
    else:
        exact, source = exact_by_enumeration(d), "enumeration alone"
    # SciPy sums its exact distribution in floating point; whole numbers have no rounding at all.
    assert np.isclose(exact, exact_by_enumeration(d), rtol=1e-9, atol=0), (exact, exact_by_enumeration(d))
    normal = stats.wilcoxon(d, method="asymptotic", correction=True).pvalue if len(nonzero) else 1.0
    ranks = stats.rankdata(np.abs(nonzero))
    plus, minus = ranks[nonzero > 0].sum(), ranks[nonzero < 0].sum()
    return dict(exact=exact_by_enumeration(d), source=source, normal=float(normal), positive=float(plus), negative=float(minus),
                rankBiserial=float((plus - minus) / (plus + minus)) if len(nonzero) else None)


def sample(values):
    return dict(
        count=len(values),
        mean=float(np.mean(values)) if len(values) else None,
        deviation=float(np.std(values, ddof=1)) if len(values) > 1 else None,
    )


def scores(rng, cases, structures):
    """Dice of each structure in each case, some not counted (None), some zero."""
    d = np.round(rng.beta(8, 2, (cases, structures)), 6)
    d[rng.random(d.shape) < 0.08] = 0
    d[rng.random(d.shape) < 0.15] = np.nan
    d[:, structures - 1] = np.nan  # a structure that is absent everywhere
    return d


def averages(d):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        by_case, by_structure = np.nanmean(d, 1), np.nanmean(d, 0)
    by_case, by_structure = by_case[~np.isnan(by_case)], by_structure[~np.isnan(by_structure)]
    return dict(
        dice=[[None if np.isnan(v) else v for v in row] for row in d],
        caseFirst=sample(by_case),
        structureFirst=sample(by_structure),
    )


def main():
    rng = np.random.default_rng(20231124)
    differences = []
    for n, kind in itertools.product([1, 2, 5, 30, 172], ["plain", "ties", "zeros"]):
        d = rng.normal(0.3, 1.0, n)
        if kind == "ties":
            d = np.round(d, 1)
            d[d == 0] = 0.1
        if kind == "zeros":
            d = np.round(d, 1)
            d[: (n + 1) // 2] = 0
        rng.integers(2**63)  # a draw of an earlier edition, so that the numbers stay
        differences.append(
            dict(values=d.tolist()) | sample(d) | signed_rank(d)
        )
    holm = []
    for m in [1, 2, 5, 9]:
        p = np.round(rng.beta(0.4, 3, m), 4)
        p[-1] = p[0]
        holm.append(dict(p=p.tolist(), adjusted=multipletests(p, method="holm")[1].tolist()))
    tables = [averages(scores(rng, n, 6)) for n in [1, 2, 5, 30, 172]]
    path = pathlib.Path(__file__).with_name("statistics.json")
    path.write_text(json.dumps(dict(differences=differences, holm=holm, averages=tables)) + "\n")


if __name__ == "__main__":
    main()
