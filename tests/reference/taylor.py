#!/usr/bin/env python3
"""Writes Taylor coefficients up to order 20: those of every smooth operation
along a path, and of the solution of y' = sin(y)·t.

    python3 tests/reference/taylor.py            # write taylor.tsv
    python3 tests/reference/taylor.py --check    # compare, write nothing

A row is an operation, how many arguments it has, for each its constant term and
its slope along the path, and the 21 coefficients. They come from the definition
of the operation, by mpmath's differences with so many digits that what they leave
out is below any double.
"""

import sys
from pathlib import Path

sys.dont_write_bytecode = True  # The checkout holds sources and tables only.

from mpmath import mp

PATH = Path(__file__).resolve().parent / "taylor.tsv"
ORDER = 20
DIGITS = 30


def phi(x):
    return mp.exp(-x * x / 2) / mp.sqrt(2 * mp.pi)


def cdf(x):
    return mp.erfc(-x / mp.sqrt(2)) / 2


def sinc(x):
    return mp.sin(mp.pi * x) / (mp.pi * x) if x else mp.mpf(1)


ONE = {
    "neg": (lambda x: -x, 0.7), "recip": (lambda x: 1 / x, 0.7),
    "sqrt": (mp.sqrt, 0.7), "cbrt": (mp.cbrt, 0.7),
    "exp": (mp.exp, 0.7), "exp2": (lambda x: mp.mpf(2) ** x, 0.7),
    "exp_m1": (mp.expm1, 0.7), "ln": (mp.log, 0.7),
    "ln_1p": (lambda x: mp.log(1 + x), 0.7),
    "log2": (lambda x: mp.log(x) / mp.log(2), 0.7),
    "log10": (lambda x: mp.log(x) / mp.log(10), 0.7),
    "sin": (mp.sin, 0.7), "cos": (mp.cos, 0.7), "tan": (mp.tan, 0.7),
    "asin": (mp.asin, 0.3), "acos": (mp.acos, 0.3), "atan": (mp.atan, 0.7),
    "sinh": (mp.sinh, 0.7), "cosh": (mp.cosh, 0.7), "tanh": (mp.tanh, 0.7),
    "asinh": (mp.asinh, 0.7), "acosh": (mp.acosh, 1.7), "atanh": (mp.atanh, 0.3),
    "sigmoid": (lambda x: 1 / (1 + mp.exp(-x)), 0.7),
    "softplus": (lambda x: mp.log(1 + mp.exp(x)), 0.7),
    "silu": (lambda x: x / (1 + mp.exp(-x)), 0.7),
    "gelu": (lambda x: x * cdf(x), 0.7),
    "erf": (mp.erf, 0.7), "erfc": (mp.erfc, 0.7),
    "lgamma": (mp.loggamma, 1.7), "digamma": (mp.digamma, 1.7),
    "normal_pdf": (phi, 0.7), "normal_cdf": (cdf, 0.7),
    "log1mexp": (lambda x: mp.log(1 - mp.exp(x)), -0.7),
    "log_sigmoid": (lambda x: -mp.log(1 + mp.exp(-x)), 0.7),
    "log_cosh": (lambda x: mp.log(mp.cosh(x)), 0.7),
    "sinc": (sinc, 0.7),
    "erfcx": (lambda x: mp.exp(x * x) * mp.erfc(x), 0.7),
    "erf_inv": (mp.erfinv, 0.3),
    "log_normal_cdf": (lambda x: mp.log(cdf(x)), -0.7),
    "normal_quantile": (lambda p: mp.sqrt(2) * mp.erfinv(2 * p - 1), 0.3),
}

