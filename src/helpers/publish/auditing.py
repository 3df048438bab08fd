"""Check finished reports from their files alone, as an attacker would read them: no dataset, no ledger, no cache.

Rules have their numbers from docs/privacy.md. What the files cannot tell is said in the summary and is no finding.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from helpers.publish.audit_content import Found
from helpers.publish.audit_files import files_below, kind_of, manifest_findings, stray
from helpers.publish.audit_findings import Finding, hint
from helpers.publish.audit_kept import kept_note, kept_pages, names_then
from helpers.publish.audit_page import address_inside, links, page_findings
from helpers.publish.audit_reading import read_page
from helpers.publish.audit_release import Release, read_release, row_findings
from helpers.publish.audit_remainders import Subtracted, mask_findings, subtract
from helpers.publish.audit_units import Names, figures_of_hidden, release_names
from helpers.publish.paths import INDEX, LOG_FOLDER, MANIFEST
from helpers.publish.releasing import RELEASE, SCORES

# More lines than a screen holds hide the summary.
MAX_SHOWN = 50
_REMOVE = "Remove it from the folder before anything is handed out."
_PAGE_WAY_OUT = "Do not hand it out; make it again with excx report."
_TABLE_WAY_OUT = "Hand nothing out; make it again with excx release, and report a fault if it comes back."
_MANIFEST_WAY_OUT = "Remove this file, and make the reports again."
# Logs tell how an error came about, paths and values included; the manifest is what --resume goes by.
_PRIVATE = {"log": f"{LOG_FOLDER}/", "manifest": MANIFEST}


@dataclass(frozen=True)
class Audit:
    """What an audit looked at and found.

    Parameters
    ----------
    findings : tuple of Finding
        Empty when all is well.
    files, pages, size, tables : int
        Files, those that are pages, bytes of all, and tables released.
    remainders, unsure : int
        Remainders reckoned, and those that bands of answers leave open.
    notes : tuple of str
        What could not be checked, and what is not to be handed out.
    """

    findings: tuple[Finding, ...] = ()
    files: int = 0
    pages: int = 0
    size: int = 0
    tables: int = 0
    remainders: int = 0
    unsure: int = 0
    notes: tuple[str, ...] = ()


def audit_folder(folder: Path) -> Audit:
    """Check a folder of reports of one dataset, or all those in ``reports/``.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    Audit

    Raises
    ------
    ValueError
        When there are no reports in it: an audit that looked at nothing would only seem to have passed.
    """
    folder = Path(folder)
    datasets = [folder] if _is_dataset(folder) else [one for one in sorted(folder.glob("*")) if _is_dataset(one)]
    if not datasets:
        raise ValueError(
            f"folder must hold reports, with {INDEX}, {MANIFEST} or {RELEASE}/; found none in {folder.name!r}. "
            "Give the folder that excx report or excx release wrote."
        )
    audits = [_audit_dataset(one, folder) for one in datasets]
    within = [path for path in files_below(folder) if not any(path.is_relative_to(one) for one in datasets)]
    outside = tuple(Finding(_name(path, folder), *stray(path), _REMOVE) for path in within)
    counted = ("files", "pages", "size", "tables", "remainders", "unsure")
    return Audit(
        findings=tuple(finding for audit in audits for finding in audit.findings) + outside,
        notes=tuple(dict.fromkeys(note for audit in audits for note in audit.notes)),
        **{name: sum(getattr(audit, name) for audit in audits) for name in counted},
    )


def render_findings(found: Audit) -> str:
    """Write an audit as text: a line for each finding, `MAX_SHOWN` at most, and a summary.

    Parameters
    ----------
    found : Audit
    """
    lines = [str(finding) for finding in found.findings[:MAX_SHOWN]]
    if len(found.findings) > MAX_SHOWN:
        lines.append(f"… and {len(found.findings) - MAX_SHOWN:,} more.")
    counts = (
        f"{found.files:,} files, {found.pages:,} pages, {found.size:,} bytes, {found.tables:,} tables, "
        f"{found.remainders:,} remainders checked ({found.unsure:,} of them open, since answers are told in bands), "
        f"{len(found.findings):,} findings."
    )
    return "\n".join([*lines, *found.notes, counts])


def _audit_dataset(folder: Path, root: Path) -> Audit:
    kinds = {path: kind_of(path, folder) for path in files_below(folder)}
    audit, release = _audit_release(folder, root)
    names = release_names(release) if release and not release.published else None
    kept = kept_pages(folder, release) if names else {}
    findings, n_kept = [], 0
    for path, kind in kinds.items():
        found = list(_file_findings(path, kind, folder, root, names))
        if found and (head := kept.get(path.relative_to(folder).as_posix())):
            then = list(_file_findings(path, kind, folder, root, names_then(names, release, head)))
            n_kept += len(then) < len(found)
            found = then
        findings += found
    notes = [*audit.notes, *kept_note(_title(folder, root), n_kept)]
    private = sorted({_PRIVATE[kind] for kind in kinds.values() if kind in _PRIVATE})
    note = f"{_title(folder, root)}: for the insight team only, not to be handed out: {', '.join(private)}."
    return replace(
        audit,
        findings=(*findings, *audit.findings),
        files=len(kinds),
        pages=sum(kind in ("page", "index") for kind in kinds.values()),
        size=sum(path.lstat().st_size for path in kinds),
        notes=(*notes, *([note] if private else [])),
    )


def _audit_release(folder: Path, root: Path) -> tuple[Audit, Release | None]:
    if not (folder / RELEASE).is_dir() or (folder / RELEASE).is_symlink():
        way_out = f"To check them, run excx release {folder.resolve().name} into the same folder."
        return Audit(notes=(f"{_title(folder, root)}: no release, so no figure was held against one. {way_out}",)), None
    release, found = read_release(folder)
    audit = Audit(tables=int((folder / RELEASE / SCORES).is_file()))
    if release and not release.published:
        attack = subtract(release)
        rows = [*row_findings(release), *mask_findings(release), *attack.findings]
        found = [*found, *((f"{RELEASE}/{SCORES}", one) for one in rows)]
        audit = replace(audit, remainders=attack.checked, unsure=attack.unsure, notes=_apart(attack, folder, root))
    findings = (Finding(_name(folder / name, root), *one, _TABLE_WAY_OUT) for name, one in found)
    return replace(audit, findings=tuple(findings)), release


def _apart(attack: Subtracted, folder: Path, root: Path) -> tuple[str, ...]:
    if not attack.apart:
        return ()
    what = "stand below one without any row: what is left above them was not reckoned"
    return (f"{_title(folder, root)}: {attack.apart:,} units {what}.",)


def _file_findings(path: Path, kind: str, folder: Path, root: Path, names: Names | None) -> Iterator[Finding]:
    name = _name(path, root)
    if kind in ("", "link"):
        yield Finding(name, *stray(path), _REMOVE)
    elif kind == "manifest":
        text = path.read_text(encoding="utf-8", errors="replace")
        yield from (Finding(name, *found, _MANIFEST_WAY_OUT) for found in manifest_findings(text))
    elif kind in ("page", "index"):
        # The same fault a hundred times on one page is one finding.
        found = dict.fromkeys(_page_findings(path, kind, folder, names))
        yield from (Finding(name, *one, _PAGE_WAY_OUT) for one in found)


def _page_findings(path: Path, kind: str, folder: Path, names: Names | None) -> Iterator[Found]:
    text = path.read_bytes().decode("utf-8", "replace")
    page = read_page(text)
    yield from page_findings(text, page, index=kind == "index")
    for address in links(page):
        if not address_inside(address, path, folder):
            yield 11, f"a link that leads to no file of this folder, {hint(address, 12)}"
    if names:
        yield from figures_of_hidden(page, path.relative_to(folder).as_posix(), names)


def _is_dataset(folder: Path) -> bool:
    return folder.is_dir() and any((folder / name).exists() for name in (INDEX, MANIFEST, RELEASE))


def _name(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()


def _title(folder: Path, root: Path) -> str:
    return folder.resolve().name if folder == root else _name(folder, root)
