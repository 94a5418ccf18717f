"""What a browser downloads: joined files, fonts with every letter that is needed, and their weight."""

import gzip
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import override_settings
from fontTools.ttLib import TTFont

from common.assets import build_fonts

KB = 1024
STATIC = Path(__file__).resolve().parents[2] / "static"


@pytest.fixture(scope="module")
def fonts(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return build_fonts(tmp_path_factory.mktemp("fonts"))


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory, fonts: list[Path]) -> Path:
    """Static files as production serves them."""
    root = tmp_path_factory.mktemp("static")
    source = tmp_path_factory.mktemp("source")
    (source / "fonts").symlink_to(fonts[0].parent)
    storages: dict[str, Any] = {"staticfiles": {"BACKEND": "common.staticfiles.BundledStorage"}}
    directories = [STATIC, source]
    with override_settings(STATIC_ROOT=root, STORAGES=storages, STATICFILES_DIRS=directories):
        call_command("collectstatic", interactive=False, verbosity=0)
    return root


def hashed(root: Path, pattern: str) -> Path:
    found = [path for path in root.glob(pattern) if path.suffix != ".gz"]
    assert len(found) == 1, found
    return found[0]


def test_fonts_hold_every_letter_of_the_languages_of_russia(fonts: list[Path]) -> None:
    for path in fonts:
        with TTFont(path) as font:
            letters = set(font.getBestCmap())
        missing = [char for char in "ЁёҠҡӘәӨөҺһӐӑҪҫӲӳӶӷҢңҮүҖҗ№₽«»–—…ÄäЇ" if ord(char) not in letters]
        assert not missing, path.name


def test_fonts_are_built_once(fonts: list[Path]) -> None:
    before = [path.stat().st_mtime_ns for path in fonts]
    build_fonts(fonts[0].parent)
    assert [path.stat().st_mtime_ns for path in fonts] == before


def test_production_joins_the_parts(collected: Path) -> None:
    style = hashed(collected, "css/app.*.css").read_text()
    assert "@import" not in style
    assert ".timeline" in style
    assert "@media print" in style
    assert "../fonts/pt-sans-400." in style
    script = hashed(collected, "js/app.*.js").read_text()
    assert "import " not in script
    assert "data-draft-url" in script


def test_a_first_visit_stays_light(collected: Path, fonts: list[Path]) -> None:
    htmx = hashed(collected, "django_htmx/htmx-2*.min.*.js")
    weights = {
        "style": len(gzip.compress(hashed(collected, "css/app.*.css").read_bytes())),
        "script": len(gzip.compress(hashed(collected, "js/app.*.js").read_bytes())),
        "htmx": len(gzip.compress(htmx.read_bytes())),
        "fonts": sum(path.stat().st_size for path in fonts),
    }
    assert weights["style"] <= 11 * KB
    assert weights["script"] <= 6 * KB
    assert weights["fonts"] <= 40 * KB
    assert sum(weights.values()) <= 75 * KB, weights


# Tablets in the field are old: what their browsers do not know must not carry the look of a page.
TOO_NEW = ("light-dark(", ":has(", "@container", "@layer", "color-mix(", "\n  &", "position-area", "dvh")


def test_styles_keep_to_what_old_tablets_know() -> None:
    for path in STATIC.glob("css/*.css"):
        found = [feature for feature in TOO_NEW if feature in path.read_text()]
        assert not found, path.name


def test_scripts_stay_small_and_without_globals() -> None:
    for path in STATIC.glob("js/*.js"):
        text = path.read_text()
        assert text.count("\n") < 100, path.name
        assert "window." not in re.sub(r"window\.(addEventListener|location|print)\b", "", text), path.name
        assert "eval(" not in text, path.name
