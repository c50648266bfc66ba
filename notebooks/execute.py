"""Execute the notebooks and keep their outputs: `python notebooks/execute.py`.

Each runs in this folder with the Python that runs this file. Outputs carry no times and no
counters of this machine, so the same input gives the same file but for rendering libraries.
"""

import os
import sys
from pathlib import Path

import nbformat
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient

FOLDER = Path(__file__).resolve().parent


class _ThisPython(AsyncKernelManager):
    """A kernel of this very Python, whatever kernels are registered on the machine."""

    @property
    def kernel_spec(self) -> KernelSpec:
        """Its start command."""
        return KernelSpec(
            argv=[
                sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}",
                "--IPKernelApp.log_level=40",
            ],
            display_name="Python 3", language="python",
        )


def execute(path: Path) -> nbformat.NotebookNode:
    """The notebook with fresh outputs; raises `nbclient.exceptions.CellExecutionError`."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook, timeout=300, record_timing=False, kernel_manager_class=_ThisPython,
        resources={"metadata": {"path": str(path.parent)}},
    )
    found_in = [str(Path(folder).resolve()) for folder in os.environ.get("PYTHONPATH", "").split(os.pathsep) if folder]
    client.execute(env={
        **os.environ, "PYTHONPATH": os.pathsep.join(found_in),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "PYTHONWARNINGS": "ignore:model:UserWarning",  # words newer than the model: `train --check` says so
    })
    notebook.metadata["language_info"] = {"name": "python"}
    return notebook


if __name__ == "__main__":
    for place in sorted(FOLDER.glob("*.ipynb")):
        nbformat.write(execute(place), place)
        print(place.name)
