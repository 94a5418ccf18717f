"""Web fonts of the pages, cut from the installed font packages."""

import os
from pathlib import Path

# Latin, all Cyrillic of Russia's languages, punctuation, №, ₽ and the few signs that pages use.
CHARACTERS = (
    *range(0x20, 0x7F),
    *range(0xA0, 0x100),
    *range(0x400, 0x530),
    *range(0x2010, 0x2027),
    *(0x2030, 0x2039, 0x203A, 0x20BD, 0x2116, 0x2190, 0x2191, 0x2192, 0x2193, 0x2212, 0x2248, 0x2260, 0x2264, 0x2265),
)
WEIGHTS = (400, 700)


def build_fonts(folder: Path) -> list[Path]:
    """PT Sans as WOFF2 subsets in `folder`, one file per weight, without hinting (a fifth of the size).

    Files that are newer than their source are left alone, so that a second run takes no time.
    """
    import fontpkg  # noqa: PLC0415 the fonts and their tools are needed at set-up only
    from fontTools.subset import Options, Subsetter, load_font, save_font  # noqa: PLC0415

    folder.mkdir(parents=True, exist_ok=True)
    built = []
    for weight in WEIGHTS:
        source = Path(fontpkg.path("PT Sans", weight=weight))
        target = folder / f"pt-sans-{weight}.woff2"
        built.append(target)
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        options = Options(flavor="woff2", hinting=False, layout_features=["kern", "liga", "tnum", "mark", "mkmk"])
        unfinished = target.with_suffix(f".{os.getpid()}")
        with load_font(str(source), options) as font:
            subsetter = Subsetter(options)
            subsetter.populate(unicodes=CHARACTERS)
            subsetter.subset(font)
            save_font(font, str(unfinished), options)
        unfinished.replace(target)
    return built
