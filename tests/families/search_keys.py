"""What the keys of search should be, as the records tell it."""

_COLUMNS = "family_id, membership_id, is_title, text, snils, institution_id, department_id, curator_id, is_restricted"
_KEPT = f"SELECT {_COLUMNS} FROM families_searchkey"
_TOLD = """
    SELECT id, NULL::bigint, true, search_text || ' ' || registry_number, '', institution_id, department_id,
        curator_id, is_restricted
    FROM families_family
    UNION ALL
    SELECT family.id, member.id, false, person.search_text, person.snils, institution_id, department_id,
        curator_id, is_restricted
    FROM families_familymembership AS member JOIN families_family AS family ON family.id = member.family_id
    JOIN families_person AS person ON person.id = member.person_id
"""
OUT_OF_STEP = f"(({_KEPT}) EXCEPT ALL ({_TOLD})) UNION ALL (({_TOLD}) EXCEPT ALL ({_KEPT}))"
"""Selects the keys that search has and the records do not tell, and those that it lacks: none."""
