//! What is handed to others: the exported log, receipts, and the commands by which they check them without a ledger.

use super::fixture::{Place, Ran};
use super::server::{Server, token};
use crate::copied::copy_all;
use mingzhang::transparency::TlogProof;

const MORE: &str = "record activity --activity XL-1 --kind 夜间巡逻 --class 志愿服务 --organization 420902001001 \
    --starts-at '2026-10-03 21:30' --ends-at '2026-10-04 00:30' --time '2026-10-01 09:00' --json --ledger ledger";

/// A ledger, and a file `policy` with its key.
fn place_with_policy() -> Place {
    let place = Place::with_roster();
    let key = log_key(&place);
    place.write("policy", format!("# 书院街道\nlog {key}\nquorum none\n"));
    place
}

/// The log's own public key, as the ledger's directory tells it.
fn log_key(place: &Place) -> String {
    read(place, "ledger/verifier-key").lines().next().expect("a key").to_owned()
}

fn record(place: &Place) -> String {
    let receipt: serde_json::Value = serde_json::from_str(&place.run(MORE).exits(0).stdout).unwrap();
    receipt["id"].as_str().unwrap().to_owned()
}

#[test]
fn an_exported_log_grows_with_the_ledger_and_is_verified_by_whoever_was_given_it() {
    let place = place_with_policy();
    place.run("export log --output out --ledger ledger").exits(0).saying("files written");
    std::fs::copy(place.path("out/checkpoint"), place.path("before")).unwrap();
    place.run("verify --log out --policy policy").exits(0).saying("导出的账本完好").saying("is sound");
    record(&place);
    place.run("export log --output out --ledger ledger").exits(0).saying("新增 1 条").saying("1 of them new");
    place.run("export log --output out --ledger ledger").exits(0).saying("nothing is new");
    let extends = "it extends the earlier checkpoint";
    place.run("verify --log out --policy policy --previous before").exits(0).saying(extends);
    // A ledger may be gone, moved or on another machine: nothing but the export and the policy was needed.
    std::fs::remove_dir_all(place.path("ledger")).unwrap();
    place.run("verify --log out --policy policy --previous before").exits(0).saying(extends);
}

#[test]
fn a_changed_export_ends_with_the_code_of_a_contradiction_and_names_it_in_both_languages() {
    let place = place_with_policy();
    place.run("export log --output out --ledger ledger").exits(0);
    std::fs::copy(place.path("out/checkpoint"), place.path("before")).unwrap();
    let entries = place.entries();
    let bundle = place.path(&format!("out/tile/entries/000.p/{entries}"));
    let mut bytes = std::fs::read(&bundle).unwrap();
    bytes[100] ^= 1;
    std::fs::write(&bundle, bytes).unwrap();
    let found = place.run("verify --log out --policy policy").exits(5);
    found.saying("第 0 条记录（从 0 数起）：内容已被改动").saying("log index 0: entry 0 is not what was recorded");
}

#[test]
fn a_changed_tile_is_told_from_a_changed_entry_and_a_file_too_many_from_both() {
    let place = place_with_policy();
    place.run("export log --output out --ledger ledger").exits(0);
    place.write("out/index.html", "<p>");
    let found = place.run("verify --log out --policy policy").exits(5).saying("index.html").saying("请移走后再核验");
    assert!(!found.said().contains("停止使用") && !found.said().contains("stop using"), "{}", found.said());
    std::fs::remove_file(place.path("out/index.html")).unwrap();
    let tile = place.path(&format!("out/tile/0/000.p/{}", place.entries()));
    let mut bytes = std::fs::read(&tile).unwrap();
    bytes[33] ^= 1;
    std::fs::write(&tile, bytes).unwrap();
    let found = place.run("verify --log out --policy policy").exits(5);
    let found = found.saying("记录本身没有问题").saying("stored hash of entry 1 is forged").saying("tile/0 的第 0 块");
    assert!(!found.said().contains("已被改动"), "{}", found.said());
}

#[test]
fn a_ledger_s_directory_is_no_export_to_continue() {
    let place = place_with_policy();
    place.run("export log --output ledger --ledger ledger").exits(3).saying("ledger 不为空，也不是导出的账本");
    let empty = Place::with_ledger();
    empty.run("export log --output ledger --ledger ledger").exits(3).saying("也不是导出的账本");
}

