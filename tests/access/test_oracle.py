"""The access table is well formed, complete, and keeps the principles that no single row states."""

import re
from collections.abc import Callable

import pytest

from accounts.enums import Role as AppointmentRole
from tests.access.domains import FAMILY, NOTE, OBJECTS, Action, Fields, Relation, Role
from tests.access.oracle import COLUMNS, OTHERS, Fact, Oracle, OracleError, Outcome, build, load, read_rules

HEADER = ",".join(COLUMNS)
CATCH_ALL = (
    "any,any,ANONYMOUS,any,sign_in,style.md 7",
    "any,any,others,others,deny,design.md 5: fails closed",
)
PERSONAL = [name for name, (domain, _) in OBJECTS.items() if domain in (FAMILY, NOTE)]


@pytest.fixture(scope="module")
def oracle() -> Oracle:
    """The table itself."""
    return load()


def table(*rows: str) -> Oracle:
    """A small table: the rows given on top of the two that answer everything else."""
    return build(read_rules([HEADER, *CATCH_ALL, *rows]))


def test_every_question_has_one_answer(oracle: Oracle) -> None:
    questions = {(name, action, role) for name, (_, actions) in OBJECTS.items() for action in actions for role in Role}
    assert {(fact.key.object, fact.key.action, fact.key.role) for fact in oracle} == questions


def test_the_table_knows_every_role() -> None:
    assert {role.value for role in Role} == {*AppointmentRole.values, "ANONYMOUS"}


def test_every_row_cites_a_source(oracle: Oracle) -> None:
    pattern = re.compile(r"(access|clarifications|design|domain|style)\.md( |:)")
    assert [fact.source for fact in oracle if not pattern.match(fact.source)] == []


def test_every_object_and_action_is_granted_to_somebody_or_refused_by_name(oracle: Oracle) -> None:
    granted = {(fact.key.object, fact.key.action) for fact in oracle if fact.shows}
    never = {(name, action) for name, (_, actions) in OBJECTS.items() for action in actions} - granted
    assert never == {
        ("family_card", "export"),
        ("special_category", "export"),
        ("psychologist_notes", "export"),
        ("report_institution_published", "write"),
        ("evidence_specialist", "export"),
        ("evidence_department", "export"),
        ("evidence_institution", "export"),
        ("access_journal", "write"),
        ("access_journal", "export"),
    }


def test_nobody_changes_what_they_may_not_read(oracle: Oracle) -> None:
    def readable(fact: Fact) -> bool:
        key = fact.key
        return oracle.fact(key.object, Action.READ, key.role, key.relation).shows

    blind = [
        str(fact.key)
        for fact in oracle
        if fact.shows and fact.key.action is not Action.CREATE and Action.READ in OBJECTS[fact.key.object][1]
        if not readable(fact)
    ]
    assert blind == []


def test_a_refusal_never_betrays_what_the_role_may_not_know(oracle: Oracle) -> None:
    for fact in oracle:
        key = fact.key
        if fact.outcome is not Outcome.DENY403 or key.action in {Action.LIST, Action.CREATE, Action.READ}:
            continue
        if Action.READ in OBJECTS[key.object][1]:
            reading = oracle.fact(key.object, Action.READ, key.role, key.relation)
            assert reading.outcome is not Outcome.DENY404, str(key)


@pytest.mark.parametrize(
    "role",
    [Role.MINISTRY, Role.RESOURCE_CENTRE, Role.REGION_ADMIN, Role.SYSTEM_ADMIN, Role.COUNCIL_MEMBER],
)
def test_roles_without_a_path_to_families(oracle: Oracle, role: Role) -> None:
    facts = [fact for name in PERSONAL for fact in oracle.select(object_name=name, role=role)]
    assert [str(fact.key) for fact in facts if fact.shows and fact.fields is not Fields.FIGURES] == []


