"""Models of the tests of `common`; they belong to no installed application, so no walk over models meets them."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import connection, models

from common.editing import VersionedModel
from common.history import tracked


class Village(models.Model):
    title = models.CharField("village", max_length=50)
    objects: ClassVar[models.Manager["Village"]] = models.Manager()

    class Meta:
        app_label = "samples"

    def __str__(self) -> str:
        return self.title


class Card(VersionedModel):
    """A tracked record that several people edit, with a field of every kind that pages and histories show."""

    class Kind(models.TextChoices):
        PLAIN = "plain", "Обычная"
        URGENT = "urgent", "Срочная"

    title = models.CharField("title", max_length=50)
    due_on = models.DateField("due")
    noted_at = models.DateTimeField("noted", null=True)
    kind = models.CharField("kind", max_length=10, choices=Kind, default=Kind.PLAIN)
    is_closed = models.BooleanField("closed", default=False)
    village = models.ForeignKey(Village, models.SET_NULL, null=True, blank=True, verbose_name="village")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, db_constraint=False)
    saved_at = models.DateTimeField(auto_now=True)
    history = tracked(inherit=True, app="samples", user_db_constraint=False)

    class Meta:
        abstract = True
        app_label = "samples"

    def __str__(self) -> str:
        return self.title


class Note(Card):
    objects: ClassVar[models.Manager["Note"]] = models.Manager()

    class Meta:
        app_label = "samples"


HISTORY: Any = Note.history.model
TABLES: tuple[Any, ...] = (Village, Note, HISTORY)


def create_tables() -> None:
    with connection.schema_editor() as editor:
        for model in TABLES:
            editor.create_model(model)


def drop_tables() -> None:
    with connection.schema_editor() as editor:
        for model in reversed(TABLES):
            editor.delete_model(model)
