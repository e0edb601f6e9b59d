"""What no derivative is held to, by operation and order.

Each has its reason in docs/CONVENTIONS.md. `excused` answers for one number,
`size` says of how large terms a number is a small difference.
"""

import math

from mpmath import mp

from .rounding import nearest

EPSILON = 2.0**-52

# How many epsilons of the terms that cancel are allowed.
OF_TERMS = 4


def sigmoid_slope(x):
    e = math.exp(-min(abs(x), 700.0))
    return e / (1.0 + e) ** 2


def normal_pdf(x):
    return 0.4 * math.exp(-min(x * x / 2.0, 700.0))


# Results that cancel: the size of the terms.
TERMS = {
    ("silu", 1): lambda x: 0.05 if -1.3 < x < -1.25 else 0.0,
    ("gelu", 1): lambda x: 0.23 if -1.0 < x < -0.6 else 0.0,
    ("digamma", 0): lambda x: 2.0 + math.log1p(-x) if x < 0 else 0.0,
    ("lgamma", 1): lambda x: 2.0 + math.log1p(-x) if x < 0 else 0.0,
    ("lgamma", 0): lambda x: 0.5 if -3.0 < x < -2.0 else 0.0,
    ("log_sum_exp", 0): lambda *x: 0.5 if -1.0 < max(x) < 0.0 else 0.0,
    ("silu", 2): lambda x: 2.0 * sigmoid_slope(x),
    ("silu", 3): lambda x: 4.0 * sigmoid_slope(x),
    ("sigmoid", 3): lambda x: 2.0 * sigmoid_slope(x),
    ("softplus", 3): lambda x: sigmoid_slope(x),
    ("tanh", 3): lambda x: 8.0 * sigmoid_slope(2 * x),
    ("gelu", 3): lambda x: (4.0 + x * x) * abs(x) * normal_pdf(x),
    ("normal_pdf", 3): lambda x: (3.0 + x * x) * abs(x) * normal_pdf(x),
    ("erf", 3): lambda x: (2.0 + 4.0 * x * x) * math.exp(-min(x * x, 700.0)),
    ("erfc", 3): lambda x: (2.0 + 4.0 * x * x) * math.exp(-min(x * x, 700.0)),
    ("asinh", 3): lambda x: 3.0 * (1.0 + x * x) ** -1.5 if abs(x) < 2 else 0.0,
    ("atan", 3): lambda x: 8.0 / (1.0 + x * x) ** 2 if abs(x) < 2 else 0.0,
    ("log_sum_exp", 3): lambda *x: largest_variance(x),
    ("digamma", 2): lambda x: mirrored(x) if x < 0 else 0.0,
    ("lgamma", 3): lambda x: mirrored(x) if x < 0 else 0.0,
}


def mirrored(x):
    """What cancels with up to twice as much between the poles."""
    with mp.workprec(80):
        return 2.0 * abs(float(mp.psi(2, 1 - mp.mpf(x))))


def largest_variance(x):
    """s(1 - s) of the share s that is nearest one half."""
    weights = [math.exp(v - max(x)) for v in x]
    total = sum(weights)
    return max(w * (total - w) for w in weights) / total**2


# What has a wider bar: units in the last place, and epsilons of the largest entry.
WIDER = {
    ("normal_quantile", 3): (12, 0),
    ("norm", 3): (8, 10),
    ("beta_inc", 3): (12, 12),
}


def wider(operation, order):
    """The bar, where it is no usual one."""
    return WIDER.get((operation.name, order))


def is_exempt_when_recorded(operation, point):
    """Where a recorded derivative divides by a length that has no digits."""
    if operation.name != "norm":
        return False
    with mp.workprec(80):
        length = mp.sqrt(sum(mp.mpf(x)**2 for x in point))
    return not 2.3e-308 < length < 1.79e308


# Their derivatives are those of a density, all of which can have zeros at one place.
INCOMPLETE = {"gamma_p", "gamma_q", "beta_inc"}


def density_over_spread(operation, order, x, *parameters):
    """What cancels in second and third derivatives: the density, for each order over
    the length over which it changes. Cubes have four times the errors of squares."""
    with mp.workprec(200):
        point = [mp.mpf(x), *map(mp.mpf, parameters)]
        density = abs(operation.partials["d/dx"].formula(*point))
        x, a = point[:2]
        slope, bend = (a - 1) / x, abs(a - 1) / x**2
        if len(point) == 2:
            slope -= 1
        else:
            rest, below = 1 - x, point[2] - 1
            slope, bend = slope - below / rest, bend + abs(below) / rest**2
        rate = abs(slope) + mp.sqrt(bend)
        return float(density * rate**(order - 1) * 4**(order - 2))


def are_extreme(*factors):
    return any(x and not 1e-150 < abs(x) < 1e150 for x in factors)


# What is not held at all: where, and why.
EXEMPT = {
    ("powi", 0): (lambda x, n: abs(n) > 8, "std multiplies repeatedly"),
    **{("product", order): (are_extreme, "factors are multiplied one by one")
       for order in (0, 1)},
    ("acosh", 0): (lambda x: x < 1.01 or x > 8e307, "std's formula"),
    ("asinh", 0): (lambda x: abs(x) > 8e307, "std's formula overflows"),
    ("atanh", 0): (lambda x: x < -0.9, "std's formula loses 1 + x"),
}


# Derivatives that may be NaN where one of their order is beyond the largest float,
# because infinities of both signs meet, or one and a zero.
LOST_BEYOND = {("norm", 2), ("norm", 3), ("atan2", 3)}


def size(operation, point, order):
    """Of how large terms a derivative of the order is a difference; else 0."""
    found = 0.0
    if operation.name in INCOMPLETE and order > 1:
        return density_over_spread(operation, order, *point)
    if (operation.name, order) in TERMS:
        found = TERMS[operation.name, order](*point)
    condition = operation.partials.get("condition")
    if order == 0 and condition is not None:
        with mp.workprec(200):
            found = max(found, float(condition.formula(*map(mp.mpf, point))))
    return found


def is_exempt(operation, point, order):
    rule = operation.name, order
    return rule in EXEMPT and EXEMPT[rule][0](*point)


def may_be_lost(operation, order, exact):
    """Whether NaN is an answer, given all derivatives at a point."""
    of_order = (number for key, number in exact.items() if len(key) == order)
    return (operation.name, order) in LOST_BEYOND and any(
        math.isinf(nearest(number)) for number in of_order)
