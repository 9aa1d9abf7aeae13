//! SQL and row mapping of the tables `directory_*`, nothing else.
use platform::clock::{DAY, Timestamp};
use platform::db::{Row, Tx, Value};
use platform::ids::Id;
use platform::policy::{Post, Role};
use platform::{Error, Result};

use crate::model::{
    Account, Basis, Division, DivisionLevel, Enterprise, EnterpriseId, Holder, Mandate, Official, OfficialId,
    OfficialPost, Organisation, OrganisationKind, Person, PersonId, SignIn, normal_login,
};

/// Sign-ins are shown for a year, then forgotten; the audit log keeps what must be proven.
const SIGN_INS_KEPT: i64 = 365 * DAY;

fn unknown(column: &str, value: &str) -> Error {
    Error::Internal(format!("directory: {column} is {value}"))
}

pub(crate) fn upsert_division(tx: &mut Tx<'_>, division: &Division) -> Result<u64> {
    let name = serde_json::to_string(&division.name)?;
    let params: [Value<'_>; 5] = [
        (&division.code).into(),
        (&division.parent).into(),
        division.level.name().into(),
        (&division.kind).into(),
        (&name).into(),
    ];
    tx.exec(
        "INSERT INTO directory_division (code, parent, level, kind, name) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (code) DO UPDATE SET parent = excluded.parent, level = excluded.level, kind = excluded.kind,
           name = excluded.name",
        &params,
    )
}

pub(crate) fn list_divisions(tx: &mut Tx<'_>) -> Result<Vec<Division>> {
    tx.list("SELECT code, parent, level, kind, name FROM directory_division ORDER BY code", &[], |row| {
        let level = row.str(2)?;
        Ok(Division {
            code: row.text(0)?,
            parent: row.opt_text(1)?,
            level: DivisionLevel::from_name(level).ok_or_else(|| unknown("level", level))?,
            kind: row.text(3)?,
            name: row.json(4)?,
        })
    })
}

pub(crate) fn upsert_organisation(tx: &mut Tx<'_>, one: &Organisation) -> Result<u64> {
    let json = |text| serde_json::to_string(text);
    let (name, short, address, hours) = (json(&one.name)?, json(&one.short)?, json(&one.address)?, json(&one.hours)?);
    let appeal = serde_json::to_string(&one.appeal)?;
    let params: [Value<'_>; 13] = [
        (&one.key).into(),
        (&one.uscc).into(),
        (&name).into(),
        (&short).into(),
        one.kind.name().into(),
        (&one.parent).into(),
        (&one.division).into(),
        (&one.sign).into(),
        (&one.consult).into(),
        (&one.complain).into(),
        (&address).into(),
        (&hours).into(),
        (&appeal).into(),
    ];
    tx.exec(
        "INSERT INTO directory_organisation (key, uscc, name, short, kind, parent, division, sign, consult, complain,
         address, hours, appeal) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
         ON CONFLICT (key) DO UPDATE SET uscc = excluded.uscc, name = excluded.name, short = excluded.short,
           kind = excluded.kind, parent = excluded.parent, division = excluded.division, sign = excluded.sign,
           consult = excluded.consult, complain = excluded.complain, address = excluded.address,
           hours = excluded.hours, appeal = excluded.appeal",
        &params,
    )
}

pub(crate) fn list_organisations(tx: &mut Tx<'_>) -> Result<Vec<Organisation>> {
    tx.list(
        "SELECT key, uscc, name, short, kind, parent, division, sign, consult, complain, address, hours, appeal
         FROM directory_organisation ORDER BY key",
        &[],
        |row| {
            let kind = row.str(4)?;
            Ok(Organisation {
                key: row.text(0)?,
                uscc: row.text(1)?,
                name: row.json(2)?,
                short: row.json(3)?,
                kind: OrganisationKind::from_name(kind).ok_or_else(|| unknown("kind", kind))?,
                parent: row.opt_text(5)?,
                division: row.text(6)?,
                sign: row.text(7)?,
                consult: row.text(8)?,
                complain: row.text(9)?,
                address: row.json(10)?,
                hours: row.json(11)?,
                appeal: row.json(12)?,
            })
        },
    )
}

pub(crate) fn insert_persons(tx: &mut Tx<'_>, persons: &[Person]) -> Result<u64> {
    let values: Vec<Value<'_>> =
        persons.iter().flat_map(|p| [(&p.id).into(), (&p.number).into(), (&p.name).into(), p.active.into()]).collect();
    let head = "INSERT INTO directory_person (id, number, name, active) VALUES";
    tx.insert_many_or(head, 4, &values, "ON CONFLICT (id) DO NOTHING")
}

fn person_of(row: &Row) -> Result<Person> {
    Ok(Person { id: row.id(0)?, number: row.text(1)?, name: row.text(2)?, active: row.flag(3)? })
}

