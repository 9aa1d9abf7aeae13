//! The departments' own systems of the demo city, as unlike as departments' systems are: a CSV drop, an SQLite file,
//! PostgreSQL, a REST and a SOAP service. Filled from the same generated people; `packs/demo/connectors` maps them back.
mod cluster;
mod credit;
mod files;
mod rows;
mod soap;
mod titles;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use axum::Router;
use platform::error::{Error, Result};
use tokio::net::TcpListener;
use tokio::task::AbortHandle;

use super::city::City;
use cluster::Cluster;

/// Where they keep their data, below the deployment's data folder.
const FOLDER: &str = "systems";
const EDUCATION: &str = "education";
const SOCIAL_INSURANCE: &str = "social-insurance.sqlite";
const TITLES: &str = "real-estate.sqlite";
const CERTIFICATES: &str = "disability.sqlite";
const CREDIT: &str = "credit";

/// Running systems; they end with this.
pub struct Systems {
    addresses: BTreeMap<String, String>,
    services: Vec<AbortHandle>,
    _cluster: Option<Cluster>,
}

impl Drop for Systems {
    fn drop(&mut self) {
        self.services.iter().for_each(AbortHandle::abort);
    }
}

/// Makes the systems' data anew. `say` is told which system there cannot be, and why.
pub async fn fill(city: &City, data: &Path, say: &mut dyn FnMut(&str)) -> Result<()> {
    let folder = data.join(FOLDER);
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir_all(&folder)?;
    files::education(city, &folder.join(EDUCATION))?;
    files::social_insurance(city, &folder.join(SOCIAL_INSURANCE))?;
    titles::fill(city, &folder.join(TITLES))?;
    soap::fill(city, &folder.join(CERTIFICATES))?;
    match Cluster::make(&folder.join(CREDIT)) {
        Ok(cluster) => credit::fill(city, &cluster).await,
        Err(why) => {
            say(&format!("no PostgreSQL for the credit list ({why}): the built-in register keeps it"));
            Ok(())
        }
    }
}

/// Starts what needs a process; what is not there stays with the built-in register.
pub async fn start(data: &Path, say: &mut dyn FnMut(&str)) -> Result<Systems> {
    let folder = std::path::absolute(data.join(FOLDER))?;
    let mut systems = Systems { addresses: BTreeMap::new(), services: Vec::new(), _cluster: None };
    for (name, place) in [("education", EDUCATION), ("social_insurance", SOCIAL_INSURANCE)] {
        let path = folder.join(place);
        if path.exists() {
            systems.addresses.insert(name.to_owned(), path.to_string_lossy().into_owned());
        }
    }
    systems.serve("real_estate", &folder.join(TITLES), titles::router).await?;
    systems.serve("disability", &folder.join(CERTIFICATES), soap::router).await?;
    let credit: PathBuf = folder.join(CREDIT);
    if credit.exists() {
        match Cluster::start(&credit) {
            Ok(cluster) => {
                systems.addresses.insert("credit".into(), cluster.address(credit::READER));
                systems._cluster = Some(cluster);
            }
            Err(why) => {
                say(&format!("the credit list's PostgreSQL does not start ({why}): the built-in register answers"))
            }
        }
    }
    Ok(systems)
}

impl Systems {
    /// What the settings' `connectors.addresses` gets.
    #[must_use]
    pub fn addresses(&self) -> &BTreeMap<String, String> {
        &self.addresses
    }

    /// A service of a department, on a free port of loopback.
    async fn serve(&mut self, name: &str, file: &Path, router: fn(&Path) -> Result<Router>) -> Result<()> {
        if !file.exists() {
            return Ok(());
        }
        let router = router(file)?;
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        self.addresses.insert(name.to_owned(), listener.local_addr()?.to_string());
        let service = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                tracing::error!(%error, "a department's service ended");
            }
        });
        self.services.push(service.abort_handle());
        Ok(())
    }
}

/// A failure of a department's own database.
fn broken(error: impl std::fmt::Display) -> Error {
    Error::Internal(format!("a department's system: {error}"))
}
