//! `tongban evidence …`: whether a bundle proves a call, whether archive files are whole, and bundles out of archive files.
//! Offline: no database, no network, no trust in who handed the files out.
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use ::gateway::archive::check::{self, Chain};
use ::gateway::evidence::keys::{by_id, known_in};
use ::gateway::evidence::{Evidence, Left, Line, Names, Proven, Signature, Told, Trust, Wanted};
use ::gateway::federation;
use ::gateway::stamp::revoked::Lists;
use ::gateway::stamp::token::Roots;
use clap::{Args, Subcommand};
use platform::clock::Timestamp;
use platform::error::{Error, Result};

use super::read_text;

#[derive(Args)]
pub struct EvidenceArgs {
    #[command(subcommand)]
    command: EvidenceCommand,
}

#[derive(Subcommand)]
enum EvidenceCommand {
    /// Exit 0 when everything in the bundle holds, 1 when something does not.
    Verify {
        /// The bundle, as `GET /asic?queryId=…` of a gateway or `evidence extract` gives it.
        file: PathBuf,
        /// Head of a message as it is hashed (docs/protocols/exchange.md): shows that this is the message, and that who
        /// called what stands in it as the bundle says.
        #[arg(long)]
        head: Option<PathBuf>,
        /// Body of that message, when it had one.
        #[arg(long, requires = "head")]
        body: Option<PathBuf>,
        #[command(flatten)]
        trust: TrustArgs,
    },
    /// Exit 0 when the archive files are one chain and every signature in them holds, 1 when not.
    ArchiveVerify {
        /// Archive files, in any order.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// Digest (hex) of the last segment, as the audit log has it; shows that no file is missing at the end.
        #[arg(long)]
        last: Option<String>,
        #[command(flatten)]
        trust: TrustArgs,
    },
    /// Print the bundle of one message out of archive files.
    Extract {
        /// Archive files.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// The message's X-Road-Id.
        #[arg(long)]
        message: String,
        /// Client or provider that it concerns: INSTANCE/CLASS/MEMBER/SUBSYSTEM.
        #[arg(long)]
        party: String,
    },
}

/// Whom the reader trusts.
#[derive(Args)]
struct TrustArgs {
    /// Thumbprint of a key that you trust, from the federation document or the gateway's own publication; may be given more
    /// than once. Without it and without --federation the keys are printed for you to compare.
    #[arg(long = "key")]
    keys: Vec<String>,
    /// A signed federation document: its keys are trusted, each in its time.
    #[arg(long, requires = "authority")]
    federation: Option<PathBuf>,
    /// Public key (base64) of an authority that may sign it; may be given more than once.
    #[arg(long)]
    authority: Vec<String>,
    /// PEM file with roots of time-stamping authorities; without it time-stamps are told, not proven.
    #[arg(long)]
    time_stamp_root: Option<PathBuf>,
    /// Revocation lists (PEM, or one in DER) for the certificates below these roots; without it nobody asks whether one was
    /// revoked.
    #[arg(long, requires = "time_stamp_root")]
    time_stamp_crl: Option<PathBuf>,
}

impl TrustArgs {
    fn read(&self) -> Result<Trust> {
        let mut trust = Trust { thumbprints: self.keys.clone(), ..Trust::default() };
        if let Some(path) = &self.federation {
            let said = |why: String| Error::Internal(format!("{}: {why}", path.display()));
            let document = federation::open(&read_text(path)?, &self.authority).map_err(said)?;
            trust.known = by_id(known_in(&document).map_err(said)?);
        }
        if let Some(path) = &self.time_stamp_root {
            let roots = Roots::open(path).map_err(Error::Internal)?;
            trust.roots = Some(match &self.time_stamp_crl {
                Some(lists) => roots.with(Lists::open(lists).map_err(Error::Internal)?),
                None => roots,
            });
        }
        Ok(trust)
    }
}

pub fn run(args: &EvidenceArgs) -> Result<ExitCode> {
    match &args.command {
        EvidenceCommand::Verify { file, head, body, trust } => {
            let read = |path: &Option<PathBuf>| path.as_deref().map(read_bytes).transpose();
            verify(&read_text(file)?, (read(head)?, read(body)?), &trust.read()?)
        }
        EvidenceCommand::ArchiveVerify { files, last, trust } => archive(files, last.as_deref(), &trust.read()?),
        EvidenceCommand::Extract { files, message, party } => match check::extract(files, Wanted::of(message, party)) {
            Ok(bundle) => {
                println!("{}", serde_json::to_string(&bundle)?);
                Ok(ExitCode::SUCCESS)
            }
            Err(why) => Err(Error::Internal(why)),
        },
    }
}

fn read_bytes(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|error| Error::Internal(format!("{}: {error}", path.display())))
}

fn refused(why: &str) -> ExitCode {
    println!("not proven: {why}");
    ExitCode::FAILURE
}

fn time(second: i64) -> String {
    Timestamp(second.saturating_mul(1_000_000)).rfc3339(time::UtcOffset::UTC)
}

