-- From the entries to the facts of every member in order, with what each is worth before caps.

INSERT INTO event
SELECT log_index, json ->> 'id', json ->> 'type', unixepoch(json ->> 'time'), json ->> 'evidence', json -> 'data',
    json ->> '$.data.member', json ->> '$.data.activity'
FROM entry;

-- The first rules' month and the four after it, with the version that scores each: the latest effective, the last adopted.
INSERT INTO month
WITH RECURSIVE span(m, last) AS (
    SELECT first, first + 4 FROM (
        SELECT min(substr(data ->> '$.rules.effective_from', 1, 4) * 12 + substr(data ->> '$.rules.effective_from', 6, 2) - 1) AS first
        FROM event WHERE type = 'mingzhang.scoring-rules.adopted.v1')
    UNION ALL SELECT m + 1, last FROM span WHERE m < last)
SELECT m,
    unixepoch(printf('%04d-%02d-01', m / 12, m % 12 + 1)) - 28800,
    unixepoch(printf('%04d-%02d-01', (m + 1) / 12, (m + 1) % 12 + 1)) - 28800 - 1,
    (SELECT data -> 'rules' FROM event WHERE type = 'mingzhang.scoring-rules.adopted.v1'
        AND substr(data ->> '$.rules.effective_from', 1, 4) * 12 + substr(data ->> '$.rules.effective_from', 6, 2) - 1 <= m
        ORDER BY data ->> '$.rules.effective_from' DESC, log_index DESC LIMIT 1)
FROM span;

INSERT INTO period
SELECT 'month', m, m, m FROM month UNION ALL
SELECT 'quarter', m, m - m % 3, m - m % 3 + 2 FROM month UNION ALL
SELECT 'year', m, m - m % 12, m - m % 12 + 11 FROM month UNION ALL
SELECT 'all', m, 0, 999999 FROM month;

-- The rules that were known for its month when an activity was scheduled say whether its records start with its plan.
INSERT INTO activity
SELECT activity, data ->> 'kind', data ->> 'class', data ->> 'emergency_grade', unixepoch(data ->> 'starts_at'),
    (unixepoch(data ->> 'ends_at') - unixepoch(data ->> 'starts_at')) / 60,
    coalesce((SELECT coalesce(r.data ->> '$.rules.records_dated_by', 'own_start') FROM event r
        WHERE r.type = 'mingzhang.scoring-rules.adopted.v1' AND r.log_index < e.log_index
        AND r.data ->> '$.rules.effective_from' <= strftime('%Y-%m', unixepoch(e.data ->> 'starts_at') + 28800, 'unixepoch')
        ORDER BY r.data ->> '$.rules.effective_from' DESC, r.log_index DESC LIMIT 1), 'planned_start') = 'planned_start',
    EXISTS (SELECT 1 FROM event c WHERE c.type = 'mingzhang.activity.cancelled.v1' AND c.activity = e.activity)
FROM event e WHERE type = 'mingzhang.activity.scheduled.v1';

-- Records as they were opened. A check-in is closed by the next check-out; what is attested afterwards takes its place. A record starts when
-- its activity was planned to, or when it was served.
INSERT INTO record
SELECT e.log_index, e.id, e.member, e.activity, coalesce(a.kind, CASE e.type WHEN 'mingzhang.home-visit.made.v1' THEN 'home_visit' ELSE 'duty' END),
    coalesce(a.class, CASE e.type WHEN 'mingzhang.home-visit.made.v1' THEN 'voluntary' ELSE 'duty' END), a.grade, e.evidence,
    CASE e.data ->> 'outcome' WHEN 'absent' THEN 'absence' WHEN 'on_leave' THEN 'leave' ELSE 'service' END, CASE WHEN a.dates_records THEN a.at ELSE e.at END, e.at,
    CASE e.type
        WHEN 'mingzhang.check-in.recorded.v1' THEN coalesce((o.at - e.at) / 60, 0)
        WHEN 'mingzhang.late-check-in.recorded.v1' THEN (unixepoch(e.data ->> 'ended_at') - e.at) / 60
        WHEN 'mingzhang.attendance.recorded.v1' THEN CASE e.data ->> 'outcome' WHEN 'attended' THEN a.minutes ELSE 0 END
        ELSE e.data ->> 'minutes' END,
    e.type = 'mingzhang.check-in.recorded.v1' AND o.log_index IS NULL,
    EXISTS (SELECT 1 FROM event r WHERE r.type = 'mingzhang.record.reversed.v1' AND r.data ->> 'record' = e.id)
        OR e.type = 'mingzhang.check-in.recorded.v1' AND o.log_index IS NULL AND EXISTS (
            SELECT 1 FROM event l WHERE l.type = 'mingzhang.late-check-in.recorded.v1' AND l.member = e.member
            AND l.activity = e.activity AND l.log_index > e.log_index),
    'none', NULL
