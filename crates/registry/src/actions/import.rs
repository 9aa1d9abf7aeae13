//! Bulk import: a delivery of any length, checked row by row, written in batches, with a report of what was refused.
use std::sync::Arc;

use platform::audit::Entry as Audit;
use platform::db::{Audited, Tx};
use platform::policy::{Action, On};
use platform::{Ctx, Error, FieldError, Result};
use serde_json::{Map, Value};
use time::Date;

use crate::Registry;
use crate::joints::Changed;
use crate::model::check;
use crate::model::freshness::{Delivered, DeliveryKind};
use crate::model::quality::{Broken, Meter};
use crate::model::record::{Change, Record, change};
use crate::model::resource::Resource;
use crate::model::rows::{Format, Next, Row, Rows, Source};
use crate::store::{self, NewRecord};

/// Rows of one transaction at most, and their bytes: bounds memory and how long the writer is held.
const BATCH_ROWS: usize = 1_000;
const BATCH_BYTES: usize = 4 << 20;
/// Refused rows that the report keeps; all are counted.
const KEPT: usize = 1_000;

/// What a provider delivers.
#[derive(Debug, Clone)]
pub struct Delivery {
    pub resource: String,
    pub format: Format,
    /// Key of the organisation that delivers.
    pub source: String,
    /// The day that the data speak of, for rows that name none.
    pub as_of: Date,
}

/// One row that was not taken, and everything that is wrong with it.
#[derive(Debug, Clone, PartialEq)]
pub struct Refused {
    /// From 1; the header of a CSV file is line 1.
    pub line: u64,
    pub reasons: Vec<FieldError>,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Report {
    /// New records and new versions.
    pub accepted: u64,
    pub unchanged: u64,
    pub refused_rows: u64,
    /// The first thousand of them.
    pub refused: Vec<Refused>,
    /// Rules of quality that rows broke; such rows are taken all the same.
    pub quality: Vec<Broken>,
    /// False when a row without end stopped the reading; what was accepted until then stands.
    pub complete: bool,
}

impl Report {
    fn refuse(&mut self, line: u64, reasons: Vec<FieldError>) {
        self.refused_rows += 1;
        if self.refused.len() < KEPT {
            self.refused.push(Refused { line, reasons });
        }
    }

    fn add(&mut self, batch: Self) {
        self.accepted += batch.accepted;
        self.unchanged += batch.unchanged;
        self.refused_rows += batch.refused_rows;
        let room = KEPT - self.refused.len();
        self.refused.extend(batch.refused.into_iter().take(room));
    }
}

/// A row that keeps to the catalogue.
struct Checked {
    line: u64,
    subject: String,
    as_of: Date,
    data: Map<String, Value>,
}

struct Import {
    registry: Registry,
    resource: Arc<Resource>,
    delivery: Delivery,
    today: Date,
}

pub async fn import(registry: &Registry, ctx: &Ctx, delivery: Delivery, from: Source) -> Result<Report> {
    registry.refresh().await?;
    let resource = registry.catalogue().get(&delivery.resource).cloned();
    let resource = resource.ok_or_else(|| super::unknown(&delivery.resource))?;
    ctx.allow(Action::RegistryImport, &On::PUBLIC)?;
    let mut rows = Rows::open(from, delivery.format, Arc::clone(&resource))?;
    let import = Arc::new(Import { registry: registry.clone(), resource, delivery, today: ctx.today() });
    let mut report = Report { complete: true, ..Report::default() };
    let mut meter = Meter::new(&import.resource);
    loop {
        let (batch, more) = import.next_batch(&mut rows, &mut report)?;
        batch.iter().for_each(|row| meter.row(row.line, &row.data));
        if !batch.is_empty() {
            let grant = ctx.allow(Action::RegistryImport, &On::PUBLIC)?;
            let import = Arc::clone(&import);
            report.add(ctx.db().write(grant, move |tx| import.take(tx, batch)).await?);
        }
        if !more {
            report.refused.sort_by_key(|refused| refused.line);
            report.quality = meter.end();
            return import.end(ctx, report).await;
        }
    }
}

impl Import {
    /// Keeps what the delivery was like; one of which no row could be taken does not count as delivered.
    async fn end(&self, ctx: &Ctx, report: Report) -> Result<Report> {
        if report.accepted + report.unchanged == 0 {
            return Ok(report);
        }
        let delivered = Delivered {
            resource: self.resource.key.clone(),
            at: ctx.now(),
            as_of: self.delivery.as_of,
            kind: DeliveryKind::Import,
            accepted: report.accepted,
            unchanged: report.unchanged,
            refused: report.refused_rows,
            quality: report.quality.clone(),
        };
        let grant = ctx.allow(Action::RegistryImport, &On::PUBLIC)?;
        ctx.db().write(grant, move |tx| super::delivery::keep(tx, &delivered)).await?;
        Ok(report)
    }

