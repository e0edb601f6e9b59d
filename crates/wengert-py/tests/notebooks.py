"""Runs the notebooks of the documentation from clean, and compares them with what is committed.

    python tests/notebooks.py            compare
    python tests/notebooks.py --write    run, and write the outputs into the notebooks
"""

import pathlib
import re
import sys
from typing import Any

import nbformat
from nbclient import NotebookClient

FOLDER = pathlib.Path(__file__).parents[3] / "docs/notebooks"

# What a notebook shows that is not the same at each run: addresses, and where cells were compiled.
CHANGING = re.compile(r"0x[0-9a-f]+|/[^ \n]*ipykernel_[0-9]+/[0-9]+\.py|<ipython-input-[^>]*>")


def run(path: pathlib.Path) -> Any:
    """The notebook with fresh outputs; a cell that raises stops it."""
    notebook: Any = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    client = NotebookClient(
        notebook,
        timeout=600,
        startup_timeout=600,
        coalesce_streams=True,
        resources={"metadata": {"path": str(FOLDER)}},
    )
    client.execute()
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
    return notebook


def shown(cell: Any) -> list[Any]:
    """What a cell shows, without what changes; of a cell that varies, only of which kinds."""
    varies = "varies" in cell.metadata.get("tags", [])
    outputs = []
    for output in cell.outputs:
        if output.output_type == "stream":
            text = None if varies else CHANGING.sub("", output.text)
            if text is not None and outputs and outputs[-1][0] == output.name:
                # What was printed may have come in pieces.
                outputs[-1] = (output.name, outputs[-1][1] + text)
            else:
                outputs.append((output.name, text))
            continue
        for kind, text in sorted(output.get("data", {}).items()):
            outputs.append((kind, None if varies else CHANGING.sub("", text)))
    return outputs


def compare(path: pathlib.Path) -> None:
    """Raises where a cell shows something else than what is committed."""
    committed: Any = nbformat.read(path, as_version=4)
    for before, after in zip(committed.cells, run(path).cells, strict=True):
        if before.cell_type == "code":
            assert shown(before) == shown(after), f"{path.name}: {before.source}"


def main() -> None:
    for path in sorted(FOLDER.glob("*.ipynb")):
        if "--write" in sys.argv:
            nbformat.write(run(path), path)
        else:
            compare(path)


if __name__ == "__main__":
    main()
