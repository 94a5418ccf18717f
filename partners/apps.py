from collections.abc import Collection
from importlib import import_module
from typing import TYPE_CHECKING, Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from accounts.models import User


class PartnersConfig(AppConfig):
    """Partner organisations and volunteers."""

    name = "partners"
    verbose_name = _("Partners")

    def ready(self) -> None:
        """Name the door to the papers of agreements."""
        doors, access = import_module("records.doors"), import_module("partners.access")
        doors.register_owner(
            import_module("partners.services").OWNER_KIND,
            self._find_agreements,
            may_read=access.may_print,
            may_write=access.may_write,
        )

    def _find_agreements(self, user: "User", ids: Collection[int]) -> Any:
        agreements = import_module("partners.models").CooperationAgreement.objects
        return agreements.visible_to(user).filter(pk__in=ids)
