"""Static files of production: the parts of the stylesheet and of the script joined, hashed and compressed."""

import re
from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

IMPORT = {
    "css/app.css": re.compile(r'^@import url\("([\w-]+\.css)"\);\n', re.MULTILINE),
    "js/app.js": re.compile(r'^import "\./([\w-]+\.js)";\n', re.MULTILINE),
}


class BundledStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Puts the parts that css/app.css and js/app.js import into those two files, so that a page asks for two.

    In development and in tests the same two files import their parts by themselves.
    """

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        if not dry_run:
            for name in IMPORT.keys() & paths.keys():
                joined = _join(name, paths)
                self.delete(name)
                self._save(name, ContentFile(joined.encode()))
                paths[name] = (self, name)
        yield from super().post_process(paths, dry_run, **options)


def _join(name: str, paths: dict[str, Any]) -> str:
    """The text of a bundle with its imports replaced by what they name; scripts keep a scope of their own."""
    folder = name.rpartition("/")[0]

    def part(found: re.Match[str]) -> str:
        text = _read(paths, f"{folder}/{found[1]}")
        return f"{{\n{text}}}\n" if name.endswith(".js") else text

    return IMPORT[name].sub(part, _read(paths, name))


def _read(paths: dict[str, Any], name: str) -> str:
    storage, path = paths[name]
    with storage.open(path) as file:
        return str(file.read().decode())