TWO = {
    "add": (lambda x, y: x + y, 0.7, 1.3), "sub": (lambda x, y: x - y, 0.7, 1.3),
    "mul": (lambda x, y: x * y, 0.7, 1.3), "div": (lambda x, y: x / y, 0.7, 1.3),
    "pow": (lambda x, y: x ** y, 0.7, 1.3), "hypot": (mp.hypot, 0.7, 1.3),
    "log": (lambda x, y: mp.log(x) / mp.log(y), 0.7, 1.9),
    "atan2": (lambda y, x: mp.atan(y / x), 0.7, 1.3),
    "xlogy": (lambda x, y: x * mp.log(y), 0.7, 1.3),
    "xlog1py": (lambda x, y: x * mp.log(1 + y), 0.7, 1.3),
    "log_add_exp": (lambda x, y: mp.log(mp.exp(x) + mp.exp(y)), 0.7, 1.3),
    "log_diff_exp": (lambda x, y: mp.log(mp.exp(x) - mp.exp(y)), 1.3, 0.2),
    "log_beta": (lambda x, y: mp.loggamma(x) + mp.loggamma(y)
                 - mp.loggamma(x + y), 1.7, 1.3),
}

# Along paths on which the parameters stay; elsewhere there is no series.
OF_PARAMETERS = {
    "gamma_p": (lambda x, a: mp.gammainc(a, 0, x, regularized=True), 0.7, 1.7),
    "gamma_q": (lambda x, a: mp.gammainc(a, x, mp.inf, regularized=True), 0.7, 1.7),
    "beta_inc": (lambda x, a, b: mp.betainc(a, b, 0, x, regularized=True), 0.3, 1.7, 2.2),
}

LISTS = {
    "sum": lambda *xs: mp.fsum(xs), "product": lambda *xs: mp.fprod(xs),
    "mean": lambda *xs: mp.fsum(xs) / len(xs),
    "squared_norm": lambda *xs: mp.fsum(x * x for x in xs),
    "norm": lambda *xs: mp.sqrt(mp.fsum(x * x for x in xs)),
    "log_sum_exp": lambda *xs: mp.log(mp.fsum(mp.exp(x) for x in xs)),
    "mul_add": lambda x, y, z: x * y + z,
    "horner": lambda x, a, b: a + b * x,
}


def rows():
    for name, (f, x) in ONE.items():
        yield row(name, f, [(x, 1.0)])
        yield row(name, f, [(x, -1.25)])
    for name, (f, x, y) in TWO.items():
        yield row(name, f, [(x, 1.0), (y, 0.0)])
        yield row(name, f, [(x, 0.0), (y, 4.0)])
        yield row(name, f, [(x, 0.5), (y, -0.25)])
    for name, (f, x, *parameters) in OF_PARAMETERS.items():
        for slope in (1.0, -1.25):
            yield row(name, f, [(x, slope), *((a, 0.0) for a in parameters)])
    for name, f in LISTS.items():
        yield row(name, f, [(0.7, 0.5), (1.3, -0.25), (0.4, 0.125)])
    yield row("dot", lambda a, b, c, d: a * c + b * d,
              [(0.7, 0.5), (1.3, -0.25), (0.4, 0.125), (-0.3, 1.0)])
    yield "\t".join(["ode", "0", *map(double, solution())])


def row(name, f, path):
    with mp.workdps(DIGITS):
        along = lambda t: f(*(mp.mpf(x) + mp.mpf(v) * t for x, v in path))
        coefficients = mp.taylor(along, 0, ORDER)
    words = [repr(word) for point in path for word in point]
    return "\t".join([name, str(len(path)), *words, *map(double, coefficients)])


def solution():
    """y' = sin(y)·t with y(0) = 1: tan(y/2) = tan(1/2)·e^(t²/2)."""
    with mp.workdps(DIGITS):
        f = lambda t: 2 * mp.atan(mp.tan(mp.mpf(1) / 2) * mp.exp(t * t / 2))
        return mp.taylor(f, 0, ORDER)


def double(x):
    x = mp.re(x)
    # What differences leave of a zero.
    return repr(0.0 if abs(x) < mp.mpf(10) ** -22 else float(x))


def main():
    text = "\n".join(rows()) + "\n"
    if "--check" in sys.argv:
        sys.exit(0 if PATH.read_text() == text else "taylor.tsv differs")
    PATH.write_text(text)


if __name__ == "__main__":
    main()
