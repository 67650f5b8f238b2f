-- The tables of the second implementation of scoring. Written from docs/guides/rules.md, not from the engine. Slow and obvious:
-- no account is carried; whatever a cap, a quota, a veto or a reset must know is summed up anew from the facts before.

CREATE TEMP TABLE entry(log_index INTEGER PRIMARY KEY, json TEXT NOT NULL);
CREATE TEMP TABLE event(
    log_index INTEGER PRIMARY KEY, id TEXT UNIQUE, type TEXT, at INTEGER, evidence TEXT, data TEXT, member TEXT, activity TEXT);
CREATE INDEX temp.event_type ON event(type);
CREATE TEMP TABLE month(m INTEGER PRIMARY KEY, first INTEGER, cutoff INTEGER, doc TEXT);
CREATE TEMP TABLE period(name TEXT, m INTEGER, first_m INTEGER, last_m INTEGER, PRIMARY KEY (name, m));
CREATE TEMP TABLE activity(
    id TEXT PRIMARY KEY, kind TEXT, class TEXT, grade TEXT, at INTEGER, minutes INTEGER, dates_records INTEGER, cancelled INTEGER);
CREATE TEMP TABLE record(
    log_index INTEGER PRIMARY KEY, id TEXT, member TEXT, activity TEXT, kind TEXT, class TEXT, grade TEXT, evidence TEXT,
    ground TEXT, at INTEGER, served INTEGER, minutes INTEGER, open INTEGER, reversed INTEGER, review TEXT, begun INTEGER);
CREATE TEMP TABLE fact(
    n INTEGER PRIMARY KEY, cause INTEGER, log_index INTEGER, member TEXT, m INTEGER, at INTEGER, served INTEGER, ground TEXT, kind TEXT,
    class TEXT, grade TEXT, evidence TEXT, minutes INTEGER, activity TEXT, member_class TEXT, accepted INTEGER, clause TEXT,
    amount INTEGER, sign INTEGER, given INTEGER, why TEXT);
CREATE INDEX temp.fact_member ON fact(member, m);
CREATE TEMP TABLE unsorted AS SELECT * FROM fact WHERE 0;
CREATE TEMP TABLE cap(m INTEGER, purse TEXT, period TEXT, amount INTEGER);
CREATE INDEX temp.cap_purse ON cap(m, purse);
CREATE TEMP TABLE fact_purse(n INTEGER, purse TEXT, PRIMARY KEY (n, purse));
CREATE TEMP TABLE coefficient(m INTEGER, place INTEGER, doc TEXT, times INTEGER, counts TEXT, opens INTEGER, shuts INTEGER);
CREATE TEMP TABLE fitting(n INTEGER, place INTEGER, times INTEGER, counts TEXT, seconds INTEGER);

-- Where and in what class a member is at an instant: what was said last of each, until it is said otherwise.
CREATE TEMP VIEW membership AS
    SELECT log_index, at, member, data ->> 'organization' AS organization, data ->> 'class' AS class, type FROM event
    WHERE type IN ('mingzhang.member.rostered.v1', 'mingzhang.member.transferred.v1', 'mingzhang.member.reclassified.v1',
        'mingzhang.member.left.v1');

CREATE TEMP TABLE place(m INTEGER, moment TEXT, member TEXT, at INTEGER, organization TEXT, class TEXT);
CREATE TEMP TABLE definition(m INTEGER, rate TEXT, moment TEXT, classes TEXT, reasons TEXT);
CREATE TEMP TABLE due(m INTEGER, rate TEXT, member TEXT, organization TEXT, at INTEGER);
CREATE TEMP TABLE did(m INTEGER, rate TEXT, member TEXT);
CREATE TEMP TABLE earned(m INTEGER, member TEXT, organization TEXT, given INTEGER);
CREATE TEMP TABLE measured(m INTEGER, member TEXT, percent INTEGER, sum INTEGER, by INTEGER, reach INTEGER);
CREATE TEMP TABLE assessed(m INTEGER, member TEXT, points INTEGER, minutes INTEGER, band TEXT);

-- Of each organisation, by level from the root down: for what, of how many, and whether it is published.
CREATE TEMP TABLE organization(code TEXT PRIMARY KEY, above TEXT, depth INTEGER);
CREATE TEMP TABLE published(m INTEGER, rate TEXT, code TEXT, above TEXT, depth INTEGER, members INTEGER, is_published INTEGER);
