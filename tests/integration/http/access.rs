//! Who may call what: every role, everywhere or for one branch, against every route.

use super::world::{EAST, PATROL, STREET, WEST, World, check_in, member};

/// Callers, in the order of the columns below.
const CALLERS: [&str; 10] = [
    "public",
    "recorder",
    "recorder@west",
    "reviewer",
    "publisher",
    "auditor",
    "auditor@east",
    "operator",
    "member 1",
    "no grant",
];

/// For each route what each caller gets: `+` answered, `-` refused for want of a role, `?` a token is needed, `0` there is
/// nothing of that name for them.
#[rustfmt::skip]
const TABLE: [(&str, &str); 39] = [
    ("/v1/checkpoint",                                          "++++++++++"),
    ("/v1/rules",                                               "++++++++++"),
    ("/v1/organizations",                                       "++++++++++"),
    ("/v1/organizations/{east}",                                "++++++++++"),
    ("/v1/organizations/{east}/rates?month=2026-10",            "++++++++++"),
    ("/v1/notices",                                             "++++++++++"),
    ("/v1/documents/{digest}",                                  "++++++++++"),
    ("/v1/documents?organization={east}",                       "?+-+++++--"),
    ("/v1/documents/draft?kind=register&organization={east}&month=2026-10", "?+-+++++--"),
    ("/v1/documents/draft?kind=statement&member={1}&month=2026-10", "?+-++++++-"),
    ("/v1/documents/draft?kind=certificate&member={1}&from=2026-10&until=2026-10", "?+-++++++-"),
    ("/v1/documents/draft?kind=attendance&activity={patrol}",   "?+-+++++--"),
    ("/v1/organizations/{east}/ranking?month=2026-10",          "?+-+++++--"),
    ("/v1/organizations/{east}/units?month=2026-10",            "?+-+++++--"),
    ("/v1/organizations/{east}/attendance?month=2026-10",       "?+-+++++--"),
    ("/v1/organizations/{east}/duty?month=2026-10",             "?+-+++++--"),
    ("/v1/organizations/{east}/summary?month=2026-10",          "?+-+++++--"),
    ("/v1/organizations/{street}/ranking?month=2026-10",        "?+-+++-+--"),
    ("/v1/members/{1}",                                         "?+-++++++-"),
    ("/v1/members/{1}/points?month=2026-10",                    "?+-++++++-"),
    ("/v1/members/{1}/person",                                  "?+-++--++-"),
    ("/v1/members/{1}/reveal",                                  "?------+--"),
    ("/v1/organizations/{east}/draft?month=2026-10",            "?+-+++++--"),
    ("/v1/organizations/{east}/conduct?month=2026-10",          "?----++---"),
    ("/v1/organizations/{east}/burden?month=2026-10",           "?+-+++++--"),
    ("/v1/months/2026-10?organization={east}",                  "?+-+++++--"),
    ("/v1/months/2026-10?organization={street}",                "?+-+++-+--"),
    ("/v1/months/2026-10/waiting?organization={east}",          "?--++++---"),
    ("/v1/months/2026-10/waiting?organization={street}",        "?--+++----"),
    ("/v1/objections?organization={east}",                      "?+-+++++--"),
    ("/v1/objections?member={1}",                               "?+-++++++-"),
    ("/v1/tables/records.csv?organization={east}",              "?+-+++++--"),
    ("/v1/tables/records.csv?organization={street}",            "?+-+++-+--"),
    ("/v1/tables/names.csv?organization={east}",                "?+-++--+--"),
    ("/v1/tables/names.csv?organization={east}&as_of=12",       "?+-++--+--"),
    ("/v1/events",                                              "?----+----"),
    ("/log/checkpoint",                                         "++++++++++"),
    ("/log/tile/0/000.p/1",                                     "++++++++++"),
    ("/log/tile/entries/000.p/1",                               "?----+----"),
];

