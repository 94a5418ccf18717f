"""The chain of seals: whatever is done to a sealed row, past every trigger, is found."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection, transaction

from accounts import seals
from accounts.enums import AccessAction
from accounts.journal import record_for
from accounts.models import AccessEvent, AccessSeal
from accounts.seals import COLUMNS, seal_journal, verify_chain
from records import tasks
from records.models import JobRun
from tests.cast import Cast


@contextmanager
def triggers_off() -> Iterator[None]:
    """What only the owner of the tables can do; the seals are there for exactly this."""
    tables = (AccessEvent._meta.db_table, AccessSeal._meta.db_table)
    with connection.cursor() as cursor:
        connection.check_constraints()
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield
        connection.check_constraints()
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


FORGE = """
    INSERT INTO accounts_accessevent
    SELECT (jsonb_populate_record(event, '{{"id": -5}}')).* FROM accounts_accessevent event WHERE id = {first}
"""


def write(cast: Cast, count: int) -> list[AccessEvent]:
    return [record_for(cast.specialist, AccessAction.VIEW, "family", object_id=n) for n in range(count)]


@pytest.fixture
def sealed(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> list[AccessEvent]:
    """Seven events under three seals."""
    monkeypatch.setattr(seals, "BATCH", 3)
    events = write(cast, 7)
    assert seal_journal() == 7
    assert AccessSeal.objects.count() == 3
    return events


def test_every_column_is_sealed() -> None:
    assert set(COLUMNS) == {field.attname for field in AccessEvent._meta.concrete_fields}


def test_each_digest_goes_into_the_log(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    write(cast, 2)
    with caplog.at_level("INFO", logger="accounts.seals"):
        seal_journal()
    assert AccessSeal.objects.get().digest in caplog.text


@pytest.mark.requirement("L11")
def test_an_untouched_chain_is_whole(cast: Cast, sealed: list[AccessEvent]) -> None:
    state = verify_chain()
    assert (state.is_whole, state.seals, state.events, state.unsealed) == (True, 3, 7, 0)
    write(cast, 2)
    assert verify_chain().unsealed == 2
    assert (seal_journal(), seal_journal()) == (2, 0)
    assert verify_chain(state.digest).is_whole


@pytest.mark.requirement("L11")
@pytest.mark.parametrize(
    ("tampering", "good_seals"),
    [
        ("UPDATE accounts_accessevent SET object_id = 99 WHERE id = {third}", 0),
        ("UPDATE accounts_accessevent SET user_id = NULL WHERE id = {fourth}", 1),
        ("UPDATE accounts_accessevent SET at = at + interval '1 microsecond' WHERE id = {last}", 2),
        ("UPDATE accounts_accessevent SET object_ids = '{{1}}' WHERE id = {last}", 2),
        ("DELETE FROM accounts_accessevent WHERE id = {first}", 0),
        ("DELETE FROM accounts_accessevent WHERE id = {last}", 2),
        ("TRUNCATE accounts_accessevent", 0),
        (FORGE, 0),
        ("UPDATE accounts_accessevent SET id = -id WHERE id = {fourth}", 0),
        ("UPDATE accounts_accessseal SET digest = repeat('a', 64) WHERE last_event_id = {third}", 0),
        ("DELETE FROM accounts_accessseal WHERE last_event_id = {third}", 0),
        ("UPDATE accounts_accessseal SET event_count = 2 WHERE last_event_id = {third}", 0),
    ],
)
def test_tampering_is_found(sealed: list[AccessEvent], tampering: str, good_seals: int) -> None:
    ids = [event.pk for event in sealed]
    with triggers_off():
        connection.cursor().execute(tampering.format(first=ids[0], third=ids[2], fourth=ids[3], last=ids[6]))
    state = verify_chain()
    assert state.broken_seal is not None
    assert state.seals == good_seals


def test_a_row_slipped_in_between_is_found(sealed: list[AccessEvent]) -> None:
    event = sealed[3]
    with triggers_off():
        cursor = connection.cursor()
        cursor.execute("UPDATE accounts_accessevent SET id = id + 1000 WHERE id >= %s", [event.pk])
        cursor.execute(
            "UPDATE accounts_accessseal SET last_event_id = last_event_id + 1000 WHERE last_event_id >= %s", [event.pk]
        )
    assert not verify_chain().is_whole


def test_a_rewritten_or_shortened_chain_is_found_by_the_digest_kept_outside(sealed: list[AccessEvent]) -> None:
    kept = verify_chain().digest
    with triggers_off():
        cursor = connection.cursor()
        cursor.execute("DELETE FROM accounts_accessevent WHERE id = %s", [sealed[6].pk])
        cursor.execute("DELETE FROM accounts_accessseal")
    seal_journal()
    assert verify_chain().is_whole
    assert not verify_chain(kept).is_whole


def test_commands_tell_the_outcome(sealed: list[AccessEvent], capsys: pytest.CaptureFixture[str]) -> None:
    digest = verify_chain().digest
    call_command("seal_journal")
    call_command("verify_journal", "--expect", digest)
    assert capsys.readouterr().out.splitlines() == [
        "0 events sealed.",
        f"Whole: 3 seals over 7 events, 0 not sealed yet. {digest}",
    ]
    with pytest.raises(CommandError, match="BROKEN: no seal has the expected digest"):
        call_command("verify_journal", "--expect", "f" * 64)
    with triggers_off():
        connection.cursor().execute("DELETE FROM accounts_accessevent WHERE id = %s", [sealed[3].pk])
    with pytest.raises(CommandError, match=r"BROKEN: seal .* 1 seals before it are whole") as error:
        call_command("verify_journal")
    assert error.value.returncode == 1


def test_the_application_seals_with_its_own_database_role(app_connection: psycopg.Connection) -> None:
    app_connection.execute("BEGIN")
    app_connection.execute("SELECT pg_advisory_xact_lock(%s)", [seals.SEAL_LOCK])
    app_connection.execute(
        "INSERT INTO accounts_accessseal (sealed_at, last_event_id, event_count, digest) VALUES (now(), 1, 1, 'x')"
    )
    app_connection.execute("ROLLBACK")
    for table in ("accounts_accessevent", "accounts_accessseal"):
        for statement in (
            f"UPDATE {table} SET id = id",
            f"DELETE FROM {table}",
            f"TRUNCATE {table}",
            f"ALTER TABLE {table} DISABLE TRIGGER USER",
            f"DROP TRIGGER pgtrigger_no_change ON {table}",
        ):
            with pytest.raises(psycopg.Error):
                app_connection.execute(statement)


INSERT = (
    "INSERT INTO accounts_accessevent (at, role, action, kind, object_ids, reason, route, request_id)"
    " VALUES (now(), '', 'VIEW', 'family', '{}', '', '', '') RETURNING id"
)


@pytest.mark.django_db(transaction=True)
def test_the_row_of_a_slow_transaction_is_not_skipped() -> None:
    """A row numbered before others and committed after them ends under a seal, and the chain stays whole."""
    with psycopg.connect(**connection.get_connection_params()) as slow:
        slow_id = slow.execute(INSERT).fetchone()
        with connection.cursor() as cursor:
            cursor.execute(INSERT)
            later_id = cursor.fetchone()
        assert slow_id < later_id
        with pytest.raises(OperationalError, match="lock timeout"):
            seal_journal()
        assert AccessSeal.objects.count() == 0
    assert seal_journal() == 2
    assert verify_chain().is_whole


def test_the_hourly_job_seals_and_keeps_account(cast: Cast) -> None:
    write(cast, 3)
    tasks.seal()
    run = JobRun.objects.get(name="records.seal")
    assert (run.counts, verify_chain().unsealed) == ({"events": 3}, 0)


@pytest.mark.django_db(transaction=True)
def test_two_jobs_at_once_seal_nothing_twice() -> None:
    for number in range(40):
        record_for(None, AccessAction.VIEW, "family", object_id=number)
    sealed: list[int] = []

    def job() -> None:
        try:
            sealed.append(seal_journal())
        finally:
            connection.close()

    threads = [threading.Thread(target=job) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(sealed) == 40
    assert verify_chain().is_whole


def test_a_failed_reading_leaves_no_event(cast: Cast) -> None:
    def fail_after_recording() -> None:
        with transaction.atomic():
            record_for(cast.specialist, AccessAction.VIEW, "family", object_id=1)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_after_recording()
    assert not AccessEvent.objects.exists()
