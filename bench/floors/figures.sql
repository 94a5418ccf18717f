-- The figures of a quarter for all institutions of a region, each as (institution, code, number). One statement; each
-- table is read once. The rule of what a contact is, is taken as of the last day of the quarter.
WITH units AS (
    SELECT unit.id, policy.approving_body, policy.visit_interval_months, policy.post_support_interval_months,
        policy.first_contact_days, COALESCE((
            SELECT own.contact_requires_home_visit FROM accounts_institutionpolicy AS own
            WHERE own.institution_id = unit.id AND own.valid_from <= %(last)s ORDER BY own.valid_from DESC LIMIT 1
        ), policy.contact_requires_home_visit, FALSE) AS home_only
    FROM accounts_institution AS unit
    CROSS JOIN LATERAL (
        SELECT * FROM accounts_regionpolicy WHERE region_id = unit.region_id AND valid_from <= %(last)s
        ORDER BY valid_from DESC LIMIT 1
    ) AS policy
    WHERE unit.region_id = %(region)s
), sessions AS (
    SELECT body.institution_id, body.kind, units.approving_body, considered.*
    FROM councils_councilsession AS held
    JOIN councils_council AS body ON body.id = held.council_id
    JOIN units ON units.id = body.institution_id
    CROSS JOIN LATERAL (
        SELECT count(*) AS items, count(DISTINCT item.family_id) FILTER (WHERE c.removal_reason IS DISTINCT FROM 'ERROR')
            AS families, array_agg(DISTINCT item.family_id) FILTER (WHERE c.removal_reason IS DISTINCT FROM 'ERROR')
            AS family_ids
        FROM councils_agendaitem AS item LEFT JOIN casework_supportcase AS c ON c.id = item.case_id
        WHERE item.session_id = held.id AND item.state = 'CONSIDERED' AND item.family_id IS NOT NULL
    ) AS considered
    WHERE held.state IN ('HELD', 'MINUTES_DRAFTED', 'MINUTES_SIGNED') AND held.held_on BETWEEN %(first)s AND %(last)s
), councils AS (
    SELECT institution_id,
        count(*) FILTER (WHERE kind = approving_body) AS "Q1",
        count(*) FILTER (WHERE kind = approving_body AND items = 0) AS "Q1n",
        count(*) FILTER (WHERE kind = 'WORKING_GROUP') AS "Q1a",
        count(*) FILTER (WHERE kind = 'PRECINCT_COMMISSION') AS "Q1b",
        sum(families) FILTER (WHERE kind = approving_body) AS "Q2",
        sum(families) FILTER (WHERE kind = 'WORKING_GROUP') AS "Q2a",
        sum(families) FILTER (WHERE kind = 'PRECINCT_COMMISSION') AS "Q2b"
    FROM sessions GROUP BY institution_id
), families AS (
    SELECT institution_id, count(DISTINCT family_id) AS "Q2u"
    FROM sessions CROSS JOIN unnest(family_ids) AS family_id WHERE kind = approving_body GROUP BY institution_id
), cases AS (
    SELECT c.institution_id,
        count(*) FILTER (WHERE c.enrolled_on BETWEEN %(first)s AND %(last)s) AS "Q3",
        count(DISTINCT c.family_id) FILTER (WHERE c.enrolled_on BETWEEN %(first)s AND %(last)s) AS "Q3u",
        count(*) FILTER (WHERE c.enrolled_on BETWEEN %(first)s AND %(last)s AND c.ground = 'SOCIAL_CONTRACT') AS "Q6",
        count(*) FILTER (WHERE is_removed) AS "Q4",
        count(DISTINCT c.family_id) FILTER (WHERE is_removed) AS "Q4u",
        count(*) FILTER (WHERE is_removed AND is_better) AS "Q5",
        count(*) FILTER (WHERE is_removed AND is_better AND EXISTS (
            SELECT FROM contracts_socialcontract AS signed WHERE signed.family_id = c.family_id
              AND signed.signed_on < c.removed_on AND signed.signed_on > (c.opened_on - interval '12 months')::date
        )) AS "Q8n",
        count(DISTINCT c.family_id) FILTER (
            WHERE c.enrolled_on < %(first)s AND (c.removed_on IS NULL OR c.removed_on >= %(first)s)) AS "Q9",
        count(DISTINCT c.family_id) FILTER (
            WHERE c.enrolled_on <= %(last)s AND (c.removed_on IS NULL OR c.removed_on > %(last)s)) AS "Q10",
        count(DISTINCT c.family_id) FILTER (
            WHERE c.removed_on <= %(last)s AND (c.closed_on IS NULL OR c.closed_on > %(last)s)) AS "Q10p"
    FROM casework_supportcase AS c
    CROSS JOIN LATERAL (
        SELECT c.removed_on BETWEEN %(first)s AND %(last)s AS is_removed,
            c.removal_reason IN ('SITUATION_IMPROVED', 'EXITED_HARDSHIP', 'GOALS_ACHIEVED') AS is_better
    ) AS removal
    WHERE c.region_id = %(region)s AND c.removal_reason <> 'ERROR' GROUP BY c.institution_id
), contracts AS (
    SELECT c.institution_id, count(DISTINCT signed.family_id) AS "Q6b"
    FROM contracts_socialcontract AS signed
    LEFT JOIN casework_supportcase AS cause ON cause.id = signed.case_id
    CROSS JOIN LATERAL (
        SELECT institution_id FROM casework_supportcase AS c
        WHERE c.family_id = signed.family_id AND c.removal_reason <> 'ERROR' AND c.enrolled_on <= signed.signed_on
          AND (c.removed_on IS NULL OR c.removed_on > signed.signed_on) LIMIT 1
    ) AS c
    WHERE signed.signed_on BETWEEN %(first)s AND %(last)s
      AND NOT COALESCE(cause.ground = 'SOCIAL_CONTRACT' AND cause.enrolled_on >= signed.signed_on, FALSE)
    GROUP BY c.institution_id
), met AS (
    SELECT DISTINCT visit.case_id, date_trunc('month', visit.held_on)::date AS month
    FROM casework_visit AS visit JOIN units ON units.id = visit.institution_id
    WHERE visit.held_on BETWEEN %(first)s AND %(last)s AND visit.state = 'HELD' AND visit.channel <> 'PHONE'
      AND (NOT units.home_only OR visit.channel IN ('HOME', 'TRIP'))
    UNION
    SELECT service.case_id, date_trunc('month', service.on)::date
    FROM casework_servicerecord AS service JOIN units ON units.id = service.institution_id
    WHERE service.on BETWEEN %(first)s AND %(last)s AND service.cancelled_at IS NULL
      AND service.record_type <> 'URGENT' AND NOT units.home_only
), changes AS (
    SELECT change.case_id, change.to_stage, change.on AS since,
        lead(change.on) OVER (PARTITION BY change.case_id ORDER BY change.on, change.id) AS until
    FROM casework_stagechange AS change JOIN casework_supportcase AS c ON c.id = change.case_id
    WHERE c.region_id = %(region)s AND c.opened_on <= %(last)s AND (c.closed_on IS NULL OR c.closed_on > %(first)s)
), duties AS (
    SELECT case_id, range_agg(days) AS days FROM (
        SELECT c.id AS case_id, daterange(changes.since, LEAST(changes.until, c.removed_on)) AS days
        FROM changes JOIN casework_supportcase AS c ON c.id = changes.case_id
        WHERE changes.to_stage IN ('CONTRACTING', 'ACTIVE', 'REFLECTION')
          AND changes.since < COALESCE(LEAST(changes.until, c.removed_on), 'infinity')
        UNION ALL
        SELECT c.id, daterange(duty.starts_on, duty.ends_on, '[]')
        FROM casework_contractduty AS duty JOIN casework_supportcase AS c ON c.family_id = duty.family_id
        WHERE c.region_id = %(region)s
    ) AS stretch GROUP BY case_id
), months AS (
    SELECT c.institution_id, count(*) AS due, count(met.case_id) AS kept
    FROM casework_supportcase AS c
    JOIN duties ON duties.case_id = c.id
    JOIN (SELECT day::date AS first, (day + interval '1 month - 1 day')::date AS last
          FROM generate_series(%(first)s::date, %(last)s::date, interval '1 month') AS day) AS month
      ON c.opened_on <= month.first AND (c.closed_on IS NULL OR c.closed_on > month.last)
     AND duties.days @> daterange(month.first, month.last, '[]')
    LEFT JOIN met ON met.case_id = c.id AND met.month = month.first
    WHERE c.region_id = %(region)s AND c.removal_reason <> 'ERROR'
      AND NOT EXISTS (SELECT FROM casework_supportpause AS pause
                      WHERE pause.case_id = c.id AND pause.starts_on <= month.last AND pause.ends_on >= month.first)
    GROUP BY c.institution_id
), open_cases AS (
    SELECT c.id, c.institution_id, c.opened_on, c.enrolled_on, stage.to_stage AS stage, units.home_only,
        units.first_contact_days, EXISTS (
            SELECT FROM casework_contractduty AS duty WHERE duty.family_id = c.family_id
              AND duty.starts_on <= %(last)s AND (duty.ends_on IS NULL OR duty.ends_on >= %(last)s)
        ) AS has_duty, CASE stage.to_stage WHEN 'POST_SUPPORT' THEN units.post_support_interval_months ELSE COALESCE((
            SELECT own.months FROM casework_contactinterval AS own
            WHERE own.case_id = c.id AND own.valid_from <= %(last)s ORDER BY own.valid_from DESC LIMIT 1
        ), units.visit_interval_months) END AS months
    FROM casework_supportcase AS c
    JOIN units ON units.id = c.institution_id
    CROSS JOIN LATERAL (
        SELECT to_stage FROM casework_stagechange AS change WHERE change.case_id = c.id AND change.on <= %(last)s
        ORDER BY change.on DESC, change.id DESC LIMIT 1
    ) AS stage
    WHERE c.removal_reason <> 'ERROR' AND c.opened_on <= %(last)s AND (c.closed_on IS NULL OR c.closed_on > %(last)s)
      AND stage.to_stage <> 'CLOSED'
), due_then AS (
    SELECT c.id, c.institution_id, CASE
        WHEN c.stage = 'DIAGNOSTIC' AND NOT c.has_duty THEN
            CASE WHEN contact.on IS NULL THEN c.opened_on + c.first_contact_days END
        ELSE (COALESCE(contact.on, CASE WHEN c.enrolled_on <= %(last)s THEN c.enrolled_on END, c.opened_on)
              + make_interval(months => CASE WHEN c.has_duty THEN 1 ELSE c.months END::int))::date
    END AS due
    FROM open_cases AS c
    CROSS JOIN LATERAL (
        SELECT GREATEST((
            SELECT visit.held_on FROM casework_visit AS visit
            WHERE visit.case_id = c.id AND visit.held_on <= %(last)s AND visit.state = 'HELD'
              AND visit.channel <> 'PHONE' AND (NOT c.home_only OR visit.channel IN ('HOME', 'TRIP'))
            ORDER BY visit.held_on DESC LIMIT 1
        ), (
            SELECT service.on FROM casework_servicerecord AS service
            WHERE service.case_id = c.id AND service.on <= %(last)s AND service.cancelled_at IS NULL
              AND service.record_type <> 'URGENT' AND NOT c.home_only ORDER BY service.on DESC LIMIT 1
        )) AS on
    ) AS contact
), overdue AS (
    SELECT due_then.institution_id, count(*) AS "Q12" FROM due_then
    LEFT JOIN LATERAL (
        SELECT max(ends_on) + 7 AS until, bool_or(%(last)s BETWEEN starts_on AND ends_on) AS is_now
        FROM casework_supportpause AS pause
        WHERE pause.case_id = due_then.id AND pause.starts_on <= GREATEST(due_then.due + 1, %(last)s)
    ) AS paused ON true
    WHERE GREATEST(due_then.due, paused.until) < %(last)s AND NOT COALESCE(paused.is_now, FALSE)
    GROUP BY due_then.institution_id
), visits AS (
    SELECT visit.institution_id, count(*) AS "Q13", count(*) FILTER (WHERE visit.channel IN ('HOME', 'TRIP')) AS "Q13h"
    FROM casework_visit AS visit JOIN casework_supportcase AS c ON c.id = visit.case_id
    JOIN units ON units.id = visit.institution_id
    WHERE visit.state = 'HELD' AND visit.held_on BETWEEN %(first)s AND %(last)s AND c.removal_reason <> 'ERROR'
    GROUP BY visit.institution_id
), programmes AS (
    SELECT c.institution_id,
        count(*) FILTER (WHERE programme.approved_on BETWEEN %(first)s AND %(last)s AND programme.edition = 1) AS "Q14",
        count(*) FILTER (WHERE programme.approved_on BETWEEN %(first)s AND %(last)s AND programme.edition > 1) AS "Q14v",
        count(*) FILTER (WHERE programme.closed_on BETWEEN %(first)s AND %(last)s AND programme.state = 'COMPLETED')
            AS "Q14c"
    FROM casework_supportprogramme AS programme JOIN casework_supportcase AS c ON c.id = programme.case_id
    WHERE c.region_id = %(region)s AND c.removal_reason <> 'ERROR' GROUP BY c.institution_id
)
SELECT units.id, figure.key, COALESCE(figure.value::int, 0)
FROM units
LEFT JOIN councils ON councils.institution_id = units.id
LEFT JOIN families ON families.institution_id = units.id
LEFT JOIN cases ON cases.institution_id = units.id
LEFT JOIN contracts ON contracts.institution_id = units.id
LEFT JOIN months ON months.institution_id = units.id
LEFT JOIN overdue ON overdue.institution_id = units.id
LEFT JOIN visits ON visits.institution_id = units.id
LEFT JOIN programmes ON programmes.institution_id = units.id
CROSS JOIN LATERAL jsonb_each_text(jsonb_build_object(
    'Q1', "Q1", 'Q1n', "Q1n", 'Q1a', "Q1a", 'Q1b', "Q1b", 'Q2', "Q2", 'Q2a', "Q2a", 'Q2b', "Q2b", 'Q2u', "Q2u",
    'Q3', "Q3", 'Q3u', "Q3u", 'Q4', "Q4", 'Q4u', "Q4u", 'Q5', "Q5", 'Q6', "Q6", 'Q6b', "Q6b", 'Q8n', "Q8n",
    'Q9', "Q9", 'Q10', "Q10", 'Q10p', "Q10p", 'Q11 due', due, 'Q11 kept', kept, 'Q12', "Q12", 'Q13', "Q13",
    'Q13h', "Q13h", 'Q14', "Q14", 'Q14v', "Q14v", 'Q14c', "Q14c"
)) AS figure;
