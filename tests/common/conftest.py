from collections.abc import Iterator

import pytest

from tests.common import samples


@pytest.fixture
def notes(db: None) -> type[samples.Note]:
    """The sample model with its tables, which vanish with the test's transaction."""
    samples.create_tables()
    return samples.Note


@pytest.fixture
def committed_notes(transactional_db: None) -> Iterator[type[samples.Note]]:
    """The sample model with tables that other connections see."""
    samples.create_tables()
    yield samples.Note
    samples.drop_tables()
