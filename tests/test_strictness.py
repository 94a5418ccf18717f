"""The suite's own strictness, each rule shown to catch what it is for."""

from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.template import Context, Engine
from django.template.loader import render_to_string

from tests.plugins.strictness import UndefinedVariable, UndefinedVariableError


def render(folder: Path, source: str) -> str:
    (folder / "page.html").write_text(source)
    engine = Engine(dirs=[folder], string_if_invalid=UndefinedVariable(folder))  # type: ignore[arg-type]
    return engine.get_template("page.html").render(Context({"family": {"number": 7}}))


@pytest.mark.parametrize("source", ["{{ familly }}", "{{ family.nummber }}", '{{ familly|default:"none" }}'])
def test_an_undefined_variable_fails(tmp_path: Path, source: str) -> None:
    with pytest.raises(UndefinedVariableError, match=r"page\.html: famil\w+(\.nummber)? is not defined"):
        render(tmp_path, source)


def test_a_defined_variable_and_a_test_for_one_pass(tmp_path: Path) -> None:
    assert render(tmp_path, "{{ family.number }}{% if familly %}{% endif %}") == "7"


def test_the_suite_renders_with_this_rule() -> None:
    assert isinstance(settings.TEMPLATES[0]["OPTIONS"]["string_if_invalid"], UndefinedVariable)
    # A package's template is not ours to mend.
    assert render_to_string("admin/actions.html") is not None


@pytest.mark.django_db
def test_unordered_rows_come_in_random_order() -> None:
    orders = {tuple(ContentType.objects.values_list("pk", flat=True)) for _ in range(10)}
    assert len(orders) > 1


@pytest.mark.django_db
def test_ordered_rows_keep_their_order_and_others_still_count() -> None:
    ordered = ContentType.objects.order_by("pk")
    assert len({tuple(ordered.values_list("pk", flat=True)) for _ in range(10)}) == 1
    labels = ContentType.objects.values_list("app_label", flat=True).distinct()
    assert ContentType.objects.filter(app_label__in=labels).count() == ordered.count()
    assert ContentType.objects.first() == ordered.first()
