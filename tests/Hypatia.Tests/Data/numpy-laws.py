"""Writes numpy-laws.json: draws of numpy.random.RandomState (NumPy 1.24) of many parameters.

python3 numpy-laws.py [draws per call] [seeds] > numpy-laws.json

Each fact: [seed, warm, method, arguments, draws, hash, next]. Warm: standard_normal() was called before. The hash
is h = h·P + bits (mod 2^64) over the 64 bits of each draw, a NaN as the quiet one; next: random_sample() after.
"""
import json
import math
import sys

import numpy as np

P = 0x9E3779B97F4A7C15
COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 300
SEEDS = [0, 1, 42, 12345, 2**32 - 1] + list(range(100, 100 + int(sys.argv[2]) - 5 if len(sys.argv) > 2 else 100))

A3 = [1e-3, 0.1, 0.5, 0.9, 1.0, 1.5, 2.0, 3.0, 10.0, 1e3]
CALLS = {
    "random_sample": [[]],
    "standard_normal": [[]],
    "standard_exponential": [[]],
    "standard_cauchy": [[]],
    "normal": [[0.0, 1.0], [-3.5, 0.2], [1e10, 1e-3], [2.0, 0.0]],
    "uniform": [[0.0, 1.0], [-1.0, 1.0], [5.0, 2.0], [-1e300, 1e-300], [0.1, 0.3]],
    "exponential": [[1.0], [0.1], [1e5], [0.0]],
    "standard_gamma": [[a] for a in [0.0, 1e-10, *A3, 1e9, 1e300, math.inf, math.nan]],
    "gamma": [[a, s] for a in [0.0, 0.3, 1.0, 4.0] for s in [0.0, 0.7, 20.0]],
    "beta": [[a, b] for a in [1e-300, 0.01, 0.5, 1.0, 2.5, 50.0] for b in [1e-300, 0.01, 0.5, 1.0, 2.5, 50.0]],
    "chisquare": [[a] for a in A3],
    "noncentral_chisquare": [[a, n] for a in [0.5, 1.0, 1.5, 3.0, 20.0] for n in [0.0, 0.1, 2.0, 50.0]]
    + [[0.5, math.nan], [2.0, math.nan]],
    "f": [[a, b] for a in [0.5, 1.0, 3.0, 20.0] for b in [0.5, 2.0, 4.0, 20.0]],
    "noncentral_f": [[a, b, n] for a in [0.5, 3.0] for b in [0.5, 4.0] for n in [0.0, 1.0, 40.0]],
    "standard_t": [[a] for a in A3],
    "lognormal": [[0.0, 1.0], [3.0, 0.25], [-1.0, 5.0], [0.0, 0.0]],
    "wald": [[m, s] for m in [0.1, 1.0, 30.0] for s in [0.1, 1.0, 30.0]],
    "laplace": [[0.0, 1.0], [2.0, 0.1], [0.0, 0.0]],
    "logistic": [[0.0, 1.0], [2.0, 0.1]],
    "gumbel": [[0.0, 1.0], [2.0, 0.1]],
    "rayleigh": [[1.0], [0.3], [1e10]],
    "weibull": [[a] for a in [0.0, *A3]],
    "power": [[a] for a in A3],
    "pareto": [[a] for a in A3],
    "triangular": [[0.0, 1.0, 3.0], [-2.0, -2.0, 5.0], [-2.0, 5.0, 5.0], [1e-3, 2e-3, 1e3]],
    "vonmises": [[m, k] for m in [0.0, 1.0, -3.0, 100.0]
                 for k in [0.0, 1e-9, 1e-8, 1e-6, 0.1, 2.0, 100.0, 1e6, 1e10, 1e16]],
    "binomial": [[n, p] for n in [0, 1, 2, 10, 61, 100, 1000, 10**6, 10**9, 10**15, 2**62]
                 for p in [0.0, 1e-12, 0.01, 0.3, 0.5, 0.500001, 0.7, 0.99, 1.0]],
    "negative_binomial": [[n, p] for n in [0.1, 1.0, 5.5, 1e3] for p in [0.0, 0.01, 0.4, 0.9, 1.0]],
    "poisson": [[a] for a in [0.0, 1e-10, 0.5, 3.0, 9.999, 10.0, 11.5, 30.0, 100.0, 1e4, 1e9, 1e15, 9e18]],
    "geometric": [[p] for p in [1e-20, 1e-10, 0.01, 0.2, 0.3333, 1 / 3, 0.34, 0.5, 0.9, 1.0]],
    "hypergeometric": [[g, b, s] for g in [1, 7, 10, 100, 10**6] for b in [0, 3, 15, 1000, 10**9]
                       for s in [1, 8, 10, 11, 50, 900] if g + b >= s],
    "logseries": [[p] for p in [0.0, 1e-10, 0.1, 0.6, 0.99, 1 - 1e-12]],
    "zipf": [[a] for a in [1.01, 1.1, 1.5, 2.0, 2.5, 4.0, 50.0, 1024.0]],
    "tomaxint": [[]],
    "bytes": [[]],
    "permutation": [[]],
    "multinomial": [[n, *p] for n in [0, 5, 1000, 10**9]
                    for p in [[1.0], [0.2, 0.3, 0.5], [0.1] * 10, [0.3, 0.7, 0.0, 0.0], [0.0, 0.0, 1.0],
                              [0.25] * 4, [1 / 3] * 3]],
    "dirichlet": [[1.0, 2.0, 3.0], [0.1, 0.1], [1.0], [0.5, 1.0, 20.0, 1e3]],
    "choice": [[1], [7], [64], [100000]],
    "choice_without": [[1], [7], [64], [1000]],
    "choice_p": [[0.1, 0.2, 0.3, 0.4], [1.0], [0.0, 0.5, 0.0, 0.5, 0.0], [1 / 7] * 7],
    "choice_p_without": [[0.1, 0.2, 0.3, 0.4], [1.0], [0.01, 0.02, 0.9, 0.03, 0.04], [1 / 64] * 64],
}
RANGES = {
    "bool": [(0, 2), (0, 1), (1, 2)],
    "int8": [(-128, 128), (-5, 5), (0, 100), (3, 4)],
    "uint8": [(0, 256), (7, 200), (0, 2)],
    "int16": [(-2**15, 2**15), (-300, 700)],
    "uint16": [(0, 2**16), (10, 1000)],
    "int32": [(-2**31, 2**31), (0, 1000), (-7, 2**30)],
    "uint32": [(0, 2**32), (0, 2**31 + 1)],
    "int64": [(0, 10), (-5, 5), (0, 2**32), (0, 2**32 + 1), (0, 2**40), (-2**63, 2**63), (0, 2**63), (9, 10)],
    "uint64": [(0, 2**64), (2**63, 2**63 + 100), (0, 2**33)],
}


