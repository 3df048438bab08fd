"""List the texts that the Dutch catalogue lacks, as entries to fill in.

    python -m helpers.display.wording [NOTEBOOKS]

Paste the entries into a file of ``wording/nl`` (prose of notebooks: ``notebooks.po``) and write the ``msgstr``.
Entries nothing uses any more are listed at the end.
"""

from __future__ import annotations

import sys
from pathlib import Path

from babel.messages import Catalog
from babel.messages.pofile import write_po

from helpers.display.wording.scan import PACKAGE, compare

NOTEBOOKS = PACKAGE.parents[1] / "notebooks"


def main(arguments: list[str]) -> int:
    """Print missing entries as .po text and the unused ones after them; 1 when there are any, else 0."""
    missing, unused = compare(Path(arguments[0]) if arguments else NOTEBOOKS)
    stubs = Catalog(locale="nl")
    for use in missing:
        stubs.add(
            use.forms if len(use.forms) > 1 else use.forms[0],
            context=use.context or None,
            auto_comments=[use.path.name],
        )
    write_po(sys.stdout.buffer, stubs, omit_header=True, width=120)
    for _, text in unused:
        sys.stdout.buffer.write(f"# unused: {text[:100]!r}\n".encode())
    return int(bool(missing or unused))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
