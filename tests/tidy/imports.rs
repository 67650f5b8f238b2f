//! Who may import whom: the table of the design, held against every path in `src/` that starts at the crate's root.

use crate::repository::Repository;
use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};

/// Each module of `src/`, with what it may import. `events` and `projections` are the two pure crates. Before adding to a row,
/// read `docs/ARCHITECTURE.md`: an arrow that points upwards is a wrong design, not a missing entry.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("clock", &["events"]),
    ("config", &[]),
    ("durable", &[]),
    // Bytes, not events.
    ("transparency", &[]),
    ("turns", &[]),
    // The key's file, and the one room for randomness.
    ("keys", &["transparency"]),
    ("store", &["events", "transparency"]),
    // Of transparency, the commitment that the log holds instead of a name.
    ("identity", &["events", "store", "clock", "keys", "transparency"]),
    ("ledger", &["events", "transparency", "store", "identity", "clock"]),
    // Of transparency, the entry bundle that the store hands out and the root that a snapshot is keyed by.
    ("follower", &["events", "projections", "store", "transparency"]),
    // Figures and their texts are put in.
    ("chart", &[]),
    // Knows no notice, no log, no person: what is printed is put in.
    ("document", &["chart", "events"]),
    // No store, no clock, no network: the same checkpoint gives the same bytes.
    // Of document, what it is composed as, and how values are written.
    // And of config, what an office words itself.
    ("notice", &["chart", "config", "document", "events", "projections", "transparency", "turns"]),
    // Rows of the models for other programs; of document, what a spreadsheet would take for a formula.
    ("tables", &["events", "projections", "document"]),
    // Of notice, how things are called, and what stands beside the figures.
    ("papers", &["document", "events", "notice", "projections"]),
    // Rows become commands; whether they are recorded is the ledger's. Of document, what a spreadsheet would take for a formula.
    ("import", &["document", "events", "ledger"]),
    // Of identity, the roles of the actors that it plays.
    ("demo", &["events", "ledger", "identity", "import"]),
    // Of notice, composing: what was issued is composed again and compared.
    ("audit", &["events", "projections", "durable", "transparency", "store", "chart", "notice"]),
    (
        "service",
        &[
            "papers",
            "document",
            "events",
            "projections",
            "clock",
            "config",
            "durable",
            "keys",
            "transparency",
            "store",
            "identity",
            "ledger",
            "follower",
            "notice",
            "import",
            "audit",
            "letterheads",
            "publication",
            "durable",
        ],
    ),
    ("publication", &["events", "transparency", "ledger", "durable"]),
    // Files beside the ledger: what is set, as it stood on a notice.
    ("letterheads", &["config", "durable", "notice"]),
    // From outside, as anybody could.
    ("monitor", &["events", "transparency", "clock", "durable"]),
    // Checkpoints and proofs, and no ledger: a supervising body runs it.
    ("witness", &["transparency", "clock", "durable"]),
    // Never the store, never each other.
    (
        "http",
        &[
            "papers",
            "events",
            "projections",
            // The formats in which other programs read the log.
            "transparency",
            "ledger",
            "follower",
            "document",
            "notice",
            "import",
            "audit",
            "tables",
            "identity",
            "service",
            "letterheads",
            "turns",
        ],
    ),
    (
        "web",
        &[
            "clock",
            "config",
            "events",
            "projections",
            "ledger",
            "follower",
            "chart",
            "document",
            "notice",
            "import",
            "audit",
            "identity",
            "letterheads",
            "publication",
            "turns",
        ],
    ),
    (
        "cli",
        &[
            "papers",
            "events",
            "projections",
            "clock",
            "keys",
            "ledger",
            "letterheads",
            "follower",
            "chart",
            "document",
            "notice",
            "import",
            "demo",
            "audit",
            "tables",
            // The policy and the key that a supervising body brings along.
            "transparency",
            "identity",
            "config",
            "service",
            "serve",
            "transparency",
            "durable",
            "witness",
            "monitor",
        ],
    ),
    // The one that knows both fronts, because neither may know the other.
    ("serve", &["http", "web", "service"]),
];

