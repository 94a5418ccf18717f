"""Drafts: what is typed outlives the session, comes back as it was typed, and is nobody else's."""

import uuid
from datetime import timedelta

import pytest
from django import forms
from django.conf import settings
from django.http import QueryDict
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.middleware import SEEN_KEY
from accounts.models import User
from common.forms import DateField, MoneyField
from records.models import Draft
from records.services import drafts
from records.services.submissions import SubmissionField, once
from tests.cast import Cast, client_of
from tests.factories.accounts import UserFactory

KEY = "casework.visit:new:case=12"
URL = "/records/drafts/casework.visit:new:case=12/"


class VisitForm(forms.Form):
    held_on = DateField()
    cost = MoneyField(required=False)
    outcome = forms.ChoiceField(choices=[("HELD", "held"), ("REFUSED", "refused")])
    seen = forms.MultipleChoiceField(choices=[("1", "Anna"), ("2", "Boris"), ("3", "Clara")], required=False)
    urgent = forms.BooleanField(required=False, initial=True)
    photo = forms.FileField(required=False)
    story = forms.CharField(widget=forms.Textarea)
    version = forms.IntegerField(widget=forms.HiddenInput, initial=7)
    submission = SubmissionField()


TYPED = {
    "held_on": ["31.02.20"],
    "cost": ["12 50"],
    "outcome": ["REFUSED"],
    "seen": ["1", "3"],
    "story": ["Дома никого.\nСоседи видели детей."],
    "version": ["3"],
}


def typed(**changes: list[str]) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, values in (TYPED | changes).items():
        data.setlist(name, values)
    return data


@pytest.fixture
def user(db: None) -> User:
    user: User = UserFactory()
    return user


@pytest.mark.requirement("L1")
def test_everything_typed_comes_back_as_it_was_typed(user: User) -> None:
    drafts.save_draft(user=user, key=KEY, data=typed())
    restored = drafts.open_draft(user, KEY)
    form = restored.fill(VisitForm())
    assert form.initial["held_on"] == "31.02.20"
    assert form.initial["seen"] == ["1", "3"]
    assert form.initial["urgent"] is False
    page = form.as_p()
    assert "31.02.20" in page
    assert "12 50" in page
    assert '<option value="REFUSED" selected>' in page
    assert page.count("selected") == 3
    assert "Соседи видели детей." in page
    assert 'name="version" value="3"' in page
    assert restored.saved_at is not None


def test_a_restored_form_gets_a_new_key_and_no_file(user: User) -> None:
    key = str(uuid.uuid4())
    drafts.save_draft(user=user, key=KEY, data=typed(submission=[key], csrfmiddlewaretoken=["x"]))
    form = drafts.open_draft(user, KEY).fill(VisitForm())
    assert {"submission", "photo"} & form.initial.keys() == set()
    assert key not in form.as_p()
    assert "csrfmiddlewaretoken" not in Draft.objects.get().payload


def test_a_form_that_was_sent_is_left_alone(user: User) -> None:
    drafts.save_draft(user=user, key=KEY, data=typed())
    form = drafts.open_draft(user, KEY).fill(VisitForm(QueryDict("story=other")))
    assert form["story"].value() == "other"


def test_without_a_draft_the_form_is_as_it_was(user: User) -> None:
    form = drafts.open_draft(user, KEY).fill(VisitForm())
    assert form["version"].value() == 7
    assert form["urgent"].value() is True
    assert drafts.open_draft(user, KEY).saved_at is None


class ServiceForm(forms.Form):
    title = forms.CharField()
    free = forms.BooleanField(required=False)


@pytest.mark.requirement("L1")
def test_rows_of_a_formset_come_back(user: User) -> None:
    formset = forms.formset_factory(ServiceForm, extra=1)
    rows = {"rows-0-title": ["Консультация"], "rows-1-title": ["Беседа"], "rows-1-free": ["on"]}
    drafts.save_draft(user=user, key=KEY, data=typed(**{"rows-TOTAL_FORMS": ["2"]}, **rows))
    restored = drafts.open_draft(user, KEY).fill_formset(formset(prefix="rows"))
    assert [(form["title"].value(), form["free"].value()) for form in restored] == [
        ("Консультация", False),
        ("Беседа", True),
    ]
    other = drafts.open_draft(user, "casework.visit:new:case=13").fill_formset(formset(prefix="rows"))
    assert [form["title"].value() for form in other] == [None]


@pytest.mark.parametrize("total", ["", "-1", "x", "²", "1000000"])
def test_a_senseless_number_of_rows_does_no_harm(user: User, total: str) -> None:
    drafts.save_draft(user=user, key=KEY, data=typed(**{"rows-TOTAL_FORMS": [total]}))
    formset = forms.formset_factory(ServiceForm, extra=1)(prefix="rows")
    assert len(drafts.open_draft(user, KEY).fill_formset(formset).forms) in {1, drafts.MOST_ROWS}


