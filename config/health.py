"""Addresses for machines: is it alive, is it ready, how is it doing.

A view of our own rather than django-health-check's: that one is asynchronous (each probe would open connections in
threads beside the pool), answers 500 where load balancers expect 503, and shows the text of errors to strangers.
"""

from collections.abc import Callable

import structlog
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import connection, transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_prometheus.exports import ExportToDjangoView
from redis import Redis

from config.celery import HEARTBEAT_KEY

logger = structlog.get_logger(__name__)


def database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))


def broker() -> bool:
    with Redis.from_url(settings.BROKER_URL, socket_connect_timeout=2, socket_timeout=2) as client:
        return bool(client.ping())


def worker() -> bool:
    """Whether a worker has run the heartbeat task of config/celery.py within the last beats."""
    return cache.get(HEARTBEAT_KEY) is not None


CHECKS: dict[str, Callable[[], bool]] = {"database": database, "broker": broker, "worker": worker}


def _passes(name: str) -> bool:
    try:
        return CHECKS[name]()
    except Exception:
        logger.warning("readiness_check_failed", check=name, exc_info=True)
        return False


@login_not_required
@never_cache
@require_safe
@transaction.non_atomic_requests
def live(_request: HttpRequest) -> HttpResponse:
    """The process answers; asks nothing of its neighbours, so that their failure does not restart it."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@never_cache
@require_safe
@transaction.non_atomic_requests
def ready(_request: HttpRequest) -> HttpResponse:
    """Each neighbour by name, true or false; 503 if any is missing, so that a proxy sends nobody here."""
    results = {name: _passes(name) for name in CHECKS}
    return JsonResponse(results, status=200 if all(results.values()) else 503)


@login_not_required
@never_cache
@require_safe
@transaction.non_atomic_requests
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus' figures for whoever holds METRICS_TOKEN (`Authorization: Bearer ...`); for others no such page."""
    token = settings.METRICS_TOKEN
    if not (token and constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {token}")):
        raise Http404
    response: HttpResponse = ExportToDjangoView(request)
    return response
