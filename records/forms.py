"""Forms of this room's own pages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from records.fields import FilesField
from records.services.submissions import SubmissionField


class AttachmentForm(forms.Form):
    """Files for a record, with a word on what they are."""

    file = FilesField(
        label=_("Files"),
        help_text=_("PDF, JPEG, PNG, DOCX, XLSX or ODT, up to 10 files at once."),
    )
    description = forms.CharField(
        label=_("What it is"), max_length=200, required=False, help_text=_("For example: birth certificate.")
    )
    submission = SubmissionField()


class ReasonForm(forms.Form):
    """Why something is cancelled."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea({"rows": 3}))
