"""The sample of an internal check: opened by the director until a day, read with a reason, closed early."""

import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from freezegun import freeze_time

from accounts.enums import AccessAction
from accounts.models import AccessEvent, Notification, User
from families import services
from families.access import may_write
from families.enums import GrantReason
from families.models import Family, FamilyGrant
from families.services.samples import end_sample, grant_sample, present_samples
from tests.cast import Cast, client_of
from tests.factories.families import household

DAY = datetime.timedelta(days=1)
NEW = reverse("families:sample_new")

pytestmark = pytest.mark.django_db


@pytest.fixture
def families(cast: Cast) -> list[Family]:
    departments = (cast.department, cast.department, cast.second_department)
    return [household(department=department, curator=None) for department in departments]


def sent(cast: Cast, chosen: list[Family], **more: Any) -> dict[str, Any]:
    return {
        "submission": str(uuid4()),
        "auditor": cast.auditor.pk,
        "ends_on": (cast.institution.today() + 7 * DAY).isoformat(),
        "note": "посещения на дому",
        "families": [row.pk for row in chosen],
    } | more


def opened(cast: Cast, families: list[Family], **more: Any) -> int:
    values: dict[str, Any] = {"ends_on": cast.institution.today() + 7 * DAY, "note": "посещения на дому"} | more
    return grant_sample(actor=cast.director, auditor=cast.auditor, families=families, **values)


def seen_by(user: User) -> set[int]:
    return set(Family.objects.visible_to(User.objects.get(pk=user.pk)).values_list("pk", flat=True))


@pytest.mark.requirement("S2-40")
def test_the_director_opens_families_to_the_auditor_who_reads_them_with_a_reason(
    cast: Cast, families: list[Family]
) -> None:
    director, auditor = client_of(cast.director), client_of(cast.auditor)
    assert families[0].title in director.get(NEW).content.decode()
    answer = director.post(NEW, sent(cast, families[:2]))
    row = FamilyGrant.objects.order_by("pk")[0]
    assert answer.headers["Location"] == reverse("families:sample", args=[row.pk])
    assert (row.reason, row.user, row.may_write) == (GrantReason.AUDIT, cast.auditor, False)
    assert row.ends_on == cast.institution.today() + 7 * DAY

    assert seen_by(cast.auditor) == {families[0].pk, families[1].pk}
    assert auditor.get(reverse("home")).headers["Location"] == reverse("families:samples")
    mine = auditor.get(reverse("families:samples")).content.decode()
    assert families[0].title in mine
    assert families[1].title in mine
    assert families[2].title not in mine
    assert "посещения на дому" in mine
    assert f"{row.ends_on:%d.%m.%Y}" in mine

    card = reverse("families:card", args=[families[0].pk])
    asked = auditor.get(card)
    assert asked.headers["Location"].startswith(reverse("families:reason", args=[families[0].pk]))
    auditor.post(asked.headers["Location"], {"reason": "плановая проверка"})
    assert auditor.get(card).status_code == 200
    event = AccessEvent.objects.get(user=cast.auditor, kind="family", action=AccessAction.VIEW)
    assert (event.family_id, event.reason) == (families[0].pk, "плановая проверка")
    assert not may_write(User.objects.get(pk=cast.auditor.pk), families[0])
    assert auditor.get(reverse("families:edit", args=[families[0].pk])).status_code == 403


def test_opening_a_sample_and_ending_it_stand_in_the_journal_and_the_auditor_is_told(
    cast: Cast, families: list[Family]
) -> None:
    pk = opened(cast, families[:2])
    event = AccessEvent.objects.get(kind="familygrant")
    assert (event.user, event.family_ids) == (cast.director, sorted(row.pk for row in families[:2]))
    told = Notification.objects.get(recipient=cast.auditor)
    assert (told.target, told.target_id, told.params["number"]) == ("families:sample", pk, 2)
    (sample,) = present_samples(cast.director, cast.institution.today())
    assert end_sample(actor=cast.director, sample=sample) == 2
    assert AccessEvent.objects.filter(kind="familygrant", user=cast.director).count() == 2
    shown = client_of(cast.director).get(reverse("journal")).context["rows"]
    told = [row for row in shown if row["event"].kind == "familygrant"]
    assert [row["reason"].partition(" (")[0] for row in told] == [
        f"доступ закрыт: {cast.auditor}",
        f"доступ открыт: {cast.auditor}",
    ]
    for row in told:
        assert {item.number for item in row["names"]} == {family.registry_number for family in families[:2]}


def test_a_sample_closes_by_itself_after_its_day(cast: Cast, families: list[Family]) -> None:
    with freeze_time("2026-11-20 03:00"):
        opened(cast, families[:1], ends_on=datetime.date(2026, 11, 25))
        assert seen_by(cast.auditor) == {families[0].pk}
    with freeze_time("2026-11-25 13:59"):  # 23:59 in Vladivostok
        assert seen_by(cast.auditor) == {families[0].pk}
    with freeze_time("2026-11-25 14:00"):
        assert seen_by(cast.auditor) == set()
        assert present_samples(User.objects.get(pk=cast.auditor.pk), cast.institution.today()) == []


