"""Families of a mother, a father or grandmother, and a child; everybody's name, papers, address and search keys."""

from bench.scale.filling import Filling
from bench.scale.names import GIVEN, PATRONYMICS, STREETS, SURNAMES
from bench.scale.plan import Plan
from bench.scale.units import SETTLEMENTS
from families.models import Family, FamilyMembership, Person, SearchKey

MEMBERS = 3
RESTRICTED = 500
"""One family in so many is restricted."""


def load_families(filling: Filling) -> None:
    """One family for each row of the plan, three people in it; ids follow from the family's."""
    plan = filling.plan
    _names(filling)
    filling.fill(
        Family,
        _family(plan),
        "scale_plan JOIN scale_surname AS surname ON surname.n = "
        + _surname(plan)
        + f" JOIN scale_settlement AS place ON place.n = {plan.dice('settlement', SETTLEMENTS)}"
        " AND place.region_id = scale_plan.region_id",
    )
    filling.execute(f"CREATE TEMP TABLE scale_member AS {_members(plan)}")
    filling.fill(Person, _person(), "scale_member")
    filling.fill(FamilyMembership, _membership(), "scale_member JOIN scale_plan USING (i)")
    filling.execute("DROP TABLE scale_member")
    _search_keys(filling)


def _surname(plan: Plan) -> str:
    return plan.dice("surname", len(SURNAMES))


def _names(filling: Filling) -> None:
    """Temporary tables of names, numbered from nought."""
    tables: dict[str, list[tuple[str, ...]]] = {"scale_surname": list(SURNAMES), "scale_patronymic": list(PATRONYMICS)}
    tables |= {f"scale_{kind}": [(name, name) for name in names] for kind, names in GIVEN.items()}
    for table, pairs in tables.items():
        rows = ", ".join(f"({n}, '{his}', '{hers}')" for n, (his, hers) in enumerate(pairs))
        filling.execute(f"CREATE TEMP TABLE {table} AS SELECT * FROM (VALUES {rows}) AS given (n, his, hers)")
        filling.execute(f"ANALYZE {table}")


def _family(plan: Plan) -> dict[str, str]:
    restricted = f"{plan.dice('restricted', RESTRICTED)} = 0"
    return {
        "id": "i",
        "region_id": "scale_plan.region_id",
        "institution_id": "institution_id",
        "department_id": "department_id",
        "curator_id": "CASE WHEN stage <> 'CLOSED' THEN curator_id END",
        "registry_number": "i || '/' || date_part('year', opened_on)",
        "registered_on": "opened_on",
        "registered_by_id": "curator_id",
        "title": "surname.hers",
        "settlement_id": "place.settlement_id",
        "street": f"'ул. ' || {plan.one_of('street', *STREETS.split())}",
        "house": f"(1 + {plan.dice('house', 90)})::text",
        "phone": _phone("i * 3"),
        "is_restricted": restricted,
        "restriction_reason": f"CASE WHEN {restricted} THEN 'По решению директора' ELSE '' END",
        "created_at": "opened_on + time '09:00'",
    }


def _phone(key: str) -> str:
    """A number of the unallotted code 947; neighbours in the table are far from each other."""
    return f"'+7947' || lpad(((({key})::bigint * 6180339) % 10000000)::text, 7, '0')"


def _members(plan: Plan) -> str:
    """Everybody: the mother, the father (of each third family a grandmother), the child."""
    return f"""
        SELECT i, 3 * (i - 1) + seat + 1 AS person, seat, region_id, opened_on,
            CASE seat WHEN 0 THEN 'MOTHER' WHEN 2 THEN 'CHILD'
                ELSE CASE WHEN has_father THEN 'FATHER' ELSE 'GRANDMOTHER' END END AS role,
            is_male,
            CASE WHEN is_male THEN surname.his ELSE surname.hers END AS last_name,
            CASE WHEN seat < 2 AND is_male THEN men.his WHEN seat < 2 THEN women.his WHEN is_male THEN boys.his
                ELSE girls.his END AS first_name,
            CASE WHEN is_male THEN patronymic.his ELSE patronymic.hers END AS patronymic,
            opened_on - 365 * CASE WHEN seat = 2 THEN 1 WHEN is_male OR seat = 0 THEN 24 ELSE 50 END
                - {plan.dice("birth", 5400, key="4 * i + seat")} AS born_on
        FROM (
            SELECT *, seat = 1 AND has_father OR seat = 2 AND {plan.dice("boy", 2)} = 1 AS is_male
            FROM (
                SELECT i, region_id, opened_on, seat, {plan.dice("father", 3)} > 0 AS has_father
                FROM scale_plan CROSS JOIN generate_series(0, {MEMBERS - 1}) AS seat
            ) AS seated
        ) AS member
        JOIN scale_surname AS surname ON surname.n = {_surname(plan)}
        JOIN scale_patronymic AS patronymic ON patronymic.n
            = {plan.dice("patronymic", len(PATRONYMICS), key="4 * i + seat")}
        JOIN scale_women AS women ON women.n = {plan.dice("name", len(GIVEN["women"]), key="4 * i + seat")}
        JOIN scale_men AS men ON men.n = {plan.dice("name", len(GIVEN["men"]), key="4 * i + seat")}
        JOIN scale_girls AS girls ON girls.n = {plan.dice("name", len(GIVEN["girls"]), key="4 * i + seat")}
        JOIN scale_boys AS boys ON boys.n = {plan.dice("name", len(GIVEN["boys"]), key="4 * i + seat")}
    """


def _person() -> dict[str, str]:
    return {
        "id": "person",
        "region_id": "region_id",
        "last_name": "last_name",
        "first_name": "first_name",
        "patronymic": "patronymic",
        "sex": "CASE WHEN is_male THEN 'M' ELSE 'F' END",
        "birth_date": "born_on",
        "snils": _snils("990000000 + person"),
        "phone": f"CASE WHEN seat < 2 THEN {_phone('person')} ELSE '' END",
        "created_at": "opened_on + time '09:00'",
    }


def _snils(number: str) -> str:
    """Nine digits and their check sum: R12, the sum of digits by their weights modulo 101, where 100 counts as 0."""
    weighted = " + ".join(f"(({number}) / {10**place} % 10) * {place + 1}" for place in range(9))
    return f"({number})::text || lpad((({weighted}) % 101 % 100)::text, 2, '0')"


def _membership() -> dict[str, str]:
    return {
        "id": "person",
        "family_id": "i",
        "person_id": "person",
        "role": "role",
        "is_representative": "seat = 0",
        "is_head": "seat = 0",
        "lives_together": "true",
        "starts_on": "scale_member.opened_on",
    }


def _search_keys(filling: Filling) -> None:
    """What the triggers would have written row by row."""
    scope = {name: f"family.{name}" for name in ("institution_id", "department_id", "curator_id", "is_restricted")}
    filling.fill(
        SearchKey,
        scope
        | {
            "id": f"{MEMBERS + 1} * family.id",
            "family_id": "family.id",
            "is_title": "true",
            "text": "family.search_text || ' ' || family.registry_number",
            "snils": "''",
        },
        "families_family AS family",
    )
    filling.fill(
        SearchKey,
        scope
        | {
            "id": f"member.id + (member.id - 1) / {MEMBERS}",
            "family_id": "family.id",
            "membership_id": "member.id",
            "is_title": "false",
            "text": "person.search_text",
            "snils": "person.snils",
        },
        "families_familymembership AS member JOIN families_family AS family ON family.id = member.family_id"
        " JOIN families_person AS person ON person.id = member.person_id",
    )
