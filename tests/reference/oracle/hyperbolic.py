"""sinh, cosh, tanh, asinh, acosh, atanh."""

from mpmath import mp

from .arithmetic import unary_points
from .column import Real
from .operation import Operation
from .points import (half_line, line, neighbours, open_unit, scattered, seeded,
                     uniform)

# Where sinh and cosh overflow, where exp does so already, and where exp(-x)
# no longer counts beside exp(x).
SINH_EDGES = [x for edge in (710.4758600739439, 709.782712893384, 709.0, 711.0,
                             18.5, 19.1, 22.0)
              for size in neighbours(edge) for x in (size, -size)]

# Around the argument from which tanh rounds to 1, and along the tail of its
# derivative until that underflows.
TANH_EDGES = [x for size in (0.55, 8.5, 18.9, 19.06, 19.07, 22.5, 100.0, 177.3,
                             354.5, 372.0, 372.9, 373.0)
              for x in (size, -size)]



def above_one():
    random = seeded("acosh above one")
    return [*neighbours(1.0, 4), 1.0 + 1e-12, 1.0 + 1e-8, 1.0001, 1.01, 1.1,
            # Close to 1 both x - 1 and acosh(x) are small; random distances.
            *(1.0 + d for d in scattered(random, 16, -50, 0)),
            *uniform(random, 8, 1.0, 3.0)]


OPERATIONS = [
    Operation("sinh", "x", Real(mp.sinh), {"d/dx": Real(mp.cosh)},
              unary_points(line("sinh", *SINH_EDGES)), zero=lambda x: x),
    Operation("cosh", "x", Real(mp.cosh), {"d/dx": Real(mp.sinh)},
              unary_points(line("cosh", *SINH_EDGES))),
    Operation("tanh", "x", Real(mp.tanh),
              {"d/dx": Real(lambda x: 1 / mp.cosh(x)**2)},
              unary_points(line("tanh", *TANH_EDGES)), zero=lambda x: x),
    Operation("asinh", "x", Real(mp.asinh),
              {"d/dx": Real(lambda x: 1 / mp.sqrt(1 + x**2))},
              unary_points(line("asinh")), zero=lambda x: x),
    Operation("acosh", "x", Real(mp.acosh),
              {"d/dx": Real(lambda x: 1 / mp.sqrt(x**2 - 1))},
              unary_points(half_line("acosh", *above_one()),
                           lambda x: x > 1.0)),
    Operation("atanh", "x", Real(mp.atanh),
              {"d/dx": Real(lambda x: 1 / (1 - x**2))},
              unary_points(open_unit("atanh")), zero=lambda x: x),
]
