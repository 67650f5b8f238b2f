//! `mingzhang token`: who may use the server, and for what. Works beside a running server.

use super::exit::Exit;
use super::failure::{Failure, both};
use super::output::{Side, faint, good, remark, say, strong, table};
use super::target::DirectoryOptions;
use crate::clock::MachineClock;
use crate::identity::{Grant, Identity, Token};
use crate::service::{LedgerDirectory, ServiceError, unknown_organizations};
use mingzhang_events::{ActorId, MemberId};
use std::path::Path;
use std::sync::Arc;

const EXAMPLE: &str = "\
示例 Examples:
  mingzhang token create --actor w-0012 --grant recorder@420902001 --ledger 账本
  mingzhang token create --actor r-0003 --grant reviewer@420902001001 --member 1001 --ledger 账本
  mingzhang token list --ledger 账本
  mingzhang token revoke 1f2e3d4c --ledger 账本

角色 Roles: recorder 经办人, reviewer 审核人, publisher 发布人, auditor 监督人, operator 管理员
“角色@组织代码”限于该组织及其下级；只写角色则为全账。
ROLE@CODE is for that organisation and all below it; ROLE alone is for the whole ledger.";

/// Its options.
#[derive(clap::Args)]
#[command(about = "服务器令牌：建立、列出、撤销  Tokens for the server: create, list, revoke", after_help = EXAMPLE, arg_required_else_help = true)]
pub(super) struct Options {
    #[command(subcommand)]
    verb: Verb,
    #[command(flatten)]
    directory: DirectoryOptions,
}

#[derive(clap::Subcommand)]
enum Verb {
    #[command(about = "建立令牌，密文只显示一次  Make a token; its secret is shown once")]
    Create {
        #[arg(
            long,
            value_name = "ID",
            help = "持有人代号，写入其登记的每条记录，如 w-0012  Who it is for: the name in the log"
        )]
        actor: ActorId,
        #[arg(
            long = "grant",
            required_unless_present = "member",
            value_name = "ROLE[@CODE]",
            help = "角色及范围，可重复  A role and where; may be repeated"
        )]
        grants: Vec<Grant>,
        #[arg(
            long,
            value_name = "ID",
            help = "如果是某党员本人的令牌：其编号或党员标识  The member, by number or id, if it is a member's own token"
        )]
        member: Option<String>,
    },
    #[command(about = "列出令牌  List the tokens")]
    List,
    #[command(about = "撤销令牌  Revoke a token")]
    Revoke {
        #[arg(value_name = "FINGERPRINT", help = "令牌的指纹，见 token list  Its fingerprint, see `token list`")]
        fingerprint: String,
    },
}

pub(super) fn run(options: &Options) -> Result<Exit, Failure> {
    let tried = both("管理令牌", "keeping the tokens");
    keep(options).map_err(|failure| failure.trying(tried))
}

fn keep(options: &Options) -> Result<Exit, Failure> {
    let path = options.directory.directory()?;
    let directory = LedgerDirectory::at(&path);
    if !directory.config().exists() {
        return Err(ServiceError::NoLedger(path).into());
    }
    let identity = Identity::open(&directory.identity(), Arc::new(MachineClock))?;
    match &options.verb {
        Verb::Create { actor, grants, member } => {
            must_be_known(&path, grants)?;
            let member = member.as_deref().map(|text| member_of(&identity, text)).transpose()?;
            create(&identity, *actor, member, grants)
        }
        Verb::List => list(&identity.tokens()?),
        Verb::Revoke { fingerprint } => revoke(&identity, fingerprint),
    }
}

/// A grant for a code that was mistyped reaches nothing, and whoever got the token would learn it last.
fn must_be_known(path: &Path, grants: &[Grant]) -> Result<(), Failure> {
    let wanted: Vec<_> = grants.iter().filter_map(|grant| grant.organization).collect();
    if wanted.is_empty() {
        return Ok(());
    }
    let unknown = unknown_organizations(path, wanted)?;
    let Some(organization) = unknown.first() else { return Ok(()) };
    let wrong =
        both(format!("账本中没有组织 {organization}"), format!("the ledger has no organisation {organization}"));
    Err(Failure::new(Exit::Refused, wrong).next(both(
        "请核对代码，或先导入组织：mingzhang import organizations 文件",
        "check the code, or import the organisations first: mingzhang import organizations FILE",
    )))
}

/// By number, or by the id of the log, which may be nobody's whose name is kept here.
fn member_of(identity: &Identity, text: &str) -> Result<MemberId, Failure> {
    let Ok(member) = text.parse::<MemberId>() else {
        return identity.member_by_number(text)?.ok_or_else(|| Failure::no_member(text));
    };
    if identity.person(member)?.is_none() {
        remark(format!("本账本没有 {member} 的姓名和编号：请核对  nobody's name is kept for this id: check it"));
    }
    Ok(member)
}

fn create(identity: &Identity, actor: ActorId, member: Option<MemberId>, grants: &[Grant]) -> Result<Exit, Failure> {
    let secret = identity.create_token(actor, member, grants)?;
    say(strong(secret))?;
    say(faint("请现在保存：不会再显示。  Keep it now: it can't be shown again."))?;
    Ok(Exit::Done)
}

fn list(tokens: &[Token]) -> Result<Exit, Failure> {
    if tokens.is_empty() {
        say("还没有令牌  no tokens yet")?;
        return Ok(Exit::Done);
    }
    let rows: Vec<Vec<String>> = tokens
        .iter()
        .map(|token| {
            let grants: Vec<String> = token.grants.iter().map(Grant::to_string).collect();
            let revoked = token.revoked_at.as_ref().map_or_else(String::new, |at| format!("已撤销 revoked {at}"));
            vec![
                token.fingerprint.clone(),
                token.actor.to_string(),
                token.member.map_or_else(String::new, |member| member.to_string()),
                grants.join(" "),
                token.created_at.clone(),
                revoked,
            ]
        })
        .collect();
    say(table(&[Side::Left; 6], &["指纹", "代号 actor", "党员 member", "角色 grants", "建立 created", ""], &rows))?;
    Ok(Exit::Done)
}

fn revoke(identity: &Identity, fingerprint: &str) -> Result<Exit, Failure> {
    if !identity.revoke_token(fingerprint)? {
        return Err(Failure::new(
            Exit::Refused,
            both(
                format!("没有指纹为 {fingerprint} 的有效令牌"),
                format!("no token in force has the fingerprint {fingerprint}"),
            ),
        )
        .next(both("请用 mingzhang token list 查看", "look it up with: mingzhang token list")));
    }
    say(good("已撤销，一秒内生效  revoked; it stops working within a second"))?;
    Ok(Exit::Done)
}
