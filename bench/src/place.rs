//! Where everything lies: `target/bench`, the program beside this one, the fictional city that all groups begin with.
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use app::demo::Scale;
use app::{App, open_platform};
use platform::Platform;
use platform::clock::Clock;
use platform::config::Config;

use crate::Result;

/// People of the city: its registers are of the size that the program is made for.
const RESIDENTS: u32 = 100_000;
const WHOLE: &str = "whole";

pub struct Place {
    root: PathBuf,
    program: PathBuf,
}

impl Place {
    pub fn open() -> Result<Self> {
        let this = std::env::current_exe()?;
        let release = this.parent().ok_or("this program lies nowhere")?;
        let target = release.parent().ok_or("this program lies in no target folder")?;
        let root = target.join("bench");
        std::fs::create_dir_all(&root)?;
        Ok(Self { root, program: release.join("tongban") })
    }

    pub fn report(&self) -> PathBuf {
        self.root.join("report.json")
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// The program as it is shipped: release build, stripped.
    pub fn program(&self) -> &Path {
        &self.program
    }

    /// Brings the program up to date with the sources that this benchmark was built from. Both are named, so that the
    /// crates which they share are compiled once, with the features of both.
    pub fn build_program(&self) -> Result<()> {
        let done = cargo().args(["build", "--release", "-p", "app", "-p", "bench"]).status()?;
        if done.success() { Ok(()) } else { Err("the program could not be built; see above".into()) }
    }

    /// The city without any case: made once.
    pub async fn city(&self) -> Result<PathBuf> {
        let dir = self.path("city");
        if is_usable(&dir).await {
            return Ok(dir);
        }
        remove(&dir)?;
        let started = Instant::now();
        println!("  (making the city of {RESIDENTS} residents, once)");
        let platform = open_platform(config(&dir), Clock::World).await?;
        let scale = Scale { residents: RESIDENTS, enterprises: RESIDENTS / 25 * 2, past_cases: 0, seed: 1 };
        app::demo::seed(&platform, scale, &mut |_| {}).await?;
        drop(platform);
        mark_whole(&dir)?;
        println!("  (made in {:.0} s)", started.elapsed().as_secs_f64());
        Ok(dir)
    }

    /// A copy of the city to work on.
    pub async fn copy_of_city(&self, name: &str) -> Result<PathBuf> {
        let (city, dir) = (self.city().await?, self.path(name));
        remove(&dir)?;
        copy(&city, &dir)?;
        Ok(dir)
    }
}

/// The settings of a deployment with this data folder; everything else as shipped.
pub fn config(dir: &Path) -> Config {
    let mut config = Config::default();
    config.data.dir = dir.to_owned();
    config
}

/// Everything joined, without a socket.
pub async fn open(dir: &Path) -> Result<(Platform, App)> {
    let platform = open_platform(config(dir), Clock::World).await?;
    let app = App::open(&platform).await?;
    Ok((platform, app))
}

/// Whether a folder was made to its end, by sources whose tables are still those of today.
pub async fn is_usable(dir: &Path) -> bool {
    dir.join(WHOLE).exists() && open_platform(config(dir), Clock::World).await.is_ok()
}

pub fn mark_whole(dir: &Path) -> Result<()> {
    Ok(std::fs::write(dir.join(WHOLE), "")?)
}

/// Cargo as it runs this program.
pub fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

pub fn remove(dir: &Path) -> Result<()> {
    match std::fs::remove_dir_all(dir) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let (entry, target) = (entry?, to);
        let target = target.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else if entry.file_name() != WHOLE {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