@pytest.mark.parametrize(
    "relation",
    [Relation.FORMER, Relation.CLOSED_OLD, Relation.OWN_PRECINCT, Relation.OTHER_REGION, Relation.SAMPLE_EXPIRED],
)
def test_relations_that_open_nothing_but_the_directory(oracle: Oracle, relation: Relation) -> None:
    shown = {
        fact.key.object
        for name in PERSONAL
        for fact in oracle.select(object_name=name, relation=relation)
        if fact.shows
    }
    assert shown <= {"family_directory"}


def test_an_expired_deputy_sees_nothing_at_all(oracle: Oracle) -> None:
    assert [str(fact.key) for fact in oracle.select(relation=Relation.DEPUTY_EXPIRED) if fact.shows] == []


def test_a_deputy_may_what_the_person_may_except_signing_minutes_as_chair(oracle: Oracle) -> None:
    def granted(*relations: Relation) -> set[tuple[str, Action, Role]]:
        facts = (fact for relation in relations for fact in oracle.select(relation=relation))
        return {(fact.key.object, fact.key.action, fact.key.role) for fact in facts if fact.shows}

    has_deputies = {
        (fact.key.object, fact.key.action, fact.key.role) for fact in oracle.select(relation="deputy_in_force")
    }
    person = granted(Relation.OWN, Relation.DEPARTMENT, Relation.INSTITUTION, Relation.AGENDA_DURING)
    assert (person & has_deputies) - granted(Relation.DEPUTY_IN_FORCE) == {
        ("minutes", Action.SIGN, Role.COUNCIL_CHAIR),
    }


def test_the_former_curator_reads_and_does_not_write(oracle: Oracle) -> None:
    for relation in (Relation.HANDOVER, Relation.CLOSED_RECENT):
        facts = [fact for fact in oracle.select(role=Role.SPECIALIST, relation=relation) if fact.shows]
        assert {fact.key.action for fact in facts} == {Action.READ, Action.LIST}


def test_a_restricted_family_asks_for_a_reason(oracle: Oracle) -> None:
    for relation in (Relation.RESTRICTED_NAMED, Relation.RESTRICTED_UNNAMED):
        for fact in oracle.select(action=Action.READ, relation=relation):
            if fact.shows and fact.key.object not in {"card_readers", "family_grant"}:
                assert fact.outcome is Outcome.ALLOW_WITH_REASON, str(fact.key)


def test_the_visitor_is_led_to_the_sign_in_page(oracle: Oracle) -> None:
    assert {fact.outcome for fact in oracle.select(role=Role.ANONYMOUS)} == {Outcome.SIGN_IN}


def test_look_up_of_one_fact(oracle: Oracle) -> None:
    fact = oracle.fact("psychologist_notes", "read", "DIRECTOR", "institution")
    assert (fact.outcome, fact.fields) == (Outcome.FIELDS, Fields.CONCLUSION)
    assert fact.source.startswith("access.md 6.2")
    with pytest.raises(OracleError, match="no row for family_card, read, DIRECTOR, own"):
        oracle.fact("family_card", "read", "DIRECTOR", "own")


def test_particular_rows_come_before_general_ones() -> None:
    oracle = table(
        "visit,read,SPECIALIST,own,allow,x",
        "visit,read,SPECIALIST,others,deny403,x",
        "visit,read,others,others,deny404,x",
        "any,any,SPECIALIST,former,allow,x",
    )
    read = {
        fact.key.relation: fact.outcome for fact in oracle.select(object_name="visit", action="read", role="SPECIALIST")
    }
    assert read.pop(Relation.OWN) is Outcome.ALLOW
    assert set(read.values()) == {Outcome.DENY403}
    assert oracle.fact("visit", "read", "MINISTRY", "region").outcome is Outcome.DENY404
    assert oracle.fact("case", "read", "SPECIALIST", "former").outcome is Outcome.ALLOW


