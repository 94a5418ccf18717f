"""The form field that takes files: their kinds are read from their content."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from records.enums import EXTENSIONS, FileType
from records.files import clean_name, has_fitting_extension, sniff

MOST_FILES = 10
ACCEPT = ",".join(f".{extension}" for extensions in EXTENSIONS.values() for extension in extensions)


class FilesInput(forms.FileInput):
    """Several files in one control; photographs of the pages of a paper come together."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One to ten files, each of an allowed kind by its content, its name fitting, and not too large."""

    widget: Any = FilesInput({"multiple": True, "accept": ACCEPT})

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        given = list(data) if isinstance(data, list | tuple) and data else [data or None]
        if len(given) > MOST_FILES:
            raise forms.ValidationError(_("Attach at most %(most)s files at once."), "many", {"most": MOST_FILES})
        files = [super(FilesField, self).clean(item, initial) for item in given]
        errors = [error for file in files for error in _errors_of(file)]
        if errors:
            raise forms.ValidationError(errors)
        return files


def _errors_of(file: UploadedFile[Any]) -> list[forms.ValidationError]:
    """What is wrong with one file, naming it."""
    name = clean_name(file.name or "")
    limit: int = settings.ATTACHMENT_MAX_BYTES
    if (file.size or 0) > limit:
        params = {"name": name, "limit": filesizeformat(limit)}
        return [forms.ValidationError(_("%(name)s is larger than %(limit)s."), code="large", params=params)]
    kind = sniff(file)
    if kind is None:
        params = {"name": name, "kinds": ", ".join(FileType.labels)}
        return [forms.ValidationError(_("%(name)s is none of %(kinds)s."), code="kind", params=params)]
    if not has_fitting_extension(name, kind):
        params = {"name": name, "kind": kind.label}
        text = _("The name %(name)s does not fit its content, which is %(kind)s.")
        return [forms.ValidationError(text, code="name", params=params)]
    return []