FROM event e
LEFT JOIN activity a ON a.id = e.activity
LEFT JOIN event o ON e.type = 'mingzhang.check-in.recorded.v1' AND o.log_index = (
    SELECT min(x.log_index) FROM event x WHERE x.type = 'mingzhang.check-out.recorded.v1' AND x.member = e.member
    AND x.activity = e.activity AND x.log_index > e.log_index)
WHERE e.type IN ('mingzhang.check-in.recorded.v1', 'mingzhang.late-check-in.recorded.v1', 'mingzhang.attendance.recorded.v1',
    'mingzhang.home-visit.made.v1', 'mingzhang.duty.served.v1');

-- The last correction says when a record was served and how long; when its activity was planned stays.
UPDATE record SET (at, served, minutes, ground, open) = (
    SELECT CASE WHEN (SELECT a.dates_records FROM activity a WHERE a.id = record.activity) THEN record.at ELSE c.at END, c.at, c.data ->> 'minutes', 'service', 0 FROM event c
    WHERE c.type = 'mingzhang.record.corrected.v1' AND c.data ->> 'record' = record.id ORDER BY c.log_index DESC LIMIT 1)
WHERE EXISTS (SELECT 1 FROM event c WHERE c.type = 'mingzhang.record.corrected.v1' AND c.data ->> 'record' = record.id);

-- Review begins with the record and anew with each return and each correction: begun is where. The last of these says where it stands,
UPDATE record SET (begun, review) = (
    SELECT v.log_index, CASE v.type WHEN 'mingzhang.service.returned.v1' THEN 'returned' ELSE 'mended' END
    FROM event v WHERE v.data ->> 'record' = record.id
    AND v.type IN ('mingzhang.service.returned.v1', 'mingzhang.record.corrected.v1') ORDER BY v.log_index DESC LIMIT 1);

UPDATE record SET begun = log_index, review = 'none' WHERE begun IS NULL;

-- until as many approvals followed as the chain of its month has steps; without a chain, one.
UPDATE record SET review = 'approved'
WHERE (SELECT count(*) FROM event v WHERE v.data ->> 'record' = record.id AND v.type = 'mingzhang.service.approved.v1' AND v.log_index > begun)
    >= max(1, coalesce((SELECT json_array_length(month.doc, '$.review_chain') FROM month
        WHERE record.at BETWEEN month.first AND month.cutoff), 0));

-- Facts of each sort, before they have an order. Cause: base points 0, records 1, no-shows 2, decisions 3.
INSERT INTO unsorted(cause, log_index, member, at, served, ground, kind, class, grade, evidence, minutes, activity, accepted)
SELECT 1, r.log_index, r.member, r.at, r.served, r.ground, r.kind, r.class, r.grade, r.evidence, r.minutes, r.activity,
    NOT r.reversed AND r.review <> 'returned' AND NOT coalesce(a.cancelled, 0) AND NOT r.open
    AND (r.review = 'approved' OR r.review = 'none' AND NOT EXISTS (
        SELECT 1 FROM month, json_each(month.doc, '$.review_required_for') w
        WHERE r.at BETWEEN month.first AND month.cutoff AND w.value = r.evidence))
FROM record r LEFT JOIN activity a ON a.id = r.activity;

-- Signed up, not withdrawn, not cancelled, no record that may count; and the month is closed, or frozen by an entry that counts no-shows.
INSERT INTO unsorted(cause, log_index, member, at, ground, kind, class, grade, minutes, activity, accepted)
SELECT 2, s.log_index, s.member, a.at, 'no_show', a.kind, a.class, a.grade, 0, a.id, 1
FROM event s JOIN activity a ON a.id = s.activity
WHERE s.type = 'mingzhang.sign-up.made.v1' AND NOT a.cancelled
AND NOT EXISTS (SELECT 1 FROM event w WHERE w.type = 'mingzhang.sign-up.withdrawn.v1' AND w.member = s.member
    AND w.activity = s.activity AND w.log_index > s.log_index)
