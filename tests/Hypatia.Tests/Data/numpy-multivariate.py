"""Writes numpy-multivariate.json: multivariate_normal of numpy.random.RandomState (NumPy 1.24).

python3 numpy-multivariate.py [covariances per length] > numpy-multivariate.json

Each fact: [seed, mean, covariance, two draws].
"""
import json
import sys

import numpy as np

COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 2

r = np.random.RandomState(1)
facts = []


def add(cov):
    seed = int(r.randint(2**31))
    mean = r.standard_normal(len(cov)).round(3)
    draws = np.random.RandomState(seed).multivariate_normal(mean, cov, 2)
    facts.append([seed, mean.tolist(), cov.tolist(), draws.tolist()])


for n in [1, 2, 3, 4, 5, 6, 8]:
    for _ in range(COUNT):
        a = r.standard_normal((n, n))
        add(a @ a.T)
add(np.array([[1.0, 2.0], [2.0, 4.0]]))
add(np.array([[4.0, 0.0], [0.0, 9.0]]))
add(np.array([[9.0, 0.0], [0.0, 4.0]]))
add(np.array([[1.0, -0.999], [-0.999, 1.0]]))
add(np.array([[1.0, 1e-12], [1e-12, 1e-6]]))
add(np.array([[1e-20, 0.0], [0.0, 1.0]]))
add(np.diag([3.0, 1.0, 2.0]))
add(np.diag([1.0, 2.0, 3.0, 4.0]))
add(np.array([[2.0, 1.0, 0.0], [1.0, 2.0, 1.0], [0.0, 1.0, 2.0]]))
add(np.zeros((2, 2)))
add(np.eye(3))
add(np.outer([1.0, 2.0, 4.0], [1.0, 2.0, 4.0]) + np.diag([0.0, 0.0, 1.0]))
print("[")
print(",\n".join(json.dumps(fact) for fact in facts))
print("]")
