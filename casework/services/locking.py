"""Taking a case for a change: one change of a case at a time, made to what is stored now."""

from casework.models import SupportCase


def lock(case: SupportCase) -> SupportCase:
    """`case` itself, filled anew and locked to the end of the transaction."""
    case.refresh_from_db(from_queryset=SupportCase.objects.with_page().select_for_update(of=("self",)))
    return case
