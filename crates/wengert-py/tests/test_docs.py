"""Every public name is documented with an example that runs, and has a stub."""

import ast
import doctest
import inspect
import pathlib
import re

import pytest

import wengert
import wengert.distributed

PACKAGE = pathlib.Path(wengert.__file__).parent
REPOSITORY = pathlib.Path(__file__).parents[3]


def public():
    yield "wengert", wengert
    yield "wengert.distributed", wengert.distributed
    names = [(name, getattr(wengert, name)) for name in wengert.__all__]
    names += [(name, getattr(wengert.distributed, name)) for name in wengert.distributed.__all__]
    for name, item in names:
        yield name, item
        if inspect.isclass(item) and not issubclass(item, Exception):
            for member in vars(item):
                if not member.startswith("_"):
                    yield f"{name}.{member}", getattr(item, member)


NAMES = dict(public())


@pytest.mark.parametrize("name", NAMES)
def test_documented_and_the_examples_run(name):
    item = NAMES[name]
    text = inspect.getdoc(item)
    assert text and len(text) > 10, name
    test = doctest.DocTestParser().get_doctest(text, dict(wengert=wengert), name, name, 0)
    if not (inspect.isclass(item) and issubclass(item, Exception)):
        assert test.examples, f"{name} has no example"
    failures = []
    doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(test, out=failures.append)
    assert not failures, "".join(failures)


def stub():
    """The names that the stub of the compiled module declares."""
    tree = ast.parse((PACKAGE / "_wengert.pyi").read_text())
    for node in tree.body:
        if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
            yield node.name
        if isinstance(node, ast.ClassDef):
            for member in node.body:
                if isinstance(member, ast.FunctionDef):
                    yield f"{node.name}.{member.name}"
                if isinstance(member, ast.AnnAssign):
                    yield f"{node.name}.{member.target.id}"


def test_the_stub_declares_what_there_is():
    from wengert import _wengert

    declared = set(stub())
    there = set()
    for name, item in vars(_wengert).items():
        if name.startswith("__"):
            continue
        there.add(name)
        if inspect.isclass(item) and not issubclass(item, Exception):
            there |= {f"{name}.{m}" for m in vars(item) if not m.startswith("__")}
    assert there <= declared, there - declared
    plain = {name for name in declared if "__" not in name}
    assert plain <= there, plain - there


def test_all_functions_of_elements_are_exported():
    # Spelled out, since type checkers follow no list that is put together.
    assert set(wengert.elementwise.__all__) <= set(wengert.__all__)
    assert len(wengert.__all__) == len(set(wengert.__all__))


def test_the_wheel_says_that_it_is_typed():
    assert (PACKAGE / "py.typed").exists()


def blocks(path):
    """The code of a page, block by block."""
    return re.findall(r"^```python\n(.*?)^```$", path.read_text(), re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", ["README.md", "crates/wengert-py/README.md"])
def test_the_code_of_the_pages_runs(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code = blocks(REPOSITORY / page)
    assert code
    names = {}
    for block in code:
        exec(block, names)
