"""sum, product, mean, squared_norm, norm, log_sum_exp, dot,
linear_combination, polynomial: operations over lists of any length.

Where terms can cancel, the last column gives the condition: the sum of the
terms' absolute values. An error of a few ulps of the condition is what careful
summation in doubles reaches; no better can be asked of the value.
"""

import math
from fractions import Fraction

from mpmath import mp

from .column import Real
from .operation import Table, ordered, without_sign_of_zero
from .points import (MAX, MIN_SUBNORMAL, scattered, seeded, signed, uniform)
from .rounding import nearest

LENGTHS = range(1, 13)


def rounded(numbers):
    """Exact numbers as doubles. A zero here has no sign of its own."""
    return [nearest(Fraction(number)) for number in numbers]


def ordinary_lists(name, per_length, low=-6.0, high=6.0):
    random = seeded(name)
    return [tuple(uniform(random, n, low, high))
            for n in LENGTHS for _ in range(per_length)]


def scattered_lists(name, low, high):
    """One list of each length, its members of very different magnitudes."""
    random = seeded(name + " scattered")
    return [tuple(signed(random, scattered(random, n, low, high)))
            for n in LENGTHS]


def cancelling_lists(name):
    """Lists whose last member almost undoes the sum of the others."""
    random = seeded(name + " cancelling")
    lists = []
    for n in LENGTHS[1:]:
        others = uniform(random, n - 1, -6.0, 6.0)
        undo = -nearest(sum(map(Fraction, others)))
        lists.append((*others, undo))
    return lists


def by_length(lists):
    return sorted(ordered(lists), key=len)


# 1e16 + 1 - 1e16 needs compensation, and 0.1 ten times over is not 1.
HARD_SUMS = [(1e16, 1.0, -1e16), (1.0, 1e100, 1.0, -1e100),
             (0.1,) * 10, (1e-300, -1e-300), (MIN_SUBNORMAL,) * 3,
             (1e300, 1e-300), (0.0,), (0.0, 0.0, 0.0)]


def sums():
    lists = by_length([*ordinary_lists("sum", 3), *cancelling_lists("sum"),
                       *scattered_lists("sum", -60, 60), *HARD_SUMS,
                       (MAX, MAX)])
    return [[len(xs), *xs, *rounded([sum(map(Fraction, xs))]),
             *[1.0] * len(xs), *rounded([sum(abs(Fraction(x)) for x in xs)])]
            for xs in lists]


def means():
    # A list whose sum overflows has a finite mean, but not by the definition
    # everybody computes; it is left out.
    lists = by_length([*ordinary_lists("mean", 3), *cancelling_lists("mean"),
                       *scattered_lists("mean", -60, 60), *HARD_SUMS])
    return [mean_row(xs) for xs in lists]


def mean_row(xs):
    n = len(xs)
    share = Fraction(1, n)
    value = sum(map(Fraction, xs)) * share
    condition = sum(abs(Fraction(x)) for x in xs) * share
    return [n, *xs, *rounded([value, *[share] * n, condition])]


# With one zero only its own partial survives, and with two none does. The last
# lists overflow or vanish if multiplied from the left, though their products
# are of ordinary size.
HARD_PRODUCTS = [(0.0,), (0.0, 2.0, 3.0), (2.0, 0.0, 3.0), (0.0, 0.0, 3.0),
                 (-2.0, 0.0), (0.0, 0.0, 0.0), (2.0, 3.0, 0.0, -1.5, 0.0),
                 (1e200, 1e200), (1e-200, 1e-200), (1e-200, -1e-123),
                 (1e-160, 1e-160, 5.0), (MIN_SUBNORMAL, 0.75),
                 (1e200, 1e-200, 1e200, 1e-200), (1e-200, 1e-200, 1e200, 1e200),
                 (1e200, 1e200, 1e-200, -1e-200)]


def products():
    lists = by_length([*ordinary_lists("product", 4),
                       *scattered_lists("product", -20, 20), *HARD_PRODUCTS])
    return [product_row(xs) for xs in lists]


def product_row(xs):
    factors = list(map(Fraction, xs))
    others = [math.prod(factors[:i] + factors[i + 1:])
              for i in range(len(factors))]
    signs = math.prod(math.copysign(1.0, x) for x in xs)
    value = nearest(math.prod(factors), zero=signs)
    return [len(xs), *xs, value, *map(without_sign_of_zero, rounded(others))]


