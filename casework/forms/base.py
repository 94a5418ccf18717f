"""What the forms of a case have in common."""

from typing import Any, TypeVar

from common.editing import VersionedModel
from common.forms import EditForm
from records.services.submissions import SUBMISSION, SubmissionField

RecordT = TypeVar("RecordT", bound=VersionedModel)


class RecordForm(EditForm[RecordT]):
    """A form that makes a record once, however often it is sent, and changes one that exists under its version."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance._state.adding:
            self.fields[SUBMISSION] = SubmissionField()
