"""Where datasets lie. Nothing heavy is imported here, so that a command line can look before it loads anything."""

from __future__ import annotations

from pathlib import Path

SETTINGS_FILE = "dataset.toml"
LEDGER_FOLDER = "ledger"
CACHE_FOLDER = ".cache"


def project_root() -> Path:
    """Find the project: the folder with `data/`, `notebooks/` and `reports/`.

    Raises
    ------
    ValueError
        When the package is not installed editable and the working folder is not inside the project.
    """
    candidates = [Path(__file__).resolve().parents[3], Path.cwd(), *Path.cwd().parents]
    for folder in candidates:
        if (folder / "pyproject.toml").is_file() and (folder / "src" / "helpers").is_dir():
            return folder
    raise ValueError(
        f"working folder must be inside the project; found {Path.cwd()}. Install it with `pip install -e .`."
    )


def dataset_path(name_or_folder: str | Path) -> Path | None:
    """Find the folder of a dataset, by its name under `data/` or as it is named; None when there is none."""
    by_name = project_root() / "data" / name_or_folder
    folder = next((one for one in (by_name, Path(name_or_folder)) if (one / SETTINGS_FILE).is_file()), None)
    return Path(name_or_folder) if folder is None and Path(name_or_folder).is_dir() else folder


def dataset_names() -> list[str]:
    """List the datasets under `data/`, sorted."""
    return sorted(path.parent.name for path in (project_root() / "data").glob(f"*/{SETTINGS_FILE}"))