#[test]
fn what_is_wrong_with_a_policy_or_a_signature_is_said_in_both_languages() {
    let place = place_with_policy();
    place.run("export log --output out --ledger ledger").exits(0);
    let key = log_key(&place);
    let witness = mingzhang::transparency::CosignatureSigner::from_seed("w1.example", &[8; 32]).unwrap();
    let asking = format!("log {key}\nwitness w {}\n", witness.verifier_key());
    for (policy, line, chinese, english) in [
        (format!("log {key}\n"), None, "缺少一行“quorum 名称”", "no line `quorum"),
        ("log nonsense\nquorum none\n".to_owned(), Some(1), "应写作“名称+八位编号+base64”", "written name+key id"),
        (format!("{asking}quorum v\n"), Some(3), "前面没有名为 v 的见证人或组", "names v"),
        (format!("{asking}group g 2 w\nquorum g\n"), Some(3), "1 个成员中要求 2 个", "can't be met"),
    ] {
        place.write("wrong", &policy);
        let said = place.run("verify --log out --policy wrong").exits(2).saying(chinese).saying(english).said();
        match line {
            Some(line) => assert!(said.contains(&format!("第 {line} 行有误：")), "{said}"),
            None => assert!(!said.contains(" 行") && !said.contains("line 1"), "{said}"),
        }
    }
    place.write("asking", format!("{asking}quorum w\n"));
    let note = std::fs::read_to_string(place.path("out/checkpoint")).unwrap();
    place.write("out/checkpoint", format!("{note}{}", witness.cosign("another text\n", 1_800_000_000)));
    place.run("verify --log out --policy asking").exits(5).saying("密钥 w1.example 的签名与内容不符");
}

/// A code that accuses is for what was checked.
#[test]
fn where_nothing_was_checked_nobody_is_accused() {
    let place = place_with_policy();
    place.run("export log --output out --ledger ledger").exits(0);
    place.run("verify --log nowhere --policy policy").exits(1).saying("没有导出的账本").saying("check the directory");
    place.run("verify --log out --policy policy --previous nowhere").exits(1).saying("can't be read");
    place.write("other", "nonsense");
    for of in ["--log out", "--ledger ledger"] {
        let refused = place.run(&format!("verify {of} --policy policy --previous other")).exits(2);
        refused.saying("other 不是检查点").saying("three lines");
    }
    place.run("export log --output public --hashes-only --ledger ledger").exits(0);
    let refused = place.run("verify --log public --policy policy").exits(1);
    refused.saying("只有哈希，没有记录").saying("without --hashes-only");
    let refused = place.run("verify --log ledger --policy policy").exits(2);
    refused.saying("是账本的目录").saying("verify it with --ledger ledger");
    // Taken away from an export, it is an accusation.
    std::fs::remove_file(place.path("out/checkpoint")).unwrap();
    let found = place.run("verify --log out --policy policy").exits(5);
    found.saying("没有检查点").saying("no file `checkpoint`").saying("ask whoever gave you the export");
}

#[test]
fn a_kept_checkpoint_may_come_from_paper_or_through_a_mail() {
    let place = place_with_policy();
    let note = std::fs::read_to_string(place.path("ledger/checkpoint")).unwrap();
    record(&place);
    place.run("export log --output out --ledger ledger").exits(0);
    let paper: Vec<&str> = note.lines().take(3).collect();
    let (origin, size, root) = (paper[0], paper[1], paper[2]);
    for (name, text) in
        [("paper", paper.join("\n")), ("mailed", note.replace('\n', "\r\n")), ("cut", note.trim_end().to_owned())]
    {
        place.write(name, &text);
        for of in ["--log out", "--ledger ledger"] {
            place.run(&format!("verify {of} --policy policy --previous {name}")).exits(0).saying("earlier checkpoint");
        }
    }
    place.write("forged", format!("{origin}\n{size}\n{}\n", root.replacen(&root[..4], "AAAA", 1)));
    for of in ["--log out", "--ledger ledger"] {
        place
            .run(&format!("verify {of} --policy policy --previous forged"))
            .exits(5)
            .saying("根哈希与先前的检查点不符");
    }
}

