//! Rules for each file by itself: its length, its head, what it must not hold.

use proc_macro2::{TokenStream, TokenTree};

/// The hard limit; the median is about 120.
const LINES_MAX: usize = 600;

/// Paths of somebody's machine. In two pieces each, so that this file doesn't hold them.
const MACHINE_PATHS: &[&str] = &[
    concat!("/wo", "rk/"),
    concat!("/ro", "ot/"),
    concat!("/ho", "me/"),
    concat!("/Us", "ers/"),
    concat!("/fa", "rm/"),
    concat!(".libr", "ary"),
    concat!("C:", "\\"),
];

/// What one file breaks.
pub(crate) fn violations(path: &str, text: &str) -> Vec<String> {
    let mut violations = Vec::new();
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
    let lines = text.lines().count();
    if matches!(extension, "rs" | "sql" | "html" | "css" | "js") && lines > LINES_MAX {
        violations.push(format!("{path}: {lines} lines; the limit is {LINES_MAX}: split it by what its parts are for"));
    }
    for (number, line) in (1..).zip(text.lines()) {
        if let Some(found) = MACHINE_PATHS.iter().find(|machine| line.contains(*machine)) {
            violations.push(format!(
                "{path}:{number}: `{found}` is a path of one machine: take it as an argument, or leave it out"
            ));
        }
        if line.contains(concat!("FIX", "ME")) || line.contains(concat!("XX", "X:")) {
            violations.push(format!("{path}:{number}: unfinished: finish it, or open an issue and delete the mark"));
        }
    }
    let head = match extension {
        "rs" => Some("//! "),
        "sql" => Some("-- "),
        _ => None,
    };
    if let Some(head) = head.filter(|head| !text.starts_with(head)) {
        violations.push(format!(
            "{path}: begins without `{head}`: say in its first line what it is for, then what it may not do and what it keeps true"
        ));
    }
    if extension == "rs" {
        match text.parse() {
            Ok(tokens) => unfinished(path, tokens, &mut violations),
            Err(error) => violations.push(format!("{path}: can't be read as Rust: {error}")),
        }
    }
    violations
}

