"""Writes of the room: what they set, what they refuse in human words, and the history they leave."""

import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import Notification, User
from common.editing import StaleVersion, only_database_checks
from families import services
from families.access import may_write
from families.enums import FamilyRole, GrantReason, RiskGroup, StatusKind, TraitKind
from families.models import (
    Category,
    Consent,
    Family,
    FamilyCategory,
    FamilyGrant,
    FamilyMembership,
    FamilyRiskGroup,
    FamilyStatement,
    FamilyStatus,
    MemberTrait,
    Person,
)
from families.services import NewMember
from tests.cast import Cast
from tests.factories.families import (
    ConsentFactory,
    FamilyCategoryFactory,
    FamilyMembershipFactory,
    FamilyStatementFactory,
    FamilyStatusFactory,
    MemberTraitFactory,
    PersonFactory,
    granted,
    household,
)

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def family(cast: Cast) -> Family:
    return household(department=cast.department, curator=cast.specialist)


@pytest.fixture
def mother(family: Family) -> FamilyMembership:
    return family.memberships.get(is_head=True)


@pytest.fixture
def child(family: Family) -> FamilyMembership:
    return family.memberships.get(role=FamilyRole.CHILD)


def message(error: pytest.ExceptionInfo[ValidationError]) -> str:
    return " ".join(error.value.messages)


def newcomer(**person: Any) -> NewMember:
    values = {"last_name": "Орлова", "first_name": "Инна", "sex": "F", "birth_date": datetime.date(1990, 1, 2)}
    return NewMember(Person(**(values | person)), FamilyMembership(role="MOTHER", starts_on=datetime.date(2026, 1, 1)))


class TestGenerations:
    """Who is no younger than a parent or representative of full age is no child, or was born on another day."""

    def test_when_somebody_joins(self, cast: Cast, family: Family) -> None:
        def joins(role: FamilyRole) -> FamilyMembership:
            person = PersonFactory.build(region=family.region, birth_date=datetime.date(1960, 1, 1))
            place = FamilyMembership(role=role, starts_on=datetime.date(2026, 3, 1))
            return services.add_member(actor=cast.specialist, family=family, member=NewMember(person, place))

        with pytest.raises(ValidationError) as refused:
            joins(FamilyRole.CHILD)
        assert list(refused.value.message_dict) == ["birth_date"]
        assert joins(FamilyRole.SIBLING).pk

    def test_when_a_day_of_birth_is_changed(
        self, cast: Cast, mother: FamilyMembership, child: FamilyMembership
    ) -> None:
        child.person.birth_date = mother.person.birth_date
        with pytest.raises(ValidationError, match="не младше"):
            services.change_person(actor=cast.specialist, person=child.person)
        mother.person.birth_date -= 365 * DAY
        services.change_person(actor=cast.specialist, person=mother.person)
        services.change_person(actor=cast.specialist, person=child.person)

    def test_when_a_role_is_changed(self, cast: Cast, family: Family, mother: FamilyMembership) -> None:
        aunt = FamilyMembershipFactory.create(
            family=family,
            person=PersonFactory.create(region=family.region, birth_date=datetime.date(1950, 1, 1)),
            role=FamilyRole.OTHER,
        )
        aunt.role = FamilyRole.CHILD
        with pytest.raises(ValidationError) as refused:
            services.change_member(actor=cast.specialist, membership=aunt)
        assert list(refused.value.message_dict) == ["role"]


