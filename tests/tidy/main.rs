//! The house rules as tests: who may import whom, what a file must and must not hold, which documents stay true. Reads the
//! sources, runs nothing of them. A rule is a function from text to violations; its module feeds it samples that break it.

mod catalogue;
mod documents;
#[path = "../integration/ledger/fixture.rs"]
#[expect(dead_code, reason = "more of it is for the tests of the ledger")]
mod fixture;
mod generated;
mod identifiers;
mod imports;
#[path = "../support/lifecycle.rs"]
mod lifecycle;
mod manifests;
mod repository;
mod sources;
mod tables;

use repository::{Repository, hold};

#[test]
fn modules_import_only_what_the_table_lets_them() {
    let repository = Repository::open();
    hold(repository.rust_below("src/").flat_map(|file| imports::violations(&file.path, &file.text)));
    hold(imports::modules_missing_from_the_table(&repository));
}

#[test]
fn every_source_file_keeps_the_house_rules() {
    let repository = Repository::open();
    hold(repository.files.iter().flat_map(|file| sources::violations(&file.path, &file.text)));
}

#[test]
fn sql_is_written_in_the_store_only() {
    let repository = Repository::open();
    hold(repository.shipped_rust().flat_map(|file| sources::sql_outside_the_store(&file.path, &file.text)));
}

#[test]
fn public_identifiers_use_no_refused_word() {
    let repository = Repository::open();
    hold(repository.shipped_rust().flat_map(|file| identifiers::violations(&file.path, &file.text)));
}

#[test]
fn the_pure_crates_can_do_no_io_and_every_dependency_has_a_reason() {
    let repository = Repository::open();
    let manifests = ["Cargo.toml", "events/Cargo.toml", "projections/Cargo.toml"];
    hold(manifests.into_iter().flat_map(|path| manifests::violations(path, &repository.read(path))));
}

#[test]
fn the_top_level_holds_nothing_but_what_the_design_names() {
    hold(documents::unknown_at_the_top(&Repository::open().top_level));
}

#[test]
fn the_architecture_page_names_every_module_and_no_other() {
    let repository = Repository::open();
    hold(documents::architecture_violations(&repository.read("docs/ARCHITECTURE.md"), &repository.modules()));
}

#[test]
fn decisions_are_numbered_without_gaps() {
    let repository = Repository::open();
    let decisions = repository.below("docs/decisions/").map(|file| (file.path.as_str(), file.text.as_str()));
    hold(documents::decision_violations(decisions));
}

#[test]
fn the_commands_of_the_readme_exist() {
    let repository = Repository::open();
    hold(documents::readme_violations(&repository.read("README.md"), &|path| repository.holds(path)));
}

#[test]
fn generated_references_are_fresh() {
    hold(generated::violations(&Repository::open()));
}