@pytest.mark.requirement("L1")
def test_kept_and_dropped_over_http_for_its_owner_only(cast: Cast) -> None:
    writer, colleague = client_of(cast.specialist), client_of(cast.colleague)
    answer = writer.post(URL, TYPED)
    assert answer.status_code == 200
    assert set(answer.json()) == {"saved_at"}
    assert drafts.draft_for(cast.colleague, KEY) is None
    colleague.post(URL, {"story": "Чужое"})
    colleague.delete(URL)
    kept = drafts.draft_for(cast.specialist, KEY)
    assert kept is not None
    assert kept.payload == TYPED
    writer.post(URL, {"story": "Новое"})
    assert Draft.objects.get().payload == {"story": ["Новое"]}
    answer = writer.post(f"{URL}discard/", {"next": "/cases/12/"})
    assert answer.url == "/cases/12/"  # type: ignore[attr-defined]
    assert not Draft.objects.exists()
    assert reverse("records:draft", args=[KEY]) == URL


def test_discarding_leads_nowhere_else(cast: Cast) -> None:
    answer = client_of(cast.specialist).post(f"{URL}discard/", {"next": "https://example.org/"})
    assert answer.url == "/"  # type: ignore[attr-defined]


@pytest.mark.parametrize("key", ["x", "Casework", "a b c", "casework.visit:<script>", "a" * 151])
def test_keys_that_name_no_form_are_refused(user: User, key: str) -> None:
    with pytest.raises(drafts.DraftRefused):
        drafts.save_draft(user=user, key=key, data=typed())


def test_more_than_a_form_holds_is_refused(cast: Cast) -> None:
    client = client_of(cast.specialist)
    assert client.post(URL, {"story": "ж" * 199_000}).status_code == 200
    assert client.post(URL, {"story": "ж" * 201_000}).status_code == 413
    assert len(Draft.objects.get().payload["story"][0]) == 199_000


def test_a_nul_sign_does_no_harm(cast: Cast) -> None:
    assert client_of(cast.specialist).post(URL, {"story": "a\x00b"}).status_code == 200
    assert Draft.objects.get().payload == {"story": ["ab"]}


def test_the_oldest_drafts_give_way(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "MOST_PER_PERSON", 2)
    for number in range(3):
        drafts.save_draft(user=user, key=f"form:{number}", data=typed())
    assert sorted(Draft.objects.values_list("key", flat=True)) == ["form:1", "form:2"]


def test_a_page_that_saves_late_does_not_bring_a_sent_form_back(user: User) -> None:
    key = uuid.uuid4()
    drafts.save_draft(user=user, key=KEY, data=typed(submission=[str(key)]))
    assert drafts.draft_for(user, KEY) is not None
    once(user=user, key=key, kind="visit")
    assert drafts.draft_for(user, KEY) is None
    assert drafts.save_draft(user=user, key=KEY, data=typed(submission=[str(key)])) is None


def test_expired_drafts_are_not_shown_and_then_dropped(user: User) -> None:
    drafts.save_draft(user=user, key=KEY, data=typed())
    now = timezone.now()
    assert drafts.drop_expired_drafts(now) == 0
    Draft.objects.update(expires_at=now - timedelta(seconds=1))
    assert drafts.draft_for(user, KEY) is None
    assert drafts.drop_expired_drafts(now) == 1


def test_discarding_takes_the_own_draft_only(user: User) -> None:
    other = UserFactory()
    for person in (user, other):
        drafts.save_draft(user=person, key=KEY, data=typed())
    drafts.open_draft(user, KEY).discard()
    assert Draft.objects.get().user == other


def let_expire(client: Client) -> None:
    client.get(reverse("inbox"))
    session = client.session
    session[SEEN_KEY] -= settings.SESSION_IDLE_SECONDS + 1
    session.save()


@pytest.mark.requirement("L1")
@pytest.mark.parametrize("by_script", [True, False])
def test_a_form_sent_after_the_session_ran_out_becomes_a_draft(cast: Cast, by_script: bool) -> None:
    client = client_of(cast.specialist)
    let_expire(client)
    data = {name: values[0] for name, values in TYPED.items()}
    url = URL if by_script else reverse("profile")
    answer = client.post(url, data if by_script else {**data, "_draft": KEY})
    assert answer["Location"].startswith(reverse("account_login"))
    draft = drafts.draft_for(cast.specialist, KEY)
    assert draft is not None
    assert draft.payload == {name: [value] for name, value in data.items()}
    assert drafts.draft_for(cast.colleague, KEY) is None


@pytest.mark.parametrize("key", ["", "../../etc", "x" * 300])
def test_a_key_that_names_no_form_keeps_nothing(cast: Cast, key: str) -> None:
    client = client_of(cast.specialist)
    let_expire(client)
    assert client.post(reverse("profile"), {"_draft": key, "phone": "1"}).status_code == 302
    assert not Draft.objects.exists()


def test_the_form_names_its_draft(cast: Cast) -> None:
    draft = drafts.open_draft(cast.specialist, KEY)
    page = render_to_string("ui/draft_state.html", {"draft": draft})
    assert f'<input type="hidden" name="_draft" value="{KEY}">' in page
