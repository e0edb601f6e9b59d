"""The examples beside SciPy, pandas, emcee and matplotlib, held against what is known."""

import examples
import numpy as np
import pytest


def test_minimize():
    np.testing.assert_allclose(examples.minimize(), np.ones((3, 20)), atol=1e-4)


def test_least_squares():
    np.testing.assert_allclose(examples.least_squares(), [2.5, 1.3, 0.5], rtol=1e-8)


def test_a_stiff_equation():
    # Robertson's problem at t = 40: Hairer & Wanner, Solving ODEs II, section IV.1.
    np.testing.assert_allclose(
        examples.stiff(), [0.7158270687193, 9.185534764557e-6, 0.2841637457458], rtol=1e-5
    )


def test_a_sampler():
    np.testing.assert_allclose(examples.sample(), [1.0, -1.0], atol=0.1)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_plot(tmp_path):
    path = tmp_path / "gelu.png"
    examples.plot(str(path))
    assert path.stat().st_size > 10_000
