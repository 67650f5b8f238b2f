//! `mingzhang import`: a table of the street, whole or not at all.
//!
//! Invariant: what is told as recorded is durable, and a table that was refused leaves nobody behind in `identity`.

mod columns;
mod names;
mod options;
mod people;
mod preview;
mod told;

use super::exit::Exit;
use super::failure::{Failure, both};
use super::progress::Progress;
use super::target::{Answer, Target, TargetOptions, Told};
use crate::import::{
    Households, Members, OrganizationContext, Organizations, Parsed, Reason, RecordContext, RosterContext, Table,
    TableFile, organizations, records, roster,
};
use crate::keys;
use crate::ledger::Mode;
use jiff::civil::Date;
use mingzhang_events::{EventId, HouseholdId, Instant, MemberId, OrganizationId};
use options::{Allowed, FileOptions};

pub(super) use options::Options;
pub(super) use told::say_dry_run_of_one;

pub(super) fn run(options: &Options) -> Result<Exit, Failure> {
    let (table, file, allowed) = options.table();
    let name = file.file.display();
    let tried = both(format!("导入 {name}"), format!("importing {name}"));
    import(table, file, allowed, &options.target).map_err(|failure| failure.trying(tried))
}

fn import(table: Table, options: &FileOptions, allowed: Allowed, target: &TargetOptions) -> Result<Exit, Failure> {
    // Before the ledger is opened: a file that isn't there needs no waiting.
    options.must_be_new()?;
    let bytes = options.read()?;
    let reading = options.reading(table)?;
    let file = match TableFile::open(table, &bytes, &reading) {
        Ok(file) => file,
        Err(faults) => {
            let exit = told::say_no_table(&faults)?;
            let sketched = faults.iter().any(|fault| fault.reason == Reason::NoHeader);
            options.draft_mapping(table, &bytes, &reading, sketched)?;
            return Ok(exit);
        }
    };
    drop(bytes);
    options.save_mapping(&file, &reading)?;
    if options.preview {
        return preview::say_preview(&file);
    }
    preview::remark_on(&file);
    let target = target.open()?;
    let now = target.now()?;
    let mut parsed =
        names::with(&target, options.below, now, &|names| parse(&file, options.since, allowed, now, names))?;
    told::say_faults(&parsed)?;
    told::say_changed(&parsed)?;
    if !parsed.faults.is_empty() && !options.accept_valid && !options.dry_run {
        let exit = told::say_nothing_recorded(&parsed)?;
        options.write_errors(&file, || told::by_line(&file, &parsed, None))?;
        return Ok(exit);
    }
    let mode = match (options.dry_run, options.accept_valid) {
        (true, _) => Mode::DryRun,
        (false, true) => Mode::EachAlone,
        (false, false) => Mode::AllOrNothing,
    };
    let commands: Vec<_> = parsed.commands.iter().map(|(_, command)| command.clone()).collect();
    let bar = Progress::without_end("登记 recording");
    if let (Target::Server(_), false) = (&target, options.dry_run) {
        // What a server was told about people can't be taken back from here: so first what would become of them.
        let rehearsal = target.submit(commands.clone(), Mode::DryRun)?;
        let rostered = people::rostered(&parsed, &rehearsal);
        parsed.people.retain(|person| rostered.contains(&person.member));
        if mode == Mode::AllOrNothing && has_refusals(&rehearsal) {
            drop(bar);
            let exit = told::say_answer(&file, &parsed, &rehearsal, mode)?;
            options.write_errors(&file, || told::by_line(&file, &parsed, Some(&rehearsal)))?;
            return Ok(exit);
        }
    }
    let answer = if options.dry_run {
        target.submit(commands, mode)?
    } else {
        let named = people::record(&target, &parsed, allowed.rename)?;
        let answer = target.submit(commands, mode);
        // A table that was refused renames nobody either.
        let acknowledged = answer.as_ref().ok().filter(|answer| mode != Mode::AllOrNothing || !has_refusals(answer));
        named.keep_only(&target, &parsed, acknowledged)?;
        answer.map(|answer| Answer { tree_size: target.tree_size_after(&answer), ..answer })?
    };
    drop(bar);
    let exit = told::say_answer(&file, &parsed, &answer, mode)?;
    target.close()?;
    // Last: what is durable was told, whatever becomes of the copy.
    options.write_errors(&file, || told::by_line(&file, &parsed, Some(&answer)))?;
    Ok(exit)
}

fn has_refusals(answer: &Answer) -> bool {
    answer.told.iter().any(|told| matches!(told, Told::Refused(_)))
}

/// What a table is read against, wherever the ledger is.
trait Names: Members + Households + Organizations {
    fn origin(&self) -> &str;
    fn knows(&self, organization: OrganizationId) -> bool;
    fn occurred_at(&self, id: EventId) -> Option<Instant>;
    fn as_members(&self) -> &dyn Members;
    fn as_households(&self) -> &dyn Households;
    fn as_organizations(&self) -> &dyn Organizations;
}

fn parse(file: &TableFile, since: Option<Date>, allowed: Allowed, now: Instant, names: &dyn Names) -> Parsed {
    let mut random = keys::Pieces::default();
    let mut new_id = || random.next_id().expect("the system gives randomness");
    match file.table {
        Table::Organizations => {
            let since = since.and_then(|date| Instant::at_local_midnight(date).ok()).unwrap_or(Instant::EARLIEST);
            organizations(file, &OrganizationContext { known: &|organization| names.knows(organization), since })
        }
        Table::Roster => {
            let new_member = &mut || MemberId(new_id());
            let (members, organizations) = (names.as_members(), names.as_organizations());
            let Allowed { rename: renames, give_numbers: gives_numbers } = allowed;
            roster(file, &mut RosterContext { members, organizations, new_member, renames, gives_numbers, since })
        }
        Table::Records => {
            let new_household = &mut || HouseholdId(new_id());
            let mut context = RecordContext {
                origin: names.origin(),
                members: names.as_members(),
                organizations: names.as_organizations(),
                households: names.as_households(),
                now,
                occurred_at: &|id| names.occurred_at(id),
                new_household,
            };
            records(file, &mut context)
        }
    }
}
