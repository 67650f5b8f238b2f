-- One fact, ?1, after all those before it: barred by a veto, a reset, or what every cap leaves.

UPDATE fact SET why = 'vetoed' WHERE n = ?1 AND ground IN ('service', 'granted', 'base') AND clause IS NOT NULL AND EXISTS (
    SELECT 1 FROM fact veto JOIN month ON month.m = veto.m, json_each(month.doc, '$.vetoes') v, period p
    WHERE veto.member = fact.member AND veto.n < fact.n AND veto.ground = 'vetoed' AND v.value ->> 'clause' = veto.clause
    AND p.name = v.value ->> 'period' AND p.m = veto.m AND fact.m <= p.last_m);

UPDATE fact SET amount = max(0, coalesce((
    SELECT sum(before.given) FROM fact before, month, json_each(month.doc, '$.resets') r, period p
    WHERE month.m = fact.m AND r.value ->> 'clause' = fact.clause AND p.name = r.value ->> 'period' AND p.m = fact.m
    AND before.member = fact.member AND before.n < fact.n AND before.m >= p.first_m), 0))
WHERE n = ?1 AND ground = 'reset' AND clause IS NOT NULL;

UPDATE fact SET given = sign * max(0, min(amount, coalesce((
    SELECT min(cap.amount - coalesce((
        SELECT sum(abs(before.given)) FROM fact before JOIN fact_purse same ON same.n = before.n AND same.purse = own.purse
        WHERE before.member = fact.member AND before.n < fact.n AND CASE cap.period
            WHEN 'per_activity' THEN before.m = fact.m AND before.activity = fact.activity
            WHEN 'per_day' THEN (before.at + 28800) / 86400 = (fact.at + 28800) / 86400
            WHEN 'per_month' THEN before.m = fact.m
            WHEN 'per_quarter' THEN before.m / 3 = fact.m / 3
            WHEN 'per_year' THEN before.m / 12 = fact.m / 12
            ELSE 1 END), 0))
    FROM fact_purse own JOIN cap ON cap.m = fact.m AND cap.purse = own.purse WHERE own.n = fact.n), amount)))
WHERE n = ?1 AND clause IS NOT NULL AND why IS NULL AND ground <> 'vetoed'
