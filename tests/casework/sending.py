"""What a browser sends with a form that makes a record."""

import uuid
from typing import Any


def new(**data: Any) -> dict[str, Any]:
    """The form with the key that its page was shown with."""
    return data | {"submission": str(uuid.uuid4())}