def test_deny_becomes_the_refusal_that_fits() -> None:
    oracle = table("case,read|list,SPECIALIST,own,allow,x", "case,read,COUNCIL_SECRETARY,agenda_before,deny403,x")
    assert oracle.fact("case", "write", "SPECIALIST", "own").outcome is Outcome.DENY403
    assert oracle.fact("case", "write", "SPECIALIST", "former").outcome is Outcome.DENY404
    assert oracle.fact("case", "write", "COUNCIL_SECRETARY", "agenda_before").outcome is Outcome.DENY403
    assert oracle.fact("case", "read", "SPECIALIST", "former").outcome is Outcome.DENY404
    assert oracle.fact("case", "list", "SPECIALIST", "former").outcome is Outcome.LIST_WITHOUT
    assert oracle.fact("case", "list", "MINISTRY", "region").outcome is Outcome.DENY403
    assert oracle.fact("case", "create", "MINISTRY", "new").outcome is Outcome.DENY403


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("visit,read,CURATOR,own,allow,x", "role CURATOR is unknown"),
        ("visits,read,SPECIALIST,own,allow,x", "object visits is unknown"),
        ("visit,open,SPECIALIST,own,allow,x", "action open is unknown"),
        ("visit,read,SPECIALIST,mine,allow,x", "relation mine is unknown"),
        ("visit,read,SPECIALIST,own|own,allow,x", "unknown or repeated"),
        ("visit,read,SPECIALIST,own,permit,x", "outcome permit is unknown"),
        ("visit,read,SPECIALIST,own,fields:everything,x", "is unknown"),
        ("visit,read,SPECIALIST,own,fields,x", "needs the name of a part"),
        ("visit,read,SPECIALIST,own,allow:figures,x", "needs the name of a part"),
        ("visit,read,SPECIALIST,own,allow,", "filled cells"),
        ("visit,read,SPECIALIST,own,allow", "filled cells"),
        ("visit,sign,SPECIALIST,own,allow,x", "visit has no action sign"),
        ("visit,read,MINISTRY,own,allow,x", "MINISTRY never stands so to visit"),
        (f"visit,read,{OTHERS},own,allow,x", "only be given for other relations"),
        ("any,any,others,others,deny404,x", "contradicts line 3"),
        ("any,any,ANONYMOUS,any,sign_in,x", "repeats line 2"),
    ],
)
def test_a_mistaken_row_is_refused(row: str, message: str) -> None:
    with pytest.raises(OracleError, match=re.escape(message)):
        table(row)


def test_contradicting_rows_are_refused() -> None:
    with pytest.raises(OracleError, match="Line 5 contradicts line 4: visit, read, SPECIALIST, own"):
        table("visit,read,SPECIALIST,own,allow,x", "visit,read,SPECIALIST,own|former,deny404,x")


def test_a_row_that_others_have_said_already_is_refused() -> None:
    with pytest.raises(OracleError, match="Line 5 says nothing"):
        table(
            "own_organisation,read,SPECIALIST,self|someone_else,deny404,x",
            "own_organisation,read,SPECIALIST,others,deny404,x",
        )


def test_a_question_without_a_row_is_refused() -> None:
    with pytest.raises(OracleError, match="The table does not say: family_directory"):
        build(read_rules([HEADER, CATCH_ALL[0]]))


@pytest.mark.parametrize("lines", [["object,action,role,outcome,rule"], [HEADER.upper()]])
def test_other_columns_are_refused(lines: list[str]) -> None:
    with pytest.raises(OracleError, match="the columns must be"):
        read_rules(lines)


@pytest.mark.parametrize("spoil", [lambda row: row.replace("deny,", "allow,"), lambda _: "# gone"])
def test_the_principles_notice_a_spoilt_table(spoil: Callable[[str], str], oracle: Oracle) -> None:
    """The control of the checks above: the catch-all row turned round, or lost, does not pass unnoticed."""
    rows = [HEADER, CATCH_ALL[0], spoil(CATCH_ALL[1])]
    try:
        spoilt = build(read_rules(rows))
    except OracleError:
        return
    with pytest.raises(AssertionError):
        test_roles_without_a_path_to_families(spoilt, Role.MINISTRY)
    test_roles_without_a_path_to_families(oracle, Role.MINISTRY)
