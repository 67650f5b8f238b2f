-- What follows from the facts once they are scored: who is due for which rate and did it, and how members are assessed.

-- Where and in what class each member is, at both ends of each month; whoever isn't here isn't on the roster then.
INSERT INTO place
SELECT t.m, t.moment, of.member, t.at,
    (SELECT w.organization FROM membership w WHERE w.member = of.member AND w.at <= t.at AND w.organization IS NOT NULL
        ORDER BY w.at DESC, w.log_index DESC LIMIT 1),
    (SELECT w.class FROM membership w WHERE w.member = of.member AND w.at <= t.at AND w.class IS NOT NULL
        ORDER BY w.at DESC, w.log_index DESC LIMIT 1)
FROM (SELECT m, 'month_start' AS moment, first AS at FROM month UNION ALL SELECT m, 'month_end', cutoff FROM month) t,
    (SELECT DISTINCT member FROM membership) of
WHERE (SELECT w.type <> 'mingzhang.member.left.v1' FROM membership w WHERE w.member = of.member AND w.at <= t.at
    ORDER BY w.at DESC, w.log_index DESC LIMIT 1);

-- How the month's rules define each rate. The last is none: it is who is due where nothing else is said.
INSERT INTO definition
SELECT month.m, k.value, coalesce(d.value ->> 'cutoff', 'month_end'), d.value -> 'member_classes', d.value -> 'exempting_reasons'
FROM month JOIN json_each('["enrollment","pairing_sign_up","patrol_sign_up","visit_participation","patrol_participation","participation","usual"]') k
LEFT JOIN json_each(month.doc, '$.rates') d ON d.value ->> 'rate' = k.value;

INSERT INTO due
SELECT d.m, d.rate, p.member, p.organization, p.at FROM definition d JOIN place p ON p.m = d.m AND p.moment = d.moment
WHERE (coalesce(json_array_length(d.classes), 0) = 0 OR p.class IN (SELECT value FROM json_each(d.classes)))
AND NOT EXISTS (SELECT 1 FROM event x WHERE x.type = 'mingzhang.member.exempted.v1' AND x.member = p.member AND x.at <= p.at
    AND coalesce(x.data ->> 'until', '9999-12-31') >= date(p.at + 28800, 'unixepoch')
    AND (d.reasons IS NULL OR x.data ->> 'reason' IN (SELECT value FROM json_each(d.reasons))));

INSERT INTO did
SELECT DISTINCT m, 'participation', member FROM fact WHERE accepted AND ground = 'service' UNION
SELECT m, 'visit_participation', member FROM fact WHERE accepted AND ground = 'service' AND kind = 'home_visit' UNION
SELECT m, 'patrol_participation', member FROM fact WHERE accepted AND ground = 'service' AND kind = 'night_patrol' UNION
SELECT month.m, 'patrol_sign_up', s.member FROM event s JOIN activity a ON a.id = s.activity JOIN month ON a.at BETWEEN month.first AND month.cutoff
WHERE s.type = 'mingzhang.sign-up.made.v1' AND a.kind = 'night_patrol' AND NOT a.cancelled
AND NOT EXISTS (SELECT 1 FROM event w WHERE w.type = 'mingzhang.sign-up.withdrawn.v1' AND w.member = s.member
    AND w.activity = s.activity AND w.log_index > s.log_index) UNION
SELECT month.m, 'pairing_sign_up', f.member FROM event f JOIN month ON f.at <= month.cutoff
WHERE f.type = 'mingzhang.hardship-pairing.formed.v1' AND NOT EXISTS (
    SELECT 1 FROM event e WHERE e.type = 'mingzhang.hardship-pairing.ended.v1' AND e.member = f.member
    AND e.data ->> 'household' = f.data ->> 'household' AND e.at <= month.first) UNION
SELECT d.m, 'enrollment', d.member FROM due d JOIN event n ON n.member = d.member AND n.type = 'mingzhang.member.enrolled.v1' AND n.at <= d.at
WHERE d.rate = 'enrollment' AND NOT EXISTS (
    SELECT 1 FROM event e WHERE e.type = 'mingzhang.enrollment.ended.v1' AND e.member = n.member
    AND e.data ->> 'community' = n.data ->> 'community' AND e.at <= d.at);

