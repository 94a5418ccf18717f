from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RecordsConfig(AppConfig):
    """Office work common to all rooms."""

    name = "records"
    verbose_name = _("Records")

    def ready(self) -> None:
        """What was typed into a form whose session has run out becomes a draft; whose papers the addresses number."""
        middleware = import_module("accounts.middleware")
        drafts = import_module("records.services.drafts")
        middleware.keep_typed.append(drafts.keep_expired)
        journal = import_module("accounts.journal")
        papers = import_module("records.services.papers")
        journal.register_namer("issueddocument", papers.named, of_families=True)
        journal.register_places({"records/attachments/": "attachment", "records/documents/": "issueddocument"})
        journal.register_answering({"attachment": journal.OF_FAMILY, "issueddocument": "institution"})
