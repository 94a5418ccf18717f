"""Python's collector of cycles, let off while tests run.

By its usual measure it walks all modules, templates and collected tests again and again, for an eighth of the suite's
time and a third of the demo's. What is alive when the tests begin stays so; what they leave is looked at in bulk.
"""

import gc

import pytest

# Objects made before the young are looked at; and after how many such looks the middle-aged and the old.
THRESHOLDS = 50_000, 20, 50


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