# Squares that overflow, vanish, and do so beside one that does not; zeros; and
# integers whose norm is one.
NORM_LISTS = [(3.0, 4.0), (1.0, 2.0, 2.0), (-2.0, 3.0, 6.0), (0.0, -5.0),
              (1e200, 1e200), (1e200, -1e-200, 3e199), (1e-200, 1e-200),
              (1e-160, 2e-160, -3e-160), (MIN_SUBNORMAL, MIN_SUBNORMAL),
              (3e-310, 4e-310), (1e154, 1e154, 1e154), (MAX,), (MAX, MAX),
              (1.0, 1e-8), (1.0, 2.0**-27, 2.0**-27), (1e-162, 1e-162)]


def norm_lists(name):
    return by_length([*ordinary_lists(name, 4),
                      *scattered_lists(name, -40, 40), *NORM_LISTS])


def squared_norms():
    return [squared_norm_row(xs)
            for xs in [(0.0,), (0.0, 0.0), *norm_lists("squared_norm")]]


def squared_norm_row(xs):
    value = sum(Fraction(x)**2 for x in xs)
    partials = [2 * Fraction(x) for x in xs]
    return [len(xs), *xs, *rounded([value, *partials, value])]


def norm(*xs):
    return mp.sqrt(sum(x**2 for x in xs))


def norms():
    return [real_row(xs, norm, lambda i: lambda *xs: xs[i] / norm(*xs))
            for xs in norm_lists("norm")]


def real_row(xs, value, partial):
    """A row whose columns need more than the rationals."""
    partials = [Real(partial(i)).nearest(xs) for i in range(len(xs))]
    return [len(xs), *xs, Real(value).nearest(xs),
            *map(without_sign_of_zero, partials)]


def log_sum_exp(*xs):
    return max(xs) + mp.ln(sum(mp.exp(x - max(xs)) for x in xs))


def softmax(i):
    # Dividing by exp(xs[i]) first keeps every term's relative size, however
    # far apart the arguments are.
    return lambda *xs: 1 / sum(mp.exp(x - xs[i]) for x in xs)


def log_sum_exp_lists():
    ordinary = ordinary_lists("log_sum_exp", 3)
    lists = list(ordinary)
    # A common offset must neither overflow nor drown the differences.
    for k, offset in enumerate((700.0, -700.0, 1e5, -1e5)):
        lists += [tuple(x + offset for x in xs) for xs in ordinary[k::4]]
    # Spread so far that most weights are tiny, or vanish.
    lists += scattered_lists("log_sum_exp", -4, 10)
    return by_length([*lists, *HARD_LOG_SUMS])


# Ties; differences that matter to the last bit or not at all; weights next to
# underflow; results that nearly cancel to 0: ln(e**-a + e**-b) = 0 exactly
# where e**-a + e**-b = 1.
HARD_LOG_SUMS = [(0.0,), (5.0,), (1000.0, 1000.0), (-1000.0, -1000.0),
                 (0.0, 0.0), (0.0,) * 12, (0.0, -36.7), (0.0, -37.5),
                 (0.0, -708.0), (0.0, -740.0), (0.0, -746.0), (0.0, 1e-300),
                 (1e300, 1e300), (1e300, -1e300), (-1e300, 0.0), (1e10, 0.0),
                 (-0.6931471805599453, -0.6931471805599453),
                 (-0.5, -0.9327521295671886), (-1e-20, -50.0), (-1e-3, -7.0)]


def log_sum_exps():
    return [real_row(xs, log_sum_exp, softmax) for xs in log_sum_exp_lists()]


def paired(name, firsts):
    """Each list with a second one of its length, of ordinary size."""
    random = seeded(name + " second")
    return [(xs, tuple(uniform(random, len(xs), -3.0, 3.0))) for xs in firsts]


def orthogonal_pairs(name):
    """Pairs whose last product almost undoes the others."""
    random = seeded(name + " orthogonal")
    pairs = []
    for n in LENGTHS[1:]:
        xs, ys = uniform(random, n, -6.0, 6.0), uniform(random, n, -3.0, 3.0)
        others = sum(Fraction(x) * Fraction(y)
                     for x, y in zip(xs[:-1], ys[:-1]))
        ys[-1] = -nearest(others / Fraction(xs[-1]))
        pairs.append((tuple(xs), tuple(ys)))
    return pairs


