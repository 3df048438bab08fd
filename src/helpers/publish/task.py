"""What is to be run: one notebook for one unit, checked as a whole before any kernel starts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import nbformat

from helpers.datasets.dataset import Dataset
from helpers.datasets.folders import SETTINGS_FILE
from helpers.datasets.unit_content import unit_contents
from helpers.display.wording import Words
from helpers.publish.dependencies import keeps_to_its_unit
from helpers.publish.facts import dataset_facts
from helpers.publish.keys import data_hash, notebook_code_hash, notebook_hash, report_key
from helpers.publish.parameters import Parameter, Value, check_parameters, notebook_parameters, parse_parameters
from helpers.publish.paths import check_inside, dataset_folder, report_file
from helpers.publish.request import DEFAULT_DEADLINE
from helpers.publish.states import file_states

OWN_PARAMETERS = ("dataset", "unit", "language")


@dataclass(frozen=True)
class Task:
    """One report to be made; see `Planner.task`.

    Parameters
    ----------
    notebook : Path
        Its source.
    unit, language : str
        Unit id and ``"en"`` or ``"nl"``.
    parameters : mapping of str to value
        All that is written into the notebook.
    others : mapping of str to value
        Those of them that differ from the notebook's defaults, apart from dataset, unit and language.
    page : mapping of str to value
        What the page says about unit and data.
    folder, target : Path
        The folder of the dataset's reports, and the report in it.
    key : str
        Fingerprint of everything the report depends on.
    files : mapping of str to tuple of int
        Size and time of change of the dataset's settings and tables when the report was planned, by path.
    deadline : float
        Seconds for the whole notebook, start of the kernel included.
    code : bool
        Whether the page shows the code, folded.
    data : str
        Fingerprint of all that the dataset holds, of whichever units.
    release : str
        Head of the ledger that the report is made under; empty where there is none.
    """

    notebook: Path
    unit: str
    language: str
    parameters: Mapping[str, Value]
    others: Mapping[str, Value]
    page: Mapping[str, object]
    folder: Path
    target: Path
    key: str
    files: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    deadline: float = DEFAULT_DEADLINE
    code: bool = False
    data: str = ""
    release: str = ""


@dataclass(frozen=True)
class _Source:
    hash: str
    code: str
    parameters: dict[str, Parameter]
    first_cell: str
    by_unit: bool


@dataclass
class Planner:
    """Makes the tasks for one dataset.

    Parameters
    ----------
    dataset : Dataset
    reports : Path
        The folder ``reports/``.
    """

    dataset: Dataset
    reports: Path
    _sources: dict[Path, _Source] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        """The folder of this dataset's reports."""
        return dataset_folder(Path(self.reports).resolve(), self.dataset.name)

    @cached_property
    def facts(self) -> dict[str, object]:
        """What every page says about the dataset."""
        return dataset_facts(self.dataset, self.data)

    @cached_property
    def data(self) -> str:
        """Fingerprint of the dataset."""
        return data_hash(self.dataset)

    @cached_property
    def files(self) -> dict[str, tuple[int, int]]:
        """Size and time of change of what the dataset is read from."""
        return data_files([self.dataset.folder / SETTINGS_FILE, *self.dataset.settings.tables.values()])

    @cached_property
    def contents(self) -> dict[str, str]:
        """What the dataset holds of each unit; see `helpers.datasets.unit_content`."""
        return unit_contents(self.dataset)

    def task(
        self,
        notebook: Path,
        *,
        unit: str = "",
        language: str = "",
        parameters: Mapping[str, object] | Sequence[str] = (),
        deadline: float = DEFAULT_DEADLINE,
        code: bool = False,
    ) -> Task:
        """Check what is asked and put it together.

        Parameters
        ----------
        notebook : Path
            A notebook with a cell tagged ``parameters``.
        unit : str
            Unit id; empty for the whole organisation.
        language : str
            ``"en"``, ``"nl"`` or empty for the dataset's own.
        parameters : mapping of str to value, or sequence of ``"name=value"``
            The notebook's further parameters.
        deadline : float
            Seconds, above 0.
        code : bool
            Show the code, folded.

        Returns
        -------
        Task

        Raises
        ------
        ValueError
            For an unknown unit, language or parameter, with the near ones; or a path that would leave the folder.
        TypeError
            For a parameter of another type than its default.
        """
        source = self._source(notebook)
        known = source.parameters
        unit, language = self.dataset.unit(unit), _language(language or self.dataset.settings.language)
        others = _others(known, parameters)
        own = {"dataset": str(self.dataset.folder.resolve()), "unit": unit, "language": language}
        given = check_parameters(known, {**own, **others})
        target = report_file(self.folder, unit, notebook.stem, language, others)
        check_inside(target, self.folder.parent)
        choices = {"unit": unit, "language": language, "others": others, "code": code}
        data = self.contents[unit] if source.by_unit else self.dataset.content_key
        return Task(
            notebook=notebook,
            unit=unit,
            language=language,
            parameters=given,
            others=others,
            page=self._page(notebook, unit, language, others),
            folder=self.folder,
            target=target,
            key=report_key(source.hash, source.code, data, choices),
            files=self.files,
            deadline=_positive(deadline),
            code=code,
            data=self.contents[self.dataset.hierarchy.root],
        )

    def _source(self, notebook: Path) -> _Source:
        if notebook not in self._sources:
            nb = nbformat.read(notebook, as_version=4)
            first_cell = nb.cells[0].source if nb.cells else ""
            self._sources[notebook] = _Source(
                notebook_hash(nb), notebook_code_hash(nb), notebook_parameters(nb), first_cell, keeps_to_its_unit(nb)
            )
        return self._sources[notebook]

    def _page(self, notebook: Path, unit: str, language: str, others: Mapping[str, Value]) -> dict[str, object]:
        question = _title(Words(language).prose(self._source(notebook).first_cell))
        name = self.dataset.hierarchy.name(unit)
        shown = ", ".join(f"{name} = {value}" for name, value in sorted(others.items()))
        parts = dict.fromkeys((question, name, str(self.facts["dataset"])))
        own = {"title": " – ".join(parts), "question": question, "unit": name, "language": language}
        return {**self.facts, **own, "notebook": notebook.stem, "parameters": shown}


