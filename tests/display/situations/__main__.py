"""Write the sentences of all subjects anew."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from situations import SUBJECTS, snapshot, snapshot_file

for subject in SUBJECTS:
    snapshot_file(subject).write_text(snapshot(subject), encoding="utf-8")
