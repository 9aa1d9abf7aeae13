//! The program's shared parts, built once in `main` and passed on; no globals.
use std::path::{Path, PathBuf};
use std::sync::Arc;

use seal::keys::{Ed25519Key, Es256Key, Signer};
use tokio::sync::Notify;

use crate::chance;
use crate::clock::Clock;
use crate::config::Config;
use crate::db::{Db, Location};
use crate::error::{Error, Result};
use crate::files::FileStore;
use crate::i18n::Texts;
use crate::ids::IdMaker;
use crate::metrics::Metrics;
use crate::page::{Assets, Navigation};
use crate::session::Actors;

/// What `app` joins from the features.
pub struct Parts {
    pub config: Config,
    pub clock: Clock,
    pub texts: Texts,
    pub assets: Assets,
    pub actors: Box<dyn Actors>,
    pub navigation: Navigation,
}

struct Inner {
    config: Config,
    clock: Clock,
    ids: Arc<IdMaker>,
    db: Db,
    texts: Texts,
    assets: Assets,
    files: FileStore,
    metrics: Metrics,
    keys: Keys,
    actors: Box<dyn Actors>,
    navigation: Navigation,
    wake: Notify,
}

/// The deployment's keys, made at the first start and kept in the data folder (owner may read only).
pub struct Keys {
    /// Signs checkpoints of the audit log.
    pub log: Ed25519Key,
    /// Signs certificates.
    pub certificates: Box<dyn Signer>,
    /// Signs messages between gateways.
    pub gateway: Ed25519Key,
    /// Makes pseudonyms and tokens that only this deployment can make.
    pub secret: [u8; 32],
}

/// Cheap to clone.
#[derive(Clone)]
pub struct Platform(Arc<Inner>);

impl Platform {
    /// Opens the data folder, the keys and the database. Migrations are applied by the caller.
    pub fn open(parts: Parts) -> Result<Self> {
        let config = parts.config;
        std::fs::create_dir_all(&config.data.dir)?;
        let keys = Keys::open(&config.data.dir.join("keys"))?;
        let files = FileStore::open(&config.data.dir.join("files"), config.files.max_bytes)?;
        let ids = Arc::new(IdMaker::new(chance::bytes()));
        let url = database_url(&config);
        let threads = if url.starts_with("postgres") { config.database.connections } else { config.database.readers };
        let db = Db::open(&Location { url: &url, threads }, parts.clock.clone(), Arc::clone(&ids))?;
        Ok(Self(Arc::new(Inner {
            clock: parts.clock,
            ids,
            db,
            texts: parts.texts,
            assets: parts.assets,
            files,
            metrics: Metrics::new()?,
            keys,
            actors: parts.actors,
            navigation: parts.navigation,
            wake: Notify::new(),
            config,
        })))
    }

    #[must_use]
    pub fn config(&self) -> &Config {
        &self.0.config
    }

    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    #[must_use]
    pub fn ids(&self) -> &IdMaker {
        &self.0.ids
    }

    #[must_use]
    pub fn db(&self) -> &Db {
        &self.0.db
    }

    #[must_use]
    pub fn texts(&self) -> &Texts {
        &self.0.texts
    }

    #[must_use]
    pub fn assets(&self) -> &Assets {
        &self.0.assets
    }

    #[must_use]
    pub fn files(&self) -> &FileStore {
        &self.0.files
    }

    #[must_use]
    pub fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    #[must_use]
    pub fn keys(&self) -> &Keys {
        &self.0.keys
    }

    #[must_use]
    pub fn actors(&self) -> &dyn Actors {
        &*self.0.actors
    }

    #[must_use]
    pub fn navigation(&self) -> Navigation {
        self.0.navigation
    }

    /// Tells the job workers that there may be work.
    pub fn wake_jobs(&self) {
        self.0.wake.notify_waiters();
    }

    pub(crate) async fn jobs_woken(&self) {
        self.0.wake.notified().await;
    }
}

impl Platform {
    /// Notes at the first start which keys this database lives with, and refuses others later: checkpoints, pseudonyms
    /// of the trail and certificates depend on them.
    pub async fn check_keys(&self) -> Result<()> {
        let keys = self.keys();
        let secret = seal::digest::keyed(&keys.secret, b"fingerprint");
        let fingerprints = [
            ("log.ed25519", keys.log.key_id().to_owned()),
            ("certificates.p256", keys.certificates.key_id().to_owned()),
            ("secret", hex::encode(&secret[..8])),
        ];
        let dir = self.config().data.dir.join("keys");
        self.db().keep(move |tx| fingerprints.iter().try_for_each(|(name, own)| check_key(tx, &dir, name, own))).await
    }
}

fn check_key(tx: &mut crate::db::Tx<'_>, dir: &Path, name: &str, own: &str) -> Result<()> {
    let Some(row) = tx.find("SELECT fingerprint FROM platform_key WHERE name = $1", &[name.into()])? else {
        let sql = "INSERT INTO platform_key (name, fingerprint) VALUES ($1, $2)";
        return tx.exec(sql, &[name.into(), own.into()]).map(|_| ());
    };
    if row.str(0)? == own {
        return Ok(());
    }
    let place = dir.join(name);
    Err(Error::Internal(format!("{} is not the key of this database: put back the one of its backup", place.display())))
}

/// The setting, or the SQLite file in the data folder.
#[must_use]
pub fn database_url(config: &Config) -> String {
    if config.database.url.is_empty() {
        config.data.dir.join("tongban.sqlite").to_string_lossy().into_owned()
    } else {
        config.database.url.clone()
    }
}

const GATEWAY_KEY: &str = "gateway.ed25519";

/// The key of the gateway alone, without a database; made when it is not there.
pub fn gateway_key(data: &Path) -> Result<Ed25519Key> {
    let dir = data.join("keys");
    std::fs::create_dir_all(&dir)?;
    Ok(Ed25519Key::from_bytes(&secret_file(&dir.join(GATEWAY_KEY))?))
}

impl Keys {
    fn open(dir: &Path) -> Result<Self> {
        std::fs::create_dir_all(dir)?;
        let log = Ed25519Key::from_bytes(&secret_file(&dir.join("log.ed25519"))?);
        let certificates = Es256Key::from_bytes(&secret_file(&dir.join("certificates.p256"))?)
            .map_err(|e| Error::Internal(format!("key certificates.p256: {e}")))?;
        let gateway = Ed25519Key::from_bytes(&secret_file(&dir.join(GATEWAY_KEY))?);
        let secret = secret_file(&dir.join("secret"))?;
        Ok(Self { log, certificates: Box::new(certificates), gateway, secret })
    }
}

/// 32 bytes in hexadecimal; made and made durable when the file is not there.
fn secret_file(path: &PathBuf) -> Result<[u8; 32]> {
    if !path.exists() {
        write_secret(path, &hex::encode(chance::bytes::<32>()))?;
    }
    let text = std::fs::read_to_string(path)?;
    let bytes = hex::decode(text.trim()).ok().and_then(|b| <[u8; 32]>::try_from(b).ok());
    bytes.ok_or_else(|| Error::Internal(format!("{}: want 64 hexadecimal digits", path.display())))
}

fn write_secret(path: &Path, text: &str) -> Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    // Written whole, then put in place, then the folder made durable: a crash leaves the key or none.
    let temporary = path.with_extension("new");
    let mut file = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&temporary)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    std::fs::rename(&temporary, path)?;
    match path.parent() {
        Some(folder) => std::fs::File::open(folder)?.sync_all().map_err(Error::from),
        None => Ok(()),
    }
}
