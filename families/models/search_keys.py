"""What a family is found by: a row for each of its members, one for its title, kept by the database.

Each row says who answers for the family, so that a search goes through the names of one scope in their order and stops
when the page is full. People, memberships and families joined for it cost many times as much.
"""

import pgtrigger
from django.db import models
from django.db.models import Q

from families.querysets import SearchKeyQuerySet

_ROWS = {
    pgtrigger.Insert: {"new": "fresh"},
    pgtrigger.Update: {"new": "fresh", "old": "stale"},
    pgtrigger.Delete: {"old": "stale"},
}


def _after(operation: pgtrigger.Operation, name: str, sql: str) -> pgtrigger.Trigger:
    """Run `sql` once after a statement; `fresh` and `stale` are its rows after and before."""
    return pgtrigger.Trigger(
        name=f"{name}_search_keys",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=pgtrigger.Referencing(**_ROWS[operation]),  # type: ignore[no-untyped-call]  # it has no types
        func=f"{sql.strip()}; RETURN NULL;",
    )


FAMILY_TRIGGERS = [
    _after(
        pgtrigger.Insert,
        "add",
        """
        INSERT INTO families_searchkey (family_id, membership_id, is_title, text, snils,
            institution_id, department_id, curator_id, is_restricted)
        SELECT id, NULL, true, search_text || ' ' || registry_number, '',
            institution_id, department_id, curator_id, is_restricted
        FROM fresh
        """,
    ),
    _after(
        pgtrigger.Update,
        "change",
        """
        UPDATE families_searchkey AS kept
        SET institution_id = fresh.institution_id, department_id = fresh.department_id,
            curator_id = fresh.curator_id, is_restricted = fresh.is_restricted,
            text = CASE WHEN kept.is_title THEN fresh.search_text || ' ' || fresh.registry_number ELSE kept.text END
        FROM fresh JOIN stale USING (id)
        WHERE kept.family_id = fresh.id
            AND (fresh.institution_id, fresh.department_id, fresh.curator_id, fresh.is_restricted,
                fresh.search_text, fresh.registry_number)
            IS DISTINCT FROM (stale.institution_id, stale.department_id, stale.curator_id, stale.is_restricted,
                stale.search_text, stale.registry_number)
        """,
    ),
    _after(
        pgtrigger.Delete, "remove", "DELETE FROM families_searchkey AS kept USING stale WHERE kept.family_id = stale.id"
    ),
]
# Family and person are locked while a member is added: who renames them, or hands the family over, at the same moment
# waits, and then changes the new row as well.
MEMBERSHIP_TRIGGERS = [
    _after(
        pgtrigger.Insert,
        "add",
        """
        INSERT INTO families_searchkey (family_id, membership_id, is_title, text, snils,
            institution_id, department_id, curator_id, is_restricted)
        SELECT family.id, fresh.id, false, person.search_text, person.snils,
            family.institution_id, family.department_id, family.curator_id, family.is_restricted
        FROM fresh
        JOIN families_family AS family ON family.id = fresh.family_id
        JOIN families_person AS person ON person.id = fresh.person_id
        FOR NO KEY UPDATE OF family, person
        """,
    ),
    _after(
        pgtrigger.Update,
        "change",
        """
        UPDATE families_searchkey AS kept
        SET family_id = family.id, text = person.search_text, snils = person.snils,
            institution_id = family.institution_id, department_id = family.department_id,
            curator_id = family.curator_id, is_restricted = family.is_restricted
        FROM fresh JOIN stale USING (id)
        JOIN families_family AS family ON family.id = fresh.family_id
        JOIN families_person AS person ON person.id = fresh.person_id
        WHERE kept.membership_id = fresh.id
            AND (fresh.family_id, fresh.person_id) IS DISTINCT FROM (stale.family_id, stale.person_id)
        """,
    ),
    _after(
        pgtrigger.Delete,
        "remove",
        "DELETE FROM families_searchkey AS kept USING stale WHERE kept.membership_id = stale.id",
    ),
]
PERSON_TRIGGERS = [
    _after(
        pgtrigger.Update,
        "change",
        """
        UPDATE families_searchkey AS kept SET text = fresh.search_text, snils = fresh.snils
        FROM fresh JOIN stale USING (id)
        JOIN families_familymembership AS membership ON membership.person_id = fresh.id
        WHERE kept.membership_id = membership.id AND fresh.search_text <> stale.search_text
        """,
    )
]


class SearchKey(models.Model):
    """A member, or the title of a family, as search reads it.

    Written by triggers alone, and without a history: it says nothing that family, person and membership do not. The
    numbers are theirs, without constraints, for the triggers remove a row together with what it copies. `text` is
    `search_text` of the person, or that of the family with its registry number; it stands in the order of code points,
    in which an index finds both a beginning and a neighbour.
    """

    family_id = models.BigIntegerField()
    membership_id = models.BigIntegerField(null=True)
    is_title = models.BooleanField()
    text = models.TextField(db_collation="C")
    snils = models.CharField(max_length=11)
    institution_id = models.BigIntegerField()
    department_id = models.BigIntegerField()
    curator_id = models.BigIntegerField(null=True)
    is_restricted = models.BooleanField()

    objects = SearchKeyQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["membership_id"], name="search_key_once_per_member")]
        indexes = [
            *(
                models.Index(
                    fields=[f"{unit}_id", "is_title", "text"],
                    include=["membership_id", "family_id"],
                    condition=Q(is_restricted=False),
                    name=f"search_keys_of_{unit}",
                )
                for unit in ("institution", "department", "curator")
            ),
            models.Index(fields=["family_id"], name="search_keys_of_family"),
            models.Index(fields=["snils"], condition=~Q(snils=""), name="search_keys_by_snils"),
        ]

    def __str__(self) -> str:
        return self.text
