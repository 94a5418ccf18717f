-- The page of a case: what stands in its head, whether the next steps may be taken, its panels, the last 51 events.
SELECT c.number, c.stage, c.opened_on, c.ground, c.enrolled_on, c.basis_body, c.basis_number, c.basis_date,
    c.planned_end_on, c.removed_on, c.removal_reason, c.post_support_until, c.closed_on, c.last_contact_on,
    c.next_contact_due_on, c.measure_complex, family.title, family.street, family.house, family.flat, place.title,
    source.title, department.title, institution.short_name, curator.last_name, curator.first_name, curator.patronymic,
    policy.due_soon_days,
    EXISTS (SELECT FROM casework_supportpause WHERE case_id = c.id AND %(today)s BETWEEN starts_on AND ends_on),
    (SELECT months FROM casework_contactinterval WHERE case_id = c.id AND valid_from <= %(today)s
     ORDER BY valid_from DESC LIMIT 1),
    EXISTS (SELECT FROM casework_supportprogramme WHERE case_id = c.id AND state = 'ACTIVE' AND ends_on <= %(today)s),
    EXISTS (SELECT FROM casework_programmeactivity AS activity JOIN casework_supportprogramme AS programme
            ON programme.id = activity.programme_id WHERE programme.case_id = c.id
            AND programme.state IN ('ACTIVE', 'COMPLETED') AND activity.state IN ('PLANNED', 'IN_PROGRESS')),
    EXISTS (SELECT FROM casework_casedecision WHERE case_id = c.id AND kind = 'REMOVE' AND effective_on = c.removed_on),
    (SELECT count(*) FROM accounts_notification
     WHERE recipient_id = %(reader)s AND read_at IS NULL AND settled_at IS NULL),
    (SELECT count(*) FROM records_draft WHERE user_id = %(reader)s AND expires_at > now())
FROM casework_supportcase AS c
JOIN families_family AS family ON family.id = c.family_id
LEFT JOIN accounts_territory AS place ON place.id = family.settlement_id
JOIN casework_identificationsource AS source ON source.id = c.source_id
JOIN accounts_department AS department ON department.id = c.department_id
JOIN accounts_institution AS institution ON institution.id = c.institution_id
LEFT JOIN accounts_user AS curator ON curator.id = c.curator_id
CROSS JOIN LATERAL (
    SELECT due_soon_days FROM accounts_regionpolicy WHERE region_id = c.region_id AND valid_from <= %(today)s
    ORDER BY valid_from DESC LIMIT 1
) AS policy
WHERE c.id = %(case)s AND family.curator_id = %(reader)s;

SELECT number, kind, state, signed_on, starts_on, planned_end_on, amount, ended_on, follow_up_ends_on
FROM contracts_socialcontract
WHERE family_id = %(family)s AND state IN ('SIGNED', 'RUNNING', 'FOLLOW_UP') ORDER BY signed_on DESC, id DESC;

SELECT id, title, type, phone FROM partners_partnerorganisation WHERE id IN (
    SELECT partner_id FROM casework_servicerecord WHERE case_id = %(case)s AND cancelled_at IS NULL
    UNION SELECT addressee_id FROM casework_agencynotice WHERE case_id = %(case)s AND sent_on IS NOT NULL
    UNION SELECT activity.executor_partner_id FROM casework_programmeactivity AS activity
    JOIN casework_supportprogramme AS programme ON programme.id = activity.programme_id
    WHERE programme.case_id = %(case)s AND activity.state <> 'CANCELLED'
      AND programme.state IN ('APPROVED', 'ACTIVE', 'COMPLETED')
) ORDER BY title, id;

SELECT item.id, item.kind, item.title, item.state, held.number, held.planned_at, held.state, body.title,
    (SELECT json_agg(json_build_array(decision.ordinal, decision.type, decision.text, decision.due_on)
                     ORDER BY decision.ordinal) FROM councils_decision AS decision WHERE decision.item_id = item.id)
FROM councils_agendaitem AS item
JOIN councils_councilsession AS held ON held.id = item.session_id
JOIN councils_council AS body ON body.id = held.council_id
WHERE item.case_id = %(case)s ORDER BY held.planned_at DESC, item.id DESC LIMIT 10;

SELECT event.kind, event.on, event.params, event.object_id, author.last_name, author.first_name, author.patronymic
FROM casework_caseevent AS event LEFT JOIN accounts_user AS author ON author.id = event.by_id
WHERE event.case_id = %(case)s ORDER BY event.on DESC, event.id DESC LIMIT 51;