class TestRegistration:
    def register(self, actor: User, *members: NewMember, **family: Any) -> Family:
        values = {"registered_on": datetime.date(2026, 3, 1)} | family
        return services.register_family(actor=actor, family=Family(**values), members=members)

    @pytest.mark.requirement("S1-14", "S1-53", "S3-4")
    def test_it_belongs_to_the_unit_and_is_numbered_in_the_year_of_the_event(self, cast: Cast) -> None:
        first = self.register(cast.specialist, newcomer(), settlement=cast.settlement)
        second = self.register(cast.head, newcomer(first_name="Анна"))
        assert (first.institution, first.department, first.curator) == (cast.institution, cast.department, None)
        assert (first.registry_number, second.registry_number) == ("1/2026", "2/2026")
        assert (first.title, first.precinct, first.registered_by) == ("Орлова", cast.precinct, cast.specialist)
        member = first.memberships.get()
        assert (member.role, member.person.region) == (FamilyRole.MOTHER, cast.region)

    def test_whoever_registered_it_works_on_until_a_curator_is_assigned(self, cast: Cast) -> None:
        family = self.register(cast.specialist, newcomer())
        ledger = FamilyGrant.objects.get()
        assert (ledger.reason, ledger.ends_on) == (GrantReason.REGISTERED, cast.institution.today() + 30 * DAY)
        assert may_write(cast.specialist, family)
        assert not may_write(cast.colleague, family)
        services.set_responsibility(
            families=[family],
            institution=cast.institution,
            department=cast.department,
            curator=cast.colleague,
            actor=cast.head,
            reason="приказ № 5",
        )
        family.refresh_from_db()
        assert not may_write(cast.specialist, family)
        assert may_write(cast.colleague, family)

    def test_a_person_stands_in_the_region_once(self, cast: Cast) -> None:
        self.register(cast.specialist, newcomer(snils="11223344595"))
        with pytest.raises(ValidationError) as error:
            self.register(cast.other_specialist, newcomer(snils="11223344595"))
        assert "СНИЛС" in message(error)
        assert Family.objects.count() == 1
        self.register(cast.foreign_specialist, newcomer(snils="11223344595"))

    def test_a_load_of_trusted_rows_leaves_uniqueness_to_the_database(self, cast: Cast) -> None:
        self.register(cast.specialist, newcomer(snils="11223344595"))
        with only_database_checks(), pytest.raises(IntegrityError, match="snils_once_per_region"):
            self.register(cast.other_specialist, newcomer(snils="11223344595"))

    def test_a_child_does_not_live_in_two_families(self, cast: Cast, child: FamilyMembership) -> None:
        again = NewMember(child.person, FamilyMembership(role=FamilyRole.CHILD, starts_on=datetime.date(2026, 1, 1)))
        with pytest.raises(ValidationError) as error:
            self.register(cast.specialist, newcomer(), again)
        assert "другой семье" in message(error)

    def test_a_family_has_somebody_in_it(self, cast: Cast) -> None:
        with pytest.raises(ValidationError):
            self.register(cast.specialist)

    def test_the_head_of_the_other_department_is_asked_once_a_day_without_names(self, cast: Cast) -> None:
        family = household(department=cast.other_department)
        for _ in range(2):
            services.ask_for_transfer(actor=cast.specialist, family=family, on=cast.institution.today())
        notice = Notification.objects.get()
        assert (notice.recipient, notice.target_id) == (cast.other_head, family.pk)
        assert family.title not in str(notice.params)
        assert notice.params["number"] == family.registry_number