def data_files(paths: Iterable[Path | str]) -> dict[str, tuple[int, int]]:
    """Give size and time of change (ns) of files, -1 where there is none: the same on every machine that sees them."""
    return {path: (size, changed) for path, (size, changed, _, _) in file_states(map(Path, paths)).items()}


def _title(first_cell: str) -> str:
    title = first_cell.strip().split("\n", 1)[0]
    if not title.startswith("# "):
        raise ValueError(f"notebook must start with a title, '# …'; found {title[:60]!r}.")
    return re.sub(r"[*_`]", "", title.lstrip("# ")).strip()


def _others(known: Mapping[str, Parameter], parameters: Mapping[str, object] | Sequence[str]) -> dict[str, Value]:
    named = isinstance(parameters, Mapping)
    given = check_parameters(known, parameters) if named else parse_parameters(known, list(parameters))
    own = [name for name in given if name in OWN_PARAMETERS]
    if own:
        raise ValueError(f"parameter must not be one of {', '.join(OWN_PARAMETERS)}; found {own[0]!r}. Use its option.")
    return {name: value for name, value in given.items() if value != known[name].default}


def _language(language: str) -> str:
    if language not in ("en", "nl"):
        raise ValueError(f"language must be one of en, nl; found {language!r}.")
    return language


def _positive(deadline: float) -> float:
    if not deadline > 0:
        raise ValueError(f"deadline must be above 0 seconds; found {deadline}.")
    return float(deadline)