    /// Rows to write, and whether more may follow.
    fn next_batch(&self, rows: &mut Rows, report: &mut Report) -> Result<(Vec<Checked>, bool)> {
        let (mut batch, mut bytes) = (Vec::new(), 0);
        while batch.len() < BATCH_ROWS && bytes < BATCH_BYTES {
            match rows.next()? {
                Next::Row(row) => {
                    bytes += row.bytes;
                    let line = row.line;
                    match self.check(row) {
                        Ok(checked) => batch.push(checked),
                        Err(Error::Invalid(reasons)) => report.refuse(line, reasons),
                        Err(other) => return Err(other),
                    }
                }
                Next::Refused(line, reason) => report.refuse(line, vec![reason]),
                Next::Cut(line) => {
                    report.refuse(line, vec![FieldError::new("row", "registry-refused-long")]);
                    report.complete = false;
                    return Ok((batch, false));
                }
                Next::End => return Ok((batch, false)),
            }
        }
        Ok((batch, true))
    }

    fn check(&self, row: Row) -> Result<Checked> {
        let subject = check::subject(self.resource.subject, &row.subject, self.today);
        let subject = subject.map_err(|error| Error::Invalid(vec![error]))?;
        let data = check::clean(&self.resource, row.data, self.today)?;
        Ok(Checked { line: row.line, subject, as_of: row.as_of.unwrap_or(self.delivery.as_of), data })
    }

    fn take(&self, tx: &mut Tx<'_>, batch: Vec<Checked>) -> Result<Audited<Report>> {
        let subjects: Vec<&str> = batch.iter().map(|row| row.subject.as_str()).collect();
        let current = store::list_records(tx, &self.resource.key, &subjects)?;
        let (fresh, told) = (Vec::new(), Vec::new());
        let mut writing = Writing { import: self, current, fresh, told, report: Report::default() };
        for row in batch {
            writing.row(tx, row)?;
        }
        writing.flush(tx)?;
        let (report, told) = (writing.report, writing.told);
        if !told.is_empty() {
            let changed: Vec<Changed<'_>> = told.iter().map(Told::as_changed).collect();
            (self.registry.joints().changed)(tx, &self.resource, &changed)?;
        }
        let detail = serde_json::json!({
            "source": self.delivery.source, "accepted": report.accepted, "unchanged": report.unchanged,
            "refused": report.refused_rows,
        });
        let detail = detail.to_string();
        let audit = Audit { event: "record.imported", object: &self.resource.key, detail: &detail, ..Audit::default() };
        tx.audited(audit, report)
    }
}

/// One batch being written; `current` follows what is written, as a subject may stand twice in a delivery.
struct Writing<'i> {
    import: &'i Import,
    current: std::collections::HashMap<String, Record>,
    /// New records, inserted together.
    fresh: Vec<(String, Date, String)>,
    /// What is new or says something else, in the order of the rows.
    told: Vec<Told>,
    report: Report,
}

struct Told {
    subject: String,
    as_of: Date,
    before: Option<String>,
    after: String,
}

impl Told {
    fn as_changed(&self) -> Changed<'_> {
        Changed { subject: &self.subject, as_of: self.as_of, before: self.before.as_deref(), after: &self.after }
    }
}

impl Writing<'_> {
    fn row(&mut self, tx: &mut Tx<'_>, row: Checked) -> Result<()> {
        let current = self.current.get(&row.subject);
        let version = current.map_or(0, |record| record.version);
        let change = change(current, &row.data, row.as_of)?;
        match change {
            Change::Same => self.report.unchanged += 1,
            Change::Overtaken => {
                let reason = FieldError::new("as_of", "registry-refused-overtaken");
                self.report.refuse(row.line, vec![reason]);
            }
            Change::New | Change::Confirmed | Change::Changed => {
                let data = serde_json::to_string(&row.data)?;
                let source = self.import.delivery.source.clone();
                let next = if change == Change::Confirmed { version } else { version + 1 };
                let record = Record { version: next, as_of: row.as_of, source, data: data.clone() };
                self.write(tx, change, (&row.subject, &record))?;
                let before = self.current.insert(row.subject.clone(), record).map(|record| record.data);
                if change != Change::Confirmed {
                    self.told.push(Told { subject: row.subject, as_of: row.as_of, before, after: data });
                }
            }
        }
        Ok(())
    }

    fn write(&mut self, tx: &mut Tx<'_>, change: Change, (subject, record): (&str, &Record)) -> Result<()> {
        if change == Change::New {
            self.fresh.push((subject.to_owned(), record.as_of, record.data.clone()));
            self.report.accepted += 1;
            return Ok(());
        }
        self.flush(tx)?;
        let resource = &self.import.resource.key;
        let new = NewRecord { resource, subject, as_of: record.as_of, source: &record.source, data: &record.data };
        if change == Change::Changed {
            self.report.accepted += 1;
            store::replace_record(tx, &new, record.version - 1)
        } else {
            self.report.unchanged += 1;
            store::confirm_record(tx, &new)
        }
    }

    fn flush(&mut self, tx: &mut Tx<'_>) -> Result<()> {
        let (resource, source) = (&self.import.resource.key, &self.import.delivery.source);
        let new = self.fresh.iter().map(|(subject, as_of, data)| NewRecord {
            resource,
            subject,
            as_of: *as_of,
            source,
            data,
        });
        let new: Vec<NewRecord<'_>> = new.collect();
        store::insert_records(tx, &new)?;
        self.fresh.clear();
        Ok(())
    }
}
