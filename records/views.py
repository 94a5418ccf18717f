"""Serving papers through the doors of their owners, attaching and cancelling files, keeping drafts."""

import structlog
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header, url_has_allowed_host_and_scheme
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import ClosedNow, signed_in
from accounts.enums import AccessAction
from accounts.journal import record
from common.forms import tell_saved
from records.doors import door_of, owner_to_read, owner_to_write, page_of
from records.enums import WorkState
from records.forms import AttachmentForm, ReasonForm
from records.models import Attachment, IssuedDocument, WorkOrder
from records.services.attachments import attach_file, cancel_attachment, verified_content
from records.services.documents import DamagedFile, verified_pdf
from records.services.drafts import DraftRefused, discard_draft, save_draft
from records.services.submissions import taken_once
from records.services.work import retry_order
from records.services.workers import title_of

logger = structlog.get_logger(__name__)


@require_GET
def attachment(request: HttpRequest, pk: int) -> HttpResponse:
    """An attached file, for who may take the papers of its record."""
    row = get_object_or_404(Attachment.objects.not_cancelled(), pk=pk)
    if (answer := _journal_taking(request, row)) is not None:
        return answer
    try:
        content = verified_content(row)
    except DamagedFile:
        return _damaged(request, "attachment", row.pk)
    return _download(content, row.name, row.content_type)


@require_GET
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """An issued paper as PDF or workbook, for who may take the papers of its record; a cancelled one stays readable."""
    row = get_object_or_404(IssuedDocument, pk=pk)
    if (answer := _journal_taking(request, row)) is not None:
        return answer
    try:
        content = verified_pdf(row)
    except DamagedFile:
        return _damaged(request, "document", row.pk)
    return _download(content, row.filename, row.file_type.value)


@require_http_methods(["GET", "POST"])
@taken_once("attachment")
def attachment_new(request: HttpRequest, owner_kind: str, owner_id: int) -> HttpResponse:
    """Attach files to a record."""
    user = signed_in(request)
    owner = owner_to_write(user, owner_kind, owner_id)
    form = AttachmentForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        for file in form.cleaned_data["file"]:
            attach_file(
                actor=user,
                file=file,
                name=file.name,
                owner_kind=owner_kind,
                owner=owner,
                description=form.cleaned_data["description"],
            )
        tell_saved(request, _("The files are saved."))
        return redirect(page_of(owner))
    return render(request, "records/attachment_new.html", {"form": form, "back_url": page_of(owner)})


@require_http_methods(["GET", "POST"])
def attachment_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw an attached file, with a reason; it is kept and served no more."""
    user = signed_in(request)
    row = get_object_or_404(Attachment.objects.not_cancelled(), pk=pk)
    owner = owner_to_write(user, row.owner_kind, row.owner_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        cancel_attachment(attachment=row, actor=user, reason=form.cleaned_data["reason"])
        tell_saved(request, _("The file is withdrawn."))
        return redirect(page_of(owner))
    return render(
        request,
        "ui/confirm.html",
        {
            "title": _("Withdraw the file?"),
            "subject": row.name,
            "consequences": [_("Nobody will be able to open it."), _("Who withdrew it, when and why is kept.")],
            "form": form,
            "action": _("Withdraw the file"),
            "danger": True,
            "back_url": page_of(owner),
        },
    )


@require_http_methods(["POST", "DELETE"])
def draft(request: HttpRequest, key: str) -> HttpResponse:
    """Keep what the person is typing, or drop it; the answer tells the page the time it was kept."""
    user = signed_in(request)
    if request.method == "DELETE":
        discard_draft(user, key)
        return HttpResponse(status=204)
    try:
        saved = save_draft(user=user, key=key, data=request.POST)
    except DraftRefused:
        return JsonResponse({"error": _("The draft is too large to be kept.")}, status=413)
    if saved is None:
        return HttpResponse(status=204)
    zone = user.appointment.time_zone if user.appointment else None
    return JsonResponse({"saved_at": f"{timezone.localtime(saved.saved_at, zone):%H:%M}"})


@require_POST
def draft_discard(request: HttpRequest, key: str) -> HttpResponse:
    """Drop a draft with a button, and show the form anew."""
    discard_draft(signed_in(request), key)
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = reverse("home")
    return redirect(target)


def _journal_taking(request: HttpRequest, row: Attachment | IssuedDocument) -> HttpResponse | None:
    """Pass the door of the paper's record and write the taking down; or the page that asks for a missing reason."""
    user = signed_in(request)
    owner = owner_to_read(user, row.owner_kind, row.owner_id)
    door = door_of(row.owner_kind)
    if refusal := door.refusal_of(user, owner, row):
        raise ClosedNow(refusal)
    reason = door.reason_for(request, owner)
    if isinstance(reason, HttpResponse):
        return reason
    record(
        request,
        AccessAction.DOWNLOAD,
        row._meta.model_name or "",
        object_id=row.pk,
        family_id=door.family_of(owner),
        family_ids=door.families_of(owner, row),
        reason=reason,
    )
    return None


def _damaged(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    logger.error("stored_file_damaged", kind=kind, object_id=pk)
    return render(request, "records/damaged.html", status=500)


def _download(content: bytes, name: str, content_type: str) -> HttpResponse:
    """A file to save: the browser may not guess its kind or show it, and nobody on the way may keep it."""
    response = HttpResponse(content, content_type=content_type)
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "POST"])
def work(request: HttpRequest, pk: int) -> HttpResponse:
    """How a person's own order of background work stands; where it failed, they have it tried again."""
    user = signed_in(request)
    order: WorkOrder = get_object_or_404(WorkOrder.objects.filter(requested_by=user), pk=pk)
    if request.method == "POST":
        if order.state == WorkState.FAILED:
            retry_order(order=order)
            messages.success(request, _("The work is tried again."))
        return redirect("records:work", pk=order.pk)
    facts = [
        {"label": _("Work"), "value": capfirst(title_of(order.kind))},
        {"label": _("Ordered"), "value": timezone.localtime(order.created_at).strftime("%d.%m.%Y %H:%M")},
        {"label": _("State"), "value": order.get_state_display()},
        {"label": _("Attempts"), "value": order.attempts},
    ]
    return render(request, "records/work.html", {"facts": facts, "failed": order.state == WorkState.FAILED})