class TestMembers:
    @pytest.mark.requirement("R12")
    @pytest.mark.parametrize(("snils", "right"), [("11223344595", True), ("08765430200", True), ("21647164760", False)])
    def test_a_snils_has_the_right_check(self, snils: str, *, right: bool) -> None:
        person = PersonFactory.build(region=None, snils=snils)
        try:
            person.clean_fields(exclude=["region"])
            refused: set[str] = set()
        except ValidationError as error:
            refused = set(error.error_dict)
        assert refused == (set() if right else {"snils"})

    def test_a_new_main_contact_takes_over(self, cast: Cast, family: Family, mother: FamilyMembership) -> None:
        member = newcomer(first_name="Роза")
        member.membership.is_head = True
        services.add_member(actor=cast.specialist, family=family, member=member)
        mother.refresh_from_db()
        assert not mother.is_head
        assert mother.history.first().history_user == cast.specialist

    def test_leaving_ends_what_rests_on_the_member(self, cast: Cast, child: FamilyMembership) -> None:
        trait = MemberTraitFactory.create(membership=child, kind=TraitKind.NEGLECTED)
        category = FamilyCategoryFactory.create(family=child.family, member=child)
        last = datetime.date(2026, 2, 1)
        services.end_membership(actor=cast.specialist, membership=child, on=last, reason="переехал к отцу")
        for row in (trait, category, child):
            row.refresh_from_db()
            assert row.ends_on == last
            assert (row.history.first().history_user, row.history.first().history_change_reason) == (
                cast.specialist,
                "переехал к отцу",
            )
        assert FamilyMembership.objects.on(last).filter(pk=child.pk).exists()
        assert not FamilyMembership.objects.on(last + DAY).filter(pk=child.pk).exists()

    def test_nobody_leaves_tomorrow(self, cast: Cast, child: FamilyMembership) -> None:
        with pytest.raises(ValidationError):
            services.end_membership(
                actor=cast.specialist, membership=child, on=cast.institution.today() + DAY, reason="переезд"
            )

    def test_the_representative_is_changed(self, cast: Cast, family: Family, mother: FamilyMembership) -> None:
        guardian = FamilyMembershipFactory.create(family=family, role=FamilyRole.GUARDIAN)
        on = datetime.date(2026, 5, 5)
        services.set_representative(
            actor=cast.specialist, membership=guardian, on=on, document="акт № 7", instead_of=mother
        )
        mother.refresh_from_db()
        assert (mother.is_representative, guardian.is_representative) == (False, True)

    def test_a_child_represents_nobody(self, cast: Cast, child: FamilyMembership) -> None:
        with pytest.raises(ValidationError):
            services.set_representative(actor=cast.specialist, membership=child, on=datetime.date(2026, 5, 5))

    def test_a_stale_copy_is_not_saved(self, cast: Cast, mother: FamilyMembership) -> None:
        stale = Person.objects.get(pk=mother.person_id)
        services.change_person(actor=cast.specialist, person=mother.person)
        with pytest.raises(StaleVersion):
            services.change_person(actor=cast.specialist, person=stale)


class TestAge:
    @pytest.mark.requirement("R10")
    @pytest.mark.parametrize(
        ("born", "first_adult_day"),
        [
            (datetime.date(2008, 3, 15), datetime.date(2026, 3, 15)),
            (datetime.date(2008, 2, 29), datetime.date(2026, 2, 28)),
        ],
    )
    def test_a_minor_comes_of_age_on_the_birthday(self, born: datetime.date, first_adult_day: datetime.date) -> None:
        person = PersonFactory.build(region=None, birth_date=born)
        assert person.is_minor_on(first_adult_day - DAY)
        assert not person.is_minor_on(first_adult_day)

    @pytest.mark.requirement("I19", "S1-3", "S4-6")
    @pytest.mark.parametrize(
        ("code", "age"), [("HEALTH_LIMITED_UNDER_3", 3), ("DISABLED_CHILD", 18), ("CARE_LEAVER", 23)]
    )
    def test_a_category_ends_by_itself_before_the_birthday(
        self, cast: Cast, child: FamilyMembership, code: str, age: int
    ) -> None:
        born = child.person.birth_date
        row = services.add_category(
            actor=cast.specialist,
            row=FamilyCategory(
                family=child.family,
                category=Category.objects.get(code=code),
                member=child,
                starts_on=born + 30 * DAY,
            ),
        )
        birthday = born.replace(year=born.year + age)
        held = FamilyCategory.objects.filter(pk=row.pk)
        assert held.on(birthday - DAY).exists()
        assert not held.on(birthday).exists()

    @pytest.mark.requirement("I19")
    def test_a_corrected_date_of_birth_moves_the_end(self, cast: Cast, child: FamilyMembership) -> None:
        category = Category.objects.get(code="DISABLED_CHILD")
        row = services.add_category(
            actor=cast.specialist,
            row=FamilyCategory(
                family=child.family, category=category, member=child, starts_on=datetime.date(2025, 1, 1)
            ),
        )
        child.person.birth_date = datetime.date(2015, 6, 7)
        services.change_person(actor=cast.specialist, person=child.person)
        row.refresh_from_db()
        assert row.ends_on == datetime.date(2033, 6, 6)

    def test_a_category_with_an_age_needs_the_member_of_that_age(self, cast: Cast, child: FamilyMembership) -> None:
        category = Category.objects.get(code="HEALTH_LIMITED_UNDER_3")
        row = FamilyCategory(family=child.family, category=category, starts_on=datetime.date(2025, 1, 1))
        with pytest.raises(ValidationError) as error:
            services.add_category(actor=cast.specialist, row=row)
        assert set(error.value.error_dict) == {"member"}
        row.member = child
        with pytest.raises(ValidationError) as error:
            services.add_category(actor=cast.specialist, row=row)
        assert set(error.value.error_dict) == {"starts_on"}

    def test_a_care_leaver_of_twenty_three_is_none(self, cast: Cast, mother: FamilyMembership) -> None:
        young = PersonFactory.create(region=mother.person.region, birth_date=datetime.date(2004, 4, 4))
        membership = FamilyMembershipFactory.create(family=mother.family, person=young, role=FamilyRole.SIBLING)
        trait = services.add_trait(
            actor=cast.specialist,
            row=MemberTrait(membership=membership, kind=TraitKind.CARE_LEAVER, starts_on=datetime.date(2025, 1, 1)),
        )
        assert trait.ends_on == datetime.date(2027, 4, 3)