pub(crate) fn find_person(tx: &mut Tx<'_>, id: &PersonId) -> Result<Option<Person>> {
    let row = tx.find("SELECT id, number, name, active FROM directory_person WHERE id = $1", &[id.into()])?;
    row.as_ref().map(person_of).transpose()
}

pub(crate) fn find_person_by_number(tx: &mut Tx<'_>, number: &str) -> Result<Option<Person>> {
    let row = tx.find("SELECT id, number, name, active FROM directory_person WHERE number = $1", &[number.into()])?;
    row.as_ref().map(person_of).transpose()
}

pub(crate) fn insert_enterprises(tx: &mut Tx<'_>, enterprises: &[Enterprise]) -> Result<u64> {
    fn row(e: &Enterprise) -> [Value<'_>; 5] {
        let representative = e.legal_representative.as_ref();
        [(&e.id).into(), (&e.uscc).into(), (&e.name).into(), representative.into(), e.active.into()]
    }
    let values: Vec<Value<'_>> = enterprises.iter().flat_map(row).collect();
    let head = "INSERT INTO directory_enterprise (id, uscc, name, legal_representative, active) VALUES";
    tx.insert_many_or(head, 5, &values, "ON CONFLICT (id) DO NOTHING")
}

fn enterprise_of(row: &Row) -> Result<Enterprise> {
    Ok(Enterprise {
        id: row.id(0)?,
        uscc: row.text(1)?,
        name: row.text(2)?,
        legal_representative: row.opt_text(3)?.map(PersonId::from_text),
        active: row.flag(4)?,
    })
}

pub(crate) fn find_enterprise(tx: &mut Tx<'_>, id: &EnterpriseId) -> Result<Option<Enterprise>> {
    let sql = "SELECT id, uscc, name, legal_representative, active FROM directory_enterprise WHERE id = $1";
    tx.find(sql, &[id.into()])?.as_ref().map(enterprise_of).transpose()
}

pub(crate) fn find_enterprise_by_number(tx: &mut Tx<'_>, uscc: &str) -> Result<Option<Enterprise>> {
    let sql = "SELECT id, uscc, name, legal_representative, active FROM directory_enterprise WHERE uscc = $1";
    tx.find(sql, &[uscc.into()])?.as_ref().map(enterprise_of).transpose()
}

pub(crate) fn insert_officials(tx: &mut Tx<'_>, officials: &[Official]) -> Result<u64> {
    let values: Vec<Value<'_>> =
        officials.iter().flat_map(|o| [(&o.id).into(), (&o.name).into(), o.active.into()]).collect();
    let head = "INSERT INTO directory_official (id, name, active) VALUES";
    tx.insert_many_or(head, 3, &values, "ON CONFLICT (id) DO NOTHING")
}

pub(crate) fn insert_posts(tx: &mut Tx<'_>, posts: &[OfficialPost]) -> Result<u64> {
    fn row(p: &OfficialPost) -> [Value<'_>; 3] {
        [(&p.official).into(), (&p.post.office).into(), p.post.role.name().into()]
    }
    let values: Vec<Value<'_>> = posts.iter().flat_map(row).collect();
    let head = "INSERT INTO directory_post (official, office, role) VALUES";
    tx.insert_many_or(head, 3, &values, "ON CONFLICT (official, office, role) DO NOTHING")
}

pub(crate) fn find_official(tx: &mut Tx<'_>, id: &OfficialId) -> Result<Option<Official>> {
    let row = tx.find("SELECT id, name, active FROM directory_official WHERE id = $1", &[id.into()])?;
    row.map(|row| Ok(Official { id: row.id(0)?, name: row.text(1)?, active: row.flag(2)? })).transpose()
}

pub(crate) fn list_posts(tx: &mut Tx<'_>, official: &OfficialId) -> Result<Vec<Post>> {
    tx.list(
        "SELECT role, office FROM directory_post WHERE official = $1 ORDER BY office, role",
        &[official.into()],
        |row| {
            let role = row.str(0)?;
            Ok(Post { role: Role::from_name(role).ok_or_else(|| unknown("role", role))?, office: row.text(1)? })
        },
    )
}

/// Active officials who hold a role in an office.
pub(crate) fn list_holders(tx: &mut Tx<'_>, office: &str, role: Role) -> Result<Vec<String>> {
    tx.list(
        "SELECT p.official FROM directory_post p JOIN directory_official o ON o.id = p.official
         WHERE p.office = $1 AND p.role = $2 AND o.active = 1 ORDER BY p.official",
        &[office.into(), role.name().into()],
        |row| row.text(0),
    )
}

