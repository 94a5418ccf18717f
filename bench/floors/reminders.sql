-- Overdue contacts told to their curators: one statement over the cases of the region, safe to run twice.
INSERT INTO accounts_notification (recipient_id, code, fact, params, target, target_id, created_at)
SELECT c.curator_id, 'casework.contact_overdue', 'case:' || c.id || ':' || c.next_contact_due_on,
    jsonb_build_object('number', c.number, 'due', c.next_contact_due_on), 'casework:case', c.id, now()
FROM casework_supportcase AS c
JOIN accounts_institution AS unit ON unit.id = c.institution_id
JOIN accounts_user AS curator ON curator.id = c.curator_id AND curator.is_active
WHERE unit.region_id = %(region)s AND c.closed_on IS NULL AND c.next_contact_due_on < %(today)s
  AND NOT EXISTS (SELECT FROM casework_supportpause AS pause
                  WHERE pause.case_id = c.id AND %(today)s BETWEEN pause.starts_on AND pause.ends_on)
  AND NOT EXISTS (SELECT FROM accounts_notification AS told
                  WHERE told.recipient_id = c.curator_id AND told.code = 'casework.contact_overdue'
                    AND told.fact = 'case:' || c.id || ':' || c.next_contact_due_on)
ON CONFLICT (recipient_id, code, fact) DO NOTHING;
