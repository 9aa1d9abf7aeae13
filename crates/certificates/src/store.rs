//! SQL of `certificates_certificate` and `certificates_series`. Reads are scoped: by owner, by issuing office, by case, or by what only a bearer
//! of the certificate knows (token, number).
use platform::chance::sha256_hex;
use platform::clock::{Timestamp, iso_date, parse_iso_date};
use platform::db::{Row, Tx, Value};
use platform::error::{Error, Result};
use platform::ids::Id;
use time::Date;

use crate::actions::Revocation;
use crate::actions::prepare::Prepared;
use crate::model::CertificateId;
use crate::model::standing::{Dates, Reason, Standing, Status};

/// After every identifier, under any collation.
pub(crate) const LAST: &str = "crt_zzzzzzzzzzzzzzzzzzzzzzzzzzz";

/// Rows of one page of a list.
pub(crate) const PAGE: usize = 30;

/// How and why a certificate ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ending {
    pub at: Timestamp,
    pub reason: Option<Reason>,
    pub grounds: String,
    pub basis: String,
}

/// A certificate as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CertificateRow {
    pub id: CertificateId,
    pub type_key: String,
    pub identifier: String,
    pub number: String,
    pub token: String,
    pub owner: String,
    pub org: String,
    pub case_id: String,
    pub issued_on: Date,
    pub dates: Dates,
    pub jws: String,
    pub audit_id: String,
    pub status: Status,
    /// None while it is valid.
    pub ending: Option<Ending>,
}

impl CertificateRow {
    pub(crate) fn standing(&self, today: Date) -> Standing {
        Standing::on(today, self.status, &self.dates)
    }

    /// Where a list goes on after this row.
    pub(crate) fn place(&self) -> String {
        format!("{}.{}", iso_date(self.issued_on), self.id.as_str())
    }
}

const COLUMNS: &str = "id, type_key, identifier, number, token, owner, org, case_id, issued_on, valid_from, valid_to, \
                       jws, audit_id, status, status_at, status_reason, status_grounds, status_basis";

fn row_of(row: &Row) -> Result<CertificateRow> {
    let status = Status::from_code(row.str(13)?).ok_or_else(|| Error::Internal("unknown certificate status".into()))?;
    let ending = Ending {
        at: row.time(14)?,
        reason: row.opt_text(15)?.as_deref().and_then(Reason::from_name),
        grounds: row.opt_text(16)?.unwrap_or_default(),
        basis: row.opt_text(17)?.unwrap_or_default(),
    };
    Ok(CertificateRow {
        id: row.id(0)?,
        type_key: row.text(1)?,
        identifier: row.text(2)?,
        number: row.text(3)?,
        token: row.text(4)?,
        owner: row.text(5)?,
        org: row.text(6)?,
        case_id: row.text(7)?,
        issued_on: date(row.str(8)?)?,
        dates: Dates { from: date(row.str(9)?)?, to: row.opt_text(10)?.as_deref().map(date).transpose()? },
        jws: row.text(11)?,
        audit_id: row.text(12)?,
        status,
        ending: (status != Status::Valid).then_some(ending),
    })
}

fn date(text: &str) -> Result<Date> {
    parse_iso_date(text).ok_or_else(|| Error::Internal(format!("{text:?} is no date")))
}

/// Each with the identifier of its audit row.
pub(crate) fn insert(tx: &mut Tx<'_>, rows: &[(&Prepared, String)]) -> Result<()> {
    const HEAD: &str = "INSERT INTO certificates_certificate (id, type_key, identifier, number, token, token_digest, \
                        owner, org, item_key, case_id, issued_on, valid_from, valid_to, jws, audit_id, status, \
                        status_at) VALUES";
    let now = tx.now();
    let digests: Vec<String> = rows.iter().map(|(one, _)| sha256_hex(one.token.as_bytes())).collect();
    let mut values: Vec<Value<'_>> = Vec::with_capacity(rows.len() * 17);
    for ((one, audit_id), digest) in rows.iter().zip(&digests) {
        let row: [Value<'_>; 17] = [
            (&one.id).into(),
            (&one.type_key).into(),
            (&one.identifier).into(),
            (&one.number).into(),
            (&one.token).into(),
            digest.into(),
            (&one.owner).into(),
            (&one.org).into(),
            (&one.item_key).into(),
            (&one.case_id).into(),
            (&one.issued_on).into(),
            (&one.valid_from).into(),
            (&one.valid_to).into(),
            (&one.jws).into(),
            audit_id.into(),
            Status::Valid.code().into(),
            now.into(),
        ];
        values.extend(row);
    }
    tx.insert_many(HEAD, 17, &values).map(|_| ()).map_err(|error| match error {
        Error::Conflict(_) => Error::Conflict("certificates-conflict-number"),
        other => other,
    })
}

/// Takes `count` serials of a series; the first of them.
pub(crate) fn take_serials(tx: &mut Tx<'_>, series: &str, count: i64) -> Result<i64> {
    let row = tx.get(
        "INSERT INTO certificates_series (series, next) VALUES ($1, $2)
         ON CONFLICT (series) DO UPDATE SET next = certificates_series.next + $3 RETURNING next",
        &[series.into(), (1 + count).into(), count.into()],
    )?;
    Ok(row.int(0)? - count)
}