-- Points and voluntary minutes that were earned where: a fact belongs to the branch of its moment, base points to that of the month's last.
INSERT INTO earned
SELECT f.m, f.member, (SELECT w.organization FROM membership w WHERE w.member = f.member
        AND w.at <= CASE f.ground WHEN 'base' THEN month.cutoff ELSE f.at END AND w.organization IS NOT NULL
        ORDER BY w.at DESC, w.log_index DESC LIMIT 1), f.given
FROM fact f JOIN month ON month.m = f.m
WHERE f.given <> 0 OR f.accepted AND f.ground = 'service' AND f.class = 'voluntary' AND f.minutes > 0;

-- A measure of a member at the end of a month: what it sums up, by how many it is divided, over how many months before this one.
INSERT INTO measured
SELECT month.m, of.member, part.value ->> 'percent',
    coalesce((SELECT sum(f.given) FROM fact f WHERE f.member = of.member AND f.m BETWEEN p.first_m AND month.m), 0),
    CASE part.value ->> 'of' WHEN 'year_monthly_average' THEN month.m % 12 + 1 ELSE 1 END, month.m - p.first_m
FROM month, (SELECT DISTINCT member FROM membership) of, json_each(month.doc, '$.assessment.parts') part, period p
WHERE p.m = month.m AND p.name = CASE part.value ->> 'of' WHEN 'month_points' THEN 'month' WHEN 'quarter_points' THEN 'quarter'
    WHEN 'all_points' THEN 'all' ELSE 'year' END;

-- Rounded half up, below zero too: the floor of twice the quotient and one, halved.
UPDATE measured SET sum = (2 * sum + by - ((2 * sum + by) % (2 * by) + 2 * by) % (2 * by)) / (2 * by);

UPDATE measured SET sum = (2 * sum * percent + 100 - ((2 * sum * percent + 100) % 200 + 200) % 200) / 200;

INSERT INTO assessed
SELECT m, member, sum(sum), (
    SELECT coalesce(sum(f.minutes), 0) FROM fact f WHERE f.member = measured.member AND f.accepted AND f.ground = 'service'
    AND f.class = 'voluntary' AND f.m BETWEEN measured.m - max(measured.reach) AND measured.m), NULL
FROM measured GROUP BY m, member;

-- The first band that is reached; none for who is vetoed at the end of the month.
UPDATE assessed SET band = (
    SELECT b.value ->> 'clause' FROM month, json_each(month.doc, '$.assessment.bands') b WHERE month.m = assessed.m
    AND coalesce(CAST(replace(b.value ->> 'points_from', '.', '') AS INTEGER), assessed.points) <= assessed.points
    AND coalesce(b.value ->> 'voluntary_minutes_from', 0) <= assessed.minutes ORDER BY b.key LIMIT 1)
WHERE NOT EXISTS (
    SELECT 1 FROM fact veto JOIN month ON month.m = veto.m, json_each(month.doc, '$.vetoes') v, period p
    WHERE veto.member = assessed.member AND veto.ground = 'vetoed' AND veto.m <= assessed.m AND v.value ->> 'clause' = veto.clause
    AND p.name = v.value ->> 'period' AND p.m = veto.m AND assessed.m <= p.last_m);

-- What is published: of each rate, and of the average, whose denominator is that of who is due where nothing else is said.
INSERT INTO organization
WITH RECURSIVE tree(code, above, depth) AS (
    SELECT data ->> 'organization', NULL, 0 FROM event WHERE type = 'mingzhang.organization.established.v1' AND data ->> 'parent' IS NULL
    UNION ALL SELECT e.data ->> 'organization', tree.code, tree.depth + 1 FROM event e JOIN tree ON e.data ->> 'parent' = tree.code
    WHERE e.type = 'mingzhang.organization.established.v1')
SELECT code, above, depth FROM tree;