AND NOT EXISTS (SELECT 1 FROM record r WHERE r.member = s.member AND r.activity = s.activity AND NOT r.reversed AND r.review <> 'returned')
AND EXISTS (SELECT 1 FROM event c WHERE (c.type = 'mingzhang.month.closed.v1'
        OR c.type = 'mingzhang.month.frozen.v1' AND c.data ->> 'counts_no_shows')
    AND c.data ->> 'month' = strftime('%Y-%m', a.at + 28800, 'unixepoch'));

INSERT INTO unsorted(cause, log_index, member, at, ground, minutes, accepted, amount, clause)
SELECT 3, d.log_index, d.member, d.at,
    CASE d.type WHEN 'mingzhang.points.granted.v1' THEN 'granted' WHEN 'mingzhang.points.deducted.v1' THEN 'deducted'
        WHEN 'mingzhang.points.reset.v1' THEN 'reset' ELSE 'vetoed' END,
    0,
    NOT EXISTS (SELECT 1 FROM event u WHERE u.data ->> 'record' = d.id AND u.type = 'mingzhang.record.reversed.v1'
        OR u.data ->> 'decision' = d.id AND u.type = 'mingzhang.decision.quashed.v1'),
    CAST(replace(d.data ->> 'points', '.', '') AS INTEGER), d.data ->> 'clause'
FROM event d WHERE d.type IN ('mingzhang.points.granted.v1', 'mingzhang.points.deducted.v1', 'mingzhang.points.reset.v1',
    'mingzhang.points.vetoed.v1');

-- Base points: the first clause that fits the class at the last moment of the month.
INSERT INTO unsorted(cause, log_index, member, m, at, ground, minutes, accepted, amount, clause, why)
SELECT 0, 0, of.member, month.m, month.first, 'base', 0, 1,
    CAST(replace(b.value ->> 'points', '.', '') AS INTEGER), b.value ->> 'clause', b.value ->> 'each'
FROM month, (SELECT DISTINCT member FROM membership) of, json_each(month.doc, '$.base') b
WHERE (SELECT w.type <> 'mingzhang.member.left.v1' FROM membership w WHERE w.member = of.member AND w.at <= month.cutoff
        ORDER BY w.at DESC, w.log_index DESC LIMIT 1)
AND b.key = (SELECT min(x.key) FROM json_each(month.doc, '$.base') x
    WHERE coalesce(json_array_length(x.value, '$.member_classes'), 0) = 0
    OR (SELECT w.class FROM membership w WHERE w.member = of.member AND w.at <= month.cutoff AND w.class IS NOT NULL
        ORDER BY w.at DESC, w.log_index DESC LIMIT 1) IN (SELECT y.value FROM json_each(x.value, '$.member_classes') y));

-- Once in its period: month by month, not if anything was given in it before under the same number or for the same period.
DELETE FROM unsorted WHERE ground = 'base' AND rowid NOT IN (
    WITH RECURSIVE due(id, member, place, m, clause, each, first_m) AS MATERIALIZED (
        SELECT u.rowid, u.member, row_number() OVER (PARTITION BY u.member ORDER BY u.m), u.m, u.clause, u.why, p.first_m
        FROM unsorted u JOIN period p ON p.name = u.why AND p.m = u.m WHERE u.ground = 'base'),
    -- What was given before, and what is given now: one of it, or nothing.
    walk(id, member, place, before, own) AS (
        SELECT id, member, place, '[]', json_object('m', m, 'clause', clause, 'each', each) FROM due WHERE place = 1
        UNION ALL
        SELECT due.id, due.member, due.place, CASE WHEN walk.own IS NULL THEN walk.before ELSE json_insert(walk.before, '$[#]', json(walk.own)) END,
            CASE WHEN NOT EXISTS (
                SELECT 1 FROM json_each(CASE WHEN walk.own IS NULL THEN walk.before ELSE json_insert(walk.before, '$[#]', json(walk.own)) END) given
                WHERE given.value ->> 'm' >= due.first_m AND due.clause = given.value ->> 'clause'
                OR given.value ->> 'm' >= due.first_m AND due.each = given.value ->> 'each')
            THEN json_object('m', due.m, 'clause', due.clause, 'each', due.each) END
        FROM walk JOIN due ON due.member = walk.member AND due.place = walk.place + 1)
    SELECT id FROM walk WHERE own IS NOT NULL);

