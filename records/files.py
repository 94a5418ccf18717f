"""What an uploaded file is, and what it may be called."""

import unicodedata
import zipfile
from pathlib import PurePosixPath
from typing import IO, Any

from django.core.files.base import File

from records.enums import EXTENSIONS, FileType

LONGEST_NAME = 150
SIGNATURES: tuple[tuple[bytes, FileType], ...] = (
    (b"%PDF-", FileType.PDF),
    (b"\xff\xd8\xff", FileType.JPEG),
    (b"\x89PNG\r\n\x1a\n", FileType.PNG),
)
ZIP = b"PK\x03\x04"
# The part that makes an office file what it is.
OFFICE_PARTS = {"word/document.xml": FileType.DOCX, "xl/workbook.xml": FileType.XLSX}
MACROS = "vbaproject.bin"


def sniff(file: File[Any]) -> FileType | None:
    """The type that the content has, whatever the name says; None for what may not be attached."""
    file.seek(0)
    head = file.read(16)
    found = next((kind for signature, kind in SIGNATURES if head.startswith(signature)), None)
    if found is None and head.startswith(ZIP):
        file.seek(0)
        found = _sniff_office(file)
    file.seek(0)
    return found


def _sniff_office(file: IO[Any]) -> FileType | None:
    """DOCX, XLSX or ODT without macros; None for any other archive, damaged ones included."""
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
            if any(name.lower().endswith(MACROS) for name in names):
                return None
            if "[Content_Types].xml" in names:
                return next((kind for part, kind in OFFICE_PARTS.items() if part in names), None)
            if names and names[0] == "mimetype" and archive.getinfo("mimetype").file_size < 100:
                return FileType.ODT if archive.read("mimetype") == FileType.ODT.value.encode() else None
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError):
        return None
    return None


def has_fitting_extension(name: str, kind: FileType) -> bool:
    """Whether the name ends the way files of this kind do."""
    return PurePosixPath(name).suffix.lower().removeprefix(".") in EXTENSIONS[kind]


def clean_name(name: str) -> str:
    """A name that is safe to show and to save: no folders, no control or direction marks, of a bounded length."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    printable = "".join(" " if unicodedata.category(letter)[0] in "CZ" else letter for letter in name)
    kept = " ".join("".join("_" if letter in '<>:"|?*' else letter for letter in printable).split()).strip(". ")
    stem, dot, extension = kept.rpartition(".")
    if not dot or not stem:
        return kept[:LONGEST_NAME] or "file"
    return f"{stem[: LONGEST_NAME - len(extension) - 1]}.{extension}"[:LONGEST_NAME]
