"""The steps of the tutorial's programs in PyTorch with autograd, as its users write them.

S3, S100: 200 x 2 -> 3 or 100 -> 2, float64. L: 5000 x 2 -> 1000 -> 2, float32.
Prints the median and the median absolute deviation of several runs. See ../README.md.
"""
import argparse
import time

import numpy as np
import torch

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--threads", type=int, default=1)
parser.add_argument("--repeats", type=int, default=15)
arguments = parser.parse_args()
torch.set_num_threads(arguments.threads)


def moons(n, noise=0.20):
    """Two moons; scikit-learn's make_moons but for the order of the points, which takes no time."""
    random = np.random.RandomState(0)
    t = np.linspace(0, np.pi, n // 2)
    x = np.concatenate([np.stack([np.cos(t), np.sin(t)], 1), np.stack([1 - np.cos(t), 0.5 - np.sin(t)], 1)])
    return x + random.normal(scale=noise, size=x.shape), np.repeat([0, 1], n // 2)


def program(n, hidden, dtype):
    """One step of gradient descent, as a function without arguments."""
    points, classes = moons(n)
    x, y = torch.tensor(points, dtype=dtype), torch.tensor(classes)
    torch.manual_seed(0)
    w1 = (torch.randn(2, hidden, dtype=dtype) / 2 ** 0.5).requires_grad_()
    b1 = torch.zeros(hidden, dtype=dtype, requires_grad=True)
    w2 = (torch.randn(hidden, 2, dtype=dtype) / hidden ** 0.5).requires_grad_()
    b2 = torch.zeros(2, dtype=dtype, requires_grad=True)
    parameters = [w1, b1, w2, b2]

    def step():
        z2 = torch.tanh(x @ w1 + b1) @ w2 + b2
        regularization = 0.01 / 2 / n * (w1.square().sum() + w2.square().sum())
        loss = torch.nn.functional.cross_entropy(z2, y) + regularization
        gradients = torch.autograd.grad(loss, parameters)
        with torch.no_grad():
            for parameter, gradient in zip(parameters, gradients):
                parameter -= 0.01 * gradient

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


print(f"PyTorch {torch.__version__}, {arguments.threads} thread(s)")
measure("S3", program(200, 3, torch.float64))
measure("S100", program(200, 100, torch.float64))
measure("L", program(5000, 1000, torch.float32))
