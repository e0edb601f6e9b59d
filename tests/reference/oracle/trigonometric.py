"""sin, cos, tan, asin, acos, atan, atan2."""

from mpmath import mp

from .arithmetic import unary_points
from .column import Rational, Real
from .operation import Operation, ordered
from .points import MAX, MIN_SUBNORMAL, line, open_unit, plane

# Doubles next to multiples of pi/2. The closest of all, 6381956970095103 *
# 2**797, is left out: there the cosine of glibc 2.36 is off by 80 ulps, and a
# row would test the platform instead of a derivative rule.
QUARTER_TURNS = [0.7853981633974483, 1.5707963267948966, 1.5707963267948968,
                 3.1415926535897927, 4.71238898038469, 6.283185307179586,
                 11.0, 22.0, 355.0, 710.0, 103993.0, 1e15, 123456789.125]


def atan2_is_smooth(y, x):
    """Away from the origin and from the cut along the negative x axis."""
    return y != 0.0 or x > 0.0


ATAN2_EDGES = [(1.0, 1e-8), (-1.0, 1e-300), (1e-300, 1.0), (1e200, 1e200),
               (-1e200, -1e200), (1e-200, 1e-200), (-1e-200, -2e-200),
               (MIN_SUBNORMAL, MIN_SUBNORMAL), (MAX, -MAX), (1e-300, -1.0),
               (-1e-300, -1.0), (-1e-300, 1e300), (-0.0, 1.0), (1.0, -0.0)]


OPERATIONS = [
    Operation("sin", "x", Real(mp.sin), {"d/dx": Real(mp.cos)},
              unary_points(line("sin", *QUARTER_TURNS)), zero=lambda x: x),
    Operation("cos", "x", Real(mp.cos), {"d/dx": Real(lambda x: -mp.sin(x))},
              unary_points(line("cos", *QUARTER_TURNS))),
    Operation("tan", "x", Real(mp.tan),
              {"d/dx": Real(lambda x: 1 / mp.cos(x)**2)},
              unary_points(line("tan", *QUARTER_TURNS)), zero=lambda x: x),
    Operation("asin", "x", Real(mp.asin),
              {"d/dx": Real(lambda x: 1 / mp.sqrt(1 - x**2))},
              unary_points(open_unit("asin")), zero=lambda x: x),
    Operation("acos", "x", Real(mp.acos),
              {"d/dx": Real(lambda x: -1 / mp.sqrt(1 - x**2))},
              unary_points(open_unit("acos"))),
    Operation("atan", "x", Real(mp.atan),
              {"d/dx": Real(lambda x: 1 / (1 + x**2))},
              unary_points(line("atan")), zero=lambda x: x),
    Operation("atan2", "y x", Real(mp.atan2),
              {"d/dy": Rational(lambda y, x: x / (x**2 + y**2)),
               "d/dx": Rational(lambda y, x: -y / (x**2 + y**2))},
              ordered(p for p in plane("atan2", *ATAN2_EDGES)
                      if atan2_is_smooth(*p)),
              zero=lambda y, x: y),
]
