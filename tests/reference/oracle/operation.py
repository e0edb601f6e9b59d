"""An operation of fixed arity, and the table it becomes."""

import math
from dataclasses import dataclass
from typing import Callable


def unsigned_zero(*_):
    return 0.0


@dataclass
class Operation:
    """A value, its partial derivatives, and the points to tabulate them at.

    `zero` gives a number with the sign of a value that is exactly zero, which
    depends on the arguments in a way mathematics does not see: sin(-0.0) is
    -0.0.
    """

    name: str
    arguments: str
    value: object
    partials: dict
    points: list
    zero: Callable = unsigned_zero

    def table(self):
        arguments = self.arguments.split()
        header = [*arguments, "value", *self.partials]
        return Table(self.name, header, [self.row(p) for p in self.points])

    def row(self, point):
        value = self.value.nearest(point, self.zero(*point))
        partials = [column.nearest(point) for column in self.partials.values()]
        return [*point, value, *map(without_sign_of_zero, partials)]


@dataclass
class Table:
    """Rows of doubles, printed so that reading them back loses nothing."""

    name: str
    header: list
    rows: list

    def text(self):
        lines = ["# " + "\t".join(self.header)]
        lines += ["\t".join(map(repr, row)) for row in self.rows]
        return "\n".join(lines) + "\n"


def without_sign_of_zero(partial):
    """A partial that vanishes is written 0.0: no rule promises its sign."""
    return 0.0 if partial == 0.0 else partial


def ordered(points):
    """Distinct points in ascending order, -0.0 before 0.0."""
    keyed = {tuple(map(key, point)): tuple(point) for point in points}
    return [keyed[k] for k in sorted(keyed)]


def key(number):
    return (number, math.copysign(1.0, number))
