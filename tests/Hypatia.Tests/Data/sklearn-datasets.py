"""Writes sklearn-datasets.json: moons, circles and blobs of scikit-learn 1.2 on NumPy 1.24.

python3 sklearn-datasets.py [seeds] > sklearn-datasets.json

Each fact: [function, arguments, seed, X, y, random_sample() after it].
"""
import json
import sys

import numpy as np
from sklearn.datasets import make_blobs, make_circles, make_moons

SEEDS = int(sys.argv[1]) if len(sys.argv) > 1 else 2
CENTERS = [[0.0, 1.0, 2.0], [10.0, -10.0, 0.5], [3.0, 3.0, 3.0]]
SIZES = [0, 1, 2, 3, 7, 20] + ([200, 501] if SEEDS > 2 else [])

facts = []


def add(name, args, seed, call):
    r = np.random.RandomState(seed)
    x, y = call(r)
    facts.append([name, args, seed, x.tolist(), y.tolist(), r.random_sample()])


for seed in range(SEEDS):
    for n in SIZES:
        for noise in [None, 0.0, 0.2]:
            for shuffle in [False, True]:
                add("moons", [n, noise, shuffle], seed,
                    lambda r: make_moons(n, shuffle=shuffle, noise=noise, random_state=r))
                add("circles", [n, noise, 0.8, shuffle], seed,
                    lambda r: make_circles(n, shuffle=shuffle, noise=noise, random_state=r))
        if n:
            add("blobs", [n], seed, lambda r: make_blobs(n, random_state=r))
            add("blobs_at", [n], seed, lambda r: make_blobs(n, centers=np.array(CENTERS), random_state=r))
    add("circles", [10, 0.1, 0.3, True], seed, lambda r: make_circles(10, noise=0.1, factor=0.3, random_state=r))
    add("moons_sizes", [3, 8], seed, lambda r: make_moons((3, 8), noise=0.1, random_state=r))
    add("circles_sizes", [3, 8], seed, lambda r: make_circles((3, 8), noise=0.1, random_state=r))
    add("blobs_box", [17], seed, lambda r: make_blobs(
        17, n_features=4, centers=5, cluster_std=0.3, center_box=(-1.0, 2.0), shuffle=False, random_state=r))
    add("blobs_sizes", [2, 4, 3], seed, lambda r: make_blobs(
        [2, 4, 3], centers=np.array(CENTERS), cluster_std=[0.1, 1.0, 2.0], random_state=r))
print("[")
print(",\n".join(json.dumps(fact) for fact in facts))
print("]")
