"""A clock that is set forward or back while a batch runs changes nothing."""

import os

import pytest
from batches import after

# In every Python process of the batch: each look at the clock is a day off, forward or back in turn.
CLOCK = """
import itertools, time
true, off = time.time, itertools.cycle((86_400, -86_400))
time.time = lambda: true() + next(off)
"""


@pytest.mark.slow
def test_a_clock_that_jumps(batch, tmp_path):
    (tmp_path / "sitecustomize.py").write_text(CLOCK)
    batch.fault("import time; assert abs(time.time() - time.time()) > 100_000")
    path = os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])])
    code, said = batch.run("--deadline", "120", PYTHONPATH=path)
    assert code == 0, said
    assert all(0 <= lines[-1]["seconds"] < 120 for lines in batch.records().values())
    after(batch, all="done", nl="done", be="done")
