//! A private PostgreSQL for one run of the tests: a fresh cluster in a temporary folder, on a free port of loopback.
//! A guard process removes it when we end, however we end.

use std::fs;
use std::io::{self, Read};
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::steps::find_program;

/// The user that Debian's packages create; PostgreSQL refuses to run as root.
const UNPRIVILEGED: &str = "postgres";

/// Waits until our end of its input closes, then stops the server and removes the folder. Deaf to Ctrl-C:
/// the terminal sends that to the whole group.
const GUARD: &str = "trap '' INT TERM HUP; cat >/dev/null; \"$@\" >/dev/null 2>&1; rm -rf \"$TONGBAN_PG_FOLDER\"";

/// A running cluster. Dropping it stops the server and removes its folder.
pub(crate) struct Cluster {
    url: String,
    guard: Child,
}

impl Cluster {
    /// Creates and starts a cluster; the error is a sentence for people.
    pub(crate) fn start() -> Result<Self, String> {
        let bin = binaries().ok_or(
            "PostgreSQL's server programs were not found. The tests run on both databases. \
             Install them (Debian: apt-get install postgresql) or set TONGBAN_TEST_PG to a postgres:// URL of an administrator.",
        )?;
        Self::start_in(&bin).map_err(|error| format!("A private PostgreSQL could not be started: {error}."))
    }

    fn start_in(bin: &Path) -> io::Result<Self> {
        let user = as_user()?;
        let folder = std::env::temp_dir().join(format!("tongban-pg-{}", std::process::id()));
        fs::create_dir(&folder)?;
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o700))?;
        let data = folder.join("data");
        let stop = user.command(&[&path(&bin.join("pg_ctl")), "stop", "-m", "immediate", "-D", &path(&data)]);
        // From here on the guard cleans up, also when a step below fails.
        let guard = guard(&stop, &folder)?;
        let password = password()?;
        fs::write(folder.join("password"), &password)?;
        user.own(&folder)?;
        user.own(&folder.join("password"))?;
        let port = free_port()?;
        let mut cluster = Self { url: format!("postgres://tongban:{password}@127.0.0.1:{port}/postgres"), guard };
        cluster.create(&user, bin, &folder, port)?;
        Ok(cluster)
    }

    fn create(&mut self, user: &User, bin: &Path, folder: &Path, port: u16) -> io::Result<()> {
        let data = path(&folder.join("data"));
        let pwfile = format!("--pwfile={}", path(&folder.join("password")));
        let initdb = path(&bin.join("initdb"));
        // A password, so that nobody else on the machine gets in; plain, because it stays on loopback and costs nothing.
        run(&user.command(&[
            &initdb,
            "-D",
            &data,
            "-U",
            "tongban",
            &pwfile,
            "--auth=password",
            "--encoding=UTF8",
            "--locale=C",
        ]))?;
        let options = format!(
            "-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={} -c fsync=on -c max_connections=200",
            path(folder)
        );
        let (pg_ctl, log) = (path(&bin.join("pg_ctl")), path(&folder.join("log")));
        run(&user.command(&[&pg_ctl, "start", "-w", "-t", "60", "-D", &data, "-l", &log, "-o", &options]))
            .map_err(|error| io::Error::other(format!("{error} {}", fs::read_to_string(&log).unwrap_or_default())))
    }

    /// The URL of an administrator who may create databases.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.guard.stdin.take());
        if let Err(error) = self.guard.wait() {
            eprintln!("The private PostgreSQL may still run: {error}.");
        }
    }
}

/// Who runs the server.
enum User {
    Ourselves,
    /// We are root and step down; user and group of the account.
    Other {
        uid: u32,
        gid: u32,
    },
}

impl User {
    fn command(&self, command: &[&str]) -> Vec<String> {
        let prefix: &[&str] = match self {
            Self::Ourselves => &[],
            Self::Other { .. } => &["runuser", "-u", UNPRIVILEGED, "--"],
        };
        prefix.iter().chain(command).map(|part| (*part).to_owned()).collect()
    }

