"""The steps of the tutorial's programs in NumPy, written as the blog post before the tutorial writes them.

S3, S100: 200 x 2 -> 3 or 100 -> 2, float64. L: 5000 x 2 -> 1000 -> 2, float32, one-hot labels.
Prints the median and the median absolute deviation of several runs. See ../README.md.
"""
import argparse
import os
import time

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--threads", default="1")
parser.add_argument("--repeats", type=int, default=15)
arguments = parser.parse_args()
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = arguments.threads

import numpy as np  # noqa: E402  (reads the variables above when it is loaded)


def moons(n, noise=0.20):
    """Two moons; scikit-learn's make_moons but for the order of the points, which takes no time."""
    random = np.random.RandomState(0)
    t = np.linspace(0, np.pi, n // 2)
    x = np.concatenate([np.stack([np.cos(t), np.sin(t)], 1), np.stack([1 - np.cos(t), 0.5 - np.sin(t)], 1)])
    return x + random.normal(scale=noise, size=x.shape), np.repeat([0, 1], n // 2)


def program(n, hidden, dtype):
    """One step of gradient descent, as a function without arguments."""
    x, y = moons(n)
    random = np.random.RandomState(0)
    x = x.astype(dtype)
    w1 = (random.randn(2, hidden) / np.sqrt(2)).astype(dtype)
    b1 = np.zeros(hidden, dtype)
    w2 = (random.randn(hidden, 2) / np.sqrt(hidden)).astype(dtype)
    b2 = np.zeros(2, dtype)
    onehot = np.eye(2, dtype=dtype)[y]
    epsilon, reg_lambda = dtype(0.01), dtype(0.01)

    def step():
        a1 = np.tanh(x.dot(w1) + b1)
        z2 = a1.dot(w2) + b2
        e = np.exp(z2 - z2.max(axis=1, keepdims=True))
        delta3 = (e / e.sum(axis=1, keepdims=True) - onehot) / dtype(n)
        dw2 = a1.T.dot(delta3) + reg_lambda / dtype(n) * w2
        delta2 = delta3.dot(w2.T) * (1 - a1 * a1)
        dw1 = x.T.dot(delta2) + reg_lambda / dtype(n) * w1
        w1[...] -= epsilon * dw1
        b1[...] -= epsilon * delta2.sum(axis=0)
        w2[...] -= epsilon * dw2
        b2[...] -= epsilon * delta3.sum(axis=0)

    return step


def measure(name, step):
    """Prints the time of a step: batches of 20 ms or more, medians over the batches."""
    for _ in range(5):
        step()
    count = 1
    while run(step, count) < 0.02:
        count *= 2
    times = [run(step, count) / count for _ in range(arguments.repeats)]
    median = float(np.median(times))
    spread = float(np.median(np.abs(np.array(times) - median)))
    print(f"{name:5} {median * 1e6:12.1f} us ± {spread * 1e6:.1f}")


def run(step, count):
    start = time.perf_counter()
    for _ in range(count):
        step()
    return time.perf_counter() - start


print(f"NumPy {np.__version__}, {arguments.threads} thread(s)")
measure("S3", program(200, 3, np.float64))
measure("S100", program(200, 100, np.float64))
measure("L", program(5000, 1000, np.float32))
