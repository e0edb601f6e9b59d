#!/usr/bin/env python3
"""Records what PyTorch returns at kinks, poles, infinities and NaN.

    python3 tests/reference/pytorch.py    # writes pytorch.json beside this file

It needs `torch`. The file it writes names the version that was asked. Each
case is `operation(arguments)` with a value and one gradient per argument; what
JSON cannot hold is written as the strings "nan", "inf" and "-inf".
"""

import json
from math import inf, nan
from pathlib import Path

import torch

cases = {}


def main():
    result = dict(torch=torch.__version__, neuron_b_float64=neuron(6.8814),
                  neuron_b_through_float32=neuron(torch.Tensor([6.8814]).item()),
                  cases=cases)
    text = json.dumps(result, indent=1)
    for token, string in [("NaN", '"nan"'), ("-Infinity", '"-inf"'),
                          ("Infinity", '"inf"')]:
        text = text.replace(token, string)
    Path(__file__).with_name("pytorch.json").write_text(text)


def leaf(x):
    return torch.tensor(float(x), dtype=torch.float64, requires_grad=True)


def value_and_gradients(function, point):
    leaves = [leaf(x) for x in point]
    output = function(*leaves)
    try:
        output.backward()
    except Exception as error:
        return dict(value=output.item(), grads="no grad: " + str(error)[:60])
    return dict(value=output.item(),
                grads=[None if x.grad is None else x.grad.item()
                       for x in leaves])


def add(name, function, *points):
    for point in points:
        point = point if isinstance(point, tuple) else (point,)
        cases[f"{name}{point}"] = value_and_gradients(function, point)


def neuron(b):
    """tanh(x1*w1 + x2*w2 + b), the neuron of the micrograd lecture.

    The bias is tried as a double, and rounded through float32 as a tensor of
    PyTorch's default type holds it.
    """
    x1, x2, w1, w2, bias = leaves = [
        torch.tensor([v], dtype=torch.float64, requires_grad=True)
        for v in (2.0, 0.0, -3.0, 1.0, b)]
    output = torch.tanh(x1 * w1 + x2 * w2 + bias)
    output.backward()
    gradients = zip(("x1", "x2", "w1", "w2", "b"),
                    (x.grad.item() for x in leaves))
    return dict(o=output.item(), **dict(gradients), b_used=bias.item())


def log_sum_exp(*xs):
    return torch.logsumexp(torch.stack(xs), 0)


def norm(*xs):
    return torch.linalg.vector_norm(torch.stack(xs))


def product(*xs):
    return torch.prod(torch.stack(xs))


def square_root_of_positives(x):
    return torch.where(x > 0, torch.sqrt(x), torch.zeros_like(x))


# Piecewise functions at their kinks, and powers at zero.
add("abs", torch.abs, 0.0, -0.0, nan, inf)
add("relu", torch.relu, 0.0, -0.0, nan)
add("max", torch.maximum,
    (1.0, 1.0), (0.0, -0.0), (nan, 1.0), (1.0, nan), (inf, inf))
add("min", torch.minimum, (1.0, 1.0), (nan, 1.0), (1.0, nan))
add("sqrt", torch.sqrt, 0.0, -0.0, -1.0, inf)
add("cbrt_by_pow", lambda x: x ** (1 / 3), 0.0, -8.0)
add("pow_vv", torch.pow,
    (0.0, 0.0), (0.0, 1.0), (0.0, 2.0), (0.0, -1.0), (-2.0, 2.0), (-2.0, 3.0),
    (-2.0, 0.5), (2.0, 0.0), (1.0, inf), (0.0, 0.5))
for k in (0, 1, 2, 3, -1):
    add(f"pow_int{k}", lambda x, k=k: x**k, 0.0, -2.0, 2.0)
add("pow_half", lambda x: x**0.5, 0.0)

# Saturation, poles and the edges of domains.
add("tanh", torch.tanh, 1000.0, -1000.0, 20.0, 0.0)
add("sigmoid", torch.sigmoid, 1000.0, -1000.0, 0.0)
add("softplus", torch.nn.functional.softplus, 1000.0, -1000.0, 0.0)
add("silu", torch.nn.functional.silu, 0.0, 1.0, -1.0)
add("gelu", torch.nn.functional.gelu, 0.0, 1.0, -1.0)
add("log", torch.log, 0.0, -1.0, inf)
add("log1p", torch.log1p, -1.0, 0.0, 1e-20)
add("exp", torch.exp, 1000.0, -1000.0)
add("acos", torch.acos, 1.0, -1.0, 0.0, 2.0)
add("asin", torch.asin, 1.0, -1.0)
add("acosh", torch.acosh, 1.0, 2.0)
add("atanh", torch.atanh, 1.0, 0.5)
add("atan2", torch.atan2,
    (0.0, 0.0), (1.0, 0.0), (0.0, -1.0), (-0.0, -1.0), (1.0, 1.0))
add("hypot", torch.hypot, (0.0, 0.0), (3.0, 4.0), (inf, 1.0), (1e200, 1e200))

# Jumps.
add("sign", torch.sign, 0.0, 2.0)
add("floor", torch.floor, 1.5, 2.0)
add("round", torch.round, 2.5)
add("trunc", torch.trunc, -1.5)
add("frac", torch.frac, -1.25)
add("fmod", torch.fmod, (5.5, 2.0), (-5.5, 2.0))
add("remainder", torch.remainder, (-5.5, 2.0))
add("copysign", torch.copysign, (2.0, -1.0), (0.0, 1.0), (-2.0, 0.0))
add("clamp01", lambda x: torch.clamp(x, 0.0, 1.0), -0.5, 0.0, 0.5, 1.0, 1.5)

# Zero times infinity, and branches that are computed but not used.
add("div", torch.div, (1.0, 0.0), (0.0, 0.0), (1.0, 2.0))
add("mul_zero_inf", lambda a, b: a * b, (0.0, inf))
add("where_masked_sqrt", square_root_of_positives, 0.0, -1.0)
add("zero_times_sqrt0", lambda x: 0.0 * torch.sqrt(x), 0.0)

# Special functions and reductions.
add("erf", torch.erf, 0.0, 1.0)
add("erfc", torch.erfc, 5.0)
add("lgamma", torch.lgamma, 0.5, 1.0, 2.0, -0.5, 10.0, 0.0)
add("digamma", torch.digamma, 0.5, 1.0, -0.5)
add("logsumexp", log_sum_exp,
    (1000.0, 1000.0), (-inf, -inf), (-inf, 0.0), (inf, 0.0), (1.0, 2.0, 3.0))
add("norm", norm, (0.0, 0.0), (3.0, 4.0))
add("prod", product, (0.0, 2.0, 3.0), (0.0, 0.0, 3.0))


if __name__ == "__main__":
    main()
