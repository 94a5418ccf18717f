"""Every link that a page of a case shows to somebody opens for them: none leads to a refusal."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Final
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.access.worlds import Subject, World
from tests.cast import Cast, client_of

LINK: Final = re.compile(r'<a\s[^>]*href="([^"]+)"')
ROOMS: Final = re.compile(r"/(families|cases|visits|contracts|sheets|programmes)/\d+/(?!reason/)[^?]*")
"""Pages of a case and its family, whose links are looked at in their turn."""
CLOSED: Final = frozenset({403, 404, 500})
# Who looks at which family of the world, with everything in its record.
READERS: Final[dict[str, tuple[str, str]]] = {
    "curator": ("specialist", "own"),
    "head": ("head", "own"),
    "director": ("director", "own"),
    "granted reader": ("specialist", "handover"),
    "auditor": ("auditor", "sample"),
    "secretary": ("secretary", "agenda_during"),
}

pytestmark = pytest.mark.django_db


def links_of(client: Client, path: str) -> list[str]:
    """The addresses on our own site that a page links to, without the place on the page."""
    answer = client.get(path)
    if answer.status_code != 200 or not answer.headers["Content-Type"].startswith("text/html"):
        return []
    found = (urljoin(path, unescape(href)) for href in LINK.findall(answer.content.decode()))
    return list(dict.fromkeys(href.partition("#")[0] for href in found if urlsplit(href).scheme == ""))


def crawled(client: Client, starts: list[str]) -> Iterator[tuple[str, str, int]]:
    """Each link of the pages of a case, once: the page it stands on, its address, and the answer."""
    known, pages = set(starts), list(starts)
    for path in pages:
        for href in links_of(client, path):
            if href in known:
                continue
            known.add(href)
            yield path, href, client.get(href).status_code
            if ROOMS.fullmatch(href):
                pages.append(href)


def reader(cast: Cast, name: str, subject: Subject) -> Client:
    """The person signed in, who has said why they open the family where that is asked."""
    user: User = cast.people[name]
    client = client_of(user)
    client.post(reverse("families:reason", args=subject.ids["family"]), {"reason": "плановая проверка"})
    return client


@pytest.mark.parametrize("who", READERS)
def test_no_link_of_the_pages_of_a_case_is_closed_to_its_reader(world: World, who: str) -> None:
    name, key = READERS[who]
    subject = world.subject(key)
    client = reader(world.cast, name, subject)
    starts = [reverse("casework:case", args=subject.ids["case"]), reverse("families:card", args=subject.ids["family"])]
    assert {client.get(path).status_code for path in starts} == {200}
    closed = [(path, href, status) for path, href, status in crawled(client, starts) if status in CLOSED]
    assert not closed
