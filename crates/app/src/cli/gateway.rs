//! `tongban gateway …`: certificates of one's own authority, this gateway's public key, and the federation document.
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use ::gateway::authority::{self, Pair};
use ::gateway::federation::{self, Federation};
use base64::Engine as _;
use clap::{Args, Subcommand};
use platform::clock::Clock;
use platform::error::{Error, Result};
use seal::keys::{Ed25519Key, Signer};

use super::{ServeArgs, read_text};

#[derive(Args)]
pub struct GatewayArgs {
    #[command(subcommand)]
    command: GatewayCommand,
}

#[derive(Subcommand)]
enum GatewayCommand {
    /// Make a certificate authority: root.pem for everybody, root.key to be kept safe.
    Ca {
        /// Folder for both files; must not hold them already.
        #[arg(long)]
        out: PathBuf,
        /// Whose authority it is.
        #[arg(long)]
        name: String,
    },
    /// Issue a certificate for a gateway or an information system.
    Certificate {
        /// Folder with root.pem and root.key.
        #[arg(long)]
        ca: PathBuf,
        /// Host name or address under which it is reached; may be given more than once.
        #[arg(long = "name", required = true)]
        names: Vec<String>,
        /// Where to write: OUT.pem and OUT.key.
        #[arg(long)]
        out: PathBuf,
        /// How long it is good for.
        #[arg(long, default_value_t = 825)]
        days: i64,
    },
    /// Print the public key that this deployment's gateway signs with (base64), and its thumbprint.
    Key(ServeArgs),
    /// Sign a federation document (JSON) for distribution.
    Federation {
        /// The document: instance, version, issued_at, expires_at, servers, groups.
        document: PathBuf,
        /// The authority's Ed25519 private key, PKCS #8 PEM.
        #[arg(long)]
        key: PathBuf,
    },
}

pub fn run(args: GatewayArgs) -> Result<ExitCode> {
    match args.command {
        GatewayCommand::Ca { out, name } => {
            let root = authority::root(&name, today()).map_err(Error::Internal)?;
            std::fs::create_dir_all(&out)?;
            write(&root, &out.join("root"))?;
        }
        GatewayCommand::Certificate { ca, names, out, days } => {
            let root = Pair { certificate: read_text(&ca.join("root.pem"))?, key: read_text(&ca.join("root.key"))? };
            let pair = authority::issue(&root, &names, (today(), days)).map_err(Error::Internal)?;
            write(&pair, &out)?;
            // What rosters (`callers`) and the federation document (`certificates`) name.
            println!("SHA-256 {}", pair.fingerprint().map_err(Error::Internal)?);
        }
        GatewayCommand::Key(args) => {
            let key = platform::platform::gateway_key(&args.settings()?.data.dir)?.public();
            println!("{}\n{}", base64::engine::general_purpose::STANDARD.encode(key.to_bytes()), key.key_id());
        }
        GatewayCommand::Federation { document, key } => {
            let read: Federation = serde_json::from_str(&read_text(&document)?)
                .map_err(|error| Error::Internal(format!("{}: {error}", document.display())))?;
            let key = Ed25519Key::from_pem(&read_text(&key)?).map_err(|error| Error::Internal(error.to_string()))?;
            println!("{}", federation::sign(&read, &key)?);
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn today() -> time::OffsetDateTime {
    Clock::World.now().at(time::UtcOffset::UTC)
}

/// Why a file was not written, and what to do.
fn refused(path: &Path, error: &std::io::Error) -> Error {
    let next = match error.kind() {
        std::io::ErrorKind::AlreadyExists => "; nothing is written over: choose another place, or move the file away",
        std::io::ErrorKind::NotFound => "; make the folder first",
        _ => "",
    };
    Error::Internal(format!("{}: {error}{next}", path.display()))
}

/// Writes both files, never over others; only the owner may read the key.
fn write(pair: &Pair, at: &Path) -> Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    for (end, text, mode) in [("key", &pair.key, 0o600), ("pem", &pair.certificate, 0o644)] {
        let path = PathBuf::from(format!("{}.{end}", at.display()));
        let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(mode).open(&path);
        let file = file.as_mut().map_err(|error| refused(&path, error))?;
        file.write_all(text.as_bytes())?;
        println!("{}", path.display());
    }
    Ok(())
}
