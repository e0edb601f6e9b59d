"""Second and third derivatives, from the formulas of the first.

A derivative is a central difference of first derivatives, with a step of
2**-150 of the smallest argument and so many bits that neither the step nor the
cancellation shows in forty digits. Where digits are dear there is less of both:
Gamma's functions have polygamma functions instead, and of functions that nothing
cancels in 700 bits are enough.
"""

import math
from fractions import Fraction
from itertools import combinations_with_replacement

from mpmath import mp

from . import (arithmetic, exponential, hyperbolic, incomplete, logarithms,
               normal, powers, reductions, special, trigonometric)
from .column import GAMMA_BITS, Rational, Real
from .operation import Operation

STEP_BITS = 150

# The step and the precision of functions whose digits are dear.
DEAR = {"gamma_p", "gamma_q", "beta_inc", "erf_inv", "normal_quantile"}
DEAR_STEP_BITS = 100
DEAR_BITS = 700

# The order of the polygamma function that is the first derivative.
POLYGAMMA = {"lgamma": 0, "digamma": 1}


def smooth_operations():
    """Operations with a second derivative, those of lists for short lists."""
    families = [arithmetic, powers, exponential, trigonometric, hyperbolic,
                special, logarithms, normal, incomplete]
    return [*(o for family in families for o in family.OPERATIONS),
            *(o for n in (2, 3, 4) for o in reductions_of(n))]


def reductions_of(n):
    """The reductions whose second derivatives are no constants."""
    names = [f"x{i + 1}" for i in range(n)]
    listed = [
        ("norm", Real(reductions.norm), reductions.norm_lists("norm"),
         lambda i: Real(lambda *xs: xs[i] / reductions.norm(*xs))),
        ("log_sum_exp", Real(reductions.log_sum_exp),
         reductions.log_sum_exp_lists(), lambda i: Real(reductions.softmax(i))),
        ("product", Rational(lambda *xs: math.prod(xs)),
         [row[1:row[0] + 1] for row in reductions.products()],
         lambda i: Rational(lambda *xs: math.prod(xs[:i] + xs[i + 1:])))]
    for name, value, points, partial in listed:
        partials = {f"d/d{x}": partial(i) for i, x in enumerate(names)}
        yield Operation(name, " ".join(names), value, partials,
                        [xs for xs in points if len(xs) == n])


def columns(operation, point):
    """The first derivatives that there are at a point, by position."""
    found = {}
    for k, name in enumerate(operation.arguments.split()):
        column = operation.partials.get(f"d/d{name}")
        exists = getattr(column, "defined", lambda *_: True)
        if column is not None and exists(*point):
            found[k] = column
    return found


def derivatives(operation, point):
    """All derivatives up to the third, as {positions: number}."""
    found = {(): at(operation.value, point)}
    if operation.name in POLYGAMMA:
        first = POLYGAMMA[operation.name]
        with mp.workprec(600):
            return found | {(0,) * n: polygamma(first + n - 1, mp.mpf(point[0]))
                            for n in (1, 2, 3)}
    if operation.name == "log_beta":
        # As many bits as a sum with the smallest subnormal has, and some.
        with mp.workprec(GAMMA_BITS):
            return found | of_log_beta(*map(mp.mpf, point))
    slopes = columns(operation, point)
    found |= {(i,): at(column, point) for i, column in slopes.items()}
    if operation.name in DEAR:
        # Beside a parameter 1, a step in a small x changes the density by a part of x.
        small = -3 * min(0, math.frexp(min(abs(x) or 1.0 for x in point))[1])
        return found | differences(slopes, point, DEAR_STEP_BITS, DEAR_BITS + small)
    higher = differences(slopes, point, STEP_BITS)
    size = max([1, *map(abs, found.values()), *map(abs, higher.values())])
    if any(0 < abs(number) < size * mp.mpf(2)**-150 for number in higher.values()):
        # What falls with the step is the difference's error, and stands for 0.
        finer = differences(slopes, point, STEP_BITS + 20)
        is_real = {k: abs(finer[k] - higher[k]) <= abs(higher[k]) * mp.mpf(2)**-60
                   for k in higher}
        higher = {k: higher[k] if is_real[k] else mp.mpf(0) for k in higher}
    return found | higher


