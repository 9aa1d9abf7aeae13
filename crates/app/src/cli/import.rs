//! `tongban registry import`: a provider's file into a register, with a report of refused rows.
use std::io::BufReader;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use platform::Ctx;
use platform::clock::{Clock, parse_iso_date};
use platform::error::{Error, FieldError, Result};
use registry::{Delivery, Format};

use crate::wiring::{App, open_platform};

#[derive(Args)]
pub struct RegistryArgs {
    #[command(subcommand)]
    command: RegistryCommand,
}

#[derive(Subcommand)]
enum RegistryCommand {
    /// Load a CSV file (with a header) or JSON lines.
    Import {
        #[command(flatten)]
        serve: super::ServeArgs,
        /// Key of the resource, as the catalogue lists it.
        #[arg(long)]
        resource: String,
        /// The day for which the records hold, YYYY-MM-DD.
        #[arg(long)]
        as_of: String,
        /// .csv or .jsonl
        file: PathBuf,
    },
}

pub async fn run(args: RegistryArgs) -> Result<ExitCode> {
    let RegistryCommand::Import { serve, resource, as_of, file } = args.command;
    let as_of = parse_iso_date(&as_of).ok_or_else(|| Error::Internal(format!("--as-of {as_of}: want YYYY-MM-DD")))?;
    let format = match file.extension().and_then(|e| e.to_str()) {
        Some("csv") => Format::Csv,
        Some("jsonl" | "ndjson") => Format::JsonLines,
        _ => return Err(Error::Internal(format!("{}: want a .csv or .jsonl file", file.display()))),
    };
    let opened = std::fs::File::open(&file).map_err(|e| Error::Internal(format!("{}: {e}", file.display())))?;
    let platform = open_platform(serve.settings()?, Clock::World).await?;
    let app = App::open(&platform).await?;
    let ctx = Ctx::system(&platform, "registry.import");
    let source = match app.registry.catalogue().get(&resource) {
        Some(entry) => entry.provider.clone(),
        None => return Err(Error::Internal(format!("{resource}: the catalogue has no such resource"))),
    };
    let delivery = Delivery { resource, format, source, as_of };
    let say = |reason: &FieldError| platform.texts().format(ctx.lang(), reason.key, &reason.args);
    let report = match app.registry.import(&ctx, delivery, BufReader::new(opened)).await {
        Err(Error::Invalid(reasons)) => {
            let words: Vec<String> = reasons.iter().map(say).collect();
            return Err(Error::Internal(format!("{}: {}", file.display(), words.join(" "))));
        }
        other => other?,
    };
    println!("{} accepted, {} unchanged, {} refused", report.accepted, report.unchanged, report.refused_rows);
    for refused in &report.refused {
        for reason in &refused.reasons {
            println!("line {}: {}: {}", refused.line, reason.field, say(reason));
        }
    }
    Ok(if report.refused_rows == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) })
}
