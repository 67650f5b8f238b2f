//! Where people and log-ins are kept: a database of its own beside the log, so that a person can be erased.
//!
//! Nothing of it ever goes into the log or a log line.

use super::failure::failed;
use crate::store::StoreError;
use rusqlite::{Connection, OpenFlags, OptionalExtension, Row, params};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Each brings the format one up; the format of a database is how many of them it has had. Never changed once released.
const MIGRATIONS: [&str; 3] = [
    include_str!("migrations/0001_people.sql"),
    include_str!("migrations/0002_consents_are_in_the_log.sql"),
    include_str!("migrations/0003_salts.sql"),
];
/// The first format didn't write its number down.
const FORMAT_UNNUMBERED: usize = 1;
/// "mzpp" in the header of the file.
const APPLICATION_ID: i32 = 0x6d7a_7070;

/// A person as stored. Ids are the numbers behind `MemberId` and `HouseholdId`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonRow {
    /// The member.
    pub member: u64,
    /// The full name.
    pub name: String,
    /// The organisation's own number for them.
    pub number: Option<String>,
    /// What the commitment to the name is salted with; none for whoever was recorded before commitments were made.
    pub name_salt: Option<[u8; 32]>,
    /// What the commitment to the number is salted with. Of a person to be recorded also without a number: it salts the one that is kept.
    pub number_salt: Option<[u8; 32]>,
    /// Whether the log is known to hold those commitments.
    pub committed: bool,
}

/// What a row says, and how one is read.
const COLUMNS: &str = "member, name, number, name_salt, number_salt, committed";

fn person_row(row: &Row<'_>) -> rusqlite::Result<PersonRow> {
    Ok(PersonRow {
        member: row.get(0).map(unsigned)?,
        name: row.get(1)?,
        number: row.get(2)?,
        name_salt: row.get(3)?,
        number_salt: row.get(4)?,
        committed: row.get(5)?,
    })
}

/// A salt belongs to its text: it stays as long as the text does, so that the commitment does. A number that is kept without one, of a time before
/// commitments, gets it; until then the log commits to none.
const KEEPING_SALTS: &str = "
    name = excluded.name, number = coalesce(excluded.number, person.number),
    name_salt = CASE WHEN person.name = excluded.name THEN coalesce(person.name_salt, excluded.name_salt) ELSE excluded.name_salt END,
    number_salt = CASE WHEN coalesce(excluded.number, person.number) IS NULL THEN NULL
        WHEN person.number = coalesce(excluded.number, person.number) THEN coalesce(person.number_salt, ?5) ELSE ?5 END,
    committed = person.committed AND person.name = excluded.name AND person.number IS coalesce(excluded.number, person.number)
        AND (person.number IS NULL OR person.number_salt IS NOT NULL)";
/// As it was.
const RESTORING: &str = "
    name = excluded.name, number = excluded.number,
    name_salt = excluded.name_salt, number_salt = excluded.number_salt, committed = excluded.committed";

/// A token as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenRow {
    /// SHA-256 of the secret.
    pub digest: [u8; 32],
    /// The actor that it stands for.
    pub actor: String,
    /// The member that the actor is, if any.
    pub member: Option<u64>,
    /// Grants, separated by spaces.
    pub grants: String,
    /// When it was made.
    pub created_at: String,
    /// When it was revoked, if it was.
    pub revoked_at: Option<String>,
}

/// The database of people and log-ins.
pub struct PeopleStore {
    connection: Mutex<Connection>,
}

fn signed(id: u64) -> i64 {
    i64::from_be_bytes(id.to_be_bytes())
}

fn unsigned(id: i64) -> u64 {
    u64::from_be_bytes(id.to_be_bytes())
}

impl PeopleStore {
    /// Makes the database; the file must not exist.
    pub fn create(path: &Path) -> Result<PeopleStore, StoreError> {
        let doing = "making the database of people";
        // Names: for nobody but its owner. What SQLite writes beside it (-wal, -shm) has the same mode.
        let made = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
        made.map_err(|error| StoreError::Failed { doing, source: Box::new(error) })?;
        let connection = Connection::open(path).map_err(failed(doing))?;
        let people = PeopleStore::with_settings(connection)?;
        people.migrate(0)?;
        Ok(people)
    }

