"""Rows of the benchmarks in NumPy, as its users write them. See server.py and ../README.md."""
import numpy as np

from server import serve

EPSILON = REG_LAMBDA = 0.01


def tutorial(x, y, w1, w2):
    """A step of the tutorial's network, by the gradients that one derives by hand."""
    n, dtype = len(x), x.dtype.type
    onehot = np.eye(2, dtype=dtype)[y] if y.ndim == 1 else y
    b1, b2 = np.zeros(w1.shape[1], dtype), np.zeros(2, dtype)
    epsilon, decay = dtype(EPSILON), dtype(REG_LAMBDA / n)

    def step():
        a1 = np.tanh(x.dot(w1) + b1)
        z2 = a1.dot(w2) + b2
        e = np.exp(z2 - z2.max(axis=1, keepdims=True))
        delta3 = (e / e.sum(axis=1, keepdims=True) - onehot) / dtype(n)
        dw2 = a1.T.dot(delta3) + decay * w2
        delta2 = delta3.dot(w2.T) * (1 - a1 * a1)
        dw1 = x.T.dot(delta2) + decay * w1
        w1[...] -= epsilon * dw1
        b1[...] -= epsilon * delta2.sum(axis=0)
        w2[...] -= epsilon * dw2
        b2[...] -= epsilon * delta3.sum(axis=0)
        return w1, b1, w2, b2

    return step


def layers(x, y, w1, w2, w3):
    """A step of a network of two hidden layers of rectifiers."""
    n, dtype = len(x), x.dtype.type
    b1, b2, b3 = (np.zeros(w.shape[1], dtype) for w in (w1, w2, w3))
    rows, epsilon = np.arange(n), dtype(EPSILON)

    def step():
        a1 = np.maximum(x.dot(w1) + b1, 0)
        a2 = np.maximum(a1.dot(w2) + b2, 0)
        z3 = a2.dot(w3) + b3
        e = np.exp(z3 - z3.max(axis=1, keepdims=True))
        d3 = e / e.sum(axis=1, keepdims=True)
        d3[rows, y] -= 1
        d3 /= dtype(n)
        d2 = d3.dot(w3.T) * (a2 > 0)
        d1 = d2.dot(w2.T) * (a1 > 0)
        gradients = x.T.dot(d1), d1.sum(axis=0), a1.T.dot(d2), d2.sum(axis=0), a2.T.dot(d3), d3.sum(axis=0)
        for parameter, gradient in zip((w1, b1, w2, b2, w3, b3), gradients):
            parameter -= epsilon * gradient
        return w1, b1, w2, b2, w3, b3

    return step


def logistic(x, y, w):
    """A step of Theano's logistic regression."""
    b = np.zeros(())
    n = len(x)

    def step():
        nonlocal b
        p = 1 / (1 + np.exp(-x.dot(w) - b))
        entropy = -y * np.log(p) - (1 - y) * np.log(1 - p)
        delta = (p - y) / n
        gradient = delta.dot(x) + 0.02 * w
        w[...] -= 0.1 * gradient
        b = b - 0.1 * delta.sum()
        return p > 0.5, entropy, w, b

    return lambda: tuple(np.asarray(result, np.float64) for result in step())


def elementwise(x, y, z):
    two = x.dtype.type(2)
    one = x.dtype.type(1)
    return lambda: (x * two + y ** 2 + np.tanh(z) - np.exp(-x * x) * (one / (one + np.exp(-y))),)


def axpb(x, y, z):
    return lambda: (x * y + z * np.float32(2) - np.float32(1),)


def softmax(x):
    def step():
        e = np.exp(x - x.max(axis=1, keepdims=True))
        return (e / e.sum(axis=1, keepdims=True),)

    return step


def log_softmax(x):
    def step():
        shifted = x - x.max(axis=1, keepdims=True)
        return (shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)),)

    return step


def logsumexp(x):
    def step():
        m = x.max(axis=1, keepdims=True)
        return (np.log(np.exp(x - m).sum(axis=1)) + m[:, 0],)

    return step


ROWS = {
    "tutorial": tutorial,
    "layers": layers,
    "logistic": logistic,
    "elementwise": elementwise,
    "axpb": axpb,
    "softmax": softmax,
    "log_softmax": log_softmax,
    "logsumexp": logsumexp,
    "sum_all": lambda x: lambda: (x.sum(),),
    "sum_0": lambda x: lambda: (x.sum(axis=0),),
    "sum_1": lambda x: lambda: (x.sum(axis=1),),
    "mean_var": lambda x: lambda: (x.mean(axis=0), x.var(axis=0)),
    "product": lambda a, b: lambda: (a.dot(b),),
    "add_one": lambda x: lambda: (x + 1,),
    "exp": lambda x: lambda: (np.exp(x),),
    "log": lambda x: lambda: (np.log(x),),
    "tanh": lambda x: lambda: (np.tanh(x),),
    "sin": lambda x: lambda: (np.sin(x),),
    "cos": lambda x: lambda: (np.cos(x),),
    "pow": lambda x, y: lambda: (x ** y,),
}

if __name__ == "__main__":
    serve(f"NumPy {np.__version__}", ROWS)