class TestStatuses:
    def status(self, cast: Cast, family: Family, kind: StatusKind | None, on: str, **values: Any) -> None:
        services.set_status(
            actor=cast.specialist, family=family, kind=kind, on=datetime.date.fromisoformat(on), **values
        )

    @pytest.mark.requirement("S0-86", "S1-35")
    def test_the_next_status_ends_the_former_the_day_before(self, cast: Cast, family: Family) -> None:
        self.status(cast, family, StatusKind.EARLY_TROUBLE, "2026-01-10")
        self.status(cast, family, StatusKind.SOCIALLY_DANGEROUS, "2026-02-10", decided_by="КДН и ЗП")
        self.status(cast, family, StatusKind.HARDSHIP, "2026-03-10", by_improvement=True)
        self.status(cast, family, None, "2026-04-10", by_improvement=True)
        rows = FamilyStatus.objects.filter(family=family).order_by("starts_on")
        assert [(row.kind, row.ends_on.isoformat(), row.ended_by_improvement) for row in rows if row.ends_on] == [
            ("EARLY_TROUBLE", "2026-02-09", False),
            ("SOCIALLY_DANGEROUS", "2026-03-09", True),
            ("HARDSHIP", "2026-04-09", True),
        ]

    @pytest.mark.parametrize(
        ("kind", "on", "values"),
        [
            (StatusKind.HARDSHIP, "2026-03-01", {}),  # the same again
            (StatusKind.EARLY_TROUBLE, "2025-09-01", {}),  # on the day the present one began
            (StatusKind.EARLY_TROUBLE, "2025-05-01", {}),  # would run into the present one
            (StatusKind.SOCIALLY_DANGEROUS, "2026-03-01", {"by_improvement": True}),
            (None, "2025-05-01", {}),  # nothing to end then
        ],
    )
    def test_what_cannot_be_is_refused_in_words(
        self, cast: Cast, family: Family, kind: StatusKind | None, on: str, values: dict[str, Any]
    ) -> None:
        FamilyStatusFactory.create(family=family, starts_on=datetime.date(2025, 9, 1))
        with pytest.raises(ValidationError) as error:
            self.status(cast, family, kind, on, **values)
        assert "constraint" not in message(error).lower()
        assert FamilyStatus.objects.get(family=family).ends_on is None

    def test_overlapping_statuses_are_refused_by_the_database(self, family: Family) -> None:
        FamilyStatusFactory.create(family=family)
        with pytest.raises(IntegrityError, match="one_status_at_a_time"), transaction.atomic():
            FamilyStatus.objects.bulk_create(
                [FamilyStatus(family=family, kind="HARDSHIP", starts_on=datetime.date(2026, 1, 1))]
            )

    @pytest.mark.requirement("S1-86")
    def test_the_ladder_of_risk_groups_keeps_its_steps(self, cast: Cast, family: Family) -> None:
        steps = [RiskGroup.ASOCIAL, RiskGroup.DYSFUNCTIONAL, RiskGroup.RISK_GROUP, None]
        for month, group in enumerate(steps, start=1):
            services.set_risk_group(actor=cast.specialist, family=family, group=group, on=datetime.date(2026, month, 1))
        rows = FamilyRiskGroup.objects.filter(family=family).order_by("starts_on")
        assert [(row.group, row.ends_on and row.ends_on.month) for row in rows] == [
            ("ASOCIAL", 1),
            ("DYSFUNCTIONAL", 2),
            ("RISK_GROUP", 3),
        ]


