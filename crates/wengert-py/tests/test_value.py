"""Values: arithmetic, gradients, and what is refused."""

import copy
import gc
import math
import threading
import weakref

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wengert
from wengert import Value


def test_the_neuron_has_pytorchs_gradients():
    # As PyTorch gave them for this neuron: tests/reference/pytorch.json holds the file's like.
    x1, x2 = Value(2.0, label="x1"), Value(0.0, label="x2")
    w1, w2 = Value(-3.0, label="w1"), Value(1.0, label="w2")
    b = Value(6.881373587019543, label="b")
    o = (x1 * w1 + x2 * w2 + b).tanh()
    o.backward()
    assert o.data == pytest.approx(0.7071067811865477, rel=1e-15)
    found = [v.grad for v in (x1, w1, x2, w2, b)]
    assert found == pytest.approx([-1.5, 1.0, 0.5, 0.0, 0.5], rel=1e-12)


@pytest.mark.parametrize("number", [2, 2.0, np.float64(2.0), np.float32(2.0), np.int32(2), True])
def test_numbers_of_all_kinds_stand_on_both_sides(number):
    x, n = Value(3.0), float(number)
    pairs = [
        (x + number, 3 + n), (number + x, n + 3), (x - number, 3 - n), (number - x, n - 3),
        (x * number, 3 * n), (number * x, n * 3), (x / number, 3 / n), (number / x, n / 3),
        (x**number, 3**n), (number**x, n**3), (x // number, 3 // n),
        (number // x, n // 3),
    ]  # fmt: skip
    for value, expected in pairs:
        assert isinstance(value, Value)
        assert value.data == expected


def test_comparisons_are_those_of_numbers():
    x, y = Value(1.0), Value(2.0)
    assert x < y and x <= y and y > x and y >= x and x != y and x == 1.0 and 2 > x
    assert not Value(math.nan) == math.nan
    assert x != "one" and not x == None  # noqa: E711
    assert len({x, y, x}) == 2
    assert x and not Value(0.0)


def test_numpy_calls_the_methods():
    x = Value(0.7)
    assert np.exp(x).op == "exp" and np.exp(x).data == math.exp(0.7)
    array = np.array([Value(0.1), Value(0.2)])
    assert [v.op for v in np.tanh(array)] == ["tanh", "tanh"]
    assert (array @ np.array([1.0, 2.0])).data == pytest.approx(0.5)
    assert np.sum(array).data == pytest.approx(0.3)
    assert isinstance(np.float64(2.0) * x, Value)
    assert (np.array([1.0, 2.0]) * x)[1].data == 1.4
    assert np.arctan2(Value(1.0), Value(1.0)).data == math.pi / 4
    assert math.floor(Value(1.5)).data == 1.0


def test_gradients_are_set_and_not_added():
    x = Value(2.0)
    y = x * x
    y.backward()
    y.backward()
    assert x.grad == 4.0
    (3 * x).backward()
    assert x.grad == 3.0


def test_gradients_by_hand_are_held_against_the_chain_rule():
    a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    e = a * b
    e.grad, a.grad, b.grad = 1.0, -3.0, 2.0
    assert e.check() == []
    b.grad = 5.0
    assert e.check() == [(b, 5.0, 2.0)]


def test_data_of_an_input_can_be_set_and_what_was_computed_from_it_is_then_stale():
    w = Value(2.0, label="w")
    loss = (w * w).exp()
    w.data -= 0.5
    with pytest.raises(wengert.TraceError, match="compute it again"):
        loss.backward()
    with pytest.raises(wengert.TraceError, match="follow from its operands"):
        loss.data = 1.0


def test_a_value_is_no_float_by_itself():
    with pytest.raises(TypeError, match=r"\.data"):
        math.exp(Value(1.0))
    assert f"{Value(1.25):.1f}" == "1.2"


@pytest.mark.parametrize("wrong", ["text", None, [1.0, 2.0], object()])
def test_what_is_no_number_is_refused(wrong):
    with pytest.raises(TypeError):
        Value(1.0) + wrong if not isinstance(wrong, list) else Value(wrong)
    with pytest.raises(TypeError):
        Value(1.0).maximum(wrong)


def test_prev_and_label_belong_to_the_number_and_not_to_the_object():
    x = Value(2.0)
    y = 3 * x
    y.prev[0].label = "x"
    assert x.label == "x" and hash(y.prev[0]) == hash(x)
    assert repr(y.prev) == "(Value(2.0, label='x'),)"


def test_a_chain_longer_than_the_stack_is_differentiated_and_freed():
    x = Value(1.0)
    y = x
    for _ in range(300_000):
        y = y + 0.0
    y.backward()
    assert x.grad == 1.0
    del y


def test_nothing_is_left_of_many_recordings():
    w = Value(0.5)

    def resident():
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * 4096

    for repetition in range(100_000):
        (w * 2.0).tanh().exp()
        if repetition == 10_000:
            before = resident()
    assert resident() - before < 4 << 20


def test_a_function_that_nobody_holds_is_freed():
    def square(x):
        return x * x

    f = wengert.function(square, 2.0)
    watch = weakref.ref(square)
    del f, square
    gc.collect()
    assert watch() is None


def test_values_are_shared_by_threads():
    x = Value(2.0)
    results = []

    def work():
        for _ in range(200):
            y = (x * x).sin()
        results.append(y.data)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [math.sin(4.0)] * 4


def test_pictures_pages_and_explanations():
    x = Value(2.0, label="x")
    y = (x * x).tanh()
    y.label = "y"
    y.backward()
    assert "<svg" in y._repr_svg_() and ">x<" in y._repr_svg_()
    assert "<iframe" in y.page()._repr_html_()
    explanation = y.explain()
    assert r"\frac{\partial y}{\partial x}" in explanation._repr_markdown_()
    assert "∂y/∂x" in str(explanation)


def test_a_nan_is_traced_to_its_line():
    wengert.record_sources(True)
    try:
        x = Value(-1.0, label="x")
        y = x.sqrt() * 2
    finally:
        wengert.record_sources(False)
    assert "test_value.py" in y.diagnose() and "sqrt" in y.diagnose()


# Random expressions, against numbers of 40 digits.
UNARY = {
    "exp": mpmath.exp, "sin": mpmath.sin, "cos": mpmath.cos, "tanh": mpmath.tanh,
    "arctan": mpmath.atan, "erf": mpmath.erf, "expm1": mpmath.expm1, "cosh": mpmath.cosh,
    "sigmoid": lambda x: 1 / (1 + mpmath.exp(-x)),
}  # fmt: skip
BINARY = {
    "+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b,
    "/": lambda a, b: a / (1 + b * b),
}  # fmt: skip
expressions = st.recursive(
    st.sampled_from(["x", "y"]) | st.floats(-2, 2, allow_subnormal=False).map(lambda n: round(n, 3)),
    lambda inner: st.tuples(st.sampled_from(sorted(UNARY)), inner)
    | st.tuples(st.sampled_from(sorted(BINARY)), inner, inner),
    max_leaves=8,
)


def evaluate(expression, numbers, unary):
    match expression:
        case str():
            return numbers[expression]
        case (name, inner):
            return unary(name, evaluate(inner, numbers, unary))
        case (name, left, right):
            return BINARY[name](evaluate(left, numbers, unary), evaluate(right, numbers, unary))
        case number:
            return number


@settings(max_examples=60, deadline=None)
@given(expressions, st.floats(-1, 1), st.floats(-1, 1))
def test_random_expressions_have_the_derivatives_of_mpmath(expression, x, y):
    def exact(a, b):
        call = lambda name, value: UNARY[name](mpmath.mpf(value))  # noqa: E731
        return mpmath.mpf(evaluate(expression, {"x": a, "y": b}, call))

    values = {"x": Value(x), "y": Value(y)}
    result = evaluate(
        expression,
        values,
        lambda name, v: getattr(v, name)() if isinstance(v, Value) else getattr(wengert, name, getattr(np, name, None))(v),
    )
    if not isinstance(result, Value):
        return
    with mpmath.workdps(40):
        expected = [mpmath.diff(exact, (x, y), (1, 0)), mpmath.diff(exact, (x, y), (0, 1))]
        value = exact(x, y)
    if abs(value) > 1e100:
        return
    result.backward()
    found = [v.grad for v in values.values()]
    size = 1 + max(abs(float(e)) for e in expected)
    assert result.data == pytest.approx(float(value), rel=1e-11, abs=1e-11)
    for one, other in zip(found, expected):
        assert one == pytest.approx(float(other), rel=1e-9, abs=1e-9 * size)
    # The same, traced and evaluated at the point.
    def traced(v):
        return evaluate(expression, {"x": v[0], "y": v[1]},
                        lambda name, u: getattr(u, name)() if isinstance(u, Value) else getattr(wengert, name, getattr(np, name, None))(u)) + 0 * v[0]  # fmt: skip

    f = wengert.function(traced, [0.25, -0.5])
    again, gradient = f.value_and_gradient([x, y])
    assert again == pytest.approx(float(value), rel=1e-11, abs=1e-11)
    for one, other in zip(gradient, expected):
        assert one == pytest.approx(float(other), rel=1e-9, abs=1e-9 * size)


def test_copies_are_refused_where_they_would_lose_the_graph():
    with pytest.raises(TypeError):
        copy.deepcopy(Value(1.0))
