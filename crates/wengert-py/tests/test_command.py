"""Random expressions have the derivatives that the repository's command gives for their text."""

import json
import os
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wengert
from wengert import Value

# The command, which `.ci/run python` builds and names.
COMMAND = os.environ.get("WENGERT_COMMAND")

pytestmark = pytest.mark.skipif(not COMMAND, reason="WENGERT_COMMAND names no command")

FUNCTIONS = ["exp", "sin", "cos", "tanh", "erf", "sigmoid", "softplus", "gelu"]
expressions = st.recursive(
    st.sampled_from(["x", "y"]) | st.floats(0.125, 4).map(lambda n: round(n, 3)),
    lambda inner: st.tuples(st.sampled_from(FUNCTIONS), inner)
    | st.tuples(st.sampled_from("+-*"), inner, inner)
    | st.tuples(st.just("^"), inner, st.integers(2, 3)),
    max_leaves=8,
)


def text(expression):
    match expression:
        case (name, inner):
            return f"{name}({text(inner)})"
        case (operator, left, right):
            return f"(({text(left)}) {operator} ({text(right)}))"
        case leaf:
            return str(leaf)


def value(expression, values):
    match expression:
        case str():
            return values[expression]
        case (name, inner):
            return getattr(wengert, name)(value(inner, values))
        case ("+", left, right):
            return value(left, values) + value(right, values)
        case ("-", left, right):
            return value(left, values) - value(right, values)
        case ("*", left, right):
            return value(left, values) * value(right, values)
        case ("^", base, power):
            return value(base, values) ** power
        case number:
            return number


@settings(max_examples=40, deadline=None)
@given(expressions, st.floats(-1, 1), st.floats(-1, 1))
def test_random_expressions(expression, x, y):
    # Both inputs stand in the text, so that the command takes them.
    expression = ("+", expression, ("*", "x", "y"))
    values = {"x": Value(x), "y": Value(y)}
    result = value(expression, values)
    if not abs(result.data) < 1e100:
        return
    result.backward()
    arguments = [COMMAND, "grad", "--json", text(expression), f"x={x!r}", f"y={y!r}"]
    run = subprocess.run(arguments, capture_output=True, text=True, check=True)
    answer = json.loads(run.stdout)
    assert result.data == pytest.approx(answer["value"], rel=1e-12, abs=1e-12)
    for given_input in answer["inputs"]:
        found = values[given_input["name"]].grad
        assert found == pytest.approx(given_input["derivative"], rel=1e-11, abs=1e-11)