fn verify(json: &str, (head, body): (Option<Vec<u8>>, Option<Vec<u8>>), trust: &Trust) -> Result<ExitCode> {
    let verdict = Evidence::parse(json).and_then(|mut bundle| {
        if let Some(head) = &head {
            bundle.add_message(head, body.as_deref())?;
        }
        Ok((bundle.verify(trust)?, bundle))
    });
    let (proven, bundle) = match verdict {
        Ok(verdict) => verdict,
        Err(fault) => return Ok(refused(&fault.to_string())),
    };
    println!("message {}, from the log of {}", bundle.message_id, bundle.server);
    for (at, (line, told)) in bundle.lines.iter().zip(&proven.lines).enumerate() {
        tell(line, told, trust);
        proven.signatures.iter().filter(|signature| signature.line == at + 1).for_each(|s| sign(s, told));
    }
    Ok(conclude(&proven, trust))
}

const PROVEN: &str = "proven by the signed head";
const TOLD: &str = "the log's own word, under no signature";

fn tell(line: &Line, told: &Told, trust: &Trust) {
    println!("the {}, request {}:", line.part, line.request_id);
    let end = match (line.status, line.fault.as_str()) {
        (_, fault) if !fault.is_empty() => format!(", ended by the fault {fault}"),
        (Some(status), _) => format!(", status {status}"),
        _ => String::new(),
    };
    let names = if told.names == Names::Proven { PROVEN } else { TOLD };
    // The head of an answer repeats neither the verb nor who asked for what.
    let asked = if line.part == "request" { format!("{} of ", line.verb) } else { "asked ".to_owned() };
    println!("  {} {asked}{}{end}: {names}", line.client, line.service);
    for (what, value) in [("user", &line.user), ("issue", &line.issue), ("for", &line.represented)] {
        let proven = told.names == Names::Proven && line.part == "request";
        if !value.is_empty() {
            println!("  {what} {value}: {}", if proven { PROVEN } else { TOLD });
        }
    }
    match (told.body, line.size) {
        (true, size) => println!("  a body of {size} bytes: the one that was signed"),
        (false, size) => {
            let left = line.message.as_ref().and_then(|message| message.left.as_ref());
            println!("  a body of {size} bytes: {}, its size is the log's own word", left_out(left));
        }
    }
    if let Some(at) = told.stamped {
        let how = if trust.roots.is_some() { "proven" } else { "the token's word; name --time-stamp-root to prove it" };
        println!("  in the log before {}: {how}", time(at));
    }
}

fn left_out(left: Option<&Left>) -> String {
    match left {
        Some(Left::LargerThanKept { limit: Some(limit) }) => {
            format!("larger than the {limit} bytes that its policy keeps, so only its hash is here")
        }
        Some(Left::LargerThanKept { limit: None }) => "larger than its policy kept, so only its hash is here".into(),
        Some(Left::NeverCame {}) => "it never came whole, so only its hash is here".into(),
        None => "it is not here".into(),
    }
}

fn sign(signature: &Signature, told: &Told) {
    let known = if signature.trusted { "" } else { " (a key that you did not name)" };
    let whose = if signature.server.is_empty() { String::new() } else { format!(" of {}", signature.server) };
    println!("  {}{whose} signed hash, number and time, {}{known}", signature.key, time(signature.created));
    let Some(ended) = signature.ended else { return };
    let stamped = told.stamped.is_some_and(|at| at <= ended);
    let how = if stamped { "a time-stamp says that it signed before" } else { "when it signed is its own word" };
    println!("    the key ended {}; {how}", time(ended));
}

fn conclude(proven: &Proven, trust: &Trust) -> ExitCode {
    if proven.signatures.iter().any(|signature| !signature.trusted) {
        return refused("the signatures hold, but not all keys are ones that you trust");
    }
    let named = !trust.thumbprints.is_empty() || !trust.known.is_empty();
    let whole = proven.lines.iter().all(|line| line.names == Names::Proven);
    println!(
        "{}",
        match (named, whole) {
            (false, _) => "the signatures hold; compare the keys with those that the gateways publish",
            (true, false) => "proven: hash, number and time of each message; --head proves the names too",
            (true, true) => "proven",
        }
    );
    ExitCode::SUCCESS
}

fn archive(files: &[PathBuf], last: Option<&str>, trust: &Trust) -> Result<ExitCode> {
    let chain = match check::verify(files, trust) {
        Ok(chain) => chain,
        Err(why) => return Ok(refused(&why)),
    };
    let Chain { first, last: end, previous, digest, batches, lines, stamped, unnamed } = chain;
    if let (Some((first, day)), Some((end, to))) = (first, end) {
        println!(
            "segments {first} to {end} of {day} to {to}: {batches} batches, {lines} lines, {stamped} batches time-stamped"
        );
        if first > 1 {
            println!("they follow segment {}, whose digest is {previous}", first - 1);
        }
    }
    println!("digest of the last segment: {digest}");
    if last.is_some_and(|last| last != digest) {
        return Ok(refused("the last segment is not the one that you named: files are missing or were replaced"));
    }
    let mut unnamed: Vec<_> = unnamed.into_iter().collect();
    unnamed.sort();
    unnamed.iter().for_each(|(key, count)| println!("  {key} signed {count} batches or lines"));
    let asked = !trust.thumbprints.is_empty() || !trust.known.is_empty();
    if asked && !unnamed.is_empty() {
        return Ok(refused("the chain holds, but the keys above are none that you trust"));
    }
    let words = if asked { "proven" } else { "the chain holds; compare the keys with those that the gateways publish" };
    println!("{words}{}", if last.is_none() { "; compare the digest with the audit log" } else { "" });
    Ok(ExitCode::SUCCESS)
}
