//! A PostgreSQL of one test's own, which it may stop: fresh, in a temporary folder, on loopback.
use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// The account that Debian's packages create; PostgreSQL refuses to run as root.
const UNPRIVILEGED: &str = "postgres";

pub struct Cluster {
    bin: PathBuf,
    folder: TempDir,
    port: u16,
    as_other: Option<(u32, u32)>,
}

impl Cluster {
    /// A running cluster; None where PostgreSQL's programs are not installed.
    #[must_use]
    pub fn start() -> Option<Self> {
        let bin = binaries()?;
        let folder = tempfile::Builder::new().prefix("tongban-pg-").tempdir().unwrap();
        let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
        let as_other = (id(&["-u"]) == 0).then(|| (id(&["-u", UNPRIVILEGED]), id(&["-g", UNPRIVILEGED])));
        let cluster = Self { bin, folder, port, as_other };
        fs::set_permissions(cluster.folder.path(), fs::Permissions::from_mode(0o700)).unwrap();
        if let Some((uid, gid)) = cluster.as_other {
            chown(cluster.folder.path(), Some(uid), Some(gid)).unwrap();
        }
        let data = cluster.data();
        cluster.run("initdb", &["-D", &data, "-U", "tongban", "--auth=trust", "--encoding=UTF8", "--locale=C"]);
        cluster.start_again();
        Some(cluster)
    }

    /// Starts the server and waits until it takes connections.
    pub fn start_again(&self) {
        let options = format!(
            "-c listen_addresses=127.0.0.1 -c port={} -c unix_socket_directories={} -c fsync=on",
            self.port,
            self.folder.path().display()
        );
        let log = self.folder.path().join("log").display().to_string();
        self.run("pg_ctl", &["start", "-w", "-t", "60", "-D", &self.data(), "-l", &log, "-o", &options]);
    }

    /// Ends every process of the server at once, as a crash does.
    pub fn stop_at_once(&self) {
        self.run("pg_ctl", &["stop", "-m", "immediate", "-D", &self.data()]);
    }

    #[must_use]
    pub fn url(&self) -> String {
        format!("postgres://tongban@127.0.0.1:{}/postgres", self.port)
    }

    fn data(&self) -> String {
        self.folder.path().join("data").display().to_string()
    }

    fn command(&self, program: &str) -> Command {
        let program = self.bin.join(program);
        match self.as_other {
            None => Command::new(program),
            Some(_) => {
                let mut command = Command::new("runuser");
                command.args(["-u", UNPRIVILEGED, "--"]).arg(program);
                command
            }
        }
    }

    fn run(&self, program: &str, args: &[&str]) {
        // No pipe: the server inherits it and would keep it open.
        let mut command = self.command(program);
        let status = command.args(args).current_dir("/").stdin(Stdio::null()).stdout(Stdio::null()).status().unwrap();
        let log = fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
        assert!(status.success(), "{program} {args:?}: {status}\n{log}");
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let mut stop = self.command("pg_ctl");
        let stopped = stop.args(["stop", "-m", "immediate", "-D", &self.data()]).current_dir("/");
        if let Err(error) = stopped.stdout(Stdio::null()).stderr(Stdio::null()).status() {
            eprintln!("a test's PostgreSQL may still run: {error}");
        }
    }
}

fn id(args: &[&str]) -> u32 {
    let output = Command::new("id").args(args).output().unwrap();
    String::from_utf8_lossy(&output.stdout).trim().parse().unwrap()
}

/// The folder with initdb, pg_ctl and postgres: Debian keeps it off PATH, newest version last.
fn binaries() -> Option<PathBuf> {
    let complete = |bin: &Path| ["initdb", "pg_ctl", "postgres"].iter().all(|name| bin.join(name).is_file());
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut debian: Vec<PathBuf> = versions.map(|v| v.path().join("bin")).filter(|bin| complete(bin)).collect();
    debian.sort_by_key(|bin| bin.parent().and_then(Path::file_name)?.to_str()?.parse::<u32>().ok());
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&path).filter_map(|folder| folder.join("initdb").canonicalize().ok());
    let on_path = on_path.filter_map(|initdb| initdb.parent().map(Path::to_path_buf)).find(|bin| complete(bin));
    on_path.or_else(|| debian.pop())
}