/// Crates that belong to one part of the program, with the modules that may name them.
const AT_HOME: &[(&str, &[&str])] = &[
    ("rusqlite", &["store"]),
    ("axum", &["http", "web", "serve", "witness"]),
    ("askama", &["web", "notice", "chart", "document"]),
    ("qrcode", &["document"]),
    ("png", &["document"]),
    ("rust_xlsxwriter", &["document", "import", "tables"]),
    ("zip", &["document", "import"]),
    ("parquet", &["tables"]),
    ("typst", &["document"]),
    ("typst_layout", &["document"]),
    ("typst_pdf", &["document"]),
    ("tar", &["audit"]),
    ("zstd", &["audit"]),
    ("clap", &["cli"]),
    ("indicatif", &["cli"]),
    ("terminal_size", &["cli"]),
    ("ureq", &["cli", "publication", "monitor"]),
    ("ed25519_dalek", &["transparency", "keys"]),
    ("pkcs8", &["keys"]),
    ("rpassword", &["cli"]),
    ("sm2", &["transparency", "keys"]),
    // `document` reads its own workbooks back in its tests.
    ("calamine", &["import", "document"]),
    ("cfb", &["import"]),
    ("encoding_rs", &["import"]),
    ("tokio_io_timeout", &["http"]),
];

/// Imports of one file that the table forbids.
pub(crate) fn violations(path: &str, text: &str) -> Vec<String> {
    let inside = path.strip_prefix("src/").expect("a file of src/");
    let module = inside.split('/').next().unwrap_or(inside).trim_end_matches(".rs");
    let tokens = match text.parse::<TokenStream>() {
        Ok(tokens) => tokens,
        Err(error) => return vec![format!("{path}: can't be read as Rust: {error}")],
    };
    // How many `super` lead from the file's own level to the crate's root.
    let depth =
        inside.trim_end_matches(".rs").split('/').filter(|part| !matches!(*part, "mod" | "lib" | "main")).count();
    let mut imported = Vec::new();
    collect(tokens, depth, &mut imported);
    let mut violations: Vec<String> = imported
        .iter()
        .filter_map(|ident| forbidden(module, ident).map(|why| (ident, why)))
        .map(|(ident, why)| format!("{path}:{}: {why}", ident.span().start().line))
        .collect();
    violations.dedup();
    violations
}

/// Modules of `src/` that have no row.
pub(crate) fn modules_missing_from_the_table(repository: &Repository) -> Vec<String> {
    let known = |module: &String| module.contains("::") || MAY_IMPORT.iter().any(|(name, _)| name == module);
    let missing = |module| format!("src/{module}: has no row in tests/tidy/imports.rs: say there what it may import");
    repository.modules().into_iter().filter(|module| !known(module)).map(missing).collect()
}

fn forbidden(module: &str, imported: &Ident) -> Option<String> {
    let name = imported.to_string();
    if let Some((_, homes)) = AT_HOME.iter().find(|(crate_name, _)| *crate_name == name) {
        let message = || format!("`{name}` is used in {} only: go through what they offer", homes.join(", "));
        return (!homes.contains(&module)).then(message);
    }
    let target = match name.as_str() {
        "mingzhang_events" => "events",
        "mingzhang_projections" => "projections",
        other => other,
    };
    match module {
        // The library's root declares modules; the program's root puts them together.
        "lib" => Some(format!("lib.rs declares modules and nothing else: leave `{target}` to them")),
        "main" => {
            let front = ["cli", "http", "web", "service"].contains(&target);
            (!front).then(|| format!("main.rs puts cli, http, web and service together; `{target}` is below them"))
        }
        _ => {
            let may = MAY_IMPORT.iter().find(|(name, _)| *name == module).map_or(&[][..], |(_, may)| may);
            let allowed = target == module || may.contains(&target);
            (!allowed).then(|| {
                let list = if may.is_empty() { "nothing of ours".to_owned() } else { may.join(", ") };
                format!("`{module}` may not import `{target}` (only {list}): move the code or pass the value in")
            })
        }
    }
}

/// Collects the first name of every path from the crate's root, and every crate that the rules know by name.
fn collect(tokens: TokenStream, depth: usize, into: &mut Vec<Ident>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut at = 0;
    while at < tokens.len() {
        match &tokens[at] {
            TokenTree::Ident(ident) if ident == "mod" && is_brace(tokens.get(at + 2)) => {
                if let Some(TokenTree::Group(body)) = tokens.get(at + 2) {
                    collect(body.stream(), depth + 1, into);
                }
                at += 3;
            }
            TokenTree::Ident(ident) if is_separator(&tokens, at + 1) && !follows_separator(&tokens, at) => {
                let name = ident.to_string();
                let mut rest = at + 3;
                let from_root = match name.as_str() {
                    "crate" | "mingzhang" => true,
                    "super" => {
                        let mut ups = 1;
                        while is_ident(tokens.get(rest), "super") && is_separator(&tokens, rest + 1) {
                            (ups, rest) = (ups + 1, rest + 3);
                        }
                        ups == depth
                    }
                    _ => {
                        if name.starts_with("mingzhang_") || AT_HOME.iter().any(|(crate_name, _)| *crate_name == name) {
                            into.push(ident.clone());
                        }
                        false
                    }
                };
                if from_root {
                    first_names(tokens.get(rest), into);
                }
                at = rest;
            }
            TokenTree::Group(group) => {
                collect(group.stream(), depth, into);
                at += 1;
            }
            TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => at += 1,
        }
    }
}

