#!/usr/bin/env python3
"""Writes the reference tables: each operation's value and partial derivatives.

Every number is computed by mpmath, or exactly over the rationals, and rounded
once to the nearest double. The only requirement is mpmath, in the version that
`requirements.txt` names:

    python3 -m pip install -r tests/reference/requirements.txt
    python3 tests/reference/generate.py            # write tables/*.tsv
    python3 tests/reference/generate.py --check    # compare, write nothing

The result does not depend on the machine, on its libm, or on the precision
mpmath worked with: regeneration gives byte-identical files.
"""

import argparse
import sys
from pathlib import Path

sys.dont_write_bytecode = True  # The checkout holds sources and tables only.

from oracle import (arithmetic, exponential, hyperbolic, incomplete, logarithms,
                    normal, piecewise, powers, reductions, special, trigonometric)

FAMILIES = [arithmetic, powers, exponential, trigonometric, hyperbolic,
            piecewise, special, logarithms, normal, incomplete]

TABLES = Path(__file__).resolve().parent / "tables"


def main():
    parser = argparse.ArgumentParser(description="Write the reference tables.")
    parser.add_argument("--check", action="store_true",
                        help="compare with the files instead of writing them")
    arguments = parser.parse_args()
    files = {f"{table.name}.tsv": table.text() for table in tables()}
    return check(files) if arguments.check else write(files)


def tables():
    operations = [o for family in FAMILIES for o in family.OPERATIONS]
    return [*(o.table() for o in operations), *reductions.tables()]


def write(files):
    TABLES.mkdir(exist_ok=True)
    for name, text in files.items():
        (TABLES / name).write_bytes(text.encode("ascii"))
    for name in strangers(files):
        print(f"{name}: no operation has this table; remove it")
    print(f"{len(files)} tables written")
    return 0


def check(files):
    faults = [f"{name}: no operation has this table" for name in strangers(files)]
    for name, text in files.items():
        path = TABLES / name
        if not path.exists():
            faults.append(f"{name}: missing")
        elif path.read_bytes() != text.encode("ascii"):
            faults.append(f"{name}: differs")
    print("\n".join(faults) or f"{len(files)} tables agree")
    return 1 if faults else 0


def strangers(files):
    """Tables on disk that no operation asks for."""
    return sorted(p.name for p in TABLES.glob("*.tsv") if p.name not in files)


if __name__ == "__main__":
    sys.exit(main())
