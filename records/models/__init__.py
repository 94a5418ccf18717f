from records.models.attachments import Attachment
from records.models.documents import DocumentCancellation, IssuedDocument
from records.models.entry import Draft, FormSubmission
from records.models.legal import LegalAct
from records.models.numbers import NumberSequence
from records.models.work import JobRun, WorkOrder

__all__ = [
    "Attachment",
    "DocumentCancellation",
    "Draft",
    "FormSubmission",
    "IssuedDocument",
    "JobRun",
    "LegalAct",
    "NumberSequence",
    "WorkOrder",
]