def polygamma(n, x):
    """By reflection on the negative side, where mpmath takes as many steps as x is
    large."""
    if x > 0:
        return mp.psi(n, x)
    cot = mp.cospi(x) / mp.sinpi(x)
    square = 1 + cot**2
    of_cot = [cot, -square, 2 * cot * square, -2 * square * (3 * square - 2)][n]
    return (-1)**n * mp.psi(n, 1 - x) - mp.pi**(n + 1) * of_cot


def of_log_beta(*point):
    """Differences of polygamma functions, whose common part is that of the sum."""
    found = {}
    for order in (1, 2, 3):
        common = mp.psi(order - 1, sum(point))
        for key in combinations_with_replacement(range(2), order):
            own = mp.psi(order - 1, point[key[0]]) if len(set(key)) == 1 else 0
            found[key] = own - common
    return found


def at(column, point):
    with mp.workprec(getattr(column, "bits", GAMMA_BITS)):
        of_kind = Fraction if isinstance(column, Rational) else mp.mpf
        return number(column.formula(*map(of_kind, point)))


def number(result):
    """A result of either kind of column."""
    if isinstance(result, mp.mpf):
        return result
    return mp.mpf(Fraction(result).numerator) / Fraction(result).denominator


def differences(slopes, point, step_bits, bits=None):
    steps, span = steps_of(point, step_bits, is_own=bits is not None)
    memory = {}

    def slope(i, shifts):
        key = i, tuple(sorted(shifts.items()))
        if key not in memory:
            is_rational = isinstance(slopes[i], Rational)
            of_kind = Fraction if is_rational else mp.mpf
            xs = list(map(of_kind, point))
            for k, count in shifts.items():
                xs[k] += count * of_kind(2)**steps[k]
            memory[key] = number(slopes[i].formula(*xs))
        return memory[key]

    with mp.workprec(bits or 4 * span + 1800):
        found = {}
        for i, j in combinations_with_replacement(sorted(slopes), 2):
            rise = slope(i, {j: 1}) - slope(i, {j: -1})
            found[i, j] = mp.ldexp(rise, -steps[j] - 1)
        for i, j, k in combinations_with_replacement(sorted(slopes), 3):
            rise = second(lambda s: slope(i, s), j, k)
            found[i, j, k] = mp.ldexp(rise, -steps[j] - steps[k])
        return found


def steps_of(point, step_bits, is_own):
    """The exponents of the steps, one for all arguments or one for each, and of
    how many binades the numbers are."""
    sizes = [abs(x) for x in point if x]
    common = math.frexp(min([1.0, *sizes]))[1] - step_bits
    span = math.frexp(max([1.0, *sizes]))[1] - common
    if not is_own:
        return [common] * len(point), span
    return [math.frexp(min(1.0, abs(x) or 1.0))[1] - step_bits for x in point], span


def second(slope, j, k):
    """The second difference of a function of shifts."""
    if j == k:
        return slope({j: 1}) - 2 * slope({}) + slope({j: -1})
    corners = [(1, 1, 1), (-1, -1, 1), (1, -1, -1), (-1, 1, -1)]
    return sum(sign * slope({j: a, k: b}) for a, b, sign in corners) / 4


def has_derivatives(operation, point):
    """Whether all arguments have derivatives that differences can find."""
    if operation.name == "rem":
        return False  # Between its jumps it is linear.
    if operation.name == "powf" and abs(point[1]) > 1e20:
        return False  # A step in x would change the power by magnitudes.
    if operation.name == "powi":
        return point[0] != 0.0 or point[1] >= 0
    if operation.name == "erf_inv":
        # Below, the oracle has a straight line.
        return point[0] == 0.0 or abs(point[0]) > 1e-90
    return bool(columns(operation, point))