class TestPapers:
    def consent(self, child: FamilyMembership, mother: FamilyMembership, **values: Any) -> Consent:
        built = {
            "family": child.family,
            "subject": child.person,
            "given_by": mother.person,
            "operator_name": "",
            "operator_address": "",
            "number": "",
            "created_by": None,
        } | values
        return ConsentFactory.build(**built)

    @pytest.mark.requirement("R13", "S2-36")
    def test_a_childs_consent_lasts_to_the_eve_of_majority(
        self, cast: Cast, child: FamilyMembership, mother: FamilyMembership
    ) -> None:
        consent = services.give_consent(actor=cast.specialist, consent=self.consent(child, mother))
        birthday = child.person.birth_date.replace(year=child.person.birth_date.year + 18)
        assert (consent.number, consent.valid_to) == ("1/2025", birthday - DAY)
        assert consent.operator_name == cast.institution.full_name
        assert Consent.objects.in_force(birthday - DAY).exists()
        assert not Consent.objects.in_force(birthday).exists()

    @pytest.mark.requirement("R13")
    def test_only_the_representative_gives_it_for_a_child(
        self, cast: Cast, child: FamilyMembership, mother: FamilyMembership
    ) -> None:
        stranger = PersonFactory.create(region=cast.region)
        for giver in (child.person, stranger):
            with pytest.raises(ValidationError) as error:
                services.give_consent(actor=cast.specialist, consent=self.consent(child, mother, given_by=giver))
            assert set(error.value.error_dict) == {"given_by"}
        assert not Consent.objects.exists()

    def test_an_adult_gives_their_own_or_names_the_power_of_attorney(
        self, cast: Cast, family: Family, mother: FamilyMembership
    ) -> None:
        other = FamilyMembershipFactory.create(family=family, role=FamilyRole.GRANDMOTHER)
        with pytest.raises(ValidationError) as error:
            services.give_consent(actor=cast.specialist, consent=self.consent(other, mother))
        assert set(error.value.error_dict) == {"authority_document"}
        services.give_consent(
            actor=cast.specialist, consent=self.consent(other, mother, authority_document="доверенность № 3")
        )

    @pytest.mark.requirement("R13")
    def test_a_withdrawn_consent_is_not_in_force_from_that_day(self, cast: Cast, family: Family) -> None:
        consent = ConsentFactory.create(family=family)
        on = datetime.date(2026, 2, 3)
        services.revoke_consent(actor=cast.specialist, consent=consent, on=on, note="заявление")
        given_on = consent.given_on
        for day, in_force in ((given_on - DAY, False), (given_on, True), (on - DAY, True), (on, False)):
            assert consent.is_in_force(day) is in_force
            assert Consent.objects.in_force(day).exists() is in_force
        with pytest.raises(ValidationError):
            services.revoke_consent(actor=cast.specialist, consent=consent, on=on)

    @pytest.mark.parametrize(
        ("given_on", "valid_to", "asked"),
        [
            ("2026-01-10", None, True),
            ("2026-01-10", "2026-02-28", False),
            ("2026-01-10", "2026-03-01", True),
            ("2026-03-31", None, True),
            ("2026-04-01", None, False),
        ],
    )
    @pytest.mark.parametrize("ends", ["term", "withdrawal"])
    def test_a_second_consent_for_the_same_purpose_asks_where_the_terms_meet(
        self, cast: Cast, mother: FamilyMembership, ends: str, given_on: str, valid_to: str | None, asked: bool
    ) -> None:
        """The one known is in force all March, the other begins before, in or after it; a void one never was."""
        april = datetime.date(2026, 4, 1)
        ended = {"valid_to": april - DAY} if ends == "term" else {"revoked_on": april}
        known = self.consent(mother, mother, given_on=datetime.date(2026, 3, 1), created_by=cast.specialist, **ended)
        known.save()
        void_on = datetime.date(2026, 5, 5)
        self.consent(mother, mother, given_on=void_on, revoked_on=void_on, created_by=cast.specialist).save()
        last = datetime.date.fromisoformat(valid_to) if valid_to else None
        given = self.consent(mother, mother, given_on=datetime.date.fromisoformat(given_on), valid_to=last)
        if asked:
            with pytest.raises(ValidationError) as error:
                services.give_consent(actor=cast.specialist, consent=given)
            assert "besides" in error.value.error_dict
        services.give_consent(actor=cast.specialist, consent=given, besides=asked)

    @pytest.mark.requirement("I8")
    def test_nothing_is_signed_tomorrow(self, cast: Cast, family: Family, mother: FamilyMembership) -> None:
        tomorrow = cast.institution.today() + DAY
        for act in (
            lambda: services.give_consent(
                actor=cast.specialist, consent=self.consent(mother, mother, given_on=tomorrow)
            ),
            lambda: services.give_statement(
                actor=cast.specialist,
                statement=FamilyStatement(family=family, given_by=mother.person, given_on=tomorrow, text="…"),
            ),
            lambda: services.revoke_consent(
                actor=cast.specialist, consent=ConsentFactory.create(family=family), on=tomorrow
            ),
        ):
            with pytest.raises(ValidationError):
                act()

    @pytest.mark.requirement("S2-35")
    def test_a_statement_takes_responsibility(self, cast: Cast, family: Family, mother: FamilyMembership) -> None:
        given = {"family": family, "given_by": mother.person, "given_on": datetime.date(2026, 2, 3), "text": "…"}
        with pytest.raises(ValidationError) as error:
            services.give_statement(actor=cast.specialist, statement=FamilyStatement(**given))
        assert "отвечает" in message(error)
        row = services.give_statement(
            actor=cast.specialist, statement=FamilyStatement(**given, responsibility_confirmed=True)
        )
        assert row.number == "1/2026"

    @pytest.mark.requirement("S2-35")
    def test_a_statement_is_withdrawn_with_a_reason_and_keeps_its_number(
        self, cast: Cast, family: Family, mother: FamilyMembership
    ) -> None:
        row = FamilyStatementFactory.create(family=family, given_by=mother.person, number="7/2026")
        services.withdraw_statement(actor=cast.head, statement=row, reason="не та семья")
        stored = FamilyStatement.objects.get(pk=row.pk)
        assert (stored.number, stored.withdrawn_by, stored.withdrawal_reason) == ("7/2026", cast.head, "не та семья")
        assert stored.history.latest().history_change_reason == "не та семья"
        with pytest.raises(ValidationError) as error:
            services.withdraw_statement(actor=cast.head, statement=stored, reason="снова")
        assert "уже отозван" in message(error)


