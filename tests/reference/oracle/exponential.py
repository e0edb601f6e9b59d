"""exp, exp2, exp_m1, ln, ln_1p, log2, log10, log, sigmoid, softplus, silu."""

import math

from mpmath import mp

from .arithmetic import unary_points
from .column import Real
from .operation import Operation, ordered
from .points import (ABOVE_ONE, BELOW_ONE, MAX, MIN_SUBNORMAL, half_line, line,
                     neighbours, scattered, seeded, uniform)

# Around ln(MAX), ln(MIN_NORMAL), ln(MIN_SUBNORMAL) and ln(MIN_SUBNORMAL/2),
# and where 1 + exp(x) or exp(x) - 1 begins to round to one of its terms.
EXP_EDGES = [*neighbours(709.782712893384), *neighbours(-708.3964185322641),
             -720.5, *neighbours(-744.4400719213812),
             *neighbours(-745.1332191019412), 709.0, 710.0, -746.0, 745.2,
             -709.79, 36.7, -36.7, 37.5, -37.5, 700.25, -700.25]

# The same for powers of two. 2**-1075 is half-way between 0 and the smallest
# subnormal.
EXP2_EDGES = [*neighbours(1024.0), *neighbours(-1022.0), -1050.3,
              *neighbours(-1074.0), *neighbours(-1075.0), -1076.0, 53.0, 0.1,
              -53.5]

NEAR_ONE = [*neighbours(1.0, 3), 1.0 - 1e-12, 1.0 + 1e-12, 1.0 - 1e-8,
            1.0 + 1e-8, 0.999, 1.001, 0.9, 1.1]

ABOVE_MINUS_ONE = [-BELOW_ONE, -1.0 + 1e-12, -1.0 + 1e-8, -0.999, -0.99, -0.9]


def sigmoid(x):
    return 1 / (1 + mp.exp(-x))


def sigmoid_slope(x):
    return sigmoid(x) * sigmoid(-x)


def softplus(x):
    # exp(-|x|) may have fewer bits in common with 1 than any precision holds;
    # log1p then still returns it.
    return max(x, mp.mpf(0)) + mp.log1p(mp.exp(-abs(x)))


def silu_slope(x):
    return sigmoid(x) + x * sigmoid_slope(x)


# The minimum of silu, where its derivative cancels to nothing.
SILU_MINIMUM = -1.2784645427610738

# Beside it, what is left of 1 and x * sigmoid(-x) is small.
SILU_CANCELS = [-1.5261573894324076, -1.5852438810013094, -1.1, -2.0]


def log_points():
    random = seeded("log")
    numbers = [MIN_SUBNORMAL, 1e-300, 1e-8, 0.5, BELOW_ONE, 1.0, ABOVE_ONE,
               2.0, 8.0, 1000.0, 1e100, MAX]
    bases = [MIN_SUBNORMAL, 1e-300, 0.1, 0.5, BELOW_ONE, ABOVE_ONE, 2.0,
             math.e, 10.0, 1e300]
    points = [(x, b) for x in numbers for b in bases]
    points += zip(uniform(random, 20, 0.0, 6.0), uniform(random, 20, 0.0, 6.0))
    points += zip(scattered(random, 16, -1000, 1000),
                  scattered(random, 16, -300, 300))
    return ordered(points)


OPERATIONS = [
    Operation("exp", "x", Real(mp.exp), {"d/dx": Real(mp.exp)},
              unary_points(line("exp", *EXP_EDGES))),
    Operation("exp2", "x", Real(lambda x: mp.power(2, x)),
              {"d/dx": Real(lambda x: mp.ln(2) * mp.power(2, x))},
              unary_points(line("exp2", *EXP2_EDGES))),
    Operation("exp_m1", "x", Real(mp.expm1), {"d/dx": Real(mp.exp)},
              unary_points(line("exp_m1", *EXP_EDGES)), zero=lambda x: x),
    Operation("ln", "x", Real(mp.ln), {"d/dx": Real(lambda x: 1 / x)},
              unary_points(half_line("ln", *NEAR_ONE))),
    Operation("ln_1p", "x", Real(mp.log1p),
              {"d/dx": Real(lambda x: 1 / (1 + x))},
              unary_points(line("ln_1p", *ABOVE_MINUS_ONE), lambda x: x > -1.0),
              zero=lambda x: x),
    Operation("log2", "x", Real(lambda x: mp.ln(x) / mp.ln(2)),
              {"d/dx": Real(lambda x: 1 / (x * mp.ln(2)))},
              unary_points(half_line("log2", *NEAR_ONE, 2.0**-1000, 8.0))),
    Operation("log10", "x", Real(lambda x: mp.ln(x) / mp.ln(10)),
              {"d/dx": Real(lambda x: 1 / (x * mp.ln(10)))},
              unary_points(half_line("log10", *NEAR_ONE, 1e-5, 1e15))),
    Operation("log", "x b", Real(lambda x, b: mp.ln(x) / mp.ln(b)),
              {"d/dx": Real(lambda x, b: 1 / (x * mp.ln(b))),
               "d/db": Real(lambda x, b: -mp.ln(x) / (b * mp.ln(b)**2))},
              log_points(),
              # The quotient of ln(1) and the negative logarithm of a base
              # below 1.
              zero=lambda x, b: b - 1.0),
    Operation("sigmoid", "x", Real(sigmoid), {"d/dx": Real(sigmoid_slope)},
              unary_points(line("sigmoid", *EXP_EDGES))),
    Operation("softplus", "x", Real(softplus), {"d/dx": Real(sigmoid)},
              unary_points(line("softplus", *EXP_EDGES))),
    Operation("silu", "x", Real(lambda x: x * sigmoid(x)),
              {"d/dx": Real(silu_slope)},
              unary_points(line("silu", *EXP_EDGES, -751.0, -751.75, -752.0,
                                *neighbours(SILU_MINIMUM), -1.2785, -1.27,
                                *SILU_CANCELS)),
              zero=lambda x: x),
]
