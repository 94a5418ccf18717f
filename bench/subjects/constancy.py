"""Queries per page: as many for each role, and however much there is to show."""

from django.db.models import Count

from bench.measuring import Row
from bench.people import client_of, longest_case, people
from bench.run import Run
from bench.subjects.capture import queries_of
from casework.enums import Stage
from casework.models import SupportCase

OF_A_CASE = {
    "case page": "/cases/{case}/",
    "visits of a case": "/cases/{case}/visits/",
    "members of a family": "/cases/{case}/members/",
    "family card": "/families/{family}/",
}
CHANGES = "/cases/{case}/changes/"
"""Compared by role only: it asks for the titles of what was changed, so a case that was worked at costs more."""
LISTS = {"caseload": "/caseload/", "journal of services": "/services/journal/", "planned visits": "/visits/planned/"}


def measure(_run: Run) -> list[Row]:
    """The floor of a line is the smallest number among those that are compared, the value the largest."""
    clients = {person.title: client_of(person.user) for person in people()}
    cases = dict(_cases())
    rows = []
    for title, pattern in OF_A_CASE.items():
        found = {
            (role, visits): queries_of(client, pattern.format(case=case.pk, family=case.family_id)).number
            for role, client in clients.items()
            for case, visits in cases.items()
        }
        spread = ", ".join(f"{visits}" for visits in cases.values())
        rows += [
            _row(f"{title}, as {role}", [found[role, visits] for visits in cases.values()], f"{spread} visits")
            for role in clients
        ]
        most = max(cases.values())
        rows.append(_row(f"{title}, by role", [found[role, most] for role in clients], ", ".join(clients)))
    changes = CHANGES.format(case=longest_case().pk)
    numbers = [queries_of(client, changes).number for client in clients.values()]
    rows.append(_row("changes of a case, by role", numbers, ", ".join(clients)))
    for title, path in LISTS.items():
        roles = [role for role in clients if not (title == "caseload" and role == "curator")]
        rows.append(
            _row(f"{title}, by role", [queries_of(clients[role], path).number for role in roles], ", ".join(roles))
        )
    own = {person.title: queries_of(clients[person.title], person.page).number for person in people()}
    rows.append(_row("list page, by role", list(own.values()), ", ".join(own)))
    return rows


def _cases() -> list[tuple[SupportCase, int]]:
    """Cases of the first curator in one stage: with the fewest visits, with a usual number, with the most."""
    mine = SupportCase.objects.in_charge(people()[0].user).filter(stage=Stage.ACTIVE)
    counted = list(mine.annotate(visited=Count("visits")).order_by("visited", "pk"))
    longest = longest_case()
    short, usual = counted[0], counted[len(counted) // 2]
    chosen = [short, usual, next(case for case in counted if case.pk == longest.pk)]
    return [(case, case.visited) for case in chosen]


def _row(subject: str, numbers: list[int], of: str) -> Row:
    note = f"{of}: {', '.join(map(str, numbers))}"
    return Row(subject, "queries", max(numbers), min(numbers), 1, "queries", note)