/// Ends a certificate of an office; false when it has ended already.
pub(crate) fn end(tx: &mut Tx<'_>, office: &str, revocation: &Revocation) -> Result<bool> {
    let now = tx.now();
    let params: [Value<'_>; 8] = [
        revocation.reason.status().code().into(),
        now.into(),
        office.into(),
        revocation.reason.name().into(),
        (&revocation.grounds).into(),
        (&revocation.basis).into(),
        (&revocation.id).into(),
        office.into(),
    ];
    let done = tx.exec(
        "UPDATE certificates_certificate SET status = $1, status_at = $2, status_office = $3, status_reason = $4,
         status_grounds = $5, status_basis = $6 WHERE id = $7 AND org = $8 AND status IN ('01', '02')",
        &params,
    )?;
    Ok(done == 1)
}

fn find(tx: &mut Tx<'_>, condition: &str, params: &[Value<'_>]) -> Result<Option<CertificateRow>> {
    let row = tx.find(&format!("SELECT {COLUMNS} FROM certificates_certificate WHERE {condition}"), params)?;
    row.as_ref().map(row_of).transpose()
}

fn list(tx: &mut Tx<'_>, condition: &str, params: &[Value<'_>]) -> Result<Vec<CertificateRow>> {
    tx.list(&format!("SELECT {COLUMNS} FROM certificates_certificate WHERE {condition}"), params, row_of)
}

/// By the token of the verification address.
pub(crate) fn find_by_token(tx: &mut Tx<'_>, token: &str) -> Result<Option<CertificateRow>> {
    find(tx, "token_digest = $1", &[(&sha256_hex(token.as_bytes())).into()])
}

/// By its number or by its GB/T 36904 identifier.
pub(crate) fn find_by_number(tx: &mut Tx<'_>, text: &str) -> Result<Option<CertificateRow>> {
    match find(tx, "number = $1", &[text.into()])? {
        None => find(tx, "identifier = $1", &[text.into()]),
        found => Ok(found),
    }
}

pub(crate) fn get_own(tx: &mut Tx<'_>, owner: &str, id: &CertificateId) -> Result<CertificateRow> {
    find(tx, "id = $1 AND owner = $2", &[id.into(), owner.into()])?.ok_or(Error::NotFound)
}

/// Newest first, one more than a page holds when there are more. `after`: the day of issue and the identifier of the
/// last one shown.
pub(crate) fn list_own(tx: &mut Tx<'_>, owner: &str, after: Option<(&str, &str)>) -> Result<Vec<CertificateRow>> {
    let (day, id) = after.unwrap_or(("9999-12-31", LAST));
    let params: [Value<'_>; 5] = [owner.into(), day.into(), day.into(), id.into(), (PAGE as i64 + 1).into()];
    list(
        tx,
        "owner = $1 AND (issued_on < $2 OR (issued_on = $3 AND id < $4)) ORDER BY issued_on DESC, id DESC LIMIT $5",
        &params,
    )
}

/// One that one of these offices issued.
pub(crate) fn get_at(tx: &mut Tx<'_>, offices: &[&str], id: &CertificateId) -> Result<CertificateRow> {
    let mut params: Vec<Value<'_>> = vec![id.into()];
    params.extend(offices.iter().map(|office| Value::from(*office)));
    find(tx, &format!("id = $1 AND org IN ({})", places(2, offices.len())), &params)?.ok_or(Error::NotFound)
}

/// What these offices issued, newest first, one more than a page holds when there are more; `before`: an identifier.
pub(crate) fn list_at(tx: &mut Tx<'_>, offices: &[&str], before: &str) -> Result<Vec<CertificateRow>> {
    let mut params: Vec<Value<'_>> = vec![before.into(), (PAGE as i64 + 1).into()];
    params.extend(offices.iter().map(|office| Value::from(*office)));
    let condition = format!("org IN ({}) AND id < $1 ORDER BY id DESC LIMIT $2", places(3, offices.len()));
    list(tx, &condition, &params)
}

/// `$3, $4`: never empty, as an empty list is no SQL.
fn places(first: usize, count: usize) -> String {
    let places: Vec<String> = (first..first + count).map(|place| format!("${place}")).collect();
    if places.is_empty() { "''".to_owned() } else { places.join(", ") }
}

pub(crate) fn list_of_case(tx: &mut Tx<'_>, case_id: &str) -> Result<Vec<CertificateRow>> {
    list(tx, "case_id = $1 ORDER BY id", &[case_id.into()])
}

/// The newest of a type that is valid on a day.
pub(crate) fn find_held(tx: &mut Tx<'_>, owner: &str, type_key: &str, on: Date) -> Result<Option<CertificateRow>> {
    let day = iso_date(on);
    let params: [Value<'_>; 4] = [owner.into(), type_key.into(), (&day).into(), (&day).into()];
    find(
        tx,
        "owner = $1 AND type_key = $2 AND status = '01' AND valid_from <= $3 AND (valid_to IS NULL OR valid_to >= $4)
         ORDER BY issued_on DESC, id DESC LIMIT 1",
        &params,
    )
}
