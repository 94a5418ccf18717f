"""Who carries out what the demo's programmes plan: a partner of the right kind near the family, else its own people."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from casework.models import SupportCase
from demo.loading.themes import ActivityData
from families.enums import FamilyRole
from families.models import FamilyMembership
from partners.enums import PartnerType
from partners.models import PartnerOrganisation

ON_DANGER = (PartnerType.KDN, PartnerType.PDN, PartnerType.POLICE, PartnerType.GUARDIANSHIP)
"""Who must learn of a family in a socially dangerous situation (120-FZ, article 9), whoever of them is near."""
ON_CONSENT = (PartnerType.SOCIAL_SUPPORT, PartnerType.EDUCATION, PartnerType.HEALTH, PartnerType.EMPLOYMENT)
"""Whom the demo tells of the support of other families, as these consent to it."""


class Executors:
    """The partners and the families of these cases, read at once."""

    def __init__(self, cases: Sequence[SupportCase]) -> None:
        self._partners: dict[int | None, list[PartnerOrganisation]] = defaultdict(list)
        for partner in PartnerOrganisation.objects.filter(region=cases[0].region).order_by("pk"):
            self._partners[partner.institution_id].append(partner)
        self._heads: dict[int, FamilyMembership] = {}
        self._members: dict[tuple[int, str], FamilyMembership] = {}
        members = FamilyMembership.objects.filter(family__in=[case.family_id for case in cases])
        for row in members.select_related("person").order_by("pk"):
            self._members[row.family_id, row.role] = row
            if row.is_head:
                self._heads[row.family_id] = row

    def head(self, case: SupportCase) -> FamilyMembership:
        return self._heads[case.family_id]

    def member(self, case: SupportCase, role: FamilyRole | None) -> FamilyMembership:
        """Who of the family has this role; its main contact where nobody has."""
        return self._members.get((case.family_id, role or ""), self.head(case))

    def partner(self, case: SupportCase, data: ActivityData) -> PartnerOrganisation | None:
        """The partner that carries out an activity for the family."""
        return self.first_of(case, data.partners)

    def first_of(self, case: SupportCase, kinds: Iterable[PartnerType]) -> PartnerOrganisation | None:
        """The partner of the first of these kinds that works where the family lives, or in the whole region.

        Cases take turns with several of one kind; those of the place come before those of the region.
        """
        known = [*self._partners[case.institution_id], *self._partners[None]]
        settlement = case.family.settlement
        district = settlement.parent_id if settlement else None
        for kind in kinds:
            for territory in (district, None):
                near = [row for row in known if row.type == kind and row.territory_id == territory]
                if near:
                    return near[int(case.number.partition("/")[0]) % len(near)]
        return None
