"""People and their place in the family."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from common.calendar import is_minor
from common.history import acting, update_with_history
from families import hooks
from families.enums import FamilyFact
from families.hooks import Happening
from families.models import Family, FamilyCategory, FamilyMembership, MemberTrait, Person
from families.services.circumstances import age_end, trait_end
from families.services.generations import check_generations
from families.services.registration import NewMember


@transaction.atomic
def add_member(*, actor: User, family: Family, member: NewMember) -> FamilyMembership:
    """A person, new or known already, joins the family. Raises ValidationError, also for a child as old as a parent."""
    person, membership = member.person, member.membership
    with acting(actor):
        if person.pk is None:
            person.region = family.region
            person.full_clean()
            person.save()
        membership.family, membership.person = family, person
        if membership.is_head:
            _clear_main_contact(family, actor)
        membership.full_clean()
        check_generations(membership, membership.starts_on, "birth_date")
        membership.save()
    hooks.happened(Happening(family, FamilyFact.MEMBER_JOINED, membership.starts_on, actor))
    return membership


@transaction.atomic
def change_person(*, actor: User, person: Person) -> Person:
    """Save the changed details of a person. With another date of birth, ends that an age has set move along (I19).

    Raises ValidationError for a SNILS that another person of the region has, and for a date of birth that makes a
    child of one of the families no younger than its parent.
    """
    before = Person.objects.values_list("birth_date", flat=True).get(pk=person.pk)
    with acting(actor):
        person.full_clean()
        if before != person.birth_date:
            _check_families(person)
        person.save()
        if before != person.birth_date:
            _move_age_ends(person, before)
    return person


def _check_families(person: Person) -> None:
    places = FamilyMembership.objects.filter(person=person, ends_on=None)
    for membership in places.select_related("family__institution__region").order_by("pk"):
        membership.person = person
        check_generations(membership, membership.family.institution.today(), "birth_date")


@transaction.atomic
def change_member(*, actor: User, membership: FamilyMembership) -> FamilyMembership:
    """Save a changed place in the family; a new main contact takes over from the former one.

    Raises ValidationError for a child that is no younger than its parent.
    """
    if membership.ends_on is None:
        check_generations(membership, membership.family.institution.today(), "role")
    if membership.is_head and membership.ends_on is None:
        _clear_main_contact(membership.family, actor, keep=membership.pk)
    with acting(actor):
        membership.save()
    return membership


@transaction.atomic
def set_representative(
    *,
    actor: User,
    membership: FamilyMembership,
    on: date,
    document: str = "",
    instead_of: FamilyMembership | None = None,
) -> FamilyMembership:
    """Make a member the legal representative from now on, also instead of another one.

    A representative is of full age on `on` and a member of the family then. Raises ValidationError.
    """
    if is_minor(membership.person.birth_date, on):
        raise ValidationError(_("A legal representative is of full age."))
    if membership.ends_on is not None and membership.ends_on < on:
        raise ValidationError(_("The person is no longer a member of the family."))
    with acting(actor):
        if instead_of is not None:
            instead_of.is_representative, instead_of.representation_document = False, ""
            instead_of.save()
        membership.is_representative, membership.representation_document = True, document
        membership.full_clean()
        membership.save()
    hooks.happened(Happening(membership.family, FamilyFact.REPRESENTATIVE_SET, on, actor))
    return membership


@transaction.atomic
def end_membership(*, actor: User, membership: FamilyMembership, on: date, reason: str) -> None:
    """The person leaves the family, `on` being the last day in it; what rests on the membership ends that day too.

    Raises ValidationError for a day in the future or before the person joined.
    """
    if on > membership.family.institution.today():
        raise ValidationError(_("This day has not come yet."))
    membership.ends_on = on
    with acting(actor, reason):
        membership.full_clean()
        membership.save()
        _end_with(membership, MemberTrait.objects.filter(membership=membership), actor, reason)
        _end_with(membership, FamilyCategory.objects.filter(member=membership), actor, reason)
    hooks.happened(Happening(membership.family, FamilyFact.MEMBER_LEFT, on, actor))


def _end_with(membership: FamilyMembership, rows: QuerySet[Any], actor: User, reason: str) -> None:
    """End what rests on a membership together with it; what had not begun by then never was."""
    last = membership.ends_on
    rows.filter(starts_on__gt=last).delete()
    update_with_history(rows.filter(Q(ends_on=None) | Q(ends_on__gt=last)), actor=actor, reason=reason, ends_on=last)


def _clear_main_contact(family: Family, actor: User, keep: int | None = None) -> None:
    heads = FamilyMembership.objects.filter(family=family).main_contacts()
    if keep is not None:
        heads = heads.exclude(pk=keep)
    update_with_history(heads, actor=actor, is_head=False)


def _move_age_ends(person: Person, before: date) -> None:
    categories = FamilyCategory.objects.filter(member__person=person, category__ends_at_age__isnull=False)
    for row in categories.select_related("category"):
        age = row.category.ends_at_age
        if age is not None and row.ends_on == age_end(before, age):
            row.ends_on = age_end(person.birth_date, age)
            row.full_clean()
            row.save()
    for trait in MemberTrait.objects.filter(membership__person=person):
        bound = trait_end(trait.kind, before)
        if bound is not None and trait.ends_on == bound:
            trait.ends_on = trait_end(trait.kind, person.birth_date)
            trait.full_clean()
            trait.save()