INSERT INTO published
SELECT d.m, d.rate, o.code, o.above, o.depth, members.count,
    members.count > 0 AND members.count >= coalesce(month.doc ->> '$.published_group_members_min', 5)
FROM definition d JOIN month ON month.m = d.m JOIN organization o JOIN (
    SELECT below.code AS code, d.m AS m, d.rate AS rate, (
        WITH RECURSIVE part(code) AS (SELECT below.code UNION ALL SELECT o.code FROM organization o JOIN part ON o.above = part.code)
        SELECT count(*) FROM due WHERE due.m = d.m AND due.rate = d.rate AND due.organization IN (SELECT code FROM part)) AS count
    FROM definition d, organization below) members ON members.code = o.code AND members.m = d.m AND members.rate = d.rate;

-- Below the root: withheld too are the smallest published ones below, as many as it takes until what is left over is nobody or enough; and whatever is
-- below one that is withheld.
UPDATE published SET is_published = 0
WHERE depth = 1 AND is_published AND EXISTS (SELECT 1 FROM published p WHERE p.m = published.m AND p.rate = published.rate
    AND p.code = published.above AND NOT p.is_published)
AND (SELECT doc ->> '$.withhold_against_subtraction' FROM month WHERE month.m = published.m);

UPDATE published SET is_published = 0
WHERE depth = 1 AND is_published AND (SELECT doc ->> '$.withhold_against_subtraction' FROM month WHERE month.m = published.m)
AND (published.members, published.code) <= (
    WITH sibling AS (SELECT s.members, s.code FROM published s WHERE s.m = published.m AND s.rate = published.rate AND s.above = published.above AND s.is_published),
    whole AS (SELECT p.members - coalesce((SELECT sum(members) FROM sibling), 0) AS left_over,
        (SELECT coalesce(doc ->> '$.published_group_members_min', 5) FROM month WHERE month.m = published.m) AS least
        FROM published p WHERE p.m = published.m AND p.rate = published.rate AND p.code = published.above)
    -- The last of those that have to go: with none before it, or with those before it, what is left over isn't enough.
    SELECT last.members, last.code FROM sibling last, whole
    WHERE left_over + coalesce((SELECT sum(before.members) FROM sibling before WHERE (before.members, before.code) < (last.members, last.code)), 0)
        BETWEEN 1 AND least - 1
    ORDER BY last.members DESC, last.code DESC LIMIT 1);

-- Below that: withheld too are the smallest published ones below, as many as it takes until what is left over is nobody or enough; and whatever is
-- below one that is withheld.
UPDATE published SET is_published = 0
WHERE depth = 2 AND is_published AND EXISTS (SELECT 1 FROM published p WHERE p.m = published.m AND p.rate = published.rate
    AND p.code = published.above AND NOT p.is_published)
AND (SELECT doc ->> '$.withhold_against_subtraction' FROM month WHERE month.m = published.m);

UPDATE published SET is_published = 0
WHERE depth = 2 AND is_published AND (SELECT doc ->> '$.withhold_against_subtraction' FROM month WHERE month.m = published.m)
AND (published.members, published.code) <= (
    WITH sibling AS (SELECT s.members, s.code FROM published s WHERE s.m = published.m AND s.rate = published.rate AND s.above = published.above AND s.is_published),
    whole AS (SELECT p.members - coalesce((SELECT sum(members) FROM sibling), 0) AS left_over,
        (SELECT coalesce(doc ->> '$.published_group_members_min', 5) FROM month WHERE month.m = published.m) AS least
        FROM published p WHERE p.m = published.m AND p.rate = published.rate AND p.code = published.above)
    -- The last of those that have to go: with none before it, or with those before it, what is left over isn't enough.
    SELECT last.members, last.code FROM sibling last, whole
    WHERE left_over + coalesce((SELECT sum(before.members) FROM sibling before WHERE (before.members, before.code) < (last.members, last.code)), 0)
        BETWEEN 1 AND least - 1
    ORDER BY last.members DESC, last.code DESC LIMIT 1)
