//! What holds for every command: help that teaches, errors in two languages, no colour where nobody looks.

use super::fixture::Place;
use mingzhang::cli::Exit;

const COMMANDS: [&str; 12] =
    ["demo", "init", "import", "record", "close", "notice", "rules", "token", "show", "verify", "serve", "completions"];

#[test]
fn every_command_teaches_with_examples_in_both_languages() {
    let place = Place::new();
    let overview = place.run("--help").exits(0).stdout;
    for command in COMMANDS {
        assert!(overview.contains(&format!("  {command} ")), "{command} is missing in\n{overview}");
        place.run(&format!("{command} --help")).exits(0).saying("示例 Example").saying(&format!("mingzhang {command}"));
    }
    place.run("import records --help").exits(0).saying("类型 type");
    place.run("record home-visit --help").exits(0).saying("--household");
}

#[test]
fn a_wrong_usage_says_so_in_both_languages_and_ends_with_2() {
    let place = Place::new();
    for wrong in
        ["fly", "init", "close --month", "verify", "verify --ledger a --url b", "notice --month 2026-10 --issue"]
    {
        let ran = place.run(wrong).exits(2).saying("错误").saying("error");
        assert_eq!(ran.stdout, "", "{wrong}");
    }
}

#[test]
fn neither_pipes_nor_no_color_see_an_escape_sequence() {
    let place = Place::with_roster();
    place.write("bad.csv", "code,name,parent_code\n4209,,\n");
    for command in [
        "show organization 420902001 --ledger ledger",
        "verify --ledger ledger",
        "import organizations bad.csv --ledger ledger",
        "show member 9999 --ledger ledger",
        "fly",
    ] {
        let ran = place.run(command);
        assert!(!ran.said().contains('\u{1b}'), "{command}: {:?}", ran.said());
    }
    let coloured = |no_color: &str| {
        let mut command = place.command();
        command.args(["verify", "--ledger", "ledger"]).env("CLICOLOR_FORCE", "1").env("NO_COLOR", no_color);
        let stdout = command.output().unwrap().stdout;
        stdout.contains(&0x1b)
    };
    assert!(coloured(""), "where colour is wanted there is some");
    assert!(!coloured("1"));
}

#[test]
fn the_ledger_can_be_named_by_the_environment_and_an_option_beats_it() {
    let place = Place::with_ledger();
    let run = |variable: &str, arguments: &[&str]| {
        let mut command = place.command();
        command.env(variable, if variable == "MINGZHANG_URL" { "http://127.0.0.1:1" } else { "ledger" });
        command.args(arguments).output().unwrap().status.code()
    };
    assert_eq!(run("MINGZHANG_LEDGER", &["verify"]), Some(0));
    assert_eq!(run("MINGZHANG_URL", &["verify", "--ledger", "ledger"]), Some(0));
    assert_eq!(run("MINGZHANG_LEDGER", &["verify", "--ledger", "elsewhere"]), Some(1));
}

#[test]
fn a_server_that_does_not_answer_is_a_failure_of_the_world() {
    let place = Place::new();
    // Nothing listens on the discard port of this machine.
    place.run("show checkpoint --url http://127.0.0.1:9").exits(1).saying("http://127.0.0.1:9").saying("because:");
}

#[test]
fn completions_know_every_command() {
    let place = Place::new();
    for shell in ["bash", "zsh", "fish"] {
        let script = place.run(&format!("completions {shell}")).exits(0).stdout;
        assert!(COMMANDS.iter().all(|command| script.contains(command)), "{shell}");
    }
}

#[test]
fn the_reference_has_every_command_and_every_exit_code() {
    let page = mingzhang::cli::reference();
    for command in COMMANDS {
        assert!(page.contains(&format!("`mingzhang {command}`")), "{command}");
    }
    for exit in Exit::ALL {
        assert!(page.contains(&format!("| {} | {} |", exit.code(), exit.chinese())), "{exit:?}");
    }
}

#[test]
fn who_would_verify_over_a_url_is_told_what_to_verify_instead() {
    let ran = Place::new().run("verify --url http://127.0.0.1:8787").exits(2);
    ran.saying("verify --ledger DIR").saying("verify --log").saying("只能在目录上进行");
}