/// After `crate::`: a name, or `{a::…, b}` with several.
fn first_names(token: Option<&TokenTree>, into: &mut Vec<Ident>) {
    match token {
        Some(TokenTree::Ident(ident)) => into.push(ident.clone()),
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
            let mut at_start = true;
            for token in group.stream() {
                if at_start {
                    first_names(Some(&token), into);
                }
                at_start = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == ',');
            }
        }
        _ => {}
    }
}

fn is_ident(token: Option<&TokenTree>, name: &str) -> bool {
    matches!(token, Some(TokenTree::Ident(ident)) if ident == name)
}

fn is_brace(token: Option<&TokenTree>) -> bool {
    matches!(token, Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace)
}

fn is_colon(token: Option<&TokenTree>) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == ':')
}

fn is_separator(tokens: &[TokenTree], at: usize) -> bool {
    is_colon(tokens.get(at)) && is_colon(tokens.get(at + 1))
}

/// Whether `at` continues a path, as `store` does in `other::store::…`; a leading `::` before a crate is no continuation.
fn follows_separator(tokens: &[TokenTree], at: usize) -> bool {
    at >= 3 && is_separator(tokens, at - 2) && matches!(tokens[at - 3], TokenTree::Ident(_))
}

#[cfg(test)]
mod tests {
    use super::violations;

    fn refused(path: &str, text: &str) -> usize {
        violations(path, text).len()
    }

    #[test]
    fn a_page_that_reads_the_store_is_refused_however_it_is_written() {
        for text in [
            "use crate::store::EventStore;",
            "use crate::{ledger::Command, store::EventStore};",
            "fn f() { crate::store::open() }",
            "use super::super::store;",
            "mod tests { use super::super::super::store::Segment; }",
            "fn f() { println!(\"{}\", crate::store::COUNT) }",
            "use mingzhang::store;",
            "use rusqlite::Connection;",
            "fn f(c: &::rusqlite::Connection) {}",
        ] {
            assert_eq!(refused("src/web/notices.rs", text), 1, "{text}");
        }
    }

    #[test]
    fn what_only_looks_like_an_import_is_let_through() {
        for text in [
            "use crate::ledger::store;",
            "/// `crate::store` is not for us.\nfn f() { let _ = \"crate::store::x\"; }",
            "use super::store;",
            "use crate::web::layout;",
            "use std::collections::BTreeMap;",
            "struct A { store: u8 }",
        ] {
            assert_eq!(violations("src/web/notices.rs", text), [""; 0], "{text}");
        }
    }

    #[test]
    fn arrows_that_point_upwards_are_refused() {
        for (path, text) in [
            ("src/transparency/tree.rs", "use mingzhang_events::Event;"),
            ("src/store/mod.rs", "use mingzhang_projections::ReadModels;"),
            ("src/store/mod.rs", "use super::ledger::Command;"),
            ("src/ledger/writer.rs", "use crate::follower::Follower;"),
            ("src/notice/compose.rs", "use crate::clock::Clock;"),
            ("src/import/rows.rs", "use crate::store::EventStore;"),
            ("src/http/mod.rs", "use crate::web::pages;"),
            ("src/clock.rs", "use crate::ledger::Command;"),
            ("src/lib.rs", "pub use crate::ledger::Command;"),
            ("src/main.rs", "fn main() { mingzhang::store::open() }"),
            ("src/nowhere.rs", "use crate::store::EventStore;"),
        ] {
            assert_eq!(refused(path, text), 1, "{path}: {text}");
        }
    }

    #[test]
    fn a_refusal_says_where_and_what_to_do() {
        let said = violations("src/http/mod.rs", "\n\nuse crate::store::EventStore;").remove(0);
        assert!(said.starts_with("src/http/mod.rs:3: `http` may not import `store`"), "{said}");
        assert!(said.ends_with("move the code or pass the value in"), "{said}");
    }
}
