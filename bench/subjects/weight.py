"""What goes over the wire: the first visit with everything that the page asks for, and a later page."""

import gzip
import re
from urllib.parse import urljoin

from bench.measuring import Row, limit
from bench.people import Browser, people
from bench.run import Run

FIRST_KB, LATER_KB, KB = 90, 20, 1024
ASKED_FOR = re.compile(
    rb'<(?:script|img)\b[^>]*?\ssrc="([^"]+)"'
    rb'|<link\b(?=[^>]*\brel="(?:stylesheet|icon|preload|manifest)")[^>]*?\shref="([^"]+)"'
)
IN_STYLESHEETS = re.compile(rb'url\(["\']?([^"\')]+)')


def measure(run: Run) -> list[Row]:
    """Of the curator's list; pages are reckoned as the proxy compresses them, files as they are sent."""
    curator = people()[0]
    browser = Browser(run.server.address, curator.user)
    page = browser.get(curator.page)
    files = _files(browser, curator.page, page)
    browser.close()
    later = len(gzip.compress(page)) / KB
    first = later + sum(files.values()) / KB
    largest = sorted(files.items(), key=lambda item: -item[1])
    note = ", ".join(f"{name.rpartition('/')[2]} {size / KB:.0f} KB" for name, size in largest)
    return [
        limit("first visit, the list page of the curator", "transferred", first, FIRST_KB, unit="KB", note=note),
        limit("later page, the list page of the curator", "transferred", later, LATER_KB, unit="KB"),
    ]


def _files(browser: Browser, path: str, page: bytes) -> dict[str, int]:
    """The files of the page and of its stylesheets, with how much of each is sent."""
    found: dict[str, int] = {}
    waiting = [urljoin(path, (src or href).decode()) for src, href in ASKED_FOR.findall(page)]
    while waiting:
        address = waiting.pop()
        if address in found or address.startswith("data:"):
            continue
        sent = browser.get(address)
        found[address] = len(sent)
        if address.endswith(".css"):
            waiting += [urljoin(address, name.decode()) for name in IN_STYLESHEETS.findall(_text(sent))]
    return found


def _text(sent: bytes) -> bytes:
    return gzip.decompress(sent) if sent[:2] == b"\x1f\x8b" else sent
