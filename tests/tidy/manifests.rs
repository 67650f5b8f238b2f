//! The manifests: what the pure crates may depend on, and a reason beside every dependency.

/// Crates that the pure crates may name: nothing here opens a file, a socket or a clock.
const PURE: &[(&str, &[&str])] = &[
    ("events/Cargo.toml", &["jiff", "serde", "serde_json", "thiserror"]),
    (
        "projections/Cargo.toml",
        &["mingzhang-events", "jiff", "serde", "serde_json", "thiserror", "bitcode", "foldhash", "strsim", "toml"],
    ),
];

/// What one manifest breaks.
pub(crate) fn violations(path: &str, text: &str) -> Vec<String> {
    let mut violations = Vec::new();
    if text.is_empty() {
        violations.push(format!("{path}: missing"));
    }
    let mut section = "";
    let mut line_before = "";
    for (number, line) in (1..).zip(text.lines().map(str::trim)) {
        if line.starts_with('[') {
            section = line.trim_matches(['[', ']']);
        } else if let (true, Some(name)) = (section.ends_with("dependencies"), dependency(line)) {
            let reason_elsewhere = line.contains("workspace = true") || line.contains("path = ");
            if !reason_elsewhere && !line.contains(" # ") && !line_before.starts_with("# ") {
                violations
                    .push(format!("{path}:{number}: `{name}` has no reason: say in a comment above it what it is for"));
            }
            let pure = PURE.iter().find(|(manifest, _)| *manifest == path);
            if let Some((_, allowed)) =
                pure.filter(|(_, allowed)| section == "dependencies" && !allowed.contains(&name))
            {
                violations.push(format!(
                    "{path}:{number}: `{name}` in a pure crate (only {}): pass the value in, or do it in src/",
                    allowed.join(", ")
                ));
            }
        }
        line_before = line;
    }
    violations
}

/// The name at the start of `name = …`.
fn dependency(line: &str) -> Option<&str> {
    let (name, _) = line.split_once('=')?;
    let name = name.trim().trim_end_matches(".workspace");
    (!name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')))
        .then_some(name)
}

#[cfg(test)]
mod tests {
    use super::violations;

    #[test]
    fn a_dependency_without_a_reason_is_refused() {
        let manifest = "[dependencies]\n# The tree.\nsha2 = \"0.11\"\nrand = \"0.9\"\ncsv = \"1\" # tables\nserde = { workspace = true }\n";
        let said = violations("Cargo.toml", manifest);
        assert_eq!(said.len(), 1, "{said:?}");
        assert!(said[0].starts_with("Cargo.toml:4: `rand` has no reason"), "{said:?}");
        assert_eq!(violations("Cargo.toml", "[profile.dev]\nopt-level = 1\n"), [""; 0]);
        assert_eq!(violations("Cargo.toml", "").len(), 1);
    }

    #[test]
    fn a_library_with_io_in_a_pure_crate_is_refused() {
        let manifest =
            "[dependencies]\n# Quick.\ntokio = \"1\"\n[dev-dependencies]\n# Random events.\nproptest = \"1\"\n";
        assert_eq!(violations("events/Cargo.toml", manifest).len(), 1);
        assert_eq!(violations("projections/Cargo.toml", manifest).len(), 1);
        assert_eq!(violations("Cargo.toml", manifest).len(), 0);
    }
}
