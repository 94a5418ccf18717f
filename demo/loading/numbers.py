"""Numbers of papers that are written in bulk."""

from datetime import date

from records.models import NumberSequence


class Numbers:
    """Numbers of papers written in bulk, and the sequences that go on from them."""

    def __init__(self) -> None:
        self.last: dict[tuple[str, int, int], int] = {}

    def next(self, kind: str, institution_id: int, on: date) -> str:
        """The next number of papers of the kind at the institution in the year of `on`."""
        key = (kind, institution_id, on.year)
        self.last[key] = self.last.get(key, 0) + 1
        return f"{self.last[key]}/{on.year}"

    def save(self) -> None:
        """Let the services number what comes after."""
        NumberSequence.objects.bulk_create(
            NumberSequence(kind=kind, institution_id=institution_id, year=year, last=last)
            for (kind, institution_id, year), last in self.last.items()
        )
