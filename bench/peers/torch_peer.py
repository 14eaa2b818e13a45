"""Rows of the benchmarks in PyTorch with autograd, as its users write them. See server.py and ../README.md."""
import sys

import torch

from server import serve

EPSILON = REG_LAMBDA = 0.01


def descend(loss, parameters, rate):
    gradients = torch.autograd.grad(loss, parameters)
    with torch.no_grad():
        for parameter, gradient in zip(parameters, gradients):
            parameter -= rate * gradient


def tutorial(x, y, w1, w2):
    b1 = torch.zeros(w1.shape[1], dtype=x.dtype)
    b2 = torch.zeros(2, dtype=x.dtype)
    parameters = [p.requires_grad_() for p in (w1, b1, w2, b2)]
    n = len(x)

    def step():
        z2 = torch.tanh(x @ w1 + b1) @ w2 + b2
        regularization = REG_LAMBDA / 2 / n * (w1.square().sum() + w2.square().sum())
        descend(torch.nn.functional.cross_entropy(z2, y) + regularization, parameters, EPSILON)
        return parameters

    return step


def layers(x, y, w1, w2, w3):
    b1, b2, b3 = (torch.zeros(w.shape[1], dtype=x.dtype) for w in (w1, w2, w3))
    parameters = [p.requires_grad_() for p in (w1, b1, w2, b2, w3, b3)]

    def step():
        a2 = torch.relu(torch.addmm(b2, torch.relu(torch.addmm(b1, x, w1)), w2))
        descend(torch.nn.functional.cross_entropy(torch.addmm(b3, a2, w3), y), parameters, EPSILON)
        return parameters

    return step


def logistic(x, y, w):
    b = torch.zeros((), dtype=x.dtype, requires_grad=True)
    w.requires_grad_()

    def step():
        z = x @ w + b
        entropy = torch.nn.functional.binary_cross_entropy_with_logits(z, y, reduction="none")
        prediction = z > 0
        descend(entropy.mean() + 0.01 * w.square().sum(), [w, b], 0.1)
        return prediction.to(x.dtype), entropy, w, b

    return step


def elementwise(x, y, z):
    return lambda: (x * 2 + y ** 2 + torch.tanh(z) - torch.exp(-x * x) * torch.sigmoid(y),)


ROWS = {
    "tutorial": tutorial,
    "layers": layers,
    "logistic": logistic,
    "elementwise": elementwise,
    "axpb": lambda x, y, z: lambda: (x * y + z * 2 - 1,),
    "softmax": lambda x: lambda: (torch.softmax(x, 1),),
    "log_softmax": lambda x: lambda: (torch.log_softmax(x, 1),),
    "logsumexp": lambda x: lambda: (torch.logsumexp(x, 1),),
    "sum_all": lambda x: lambda: (x.sum(),),
    "sum_0": lambda x: lambda: (x.sum(0),),
    "sum_1": lambda x: lambda: (x.sum(1),),
    "mean_var": lambda x: lambda: tuple(reversed(torch.var_mean(x, 0, unbiased=False))),
    "product": lambda a, b: lambda: (a @ b,),
    "add_one": lambda x: lambda: (x + 1,),
    "exp": lambda x: lambda: (torch.exp(x),),
    "log": lambda x: lambda: (torch.log(x),),
    "tanh": lambda x: lambda: (torch.tanh(x),),
    "sin": lambda x: lambda: (torch.sin(x),),
    "cos": lambda x: lambda: (torch.cos(x),),
    "pow": lambda x, y: lambda: (torch.pow(x, y),),
    "sigmoid": lambda x: lambda: (torch.sigmoid(x),),
    "erf": lambda x: lambda: (torch.erf(x),),
}

if __name__ == "__main__":
    torch.set_num_threads(int(sys.argv[1]))
    serve(f"PyTorch {torch.__version__}", ROWS, torch.from_numpy, lambda x: x.detach().numpy())