pub(crate) fn insert_mandates(tx: &mut Tx<'_>, mandates: &[Mandate]) -> Result<u64> {
    fn row(m: &Mandate) -> [Value<'_>; 5] {
        [(&m.person).into(), (&m.enterprise).into(), m.basis.name().into(), m.from.into(), m.to.into()]
    }
    let values: Vec<Value<'_>> = mandates.iter().flat_map(row).collect();
    let head = "INSERT INTO directory_mandate (person, enterprise, basis, valid_from, valid_to) VALUES";
    tx.insert_many_or(head, 5, &values, "ON CONFLICT (person, enterprise, valid_from) DO NOTHING")
}

/// The mandates of a person with the enterprises they are for: all, past and future ones too, by name and start.
pub(crate) fn list_mandates(tx: &mut Tx<'_>, person: &PersonId) -> Result<Vec<(Mandate, Enterprise)>> {
    tx.list(
        "SELECT e.id, e.uscc, e.name, e.legal_representative, e.active, m.person, m.basis, m.valid_from, m.valid_to
         FROM directory_mandate m JOIN directory_enterprise e ON e.id = m.enterprise
         WHERE m.person = $1 ORDER BY e.name, m.valid_from",
        &[person.into()],
        mandate_of,
    )
}

/// Those for one enterprise.
pub(crate) fn list_mandates_for(
    tx: &mut Tx<'_>,
    person: &PersonId,
    enterprise: &EnterpriseId,
) -> Result<Vec<(Mandate, Enterprise)>> {
    tx.list(
        "SELECT e.id, e.uscc, e.name, e.legal_representative, e.active, m.person, m.basis, m.valid_from, m.valid_to
         FROM directory_mandate m JOIN directory_enterprise e ON e.id = m.enterprise
         WHERE m.person = $1 AND m.enterprise = $2 ORDER BY m.valid_from",
        &[person.into(), enterprise.into()],
        mandate_of,
    )
}

fn mandate_of(row: &Row) -> Result<(Mandate, Enterprise)> {
    let basis = row.str(6)?;
    let mandate = Mandate {
        person: row.id(5)?,
        enterprise: row.id(0)?,
        basis: Basis::from_name(basis).ok_or_else(|| unknown("basis", basis))?,
        from: row.time(7)?,
        to: row.opt_time(8)?,
    };
    Ok((mandate, enterprise_of(row)?))
}

/// Logins as `normal_login` makes them.
pub(crate) fn insert_accounts(tx: &mut Tx<'_>, accounts: &[Account]) -> Result<u64> {
    fn row<'a>((login, a): (&'a String, &'a Account)) -> [Value<'a>; 4] {
        [login.into(), a.holder.kind().name().into(), a.holder.as_str().into(), (&a.password).into()]
    }
    let logins: Vec<String> = accounts.iter().map(|a| normal_login(&a.login)).collect();
    let values: Vec<Value<'_>> = logins.iter().zip(accounts).flat_map(row).collect();
    let head = "INSERT INTO directory_account (login, kind, subject, password) VALUES";
    tx.insert_many_or(head, 4, &values, "ON CONFLICT (login) DO NOTHING")
}

pub(crate) fn find_account(tx: &mut Tx<'_>, login: &str) -> Result<Option<Account>> {
    let sql = "SELECT login, kind, subject, password FROM directory_account WHERE login = $1";
    let Some(row) = tx.find(sql, &[login.into()])? else { return Ok(None) };
    let holder = match row.str(1)? {
        "person" => Holder::Person(row.id(2)?),
        "official" => Holder::Official(row.id(2)?),
        other => return Err(unknown("kind", other)),
    };
    Ok(Some(Account { login: row.text(0)?, holder, password: row.text(3)? }))
}

/// Notes a sign-in for its owner and forgets those of more than a year ago.
pub(crate) fn insert_sign_in(tx: &mut Tx<'_>, owner: &str, address: &str) -> Result<()> {
    let now = tx.now();
    let params: [Value<'_>; 2] = [owner.into(), now.plus(-SIGN_INS_KEPT).into()];
    tx.exec("DELETE FROM directory_sign_in WHERE owner = $1 AND at < $2", &params)?;
    tx.exec(
        "INSERT INTO directory_sign_in (owner, at, address) VALUES ($1, $2, $3) ON CONFLICT (owner, at) DO NOTHING",
        &[owner.into(), now.into(), address.into()],
    )
    .map(|_| ())
}

/// The last sign-ins of an owner, newest first; at most 10.
pub(crate) fn list_sign_ins(tx: &mut Tx<'_>, owner: &str) -> Result<Vec<SignIn>> {
    tx.list(
        "SELECT at, address FROM directory_sign_in WHERE owner = $1 ORDER BY at DESC LIMIT 10",
        &[owner.into()],
        |row| Ok(SignIn { at: Timestamp(row.int(0)?), address: row.text(1)? }),
    )
}

pub fn find_first_number(tx: &mut Tx<'_>) -> Result<Option<String>> {
    let row = tx.find("SELECT number FROM directory_person WHERE active = 1 ORDER BY id LIMIT 1", &[])?;
    row.map(|row| row.text(0)).transpose()
}