def test_the_director_ends_one_sample_early_and_the_other_stays(cast: Cast, families: list[Family]) -> None:
    pk = opened(cast, families[:2])
    opened(cast, families[1:], note="сроки программ")
    director = client_of(cast.director)
    end = reverse("families:sample_end", args=[pk])
    assert families[0].title not in director.get(end).content.decode()
    assert director.post(end).headers["Location"] == reverse("families:samples")
    assert seen_by(cast.auditor) == {families[1].pk, families[2].pk}
    listed = director.get(reverse("families:samples")).content.decode()
    assert "сроки программ" in listed
    assert "посещения на дому" not in listed
    assert director.get(reverse("families:sample", args=[pk])).status_code == 404


def test_families_are_drawn_at_random_of_the_department_shown_and_none_twice(
    cast: Cast, families: list[Family]
) -> None:
    opened(cast, families[:1])
    url = f"{NEW}?department={cast.department.pk}"
    shown = client_of(cast.director).get(url).content.decode()
    assert families[1].title in shown
    assert families[2].title not in shown
    client_of(cast.director).post(url, sent(cast, [], at_random=5))
    assert seen_by(cast.auditor) == {families[0].pk, families[1].pk}


def test_a_restricted_family_is_in_no_sample(cast: Cast, families: list[Family]) -> None:
    pk = opened(cast, families[:2])
    services.restrict(actor=cast.director, family=families[0], reason="усыновление")
    assert seen_by(cast.auditor) == {families[1].pk}
    for user in (cast.auditor, cast.director):
        page = client_of(user).get(reverse("families:sample", args=[pk])).content.decode()
        assert families[1].title in page
        assert families[0].title not in page
    assert f'value="{families[0].pk}"' not in client_of(cast.director).get(NEW).content.decode()
    client_of(cast.director).post(NEW, sent(cast, [families[0]]))
    with pytest.raises(ValidationError):
        opened(cast, families[:1])
    assert FamilyGrant.objects.filter(reason=GrantReason.AUDIT).count() == 2


def test_a_family_that_moves_to_another_institution_leaves_the_sample(cast: Cast, families: list[Family]) -> None:
    opened(cast, families[:2])
    services.set_responsibility(
        families=families[:1],
        institution=cast.other_institution,
        department=cast.other_department,
        curator=None,
        actor=cast.director,
        reason="переезд",
    )
    assert seen_by(cast.auditor) == {families[1].pk}


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"families": []}, "Выберите семьи или укажите, сколько взять наугад."),
        ({"ends_on": "2020-01-01"}, "Этот день уже прошёл."),
        ({"note": ""}, "Обязательное поле."),
    ],
)
def test_a_sample_without_families_a_purpose_or_a_day_to_come_is_refused(
    cast: Cast, families: list[Family], more: dict[str, Any], told: str
) -> None:
    answer = client_of(cast.director).post(NEW, sent(cast, families[:1], **more))
    assert answer.status_code == 200
    assert told in answer.content.decode()
    assert not FamilyGrant.objects.filter(reason=GrantReason.AUDIT).exists()


def test_only_auditors_of_the_institution_and_its_families_can_be_chosen(cast: Cast, families: list[Family]) -> None:
    elsewhere = household(department=cast.other_department)
    director = client_of(cast.director)
    for more in ({"auditor": cast.other_auditor.pk}, {"auditor": cast.colleague.pk}, {"families": [elsewhere.pk]}):
        assert director.post(NEW, sent(cast, families[:1], **more)).status_code == 200
    assert not FamilyGrant.objects.filter(reason=GrantReason.AUDIT).exists()


def test_a_sample_of_another_institution_is_not_there(cast: Cast, families: list[Family]) -> None:
    pk = opened(cast, families[:1])
    for user in (cast.other_director, cast.other_auditor):
        assert client_of(user).get(reverse("families:sample", args=[pk])).status_code == 404
        assert families[0].title not in client_of(user).get(reverse("families:samples")).content.decode()
    assert client_of(cast.other_director).post(reverse("families:sample_end", args=[pk])).status_code == 404
    assert client_of(cast.auditor).post(reverse("families:sample_end", args=[pk])).status_code == 403
    assert client_of(cast.head).get(reverse("families:samples")).status_code == 403
    assert seen_by(cast.auditor) == {families[0].pk}


def test_the_director_reads_on_the_page_of_access_that_the_family_is_in_a_sample(
    cast: Cast, families: list[Family]
) -> None:
    opened(cast, families[:1])
    text = client_of(cast.director).get(reverse("families:grants", args=[families[0].pk])).content.decode()
    assert cast.auditor.get_full_name() in text
    assert str(GrantReason.AUDIT.label) in text


def test_one_section_of_the_menu_is_marked_on_the_page_of_samples(cast: Cast) -> None:
    answer = client_of(cast.auditor).get(reverse("families:samples"))
    assert [row["url"] for row in answer.context["nav"] if row["current"]] == [reverse("families:samples")]


def test_a_form_sent_twice_opens_one_sample(cast: Cast, families: list[Family]) -> None:
    client: Client = client_of(cast.director)
    data = sent(cast, families[:1])
    assert client.post(NEW, data).headers["Location"] == client.post(NEW, data).headers["Location"]
    assert FamilyGrant.objects.filter(reason=GrantReason.AUDIT).count() == 1
