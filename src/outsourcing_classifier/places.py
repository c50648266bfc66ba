"""Where the model and the compiled words stand."""

from pathlib import Path


def models_folder() -> Path | None:
    """`models/`: inside the package, else two folders above beside this project's pyproject.toml."""
    package = Path(__file__).resolve().parent
    if (package / "models").is_dir():
        return package / "models"
    pyproject = package.parent.parent / "pyproject.toml"
    if pyproject.is_file() and 'name = "outsourcing-classifier"' in pyproject.read_text("utf-8"):
        return package.parent.parent / "models"
    return None