#[test]
fn a_policy_is_held_against_a_ledger_s_directory_too() {
    let place = place_with_policy();
    place.run("verify --ledger ledger --policy policy").exits(0).saying("符合策略 policy");
    place.run("verify --ledger ledger --policy nowhere").exits(1).saying("can't be read");
    place.write("wrong", "log nonsense\n");
    place.run("verify --ledger ledger --policy wrong").exits(2).saying("第 1 行");
    let key = log_key(&place);
    let witness = mingzhang::transparency::CosignatureSigner::from_seed("witness.example", &[8; 32]).unwrap();
    place.write("asking", format!("log {key}\nwitness w {}\nquorum w\n", witness.verifier_key()));
    let unmet =
        place.run("verify --ledger ledger --policy asking").exits(5).saying("没有见证人共同签名").saying("quorum w");
    assert!(unmet.saying("可能还在等见证人签名").said().find("停止使用").is_none(), "nobody is told to stop");
    let stranger = log_key(&Place::with_ledger());
    place.write("stranger", format!("log {stranger}\nquorum none\n"));
    place.run("verify --ledger ledger --policy stranger").exits(5);
    // Whoever knows the key of before follows the handover, also with a policy.
    place.run("key rotate --ledger ledger").exits(0);
    place.run("verify --ledger ledger --policy policy").exits(0).saying("1 handovers");
}

#[test]
fn whom_to_trust_has_to_be_said_and_said_rightly() {
    let place = place_with_policy();
    place.run("export log --output out --ledger ledger").exits(0);
    place.run("verify --log out").exits(2).saying("--policy");
    place.write("wrong", "log nonsense\n");
    place.run("verify --log out --policy wrong").exits(2).saying("第 1 行").saying("line 1");
    place.run("verify --log out --policy nowhere").exits(1);
    let key = log_key(&place);
    place.run(&format!("verify --log out --key {key}")).exits(0);
    place.run("verify --log out --key nonsense").exits(2);
    let stranger = Place::with_ledger();
    let key = log_key(&stranger);
    place.run(&format!("verify --log out --key {key}")).exits(5).saying("策略中没有");
}

#[test]
fn an_export_goes_on_beside_a_server_and_never_into_another_s_directory() {
    let place = place_with_policy();
    let server = Server::of(&place);
    place.run("export log --output out --ledger ledger").exits(0);
    assert_eq!(server.stop(), Some(0));
    place.run("verify --log out --policy policy").exits(0);
    place.write("full/mine.txt", "mine");
    place.run("export log --output full --ledger ledger").exits(3).saying("choose another directory");
    let out = place.path("out").display().to_string();
    let other = Place::new();
    other.run("init ledger --origin other.example/street").exits(0);
    let refused = other.run(&format!("export log --output {out} --ledger ledger")).exits(3);
    refused.saying("另一账本 test.example/street").saying("another log");
    // A second ledger under the first one's name is what nobody may make.
    let same_name = Place::with_roster();
    same_name.run(&format!("export log --output {out} --ledger ledger")).exits(5).saying("不一致");
    place.run("export log --output out --hashes-only --ledger ledger").exits(3).saying("with its entries");
    place.run("export log --output public --hashes-only --ledger ledger").exits(0);
    assert!(!place.path("public/tile/entries").exists());
    place.run("export log --output out --ledger nowhere").exits(1).saying("mingzhang init");
}

#[test]
fn a_ledger_put_back_to_an_older_state_is_found_by_the_export_that_is_there() {
    let place = place_with_policy();
    copy_all(&place.path("ledger"), &place.path("old"));
    record(&place);
    place.run("export log --output out --ledger ledger").exits(0);
    place.run("export log --output out --ledger old").exits(5).saying("是否放回了旧的账本").saying("was an old copy");
}

/// The newer export was signed with a key of which the older ledger doesn't know.
#[test]
fn a_ledger_put_back_to_before_its_key_was_handed_over_is_found_too() {
    let place = place_with_policy();
    copy_all(&place.path("ledger"), &place.path("old"));
    place.run("key rotate --ledger ledger").exits(0);
    place.run("export log --output out --ledger ledger").exits(0);
    place.run("export log --output out --ledger old").exits(5).saying("是否放回了旧的账本").saying("was an old copy");
}