def draw(r, method, args, count):
    if method == "bytes":
        return np.frombuffer(r.bytes(count), np.uint8)
    if method == "permutation":
        return r.permutation(count)
    if method == "multinomial":
        return r.multinomial(args[0], args[1:], count).ravel()
    if method == "dirichlet":
        return r.dirichlet(args, count).ravel()
    if method == "choice":
        return r.choice(args[0], count)
    if method == "choice_without":
        return r.choice(args[0], min(count, args[0]), replace=False)
    if method == "choice_p":
        return r.choice(len(args), count, p=args)
    if method == "choice_p_without":
        return r.choice(len(args), sum(p > 0 for p in args), replace=False, p=args)
    return getattr(r, method)(*args, size=count)


def summary(x):
    if x.dtype == np.float64:
        x = np.where(np.isnan(x), np.nan, x)
        x = np.where(np.isnan(x), np.uint64(0x7FF8000000000000), x.view(np.uint64))
    else:
        x = x.astype(np.int64, casting="unsafe").view(np.uint64)
    powers = np.full(len(x), P, np.uint64)
    powers[:1] = 1
    return f"{int((x * np.cumprod(powers)[::-1]).sum(dtype=np.uint64)):016x}"


facts = []
np.seterr(all="ignore")
for number, seed in enumerate(SEEDS):
    for method, sets in CALLS.items():
        for args in sets:
            r = np.random.RandomState(seed)
            if number % 2:
                r.standard_normal()  # leave a normal draw in the cache
            x = draw(r, method, args, COUNT)
            facts.append([seed, number % 2, method, [str(a) for a in args], COUNT, summary(x), r.random_sample()])
    for dtype, ranges in RANGES.items():
        for low, high in ranges:
            r = np.random.RandomState(seed)
            x = r.randint(low, high, COUNT, dtype)
            args = [str(low), str(high)]
            facts.append([seed, 0, "randint_" + dtype, args, COUNT, summary(x), r.random_sample()])
print("[")
print(",\n".join(json.dumps(fact) for fact in facts))
print("]")