    /// Opens the database; it must exist.
    pub fn open(path: &Path) -> Result<PeopleStore, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).map_err(failed("opening the database of people"))?;
        if std::fs::metadata(path).is_ok_and(|found| found.permissions().mode() & 0o077 != 0) {
            tracing::warn!(path = %path.display(), "others on this machine can read the database of names: chmod 600 it");
        }
        let people = PeopleStore::with_settings(connection)?;
        if people.format(FORMAT_UNNUMBERED)? < MIGRATIONS.len() {
            people.migrate(FORMAT_UNNUMBERED)?;
        }
        Ok(people)
    }

    /// How many migrations the database has had: at least so many, whatever is written in it.
    fn format(&self, least: usize) -> Result<usize, StoreError> {
        let format = self.lock().pragma_query_value(None, "user_version", |row| row.get(0));
        let format: i64 = format.map_err(failed("opening the database of people"))?;
        match usize::try_from(format) {
            Ok(format) if format <= MIGRATIONS.len() => Ok(format.max(least)),
            _ => Err(StoreError::NewerFormat { found: format, known: MIGRATIONS.len().try_into().unwrap_or(i64::MAX) }),
        }
    }

    /// Brings the database up to date, wholly or not at all. How far it is, is asked once no other program can change it: two that
    /// open an old one together bring it up to date once.
    fn migrate(&self, least: usize) -> Result<(), StoreError> {
        let doing = "bringing the database of people up to date";
        self.lock().execute_batch("BEGIN IMMEDIATE").map_err(failed(doing))?;
        let migrated = self.format(least).and_then(|format| {
            let (missing, newest) = (MIGRATIONS[format..].concat(), MIGRATIONS.len());
            let identified = format!("PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {newest};");
            self.lock().execute_batch(&format!("{missing} {identified} COMMIT;")).map_err(failed(doing))
        });
        if migrated.is_err() {
            // What failed is told; a transaction that is left open ends with the connection.
            let _ = self.lock().execute_batch("ROLLBACK");
        }
        migrated
    }

    fn with_settings(connection: Connection) -> Result<PeopleStore, StoreError> {
        // secure_delete: what is erased is overwritten, not only unlinked.
        connection
            .execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA busy_timeout = 5000;")
            // At most so many KiB: ids are random, so that a roster touches every page again and again before it is committed.
            .and_then(|()| connection.pragma_update(None, "cache_size", -65_536))
            .map_err(failed("opening the database of people"))?;
        Ok(PeopleStore { connection: Mutex::new(connection) })
    }

    fn lock(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A number that changes whenever another process has changed the database.
    pub fn version(&self) -> Result<i64, StoreError> {
        let version = self.lock().query_row("PRAGMA data_version", [], |row| row.get(0));
        version.map_err(failed("reading the database of people"))
    }

    /// Records people, all or none; one known by its member id gets the new name and number, and new salts for what is new.
    pub fn put_people(&self, people: &[PersonRow]) -> Result<(), StoreError> {
        self.write_people(people, KEEPING_SALTS)
    }

    /// Puts people back as they were, all or none.
    pub fn restore_people(&self, people: &[PersonRow]) -> Result<(), StoreError> {
        self.write_people(people, RESTORING)
    }

    fn write_people(&self, people: &[PersonRow], known: &str) -> Result<(), StoreError> {
        let doing = "recording people";
        // In the order of the table, each of whose pages is then written once.
        let mut people: Vec<&PersonRow> = people.iter().collect();
        people.sort_unstable_by_key(|person| signed(person.member));
        let mut connection = self.lock();
        let transaction = connection.transaction().map_err(failed(doing))?;
        {
            let mut put = transaction
                .prepare_cached(&format!(
                    "INSERT INTO person ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, iif(?3 IS NULL, NULL, ?5), ?6)
                     ON CONFLICT (member) DO UPDATE SET {known}"
                ))
                .map_err(failed(doing))?;
            for person in people {
                let PersonRow { member, name, number, name_salt, number_salt, committed } = person;
                put.execute(params![signed(*member), name, number, name_salt, number_salt, committed])
                    .map_err(failed(doing))?;
            }
        }
        transaction.commit().map_err(failed(doing))
    }

    /// Forgets people.
    pub fn remove_people(&self, members: &[u64]) -> Result<(), StoreError> {
        let doing = "removing people";
        let mut connection = self.lock();
        let transaction = connection.transaction().map_err(failed(doing))?;
        for &member in members {
            transaction.execute("DELETE FROM person WHERE member = ?1", [signed(member)]).map_err(failed(doing))?;
        }
        transaction.commit().map_err(failed(doing))
    }

    /// Erases all that is kept of these members: names, numbers, log-ins. When it returns, their bytes stand neither in the
    /// database nor in its write-ahead log.
    pub fn erase_people(&self, members: &[u64]) -> Result<(), StoreError> {
        let doing = "erasing people";
        let mut connection = self.lock();
        let transaction = connection.transaction().map_err(failed(doing))?;
        for &member in members {
            for table in ["DELETE FROM person WHERE member = ?1", "DELETE FROM token WHERE member = ?1"] {
                transaction.execute(table, [signed(member)]).map_err(failed(doing))?;
            }
        }
        // A crash from here on: the rows are gone, their old bytes not yet from the write-ahead log. Erasing again finishes.
        transaction.commit().map_err(failed(doing))?;
        // What was deleted has been overwritten in its pages (secure_delete). The log still holds those pages as they were.
        let busy: i64 =
            connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0)).map_err(failed(doing))?;
        if busy == 0 { Ok(()) } else { Err(StoreError::PeopleInUse) }
    }

    /// Which of these members anything is kept of.
    pub fn known_of(&self, members: &[u64]) -> Result<Vec<u64>, StoreError> {
        let doing = "looking up people";
        let connection = self.lock();
        let mut find = connection
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM person WHERE member = ?1) OR EXISTS (SELECT 1 FROM token WHERE member = ?1)",
            )
            .map_err(failed(doing))?;
        let mut known = Vec::new();
        for &member in members {
            let kept: bool = find.query_row([signed(member)], |row| row.get(0)).map_err(failed(doing))?;
            known.extend(kept.then_some(member));
        }
        Ok(known)
    }

    /// One person.
    pub fn person(&self, member: u64) -> Result<Option<PersonRow>, StoreError> {
        let connection = self.lock();
        let mut find = connection
            .prepare_cached(&format!("SELECT {COLUMNS} FROM person WHERE member = ?1"))
            .map_err(failed("looking up a person"))?;
        find.query_row([signed(member)], person_row).optional().map_err(failed("looking up a person"))
    }

    /// Those of these members of whom anything is kept.
    pub fn people_of(&self, members: &[u64]) -> Result<Vec<PersonRow>, StoreError> {
        self.those_of(members, "WHERE member = ?1")
    }

    /// Those of these members whom the condition lets through. Read in one transaction: each would lock and unlock the file.
    fn those_of(&self, members: &[u64], condition: &str) -> Result<Vec<PersonRow>, StoreError> {
        let doing = "looking up people";
        let connection = self.lock();
        let reading = connection.unchecked_transaction().map_err(failed(doing))?;
        let mut find =
            reading.prepare_cached(&format!("SELECT {COLUMNS} FROM person {condition}")).map_err(failed(doing))?;
        let mut found = Vec::new();
        for &member in members {
            found.extend(find.query_row([signed(member)], person_row).optional().map_err(failed(doing))?);
        }
        Ok(found)
    }

    /// Those with salts whose commitments the log isn't known to hold, in order of their ids.
    pub fn uncommitted(&self) -> Result<Vec<PersonRow>, StoreError> {
        let doing = "looking up identities";
        let connection = self.lock();
        let wanted = "WHERE committed = 0 AND name_salt IS NOT NULL ORDER BY member";
        let mut all =
            connection.prepare_cached(&format!("SELECT {COLUMNS} FROM person {wanted}")).map_err(failed(doing))?;
        let rows = all.query_map([], person_row).map_err(failed(doing))?;
        rows.collect::<Result<_, _>>().map_err(failed(doing))
    }

    /// Those of these members with salts whose commitments the log isn't known to hold.
    pub fn uncommitted_of(&self, members: &[u64]) -> Result<Vec<PersonRow>, StoreError> {
        self.those_of(members, "WHERE member = ?1 AND committed = 0 AND name_salt IS NOT NULL")
    }

    /// Remembers that the log holds the commitments made with these salts of the names and numbers.
    pub fn note_committed(&self, people: &[PersonRow]) -> Result<(), StoreError> {
        let doing = "remembering commitments";
        let mut connection = self.lock();
        let transaction = connection.transaction().map_err(failed(doing))?;
        {
            // Whoever got another name or number meanwhile has other salts.
            let note = "UPDATE person SET committed = 1 WHERE member = ?1 AND name_salt = ?2 AND number_salt IS ?3";
            let mut note = transaction.prepare_cached(note).map_err(failed(doing))?;
            for person in people {
                note.execute(params![signed(person.member), person.name_salt, person.number_salt])
                    .map_err(failed(doing))?;
            }
        }
        transaction.commit().map_err(failed(doing))
    }

    /// The member with this number.
    pub fn member_by_number(&self, number: &str) -> Result<Option<u64>, StoreError> {
        let connection = self.lock();
        let mut find = connection
            .prepare_cached("SELECT member FROM person WHERE number = ?1")
            .map_err(failed("looking up a number"))?;
        find.query_row([number], |row| row.get(0).map(unsigned)).optional().map_err(failed("looking up a number"))
    }

    /// Every person. The caller knows what to do with so much that is personal.
    pub fn people(&self) -> Result<Vec<PersonRow>, StoreError> {
        let doing = "reading people";
        let connection = self.lock();
        let mut all = connection.prepare_cached(&format!("SELECT {COLUMNS} FROM person")).map_err(failed(doing))?;
        let rows = all.query_map([], person_row).map_err(failed(doing))?;
        rows.collect::<Result<_, _>>().map_err(failed(doing))
    }

    /// The names of these members. Who has none is left out.
    pub fn names(&self, members: &[u64]) -> Result<Vec<(u64, String)>, StoreError> {
        let doing = "reading names";
        let connection = self.lock();
        let mut find = connection.prepare_cached("SELECT name FROM person WHERE member = ?1").map_err(failed(doing))?;
        let mut named = Vec::with_capacity(members.len());
        for &member in members {
            let found = find.query_row([signed(member)], |row| Ok((member, row.get(0)?)));
            named.extend(found.optional().map_err(failed(doing))?);
        }
        Ok(named)
    }

    /// The household with this local code.
    pub fn household(&self, code: &str) -> Result<Option<u64>, StoreError> {
        let connection = self.lock();
        connection
            .query_row("SELECT household FROM household WHERE code = ?1", [code], |row| row.get(0).map(unsigned))
            .optional()
            .map_err(failed("looking up a household"))
    }

    /// Records local codes of households.
    pub fn put_households(&self, households: &[(String, u64)]) -> Result<(), StoreError> {
        let doing = "recording households";
        let mut connection = self.lock();
        let transaction = connection.transaction().map_err(failed(doing))?;
        for (code, household) in households {
            transaction
                .execute(
                    "INSERT INTO household (code, household) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
                    params![code, signed(*household)],
                )
                .map_err(failed(doing))?;
        }
        transaction.commit().map_err(failed(doing))
    }

    /// Records a token.
    pub fn put_token(&self, token: &TokenRow) -> Result<(), StoreError> {
        self.lock()
            .execute(
                "INSERT INTO token (digest, actor, member, grants, created_at, revoked_at) VALUES (?1, ?2, ?3, ?4, ?5, NULL)",
                params![token.digest, token.actor, token.member.map(signed), token.grants, token.created_at],
            )
            .map(drop)
            .map_err(failed("recording a token"))
    }

    /// Every token, in order of making.
    pub fn tokens(&self) -> Result<Vec<TokenRow>, StoreError> {
        let doing = "reading tokens";
        let connection = self.lock();
        let mut all = connection
            .prepare_cached(
                "SELECT digest, actor, member, grants, created_at, revoked_at FROM token ORDER BY created_at, actor",
            )
            .map_err(failed(doing))?;
        let rows = all
            .query_map([], |row| {
                Ok(TokenRow {
                    digest: row.get(0)?,
                    actor: row.get(1)?,
                    member: row.get::<_, Option<i64>>(2)?.map(unsigned),
                    grants: row.get(3)?,
                    created_at: row.get(4)?,
                    revoked_at: row.get(5)?,
                })
            })
            .map_err(failed(doing))?;
        rows.collect::<Result<_, _>>().map_err(failed(doing))
    }

    /// Revokes a token; `false` if there is none in force with this digest.
    pub fn revoke_token(&self, digest: &[u8; 32], revoked_at: &str) -> Result<bool, StoreError> {
        self.lock()
            .execute(
                "UPDATE token SET revoked_at = ?2 WHERE digest = ?1 AND revoked_at IS NULL",
                params![digest, revoked_at],
            )
            .map(|changed| changed == 1)
            .map_err(failed("revoking a token"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Barrier;

    #[test]
    fn programs_that_open_an_old_database_together_bring_it_up_to_date_once() {
        for _ in 0..20 {
            let directory = tempfile::tempdir().expect("a directory");
            let path = directory.path().join("identity.sqlite");
            let old = Connection::open(&path).expect("a new database");
            old.execute_batch(&format!("PRAGMA journal_mode = WAL; {}", MIGRATIONS[0])).expect("the first format");
            drop(old);
            let together = Barrier::new(4);
            std::thread::scope(|scope| {
                let open = || {
                    together.wait();
                    PeopleStore::open(&path).map(drop)
                };
                let opened: Vec<_> = (0..4).map(|_| scope.spawn(open)).collect();
                for opened in opened {
                    opened.join().expect("no panic").expect("the database opens");
                }
            });
        }
    }
}
