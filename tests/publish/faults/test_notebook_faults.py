"""Whatever one notebook does, it fails alone, and says why."""

import pytest
from batches import after


def test_a_bad_night(batch):
    batch.fault("1 / (unit != 'nl')")
    code, said = batch.run()
    assert code == 1, said
    assert "ZeroDivisionError" in said
    after(batch, all="done", nl="ZeroDivisionError", be="done")
