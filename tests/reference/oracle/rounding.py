"""From an exact or very precise number to the nearest double.

Nothing here trusts a floating-point conversion: the significand is found by
integer division, so ties, subnormals and overflow are decided exactly.
"""

import math
from fractions import Fraction

SIGNIFICAND_BITS = 53
SMALLEST_EXPONENT = -1074  # 2**-1074 is the smallest subnormal.

# A number of at least 2**1025 overflows and one below 2**-1100 vanishes. Such
# numbers are recognised by their exponent, because writing exp(1e300) out as
# an integer would need 1e300 bits.
CERTAIN_OVERFLOW = 1025
CERTAIN_UNDERFLOW = -1100


def nearest(number, zero=0.0):
    """Rounds an int, a Fraction or an mpf to the nearest double, ties to even.

    An exact zero has no sign of its own: it takes that of `zero`. A nonzero
    number that vanishes keeps its sign, as IEEE 754 asks.
    """
    if isinstance(number, (int, Fraction)):
        if number == 0:
            return math.copysign(0.0, zero)
        size = nearest_ratio(abs(number.numerator), number.denominator)
        return size if number > 0 else -size
    return nearest_binary(number._mpf_, zero)


def nearest_binary(parts, zero):
    """Rounds mpmath's (sign, significand, exponent, bits)."""
    sign, significand, exponent, bits = (int(part) for part in parts)
    if significand == 0:
        if exponent != 0:
            raise ValueError("a formula gave an infinity or a NaN")
        return math.copysign(0.0, zero)
    if exponent + bits > CERTAIN_OVERFLOW:
        size = math.inf
    elif exponent + bits < CERTAIN_UNDERFLOW:
        size = 0.0
    elif exponent >= 0:
        size = nearest_ratio(significand << exponent, 1)
    else:
        size = nearest_ratio(significand, 1 << -exponent)
    return -size if sign else size


def nearest_ratio(numerator, denominator):
    """Rounds a positive ratio of integers."""
    # The ratio lies strictly between 2**(excess - 1) and 2**(excess + 1), so
    # the first quotient has 53 or 54 bits, and fewer only among subnormals.
    excess = numerator.bit_length() - denominator.bit_length()
    exponent = max(excess - SIGNIFICAND_BITS, SMALLEST_EXPONENT)
    quotient, twice_rest, unit = divide(numerator, denominator, exponent)
    if quotient.bit_length() > SIGNIFICAND_BITS:
        exponent += 1
        quotient, twice_rest, unit = divide(numerator, denominator, exponent)
    if twice_rest > unit or (twice_rest == unit and quotient % 2 == 1):
        quotient += 1
    try:
        return math.ldexp(quotient, exponent)
    except OverflowError:
        return math.inf


def divide(numerator, denominator, exponent):
    """The quotient in units of 2**exponent, twice the rest, and the divisor."""
    if exponent >= 0:
        denominator <<= exponent
    else:
        numerator <<= -exponent
    quotient, rest = divmod(numerator, denominator)
    return quotient, 2 * rest, denominator
