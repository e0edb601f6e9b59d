"""The exact side of the reference tables: every operation as mathematics.

The modules follow the families of operations in `crates/wengert/src/ops/`.
Each one lists its operations with a formula for the value, a formula for each
partial derivative, and the points at which both are tabulated. The formulas
are written for arbitrary precision, where cancellation and overflow are no
concern; they share nothing with the formulas the engine uses on doubles.

Reading order: `rounding`, `column`, `operation`, `points`, then the families.
"""