/// Macros and attributes that switch something off or put it off.
fn unfinished(path: &str, tokens: TokenStream, violations: &mut Vec<String>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for (at, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Ident(ident) if is_punct(tokens.get(at + 1), '!') => {
                let line = ident.span().start().line;
                let called = matches!(tokens.get(at + 2), Some(TokenTree::Group(_)));
                if called && (ident == "todo" || ident == "unimplemented") {
                    violations.push(format!("{path}:{line}: `{ident}!`: write it, or take the path to it away"));
                }
            }
            TokenTree::Group(group) => {
                let before = |count: usize| at.checked_sub(count).and_then(|before| tokens.get(before));
                let is_attribute = is_punct(before(1), '#') || is_punct(before(1), '!') && is_punct(before(2), '#');
                let line = group.span().start().line;
                if is_attribute && names(group.stream(), "allow") {
                    violations.push(format!(
                        "{path}:{line}: `allow` hides what changes later: use #[expect(…, reason = \"…\")]"
                    ));
                }
                if is_attribute && names(group.stream(), "ignore") {
                    violations.push(format!("{path}:{line}: an ignored test proves nothing: mend it or delete it"));
                }
                unfinished(path, group.stream(), violations);
            }
            TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

fn is_punct(token: Option<&TokenTree>, character: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == character)
}

/// Whether an attribute is `name`, or holds it as `cfg_attr(…, name(…))` does.
fn names(attribute: TokenStream, name: &str) -> bool {
    let mut tokens = attribute.into_iter();
    match tokens.next() {
        Some(TokenTree::Ident(first)) if first == name => true,
        Some(TokenTree::Ident(first)) if first == "cfg_attr" => tokens.any(|token| match token {
            TokenTree::Group(group) => {
                group.stream().into_iter().any(|token| matches!(token, TokenTree::Ident(ident) if ident == name))
            }
            TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => false,
        }),
        _ => false,
    }
}

/// How statements of SQL begin. Capitals, as we write them; English sentences don't.
const SQL: &[&str] = &[
    "SELECT ",
    "INSERT ",
    "UPDATE ",
    "DELETE ",
    "REPLACE ",
    "CREATE ",
    "DROP ",
    "ALTER ",
    "PRAGMA ",
    "BEGIN",
    "COMMIT",
    "ROLLBACK",
    "VACUUM",
    "ATTACH ",
    "WITH ",
    "SAVEPOINT ",
];

/// SQL in string literals outside of `src/store`.
pub(crate) fn sql_outside_the_store(path: &str, text: &str) -> Vec<String> {
    let mut violations = Vec::new();
    if let (false, Ok(tokens)) = (path.starts_with("src/store/"), text.parse()) {
        find_sql(path, tokens, &mut violations);
    }
    violations
}

fn find_sql(path: &str, tokens: TokenStream, violations: &mut Vec<String>) {
    let mut in_doc = false;
    for token in tokens {
        match &token {
            TokenTree::Group(group) => find_sql(path, group.stream(), violations),
            TokenTree::Literal(literal) if !in_doc => {
                let text = literal.to_string();
                let inside = text.trim_start_matches(['r', 'b', '#']);
                let inside = inside.strip_prefix('"').unwrap_or("").trim_start_matches(['\\', 'n', ' ', '\n']);
                if SQL.iter().any(|statement| inside.starts_with(statement)) {
                    let line = literal.span().start().line;
                    violations
                        .push(format!("{path}:{line}: SQL outside of src/store: give the store a function for it"));
                }
            }
            TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
        // A documentation comment is the attribute `doc = "…"`.
        in_doc = match &token {
            TokenTree::Ident(ident) => ident == "doc",
            TokenTree::Punct(punct) => in_doc && punct.as_char() == '=',
            TokenTree::Group(_) | TokenTree::Literal(_) => false,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::{LINES_MAX, MACHINE_PATHS, sql_outside_the_store, violations};

    fn refused(text: &str) -> usize {
        violations("src/ledger/writer.rs", &format!("//! A head.\n{text}")).len()
    }

    #[test]
    fn a_file_that_is_too_long_or_has_no_head_is_refused() {
        assert_eq!(refused(&"\n".repeat(LINES_MAX - 1)), 0);
        assert_eq!(refused(&"\n".repeat(LINES_MAX)), 1);
        assert_eq!(violations("src/ledger/writer.rs", "use std::fmt;").len(), 1);
        assert_eq!(violations("src/ledger/writer.rs", "").len(), 1);
        assert_eq!(violations("src/store/sqlite/migrations/1.sql", "CREATE TABLE a (b);").len(), 1);
        assert_eq!(violations("docs/ARCHITECTURE.md", "# Architecture").len(), 0);
    }

    #[test]
    fn what_switches_a_check_off_is_refused() {
        for text in [
            "#[allow(dead_code)] fn f() {}",
            "#![allow(missing_docs)]",
            "#[cfg_attr(test, allow(unused))] fn f() {}",
            "#[test] #[ignore] fn f() {}",
            "#[ignore = \"slow\"] fn f() {}",
            "mod a { fn f() { todo!() } }",
            "fn f() { unimplemented!(\"later\") }",
            concat!("// FIX", "ME: later"),
        ] {
            assert_eq!(refused(text), 1, "{text}");
        }
    }

    #[test]
    fn what_only_mentions_it_is_let_through() {
        for text in [
            "#[expect(dead_code, reason = \"read by serde\")] fn f() {}",
            "fn allow(todo: bool) -> bool { todo != ignore(\"allow\") }",
            "/// Don't write todo!() here.\nfn f() {}",
        ] {
            assert_eq!(refused(text), 0, "{text}");
        }
    }

    #[test]
    fn paths_of_a_machine_are_refused_in_every_kind_of_file() {
        for machine in MACHINE_PATHS {
            assert_eq!(violations("docs/guides/setup.md", &format!("see {machine}x")).len(), 1, "{machine}");
        }
        assert_eq!(violations("docs/guides/setup.md", "see /var/lib/mingzhang, ./target").len(), 0);
    }

    #[test]
    fn sql_outside_the_store_is_refused() {
        for text in [
            "\"SELECT 1\"",
            "r#\"\n  INSERT INTO a VALUES (1)\"#",
            "\"\\n PRAGMA journal_mode\"",
            "concat!(\"DROP \", \"TABLE a\")",
        ] {
            let source = format!("fn f() {{ g({text}); }}");
            assert_eq!(sql_outside_the_store("src/audit/mod.rs", &source).len(), 1, "{text}");
            assert_eq!(sql_outside_the_store("src/store/sqlite/mod.rs", &source).len(), 0, "{text}");
        }
        for text in ["/// \"SELECT 1\"\nfn f() {}", "///SELECT 1\nfn f() {}", "fn f() { g(\"select a member\") }"] {
            assert_eq!(sql_outside_the_store("src/audit/mod.rs", text).len(), 0, "{text}");
        }
    }
}