class TestResponsibility:
    def hand_over(self, cast: Cast, families: list[Family], **values: Any) -> int:
        given = {"institution": cast.institution, "department": cast.second_department, "curator": cast.neighbour}
        return services.set_responsibility(families=families, actor=cast.head, reason="отпуск", **(given | values))

    def test_many_move_in_as_many_queries_as_one_and_leave_history(self, cast: Cast) -> None:
        families = [household(department=cast.department, curator=cast.specialist) for _ in range(5)]
        self.hand_over(cast, families[:1])
        counts = []
        for rows in (families[1:2], families[2:]):
            with CaptureQueriesContext(connection) as context:
                assert self.hand_over(cast, rows) == len(rows)
            counts.append(len(context))
        assert counts[0] == counts[1]
        for family in families:
            family.refresh_from_db()
            assert (family.curator, family.department) == (cast.neighbour, cast.second_department)
            last = family.history.first()
            assert (last.history_user, last.history_change_reason, last.curator) == (
                cast.head,
                "отпуск",
                cast.neighbour,
            )

    @pytest.mark.requirement("I20", "S4-13")
    @pytest.mark.parametrize("name", ["colleague", "dismissed", "newcomer", "second_head"])
    def test_only_a_specialist_of_the_department_becomes_the_curator(
        self, cast: Cast, family: Family, name: str
    ) -> None:
        with pytest.raises(ValidationError):
            self.hand_over(cast, [family], curator=cast.people[name])

    def test_a_family_that_changes_institutions_gets_a_number_there(self, cast: Cast, family: Family) -> None:
        household(department=cast.other_department, registry_number=family.registry_number)
        self.hand_over(
            cast,
            [family],
            institution=cast.other_institution,
            department=cast.other_department,
            curator=cast.other_specialist,
        )
        family.refresh_from_db()
        assert family.registry_number == f"1/{cast.other_institution.today().year}"


