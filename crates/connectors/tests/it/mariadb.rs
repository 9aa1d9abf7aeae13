//! A MariaDB of one test's own: fresh, in a temporary folder, on a free port of loopback.
use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

pub struct MariaDb {
    pub url: String,
    server: Child,
    _folder: TempDir,
}

const PLACES: [&str; 3] = ["/usr/sbin", "/usr/bin", "/usr/local/bin"];

impl MariaDb {
    /// A running server; None where its programs are not installed.
    pub fn start() -> Option<Self> {
        let program = |name: &str| PLACES.iter().map(|place| Path::new(place).join(name)).find(|path| path.is_file());
        let (install, serve) = (program("mariadb-install-db")?, program("mariadbd")?);
        let folder = tempfile::Builder::new().prefix("tongban-my-").tempdir().unwrap();
        let inside = |name: &str| folder.path().join(name).display().to_string();
        // Nobody else on the machine gets in: a password over the network, a closed folder around the socket.
        let begin = "CREATE DATABASE department; CREATE USER 'tongban'@'127.0.0.1' IDENTIFIED BY 'department-2026';\n\
                     GRANT ALL ON *.* TO 'tongban'@'127.0.0.1'; DROP USER IF EXISTS 'root'@'127.0.0.1';\n";
        fs::write(inside("begin.sql"), begin.replace("; ", ";\n")).unwrap();
        let data = format!("--datadir={}", inside("data"));
        let user = format!(
            "--user={}",
            String::from_utf8_lossy(&Command::new("id").arg("-un").output().unwrap().stdout).trim()
        );
        let log =
            || Stdio::from(fs::File::options().append(true).create(true).open(folder.path().join("log")).unwrap());
        let mut making = Command::new(install);
        making.args(["--no-defaults", &data, &user, "--skip-test-db"]).stdout(log()).stderr(log());
        let made = making.status().unwrap();
        assert!(made.success(), "{}", fs::read_to_string(inside("log")).unwrap());
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let server = Command::new(serve)
            .args(["--no-defaults", &data, &user, "--bind-address=127.0.0.1"])
            .args([format!("--port={port}"), format!("--socket={}", inside("socket"))])
            .args([format!("--init-file={}", inside("begin.sql")), format!("--pid-file={}", inside("pid"))])
            .stdout(log())
            .stderr(log())
            .spawn()
            .unwrap();
        let url = format!("mysql://tongban:department-2026@127.0.0.1:{port}/department");
        let started = Self { url, server, _folder: folder };
        let answers = (0..300).any(|_| {
            std::thread::sleep(Duration::from_millis(100));
            TcpStream::connect(("127.0.0.1", port)).is_ok()
        });
        assert!(answers, "MariaDB did not start");
        Some(started)
    }
}

impl Drop for MariaDb {
    fn drop(&mut self) {
        drop(self.server.kill());
        drop(self.server.wait());
    }
}