UPDATE unsorted SET why = NULL;

UPDATE unsorted SET m = strftime('%Y', at + 28800, 'unixepoch') * 12 + strftime('%m', at + 28800, 'unixepoch') - 1;

UPDATE unsorted SET member_class = (SELECT w.class FROM membership w WHERE w.member = unsorted.member AND w.at <= unsorted.at
    AND w.class IS NOT NULL ORDER BY w.at DESC, w.log_index DESC LIMIT 1);

-- Off the roster nothing counts.
UPDATE unsorted SET accepted = 0 WHERE ground <> 'base' AND NOT coalesce((
    SELECT w.type <> 'mingzhang.member.left.v1' FROM membership w WHERE w.member = unsorted.member AND w.at <= unsorted.at
    ORDER BY w.at DESC, w.log_index DESC LIMIT 1), 0);

DELETE FROM unsorted WHERE ground = 'no_show' AND NOT accepted;

INSERT INTO fact
SELECT row_number() OVER (ORDER BY member, m, cause > 0, at, cause, log_index), cause, log_index, member, m, at, coalesce(served, at), ground, kind, class, grade,
    evidence, minutes, activity, member_class, accepted, clause, amount,
    CASE WHEN ground IN ('absence', 'no_show', 'deducted', 'reset') THEN -1 ELSE 1 END, 0, NULL
FROM unsorted;

-- Which clause scores what: the first that fits.
UPDATE fact SET clause = (SELECT i.value ->> 'clause' FROM month, json_each(month.doc, '$.items') i
    WHERE month.m = fact.m AND i.value ->> 'kind' = fact.kind AND coalesce(i.value ->> 'class', fact.class) = fact.class
    ORDER BY i.key LIMIT 1)
WHERE ground = 'service' AND accepted;

UPDATE fact SET (clause, amount) = (
    SELECT d.value ->> 'clause', CAST(replace(d.value ->> 'points', '.', '') AS INTEGER) FROM month, json_each(month.doc, '$.deductions') d
    WHERE month.m = fact.m AND d.value ->> 'on' = CASE fact.ground WHEN 'absence' THEN 'absence_without_leave' ELSE 'no_show' END
    AND coalesce(d.value ->> 'kind', fact.kind) = fact.kind ORDER BY d.key LIMIT 1)
WHERE ground IN ('absence', 'no_show') AND accepted;

UPDATE fact SET clause = (SELECT fact.clause FROM month, json_each(month.doc, '$.awards') w
    WHERE month.m = fact.m AND w.value ->> 'clause' = fact.clause
    AND coalesce(w.value ->> 'only', CASE fact.ground WHEN 'granted' THEN 'grant' ELSE 'deduct' END)
        = CASE fact.ground WHEN 'granted' THEN 'grant' ELSE 'deduct' END)
WHERE ground IN ('granted', 'deducted') AND accepted;

UPDATE fact SET clause = (SELECT fact.clause FROM month, json_each(month.doc, CASE fact.ground WHEN 'reset' THEN '$.resets' ELSE '$.vetoes' END) w
    WHERE month.m = fact.m AND w.value ->> 'clause' = fact.clause)
WHERE ground IN ('reset', 'vetoed') AND accepted;

UPDATE fact SET clause = NULL WHERE NOT accepted OR ground = 'leave';

UPDATE fact SET why = CASE WHEN ground = 'leave' THEN 'on_leave'
    WHEN (SELECT doc FROM month WHERE month.m = fact.m) IS NULL THEN 'no_rules' ELSE 'no_clause' END
WHERE accepted AND clause IS NULL;