fn tokens(world: &World) -> Vec<Option<String>> {
    let member_of = |caller: &str| caller.strip_prefix("member ").and_then(|number| number.parse().ok());
    let token = |caller: &&str| match *caller {
        "public" => None,
        "no grant" => Some(world.token("nobody", &[])),
        caller if member_of(caller).is_some() => Some(world.token_of("own", member_of(caller), &[])),
        caller => {
            let grant = caller.replace("west", WEST).replace("east", EAST);
            Some(world.token(&caller.replace('@', "-"), &[&grant]))
        }
    };
    CALLERS.iter().map(token).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_answers_those_that_it_is_for_and_nobody_else() {
    let world = World::street();
    world.name(1, "王东", "E-1");
    let digest = super::documents::record_register(&world);
    let tokens = tokens(&world);
    for (template, expected) in TABLE {
        let path = template
            .replace("{east}", EAST)
            .replace("{street}", STREET)
            .replace("{1}", &member(1))
            .replace("{patrol}", PATROL)
            .replace("{digest}", &digest);
        let mut seen = String::new();
        for token in &tokens {
            let answered = world.get(&path, token.as_deref()).await;
            seen.push(match answered.status.as_u16() {
                200 => '+',
                401 => '?',
                403 => '-',
                404 => '0',
                other => panic!("{template}: {other} {}", answered.text()),
            });
        }
        assert_eq!(seen, expected, "{template} for {CALLERS:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_publishers_of_the_branch_issue_its_documents() {
    let world = World::street();
    let wanted = [
        serde_json::json!({ "kind": "register", "organization": EAST, "month": "2026-10" }),
        serde_json::json!({ "kind": "statement", "member": member(1), "month": "2026-10" }),
        serde_json::json!({ "kind": "attendance", "activity": PATROL }),
        // Whoever reaches but a part isn't told whether there is anything of that name elsewhere.
        serde_json::json!({ "kind": "attendance", "activity": "a0000000000077" }),
    ];
    let tokens = tokens(&world);
    let elsewhere = world.token("p-west", &[&format!("publisher@{WEST}")]);
    for ((key, wanted), of_the_publisher) in ["d-1", "d-2", "d-3", "d-4"].iter().zip(&wanted).zip(["+", "+", "+", "0"])
    {
        let mut seen = String::new();
        for token in tokens.iter().chain([&Some(elsewhere.clone())]) {
            let answered = world.post("/v1/documents", token.as_deref(), Some(key), wanted.to_string()).await;
            seen.push(match answered.status.as_u16() {
                201 => '+',
                401 => '?',
                403 => '-',
                404 => '0',
                other => panic!("{wanted}: {other} {}", answered.text()),
            });
        }
        assert_eq!(
            seen,
            format!("?---{of_the_publisher}------"),
            "{wanted} for {CALLERS:?} and a publisher of the west"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn recording_needs_a_token_and_the_ledger_decides_the_rest() {
    let world = World::street();
    for path in ["/v1/commands", "/v1/commands/batch", "/v1/people", "/v1/notices", "/v1/documents"] {
        let answered = world.post(path, None, Some("k"), check_in(1)).await;
        assert_eq!(answered.problem(), (401, "token_missing".to_owned()), "{path}");
        assert!(answered.header("www-authenticate").starts_with("Bearer"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_is_unknown_or_revoked_is_refused_even_where_none_is_needed() {
    let world = World::street();
    let token = world.token("w-1", &["recorder"]);
    assert_eq!(world.get("/v1/rules", Some(&token)).await.status, 200);
    let fingerprint = world.service.identity.tokens().expect("tokens")[0].fingerprint.clone();
    assert!(world.service.identity.revoke_token(&fingerprint).expect("revoked"));
    for token in [token.as_str(), "mz_0000", ""] {
        let answered = world.get("/v1/rules", Some(token)).await;
        assert_eq!(answered.problem(), (401, "token_unknown".to_owned()));
        assert!(answered.header("www-authenticate").contains("invalid_token"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_needs_a_token_is_told_so_before_what_is_wrong_with_the_question() {
    let world = World::street();
    let token = world.token("w-1", &["recorder", "auditor"]);
    // Tiles have no parameters: a wrong address of one is an address of nothing.
    let asks = |row: &&(&str, &str)| row.1.starts_with('?') && row.0.starts_with("/v1");
    for (template, _) in TABLE.iter().filter(asks) {
        let path = template.replace("{east}", EAST).replace("{street}", STREET).replace("{1}", &member(1));
        let path = path.split('?').next().expect("a path");
        // Of a route without parameters, the path itself is what can be wrong.
        let wrong =
            if path.ends_with("/person") { path.replace(&member(1), "x") } else { format!("{path}?nonsense=1") };
        assert_eq!(world.get(&wrong, None).await.problem(), (401, "token_missing".to_owned()), "{wrong}");
        assert_eq!(world.get(&wrong, Some("mz_0")).await.problem(), (401, "token_unknown".to_owned()), "{wrong}");
        assert_eq!(world.get(&wrong, Some(&token)).await.problem().0, 400, "{wrong}");
    }
}