    fn own(&self, path: &Path) -> io::Result<()> {
        match self {
            Self::Ourselves => Ok(()),
            Self::Other { uid, gid } => chown(path, Some(*uid), Some(*gid)),
        }
    }
}

fn as_user() -> io::Result<User> {
    if id(&["-u"])? != 0 {
        return Ok(User::Ourselves);
    }
    let missing = |_| io::Error::other("we are root, PostgreSQL refuses root, and there is no user `postgres`");
    Ok(User::Other {
        uid: id(&["-u", UNPRIVILEGED]).map_err(missing)?,
        gid: id(&["-g", UNPRIVILEGED]).map_err(missing)?,
    })
}

fn id(args: &[&str]) -> io::Result<u32> {
    let output = Command::new("id").args(args).stderr(Stdio::null()).output()?;
    String::from_utf8_lossy(&output.stdout).trim().parse().map_err(|_| io::Error::other("`id` gave no number"))
}

/// The folder with initdb, pg_ctl and postgres: Debian keeps it off PATH, newest version last.
fn binaries() -> Option<PathBuf> {
    let complete = |bin: &Path| ["initdb", "pg_ctl", "postgres"].iter().all(|name| bin.join(name).is_file());
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut debian: Vec<PathBuf> = versions.map(|v| v.path().join("bin")).filter(|bin| complete(bin)).collect();
    debian.sort_by_key(|bin| bin.parent().and_then(Path::file_name)?.to_str()?.parse::<u32>().ok());
    let on_path =
        find_program(&["initdb"]).and_then(|p| p.canonicalize().ok()).and_then(|p| p.parent().map(Path::to_path_buf));
    on_path.filter(|bin| complete(bin)).or_else(|| debian.pop())
}

fn guard(stop: &[String], folder: &Path) -> io::Result<Child> {
    Command::new("sh")
        .args(["-c", GUARD, "guard"])
        .args(stop)
        .env("TONGBAN_PG_FOLDER", folder)
        .current_dir(std::env::temp_dir())
        .stdin(Stdio::piped())
        .spawn()
}

fn free_port() -> io::Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

fn password() -> io::Result<String> {
    let mut bytes = [0_u8; 16];
    fs::File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(bytes.iter().map(|b| format!("{b:02x}")).collect())
}

fn run(command: &[String]) -> io::Result<()> {
    let (program, args) = command.split_first().ok_or_else(|| io::Error::other("an empty command"))?;
    // A file, not a pipe: the server inherits it and would keep a pipe open.
    let output =
        Command::new(program).args(args).current_dir("/").stdin(Stdio::null()).stdout(Stdio::null()).status()?;
    if output.success() {
        Ok(())
    } else {
        Err(io::Error::other(format!("`{}` ended with {output}", command.join(" "))))
    }
}

fn path(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpStream;

    #[test]
    fn a_cluster_answers_and_leaves_nothing_behind() {
        if binaries().is_none() {
            return; // `check` itself fails with a message when there is no server to test with.
        }
        let cluster = Cluster::start().unwrap();
        let address = cluster.url().rsplit_once('@').unwrap().1.trim_end_matches("/postgres").to_owned();
        assert!(TcpStream::connect(&address).is_ok());
        let folder = std::env::temp_dir().join(format!("tongban-pg-{}", std::process::id()));
        assert!(folder.is_dir());
        if let Some(psql) = find_program(&["psql"]) {
            let create = ["-X", "-d", cluster.url(), "-c", "CREATE DATABASE one"];
            assert!(Command::new(&psql).args(create).output().unwrap().status.success());
            let show =
                Command::new(&psql).args(["-X", "-At", "-d", cluster.url(), "-c", "SHOW fsync"]).output().unwrap();
            assert_eq!(String::from_utf8_lossy(&show.stdout).trim(), "on");
        }
        drop(cluster);
        assert!(TcpStream::connect(&address).is_err() && !folder.exists());
    }
}