UPDATE fact SET why = 'exempt' WHERE ground IN ('absence', 'no_show') AND clause IS NOT NULL
AND (SELECT month.doc ->> 'exempt_from_deductions' FROM month WHERE month.m = fact.m)
AND EXISTS (SELECT 1 FROM event x WHERE x.type = 'mingzhang.member.exempted.v1' AND x.member = fact.member AND x.at <= fact.at
    AND coalesce(x.data ->> 'until', '9999-12-31') >= date(fact.at + 28800, 'unixepoch'));

-- The quota: the first few, in order.
UPDATE fact SET why = 'over_quota' WHERE ground = 'service' AND clause IS NOT NULL
AND evidence IN (SELECT w.value FROM month, json_each(month.doc, '$.back_entry_quota.evidence') w WHERE month.m = fact.m)
AND (SELECT count(*) FROM fact before, month, json_each(month.doc, '$.back_entry_quota.evidence') w
        WHERE before.member = fact.member AND before.m = fact.m AND month.m = fact.m AND before.n < fact.n
        AND before.ground = 'service' AND before.clause IS NOT NULL AND before.evidence = w.value)
    >= (SELECT min(coalesce(month.doc ->> '$.back_entry_quota.records_max', 999999),
            coalesce(month.doc ->> '$.back_entry_quota.percent_max', 999999) * (
                SELECT count(*) FROM fact own WHERE own.member = fact.member AND own.m = fact.m AND own.ground = 'service'
                AND own.clause IS NOT NULL) / 100)
        FROM month WHERE month.m = fact.m);

-- Coefficients that fit, with the seconds of the record that lie in their window.
INSERT INTO coefficient
SELECT month.m, c.key, c.value, CAST(round((c.value ->> 'times') * 1000) AS INTEGER), c.value ->> '$.window.counts',
    substr(c.value ->> '$.window.from', 1, 2) * 3600 + substr(c.value ->> '$.window.from', 4, 2) * 60,
    substr(c.value ->> '$.window.until', 1, 2) * 3600 + substr(c.value ->> '$.window.until', 4, 2) * 60
FROM month, json_each(month.doc, '$.coefficients') c;

UPDATE coefficient SET shuts = shuts + 86400 WHERE shuts <= opens;

INSERT INTO fitting
SELECT f.n, c.place, c.times, c.counts,
    (SELECT sum(max(0, min(c.shuts + day.value * 86400, (f.served + 28800) % 86400 + f.minutes * 60) - max(c.opens + day.value * 86400, (f.served + 28800) % 86400)))
        FROM json_each('[-1, 0, 1, 2]') day)
FROM fact f JOIN coefficient c ON c.m = f.m
WHERE f.ground = 'service' AND f.clause IS NOT NULL
AND (json_array_length(c.doc, '$.kinds') IS NULL OR f.kind IN (SELECT value FROM json_each(c.doc, '$.kinds')))
AND (json_array_length(c.doc, '$.items') IS NULL OR f.clause IN (SELECT value FROM json_each(c.doc, '$.items')))
AND (json_array_length(c.doc, '$.evidence') IS NULL OR f.evidence IN (SELECT value FROM json_each(c.doc, '$.evidence')))
AND (json_array_length(c.doc, '$.member_classes') IS NULL OR f.member_class IN (SELECT value FROM json_each(c.doc, '$.member_classes')))
AND (json_array_length(c.doc, '$.emergency_grades') IS NULL OR f.grade IN (SELECT value FROM json_each(c.doc, '$.emergency_grades')));

