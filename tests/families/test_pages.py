"""Every page of the room opens for the specialist in charge, and every form saves."""

import pytest

pytestmark = pytest.mark.django_db
