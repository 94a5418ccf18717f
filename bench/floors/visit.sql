-- A visit with three services to everybody seen: its rows, their history, the timeline, the journal of access, the key
-- of the form, three numbers of services and one of the act, the next contact of the case. One statement.
WITH acts AS (
    INSERT INTO records_numbersequence AS kept (institution_id, kind, year, last)
    SELECT %(institution)s, 'visit', date_part('year', %(today)s::date), 1
    FROM pg_advisory_xact_lock(hashtextextended('records.numbers', %(institution)s))
    ON CONFLICT (institution_id, kind, year) DO UPDATE SET last = kept.last + 1 RETURNING last
), rows_of_journal AS (
    INSERT INTO records_numbersequence AS kept (institution_id, kind, year, last)
    VALUES (%(institution)s, 'service', date_part('year', %(today)s::date), 3)
    ON CONFLICT (institution_id, kind, year) DO UPDATE SET last = kept.last + 3 RETURNING last
), form AS (
    INSERT INTO records_formsubmission (user_id, key, kind, url, sent_at)
    VALUES (%(actor)s, gen_random_uuid(), 'casework.visit', '', now())
), visit AS (
    INSERT INTO casework_visit (version, case_id, institution_id, department_id, specialist_id, number, state, held_on,
        channel, purpose, checks, observations, composition_changes, living_conditions, employment_changes,
        children_care, health, relations, danger_signs, recommendations, agreements, representative_remark, signature,
        late_reason, cancel_reason, created_by_id, created_at)
    SELECT 1, %(case)s, %(institution)s, %(department)s, %(actor)s, last || '/' || date_part('year', %(today)s::date),
        'HELD', %(today)s, 'HOME', 'PLANNED', ARRAY[]::varchar[], %(text)s, '', '', '', '', '', '', '', '', '', '', '',
        '', '', %(actor)s, now()
    FROM acts RETURNING *
), seen AS (
    INSERT INTO casework_visit_members_seen (visit_id, familymembership_id)
    SELECT visit.id, membership FROM visit CROSS JOIN unnest(%(memberships)s::bigint[]) AS membership RETURNING *
), visit_then AS (
    INSERT INTO casework_historicalvisit (id, version, case_id, institution_id, department_id, specialist_id, number,
        state, held_on, channel, purpose, checks, observations, composition_changes, living_conditions,
        employment_changes, children_care, health, relations, danger_signs, recommendations, agreements,
        representative_remark, signature, late_reason, cancel_reason, created_by_id, created_at,
        history_date, history_type, history_change_reason, history_user_id)
    SELECT id, version, case_id, institution_id, department_id, specialist_id, number, state, held_on, channel, purpose,
        checks, observations, composition_changes, living_conditions, employment_changes, children_care, health,
        relations, danger_signs, recommendations, agreements, representative_remark, signature, late_reason,
        cancel_reason, created_by_id, created_at, now(), '+', '', %(actor)s
    FROM visit RETURNING history_id
), seen_then AS (
    INSERT INTO casework_historicalvisit_members_seen (id, visit_id, familymembership_id, history_id)
    SELECT seen.id, seen.visit_id, seen.familymembership_id, history_id FROM seen CROSS JOIN visit_then
), service AS (
    INSERT INTO casework_servicerecord (version, family_id, case_id, visit_id, institution_id, department_id, number,
        "on", record_type, service_kind, measure_kind, title_id, quantity, channel, specialist_id, result, late_reason,
        cancel_reason, created_by_id, created_at)
    SELECT 1, %(family)s, %(case)s, visit.id, %(institution)s, %(department)s,
        rows_of_journal.last - 3 + place || '/' || date_part('year', %(today)s::date), %(today)s, title.record_type,
        title.service_kind, title.measure_kind, title.id, 1, 'HOME', %(actor)s, '', '', '', %(actor)s, now()
    FROM visit CROSS JOIN rows_of_journal
    CROSS JOIN unnest(%(titles)s::bigint[]) WITH ORDINALITY AS chosen (id, place)
    JOIN casework_servicetitle AS title ON title.id = chosen.id RETURNING *
), received AS (
    INSERT INTO casework_servicerecord_recipients (servicerecord_id, person_id)
    SELECT service.id, person FROM service CROSS JOIN unnest(%(people)s::bigint[]) AS person RETURNING *
), service_then AS (
    INSERT INTO casework_historicalservicerecord (id, version, family_id, case_id, visit_id, institution_id,
        department_id, number, "on", record_type, service_kind, measure_kind, title_id, quantity, channel,
        specialist_id, result, late_reason, cancel_reason, created_by_id, created_at,
        history_date, history_type, history_change_reason, history_user_id)
    SELECT id, version, family_id, case_id, visit_id, institution_id, department_id, number, "on", record_type,
        service_kind, measure_kind, title_id, quantity, channel, specialist_id, result, late_reason, cancel_reason,
        created_by_id, created_at, now(), '+', '', %(actor)s
    FROM service RETURNING id, history_id
), received_then AS (
    INSERT INTO casework_historicalservicerecord_recipients (id, servicerecord_id, person_id, history_id)
    SELECT received.id, received.servicerecord_id, received.person_id, history_id
    FROM received JOIN service_then ON service_then.id = received.servicerecord_id
), event AS (
    INSERT INTO casework_caseevent (case_id, kind, "on", by_id, params, object_kind, object_id, created_at)
    SELECT %(case)s, 'visit_held', %(today)s, %(actor)s, '{{"channel": "HOME", "services": 3}}', 'casework.visit', id, now()
    FROM visit
), reading AS (
    INSERT INTO accounts_accessevent (at, user_id, role, region_id, institution_id, department_id, action, kind,
        object_id, object_ids, family_id, reason, route, address, request_id)
    VALUES (now(), %(actor)s, 'SPECIALIST', %(region)s, %(institution)s, %(department)s, 'VIEW', 'supportcase',
        %(case)s, ARRAY[]::bigint[], %(family)s, '', 'casework:visit_new', '127.0.0.1', '')
)
UPDATE casework_supportcase AS stored SET last_contact_on = %(today)s,
    next_contact_due_on = (%(today)s::date + make_interval(months => policy.visit_interval_months))::date
FROM accounts_regionpolicy AS policy WHERE stored.id = %(case)s AND policy.region_id = stored.region_id;
