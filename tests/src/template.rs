//! The city that every test begins with: made once for a build of the test binary, then copied.
use std::fs::{self, File};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use app::App;
use app::demo::{Scale, seed};
use platform::clock::{Clock, HOUR, Timestamp};
use platform::config::Config;

use crate::app::NOW;
use crate::{city, postgres};

/// Residents of the small city; the fixed people and offices stand in it whatever its size.
const SCALE: Scale = Scale { residents: 600, enterprises: 48, past_cases: 120, seed: 7 };

/// Made an hour before tests begin, so that everything in it is older than what a test does.
const MADE_AT: Timestamp = Timestamp(NOW.0 - HOUR);

/// Templates of older builds are removed when they are so much older than the new one, in seconds.
const OLD: i64 = 3_600;

/// A folder with keys, files and the SQLite file, or the database's name on PostgreSQL.
pub(crate) struct Template {
    pub folder: PathBuf,
    pub database: Option<String>,
}

/// The template of this build, made now if nobody has made it yet.
pub(crate) async fn ready(admin: Option<&str>) -> Template {
    let place = Place::of_this_build(admin);
    if !place.is_whole().await {
        fs::create_dir_all(&place.shelf).unwrap();
        // Tests run in processes of their own: the first makes the city, the others wait here.
        let lock = File::create(place.shelf.join("lock")).unwrap();
        lock.lock().unwrap();
        if !place.is_whole().await {
            place.make().await;
        }
    }
    Template { folder: place.folder(), database: place.database() }
}

struct Place {
    shelf: PathBuf,
    name: String,
    admin: Option<String>,
}

impl Place {
    /// The binary carries all documents, texts and migrations: its own age and size tell whether anything changed.
    fn of_this_build(admin: Option<&str>) -> Self {
        let binary = std::env::current_exe().unwrap();
        let target = binary.ancestors().nth(3).unwrap();
        let metadata = fs::metadata(&binary).unwrap();
        let identity = format!(
            "{}|{}|{}.{}|{}",
            binary.display(),
            metadata.len(),
            metadata.mtime(),
            metadata.mtime_nsec(),
            admin.unwrap_or_default()
        );
        let name = platform::chance::sha256_hex(identity.as_bytes())[..16].to_owned();
        Self { shelf: target.join("tmp/tongban-tests"), name, admin: admin.map(str::to_owned) }
    }

    fn folder(&self) -> PathBuf {
        self.shelf.join(&self.name)
    }

    fn database(&self) -> Option<String> {
        self.admin.as_ref().map(|_| format!("tongban_template_{}", self.name))
    }

    async fn is_whole(&self) -> bool {
        self.folder().is_dir()
            && match (&self.admin, self.database()) {
                (Some(admin), Some(name)) => postgres::exists(admin, &name).await,
                _ => true,
            }
    }

    async fn make(&self) {
        let new = self.shelf.join(format!("{}.new", self.name));
        for folder in [&new, &self.folder()] {
            if folder.exists() {
                fs::remove_dir_all(folder).unwrap();
            }
        }
        let mut settings = crate::app::settings(&new);
        match (&self.admin, self.database()) {
            (Some(admin), Some(name)) => {
                let making = format!("{name}_new");
                postgres::command(admin, &format!("DROP DATABASE IF EXISTS {name}")).await;
                postgres::command(admin, &format!("DROP DATABASE IF EXISTS {making}")).await;
                postgres::command(admin, &format!("CREATE DATABASE {making}")).await;
                settings.database.url = postgres::url_of(admin, &making);
                make_city(settings).await;
                postgres::command(admin, &format!("ALTER DATABASE {making} RENAME TO {name}")).await;
            }
            _ => make_city(settings).await,
        }
        fs::rename(&new, self.folder()).unwrap();
        self.remove_old();
    }

    fn remove_old(&self) {
        let age = |path: &Path| fs::metadata(path).map(|metadata| metadata.mtime());
        let Ok(now) = age(&self.folder()) else { return };
        for entry in fs::read_dir(&self.shelf).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() && age(&path).is_ok_and(|then| now - then > OLD) {
                drop(fs::remove_dir_all(path)); // somebody else may remove it at the same moment
            }
        }
    }
}

async fn make_city(settings: Config) {
    let platform = app::open_platform(settings, Clock::set_to(MADE_AT)).await.unwrap();
    seed(&platform, SCALE, &mut |_| {}).await.unwrap();
    city::appoint(&platform).await;
    let app = App::open(&platform).await.unwrap();
    while platform::jobs::run_due(&platform, &app.handlers).await.unwrap() > 0 {}
    platform::audit::log::seal_all(&platform).await.unwrap();
}

/// Copies keys, files and the SQLite file.
pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
