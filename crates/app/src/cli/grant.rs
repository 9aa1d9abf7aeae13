//! `tongban grant verify`: whether a grant's document is what both sides signed, offline: no database, no network.
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use exchange::{GrantDocument, grant_key_in, verify_grant};
use platform::clock::{Clock, Timestamp};
use platform::error::{Error, Result};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

#[derive(Args)]
pub struct GrantArgs {
    #[command(subcommand)]
    command: GrantCommand,
}

#[derive(Subcommand)]
enum GrantCommand {
    /// Exit 0 when both sides signed these terms and the period runs, 1 when not.
    Verify {
        /// The document as downloaded from the grant's page.
        file: PathBuf,
        /// Public keys of the organisations, as /grants/keys.json serves them; from a source that you trust.
        #[arg(long)]
        keys: PathBuf,
    },
}

pub fn run(args: &GrantArgs) -> Result<ExitCode> {
    let GrantCommand::Verify { file, keys } = &args.command;
    let keys: serde_json::Value = serde_json::from_str(&super::read_text(keys)?)
        .map_err(|error| Error::Internal(format!("{}: {error}", keys.display())))?;
    let document = match verify_grant(&super::read_text(file)?, |uscc| grant_key_in(&keys, uscc)) {
        Ok(document) => document,
        Err(flaw) => {
            println!("not to be relied on: {flaw}");
            return Ok(ExitCode::FAILURE);
        }
    };
    tell(&document);
    if let Some(why) = out_of_period(&document, Clock::World.now())? {
        println!("signed by both sides, but {why}");
        return Ok(ExitCode::FAILURE);
    }
    println!("signed by both sides; whether it was narrowed or revoked since can only be seen online");
    Ok(ExitCode::SUCCESS)
}

fn tell(document: &GrantDocument) {
    let (provider, consumer) = (&document.provider, &document.consumer);
    println!("grant {}, version {}", document.grant, document.version);
    println!("  {} ({}) gives {} ({})", provider.org, provider.uscc, consumer.org, consumer.uscc);
    if let Some(party) = &document.on_behalf_of {
        println!("  on behalf of {} ({})", party.org, party.uscc);
    }
    println!("  {} ({}): {}", document.resource.key, document.resource.code, document.fields.join(", "));
    println!("  for {} on {}", document.purpose, document.basis);
    if !document.matters.is_empty() {
        println!("  only in {}", document.matters.join(", "));
    }
    println!("  from {} until {}", document.valid_from, document.valid_until.as_deref().unwrap_or("it is revoked"));
}

/// None: the period runs.
fn out_of_period(document: &GrantDocument, now: Timestamp) -> Result<Option<&'static str>> {
    if now < moment(&document.valid_from)? {
        return Ok(Some("its period has not begun"));
    }
    let end = document.valid_until.as_deref().map(moment).transpose()?;
    Ok(end.filter(|end| now >= *end).map(|_| "its period is over"))
}

fn moment(text: &str) -> Result<Timestamp> {
    let at = OffsetDateTime::parse(text, &Rfc3339).map_err(|error| Error::Internal(format!("{text:?}: {error}")))?;
    i64::try_from(at.unix_timestamp_nanos() / 1_000).map(Timestamp).map_err(Error::internal)
}