fn check(place: &Place, entry: &str) -> Ran {
    place.run(&format!("check-proof receipt.tlog-proof --entry {entry} --policy policy"))
}

#[test]
fn a_receipt_is_checked_offline_and_says_what_it_proves_and_what_not() {
    let place = place_with_policy();
    let id = record(&place);
    let files = "--output receipt.tlog-proof --entry-output entry.json";
    place.run(&format!("proof --event {id} {files} --ledger ledger")).exits(0);
    let checked = check(&place, "entry.json").exits(0);
    let checked = checked.saying("证明成立").saying("It holds").saying(&id);
    checked.saying("不证明：内容属实").saying("It doesn't prove that what it says is true");
    // The same over a server, byte for byte.
    let (receipt, entry) = (read(&place, "receipt.tlog-proof"), read(&place, "entry.json"));
    let server = Server::of(&place);
    let token = token(&place, &["auditor"]);
    place.run(&format!("proof --event {id} {files} --force --url {} --token {token}", server.url)).exits(0);
    assert_eq!(read(&place, "entry.json"), entry);
    let (here, there) =
        (TlogProof::parse(&receipt).unwrap(), TlogProof::parse(&read(&place, "receipt.tlog-proof")).unwrap());
    assert_eq!(here.inclusion_proof, there.inclusion_proof);
    check(&place, "entry.json").exits(0);
    assert_eq!(server.stop(), Some(0));
}

fn read(place: &Place, name: &str) -> String {
    std::fs::read_to_string(place.path(name)).unwrap()
}

#[test]
fn a_receipt_that_proves_nothing_ends_with_the_code_of_a_contradiction() {
    let place = place_with_policy();
    let id = record(&place);
    place
        .run(&format!("proof --event {id} --output receipt.tlog-proof --entry-output entry.json --ledger ledger"))
        .exits(0);
    place.write("changed.json", read(&place, "entry.json").replace("night_patrol", "night-patrol"));
    check(&place, "changed.json").exits(5).saying("证明不成立").saying("it proves nothing");
    place.write("spaced.json", format!("{}\n", read(&place, "entry.json")));
    check(&place, "spaced.json").exits(5);
    check(&place, "nowhere.json").exits(1);
    let proof = read(&place, "receipt.tlog-proof");
    place.write("receipt.tlog-proof", proof.replacen("index ", "index 1", 1));
    check(&place, "entry.json").exits(5).saying("it proves nothing");
    place.write("receipt.tlog-proof", "nonsense");
    check(&place, "entry.json").exits(2).saying("不是回执").saying("nothing was checked");
    // A mail may take the last newline, or change all of them.
    for mailed in [proof.trim_end().to_owned(), proof.replace('\n', "\r\n"), format!("\u{feff}{proof}\n")] {
        place.write("receipt.tlog-proof", mailed);
        check(&place, "entry.json").exits(0);
    }
    place.write("receipt.tlog-proof", &proof[..proof.len() - 10]);
    check(&place, "entry.json").exits(5).saying("证明不成立");
    place.run("proof --event e00000000000000000000000001 --ledger ledger").exits(3).saying("there is no event");
    place.run("proof --event nonsense --ledger ledger").exits(2);
}

#[test]
fn a_receipt_that_a_policy_with_witnesses_does_not_trust_says_who_is_missing() {
    let place = place_with_policy();
    let id = record(&place);
    place
        .run(&format!("proof --event {id} --output receipt.tlog-proof --entry-output entry.json --ledger ledger"))
        .exits(0);
    let witness = mingzhang::transparency::CosignatureSigner::from_seed("witness.example", &[3; 32]).unwrap();
    let policy = read(&place, "policy")
        .replace("quorum none", &format!("witness 市纪委 {}\nquorum 市纪委", witness.verifier_key()));
    place.write("policy", policy);
    check(&place, "entry.json").exits(5).saying("没有见证人共同签名").saying("the quorum 市纪委 isn't met");
    // Whoever has the key of before can't know that it was replaced.
    let stranger = log_key(&Place::with_ledger());
    place.write("policy", format!("log {stranger}\nquorum none\n"));
    check(&place, "entry.json").exits(5).saying("密钥是否换过").saying("was the key of the log replaced");
}