class TestRestriction:
    def restrict(self, cast: Cast, family: Family, *people: User) -> None:
        services.restrict(actor=cast.specialist, family=family, reason="усыновление", people=people)

    def sees(self, user: User, family: Family) -> bool:
        fresh = User.objects.get(pk=user.pk)
        return Family.objects.visible_to(fresh).filter(pk=family.pk).exists()

    def who_sees(self, cast: Cast, family: Family) -> set[str]:
        names = ("specialist", "colleague", "neighbour", "head", "director")
        return {name for name in names if self.sees(cast.people[name], family)}

    @pytest.mark.requirement("S3-9")
    def test_names_alone_open_it_and_the_director(self, cast: Cast, family: Family) -> None:
        granted(family, cast.neighbour, may_write=True)
        self.restrict(cast, family, cast.colleague)
        opened = {
            name
            for name in ("specialist", "colleague", "neighbour", "head", "director")
            if self.sees(cast.people[name], family)
        }
        assert opened == {"specialist", "colleague", "director"}
        assert not Family.objects.in_charge(cast.specialist).exists()
        assert Family.objects.shared_with(cast.specialist).exists()
        assert not Family.objects.listed_for(cast.director).exists()
        assert may_write(cast.colleague, family)

    @pytest.mark.requirement("S3-9")
    def test_what_slept_wakes_when_it_is_opened_again(self, cast: Cast, family: Family) -> None:
        granted(family, cast.neighbour)
        self.restrict(cast, family, cast.colleague)
        services.end_restriction(actor=cast.director, family=family, reason="суд отменил усыновление")
        opened = {
            name for name in ("specialist", "colleague", "neighbour", "head") if self.sees(cast.people[name], family)
        }
        assert opened == {"specialist", "neighbour", "head"}

    def test_the_name_of_a_curator_goes_over_to_the_next_one(self, cast: Cast, family: Family) -> None:
        services.restrict(actor=cast.director, family=family, reason="усыновление")
        services.set_responsibility(
            families=[family],
            institution=cast.institution,
            department=cast.department,
            curator=cast.colleague,
            actor=cast.head,
            reason="отпуск",
        )
        assert (self.sees(cast.colleague, family), self.sees(cast.specialist, family)) == (True, False)

    def test_a_name_is_taken_back(self, cast: Cast, family: Family) -> None:
        self.restrict(cast, family, cast.colleague)
        assert services.unname(actor=cast.director, family=family, user=cast.colleague) == 1
        assert not self.sees(cast.colleague, family)
        assert self.sees(cast.specialist, family)

    def test_a_restriction_has_a_reason(self, cast: Cast, family: Family) -> None:
        with pytest.raises(ValidationError):
            services.restrict(actor=cast.specialist, family=family, reason="")
