"""The notebooks run from clean, and show what is committed."""

import notebooks
import pytest


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("path", sorted(notebooks.FOLDER.glob("*.ipynb")), ids=lambda path: path.stem)
def test_a_notebook_shows_what_is_committed(path):
    notebooks.compare(path)


def test_there_are_notebooks():
    names = {path.stem for path in notebooks.FOLDER.glob("*.ipynb")}
    assert names == {"backpropagation", "greeks"}
