#!/usr/bin/env python3
"""Writes the tables of second and third derivatives, at a choice of points.

    python3 tests/reference/second.py            # write second/*.tsv
    python3 tests/reference/second.py --check    # compare, write nothing

What is right everywhere is asked by `accuracy.py`, at every point there is and
at random ones; these tables are what the tests read without mpmath.
"""

import argparse
import sys
from itertools import combinations_with_replacement
from pathlib import Path

sys.dont_write_bytecode = True

import generate
from oracle.higher import derivatives, has_derivatives, smooth_operations
from oracle.operation import Table, without_sign_of_zero
from oracle.rounding import nearest

TABLES = Path(__file__).resolve().parent / "second"
POINTS = 36


def main():
    parser = argparse.ArgumentParser(description="Write the second tables.")
    parser.add_argument("--check", action="store_true",
                        help="compare with the files instead of writing them")
    generate.TABLES = TABLES
    files = {f"{table.name}.tsv": table.text() for table in tables()}
    if parser.parse_args().check:
        return generate.check(files)
    return generate.write(files)


def tables():
    for operation in smooth_operations():
        names = operation.arguments.split()
        positions = [key for order in (2, 3) for key in
                     combinations_with_replacement(range(len(names)), order)]
        header = [*names, *(",".join(map(str, key)) for key in positions)]
        points = [p for p in operation.points if has_derivatives(operation, p)]
        chosen = points[::max(1, len(points) // POINTS)]
        yield Table(f"{operation.name}{suffix(operation)}", header,
                    [row(operation, point, positions) for point in chosen])


def suffix(operation):
    """The length of the lists, for operations on lists."""
    names = operation.arguments.split()
    return f"_{len(names)}" if names[0] == "x1" else ""


def row(operation, point, positions):
    found = derivatives(operation, point)
    rounded = [nearest(found[key]) if key in found else float("nan")
               for key in positions]
    return [*map(float, point), *map(without_sign_of_zero, rounded)]


if __name__ == "__main__":
    sys.exit(main())