-- What a record is worth: minutes with those in windows, portions, then the whole-record coefficients one after another.
UPDATE fact SET amount = (
    WITH RECURSIVE
    item(per, rounding, points, doc) AS (
        SELECT i.value ->> 'per', coalesce(i.value ->> 'rounding', 'down'), CAST(replace(i.value ->> 'points', '.', '') AS INTEGER), i.value
        FROM month, json_each(month.doc, '$.items') i WHERE month.m = fact.m AND i.value ->> 'clause' = fact.clause),
    counted(minutes) AS (
        SELECT max(0, fact.minutes * 1000 + coalesce((SELECT sum(x.seconds / 60 * (x.times - 1000)) FROM fitting x
            WHERE x.n = fact.n AND x.counts = 'overlapping_minutes'), 0)) / 1000),
    basis(amount) AS (
        SELECT CASE item.per
            WHEN 'occurrence' THEN item.points
            WHEN 'bracket' THEN coalesce((SELECT CAST(replace(b.value ->> 'points', '.', '') AS INTEGER) FROM json_each(item.doc, '$.brackets') b
                WHERE b.value ->> 'minutes_from' <= counted.minutes ORDER BY b.key DESC LIMIT 1), 0)
            ELSE item.points * ((counted.minutes + CASE item.rounding WHEN 'down' THEN 0
                WHEN 'half_up' THEN CASE item.per WHEN 'hour' THEN 30 ELSE 15 END
                ELSE CASE item.per WHEN 'hour' THEN 59 ELSE 29 END END) / CASE item.per WHEN 'hour' THEN 60 ELSE 30 END)
            END
        FROM item, counted),
    whole(place, times) AS (
        SELECT row_number() OVER (ORDER BY x.place), x.times FROM fitting x
        WHERE x.n = fact.n AND (x.counts IS NULL OR x.counts = 'whole_shift' AND x.seconds > 0)),
    multiplied(place, amount) AS (
        SELECT 0, amount FROM basis
        UNION ALL SELECT whole.place, (multiplied.amount * whole.times + 500) / 1000 FROM multiplied JOIN whole ON whole.place = multiplied.place + 1)
    SELECT amount FROM multiplied ORDER BY place DESC LIMIT 1)
WHERE ground = 'service' AND clause IS NOT NULL;

-- One decision gives or takes no more than its clause allows.
UPDATE fact SET amount = min(amount, (SELECT CAST(replace(w.value ->> 'points_max', '.', '') AS INTEGER) FROM month, json_each(month.doc, '$.awards') w
    WHERE month.m = fact.m AND w.value ->> 'clause' = fact.clause))
WHERE ground IN ('granted', 'deducted') AND clause IS NOT NULL;

-- Caps, by month and purse.
INSERT INTO cap
SELECT m, purse, c.key, CAST(replace(c.value, '.', '') AS INTEGER) FROM (
    SELECT month.m, 'given ' || (x.value ->> 'clause') AS purse, x.value -> 'caps' AS caps FROM month, json_each(month.doc, '$.items') x UNION ALL
    SELECT month.m, 'given ' || (x.value ->> 'clause'), x.value -> 'caps' FROM month, json_each(month.doc, '$.groups') x UNION ALL
    SELECT month.m, 'given ' || (x.value ->> 'clause'), x.value -> 'caps' FROM month, json_each(month.doc, '$.awards') x UNION ALL
    SELECT month.m, 'taken ' || (x.value ->> 'clause'), x.value -> 'caps' FROM month, json_each(month.doc, '$.awards') x UNION ALL
    SELECT month.m, 'taken ' || (x.value ->> 'clause'), x.value -> 'caps' FROM month, json_each(month.doc, '$.deductions') x UNION ALL
    SELECT month.m, 'given everything', month.doc -> 'total_caps' FROM month UNION ALL
    SELECT month.m, 'taken everything', month.doc -> 'deduction_caps' FROM month), json_each(caps) c
WHERE caps IS NOT NULL
UNION ALL
SELECT month.m, 'taken ' || (x.value ->> 'clause'), 'per_month', CAST(replace(x.value ->> 'per_month_max', '.', '') AS INTEGER)
FROM month, json_each(month.doc, '$.deductions') x WHERE x.value ->> 'per_month_max' IS NOT NULL;

INSERT INTO fact_purse
SELECT n, 'given ' || clause FROM fact WHERE ground IN ('service', 'granted') AND clause IS NOT NULL UNION
SELECT n, 'given everything' FROM fact WHERE ground IN ('service', 'granted') AND clause IS NOT NULL UNION
SELECT n, 'taken ' || clause FROM fact WHERE ground IN ('absence', 'no_show', 'deducted') AND clause IS NOT NULL UNION
SELECT n, 'taken everything' FROM fact WHERE ground IN ('absence', 'no_show', 'deducted') AND clause IS NOT NULL UNION
SELECT f.n, 'given ' || (x.value ->> 'group') FROM fact f JOIN month ON month.m = f.m,
    json_each(month.doc, CASE f.ground WHEN 'service' THEN '$.items' ELSE '$.awards' END) x
WHERE f.ground IN ('service', 'granted') AND x.value ->> 'clause' = f.clause AND x.value ->> 'group' IS NOT NULL