HARD_PAIRS = [((1e200, 1.0), (1e200, 1.0)), ((1e200, 1e-200), (1e-200, 1e200)),
              ((1e-200, 1e-200), (1e-200, -1e-200)), ((0.0, 2.0), (3.0, 0.0)),
              ((1e16, 1.0, -1e16), (1.0, 1.0, 1.0)),
              ((1.0 + 2.0**-30, 1.0), (1.0 - 2.0**-30, -1.0)),
              ((MIN_SUBNORMAL, MIN_SUBNORMAL), (0.5, 0.75)), ((0.0,), (0.0,))]


def pairs(name, per_length):
    firsts = [*ordinary_lists(name, per_length),
              *scattered_lists(name, -40, 40)]
    found = [*paired(name, firsts), *orthogonal_pairs(name), *HARD_PAIRS]
    return sorted(found, key=lambda pair: (len(pair[0]), pair))


def dots():
    return [[len(xs), *xs, *ys, value, *ys, *xs, condition]
            for xs, ys in pairs("dot", 3)
            for value, condition in [sum_of_products(xs, ys)]]


def linear_combinations():
    return [[len(cs), *cs, *xs, *sum_of_products(cs, xs)]
            for cs, xs in pairs("linear_combination", 3)]


def sum_of_products(xs, ys):
    """The value and its condition, both rounded."""
    terms = [Fraction(x) * Fraction(y) for x, y in zip(xs, ys)]
    return rounded([sum(terms), sum(map(abs, terms))])


def binomial_coefficients(power):
    """(x - 1)**power, which cancels all around its root."""
    return tuple((-1.0)**(power - k) * math.comb(power, k)
                 for k in range(power + 1))


def polynomial_points():
    random = seeded("polynomial")
    points = []
    for n in LENGTHS:
        cs = tuple(uniform(random, n, -6.0, 6.0))
        xs = uniform(random, 3, -2.0, 2.0)
        points += [(cs, x) for x in (0.0, 1.0, -1.0, *xs)]
        points.append((tuple(signed(random, scattered(random, n, -30, 30))),
                       *signed(random, scattered(random, 1, -20, 20))))
    for power in (2, 3, 5, 8, 11):
        points += [(binomial_coefficients(power), x)
                   for x in (1.0, 1.0 + 1e-8, 0.99, 1.5, -0.5)]
    points += [((1.0, 2.0, 3.0), 1e200), ((1.0, 2.0, 3.0), 1e-200),
               ((0.0, 0.0, 1.0), 1e-170), ((1.0, -1e300, 1e300), 1e10),
               ((0.0,), 2.0), ((-2.0, 0.0, 1.0), math.sqrt(2.0)),
               ((1.0, 1.0, 0.5, 1.0 / 6.0, 1.0 / 24.0), 1e-20)]
    return sorted(set(points), key=lambda point: (len(point[0]), point))


def polynomials():
    return [polynomial_row(cs, x) for cs, x in polynomial_points()]


def polynomial_row(cs, x):
    at = Fraction(x)
    terms = [Fraction(c) * at**k for k, c in enumerate(cs)]
    slopes = [k * Fraction(c) * at**(k - 1) for k, c in enumerate(cs) if k]
    value, slope, *conditions = rounded([
        sum(terms), sum(slopes), sum(map(abs, terms)), sum(map(abs, slopes))])
    return [len(cs), *cs, x, value, without_sign_of_zero(slope), *conditions]


def tables():
    listed = "n x1..xn value d/dx1..d/dxn"
    return [
        Table("sum", f"{listed} condition".split(), sums()),
        Table("product", listed.split(), products()),
        Table("mean", f"{listed} condition".split(), means()),
        Table("squared_norm", f"{listed} condition".split(), squared_norms()),
        Table("norm", listed.split(), norms()),
        Table("log_sum_exp", listed.split(), log_sum_exps()),
        Table("dot", "n x1..xn y1..yn value d/dx1..d/dxn d/dy1..d/dyn "
              "condition".split(), dots()),
        Table("linear_combination", "n c1..cn x1..xn value condition".split(),
              linear_combinations()),
        Table("polynomial", "n c0..c(n-1) x value d/dx condition "
              "condition_d/dx".split(), polynomials()),
    ]
