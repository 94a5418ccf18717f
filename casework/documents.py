"""All papers of a case: those issued for it and its family, and the files attached to any of its records."""

from collections import Counter
from dataclasses import replace
from typing import Any

from accounts.models import User
from casework.models import SupportCase
from casework.registry import papers_q
from records.models import Attachment, IssuedDocument
from records.services.papers import Papers, papers_of, through_doors

SHOWN_PAPERS = 200


def papers_of_case(user: User, case: SupportCase) -> Papers:
    """The papers that `user` may take, newest first, in a fixed number of queries: one for each kind of record.

    The papers of the family, such as its consents, belong to each of its cases; those of another case do not.
    """
    issued = IssuedDocument.objects.filter(papers_q(case)).without_pdf().newest_versions()
    attached = Attachment.objects.filter(family_id=case.family_id).not_cancelled().select_related("uploaded_by")
    documents = through_doors(user, issued.select_related("cancellation", "issued_by"))
    files = through_doors(user, attached)
    return replace(
        papers_of(user, "casework.case", case),
        documents=[paper for paper, owner in documents if _belongs(owner, case)],
        attachments=[file for file, owner in files if _belongs(owner, case)],
    )


def shown(papers: Papers, kind: str) -> dict[str, Any]:
    """What the page shows of them: those of one kind or all, the newest; and the kinds, with how many there are."""
    titles = {paper.kind: paper.title for paper in reversed(papers.documents)}
    numbers = Counter(paper.kind for paper in papers.documents)
    rows = [paper for paper in papers.documents if kind not in titles or paper.kind == kind]
    return {
        "papers": papers,
        "documents": rows[:SHOWN_PAPERS],
        "more": len(rows) > SHOWN_PAPERS,
        "shown": SHOWN_PAPERS,
        "kind": kind if kind in titles else "",
        "kinds": [
            {"code": code, "title": title, "number": numbers[code]}
            for code, title in sorted(titles.items(), key=lambda item: item[1])
        ],
    }


def case_of(owner: Any) -> int | None:
    """The case that a record with papers is of; None for one of the family alone."""
    case_id: int | None = owner.pk if isinstance(owner, SupportCase) else getattr(owner, "case_id", None)
    return case_id


def _belongs(owner: Any, case: SupportCase) -> bool:
    return case_of(owner) in {None, case.pk}
