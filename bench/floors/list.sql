-- The working list: the fifty cases of a scope that are most overdue, with curator, children and the next planned visit.
SELECT c.id, c.number, c.stage, c.opened_on, c.planned_end_on, c.removed_on, c.post_support_until, c.last_contact_on, c.next_contact_due_on,
    family.title, place.title, curator.last_name, curator.first_name, curator.patronymic,
    (
        SELECT count(*) FROM families_familymembership AS member JOIN families_person AS person ON person.id = member.person_id
        WHERE member.family_id = c.family_id AND member.lives_together AND member.starts_on <= %(today)s
          AND (member.ends_on IS NULL OR member.ends_on >= %(today)s) AND person.birth_date > %(today)s - interval '18 years'
    ),
    (SELECT min(planned_on) FROM casework_visit WHERE case_id = c.id AND state = 'PLANNED'),
    EXISTS (SELECT FROM casework_supportpause WHERE case_id = c.id AND %(today)s BETWEEN starts_on AND ends_on)
FROM (
    SELECT * FROM casework_supportcase
    WHERE {column} = %(scope)s AND NOT is_restricted AND closed_on IS NULL
    ORDER BY next_contact_due_on, id LIMIT 51
) AS c
JOIN families_family AS family ON family.id = c.family_id
LEFT JOIN accounts_territory AS place ON place.id = family.settlement_id
LEFT JOIN accounts_user AS curator ON curator.id = c.curator_id
ORDER BY c.next_contact_due_on, c.id
