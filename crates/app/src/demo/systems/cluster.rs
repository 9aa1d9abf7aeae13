//! A private PostgreSQL below the data folder, on a socket alone. A guard stops it when we end, however we end.
use std::fs;
use std::io;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// The department's own administrator.
pub(super) const OWNER: &str = "department";
/// The account that Debian's packages create; PostgreSQL refuses to run as root.
const UNPRIVILEGED: &str = "postgres";
/// A socket's path has 107 bytes at most, its own name included.
const LONGEST: usize = 85;
/// Waits until our end of its input closes, then stops the server. Deaf to Ctrl-C, which goes to the whole group.
const GUARD: &str = "trap '' INT TERM HUP; cat >/dev/null; exec \"$@\" >/dev/null 2>&1";

pub(super) struct Cluster {
    folder: PathBuf,
    guard: Child,
}

impl Cluster {
    /// A new, empty cluster, running. The error is why there can be none on this machine.
    pub(super) fn make(folder: &Path) -> Result<Self, String> {
        let made = Self::create(folder).and_then(|()| Self::start(folder));
        if made.is_err() && folder.exists() {
            drop(fs::remove_dir_all(folder)); // a half-made one would be taken for a whole one
        }
        made
    }

    fn create(folder: &Path) -> Result<(), String> {
        let place = Place::of(folder)?;
        let words = |e: io::Error| e.to_string();
        fs::create_dir_all(&place.folder).map_err(words)?;
        fs::set_permissions(&place.folder, fs::Permissions::from_mode(0o700)).map_err(words)?;
        if let Some((uid, gid)) = place.other {
            chown(&place.folder, Some(uid), Some(gid)).map_err(words)?;
        }
        let data = place.data();
        let access = "--auth=trust"; // the folder of the socket is closed to others
        place.run("initdb", &["-D", &data, "-U", OWNER, access, "--encoding=UTF8", "--locale=C", "--no-sync"])
    }

    /// Starts the server and waits until it takes connections.
    pub(super) fn start(folder: &Path) -> Result<Self, String> {
        let place = Place::of(folder)?;
        let data = place.data();
        if place.run("pg_ctl", &["status", "-D", &data]).is_ok() {
            place.run("pg_ctl", &["stop", "-m", "fast", "-D", &data])?;
        }
        let stop = place.line("pg_ctl", &["stop", "-m", "fast", "-D", &data]);
        let mut guard = Command::new("sh");
        guard.args(["-c", GUARD, "sh"]).args(&stop).current_dir("/");
        guard.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let guard = guard.spawn().map_err(|e| e.to_string())?;
        let cluster = Self { folder: place.folder.clone(), guard };
        let options = format!("-c listen_addresses='' -c unix_socket_directories={}", place.folder.display());
        let log = place.folder.join("log").display().to_string();
        place.run("pg_ctl", &["start", "-w", "-t", "60", "-D", &data, "-l", &log, "-o", &options])?;
        Ok(cluster)
    }

    /// How somebody of this machine connects.
    pub(super) fn address(&self, user: &str) -> String {
        format!("host={} user={user} dbname=postgres", self.folder.display())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.guard.stdin.take());
        if let Err(error) = self.guard.wait() {
            tracing::warn!(%error, "a department's PostgreSQL may still run");
        }
    }
}

/// Where it lies and who runs it.
struct Place {
    bin: PathBuf,
    folder: PathBuf,
    /// We are root and step down; user and group of the account.
    other: Option<(u32, u32)>,
}

impl Place {
    fn of(folder: &Path) -> Result<Self, String> {
        let bin = binaries().ok_or("its programs are not installed")?;
        let folder = std::path::absolute(folder).map_err(|e| e.to_string())?;
        let plain = folder.to_str().is_some_and(|path| !path.contains([' ', '\'', '\\']) && path.len() <= LONGEST);
        if !plain {
            return Err("the data folder's path is too long for a socket or has a blank or quote".into());
        }
        let other = match id(&["-u"]) {
            Some(0) => {
                let account = id(&["-u", UNPRIVILEGED]).zip(id(&["-g", UNPRIVILEGED]));
                Some(account.ok_or("we are root, and there is no user postgres to step down to")?)
            }
            _ => None,
        };
        Ok(Self { bin, folder, other })
    }

    fn data(&self) -> String {
        self.folder.join("data").display().to_string()
    }

    fn line(&self, program: &str, args: &[&str]) -> Vec<String> {
        let program = self.bin.join(program).display().to_string();
        let prefix: &[&str] = if self.other.is_some() { &["runuser", "-u", UNPRIVILEGED, "--"] } else { &[] };
        prefix.iter().copied().chain([program.as_str()]).chain(args.iter().copied()).map(str::to_owned).collect()
    }

    /// No pipes: the server would inherit them and keep them open.
    fn run(&self, program: &str, args: &[&str]) -> Result<(), String> {
        let line = self.line(program, args);
        let mut command = Command::new(&line[0]);
        command.args(&line[1..]).current_dir("/").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        match command.status() {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(format!("{program}: {status}")),
            Err(error) => Err(format!("{program}: {error}")),
        }
    }
}

fn id(args: &[&str]) -> Option<u32> {
    let output = Command::new("id").args(args).output().ok()?;
    String::from_utf8_lossy(&output.stdout).trim().parse().ok()
}

/// The folder with initdb, pg_ctl and postgres: Debian keeps it off PATH, newest version last.
fn binaries() -> Option<PathBuf> {
    let is_complete = |bin: &PathBuf| ["initdb", "pg_ctl", "postgres"].iter().all(|name| bin.join(name).is_file());
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut debian: Vec<PathBuf> = versions.map(|version| version.path().join("bin")).filter(is_complete).collect();
    debian.sort_by_key(|bin| bin.parent().and_then(Path::file_name)?.to_str()?.parse::<u32>().ok());
    let path = std::env::var_os("PATH").unwrap_or_default();
    debian.pop().or_else(|| std::env::split_paths(&path).find(is_complete))
}
