//! Steps of a check: each is run, timed and counted.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// What a step says when it did not pass.
pub(crate) type Outcome = Result<(), String>;

/// Runs steps one after the other and remembers how they ended. A failed step does not stop the next:
/// one run shows everything that is wrong.
#[derive(Default)]
pub(crate) struct Steps {
    passed: usize,
    failed: Vec<String>,
    left_out: Vec<String>,
}

impl Steps {
    pub(crate) fn run(&mut self, name: &str, step: impl FnOnce() -> Outcome) {
        println!("\n== {name}");
        let (start, cpu) = (Instant::now(), children_cpu());
        let outcome = step();
        let times = times(start.elapsed(), cpu.zip(children_cpu()));
        match outcome {
            Ok(()) => {
                self.passed += 1;
                println!("== {name}: passed, {times}");
            }
            Err(why) => {
                println!("== {name}: FAILED, {times}\n   {why}");
                self.failed.push(name.to_owned());
            }
        }
    }

    pub(crate) fn leave_out(&mut self, name: &str, why: &str) {
        println!("\n== {name}: left out, {why}");
        self.left_out.push(name.to_owned());
    }

    /// Prints the count as the last line; true when nothing failed.
    pub(crate) fn finish(self) -> bool {
        println!();
        if !self.left_out.is_empty() {
            println!("left out: {}", self.left_out.join(", "));
        }
        if !self.failed.is_empty() {
            println!("failed: {}", self.failed.join(", "));
        }
        println!("{} passed, {} failed", self.passed, self.failed.len());
        self.failed.is_empty()
    }
}

fn times(wall: Duration, cpu: Option<(Duration, Duration)>) -> String {
    let wall = wall.as_secs_f64();
    match cpu {
        Some((before, after)) => format!("{:.1} s CPU, {wall:.1} s", after.saturating_sub(before).as_secs_f64()),
        None => format!("{wall:.1} s"),
    }
}

/// CPU time of all ended children: `cutime` and `cstime` of proc(5), in ticks of 10 ms. `None` where there is no /proc.
fn children_cpu() -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    cpu_of(&stat)
}

fn cpu_of(stat: &str) -> Option<Duration> {
    // The program's name may hold spaces; the fields after it start at the last bracket.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks: u64 = fields.get(13)?.parse::<u64>().ok()? + fields.get(14)?.parse::<u64>().ok()?;
    Some(Duration::from_millis(ticks * 10))
}

/// A command in a folder with its environment.
pub(crate) struct Run<'a> {
    pub program: OsString,
    pub args: &'a [&'a str],
    pub folder: &'a Path,
    /// Variables to set, or with `None` to take away.
    pub env: &'a [(&'a str, Option<&'a str>)],
}

impl Run<'_> {
    pub(crate) fn outcome(&self) -> Outcome {
        let shown = format!("{} {}", self.program.to_string_lossy(), self.args.join(" "));
        println!("$ {shown}");
        let mut command = Command::new(&self.program);
        command.args(self.args).current_dir(self.folder);
        for (name, value) in self.env {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        match command.status() {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(format!("`{shown}` ended with {status}; its messages are above.")),
            Err(error) => Err(format!("`{shown}` could not be started: {error}.")),
        }
    }
}

pub(crate) fn cargo_binary() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// The first of these programs that is on PATH.
pub(crate) fn find_program(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let candidates = names.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    candidates.into_iter().find(|file| file.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cpu_time_is_read_after_a_name_with_spaces() {
        let stat = "7 (a) b) S 1 7 7 0 -1 4 10 20 0 0 1 2 150 50 20 0 1 0 9";
        assert_eq!(cpu_of(stat), Some(Duration::from_secs(2)));
        assert_eq!(cpu_of("7 (a) S"), None);
    }

    #[test]
    fn a_failed_step_is_counted_and_the_next_still_runs() {
        let mut steps = Steps::default();
        steps.run("one", || Err("why".into()));
        steps.run("two", || Ok(()));
        assert_eq!((steps.passed, steps.failed.len()), (1, 1));
        assert!(!steps.finish());
    }

    #[test]
    fn a_command_says_how_it_ended() {
        let run = |args: &[&str]| {
            let env = [("TONGBAN_A", Some("1")), ("TONGBAN_B", None)];
            Run { program: "sh".into(), args, folder: Path::new("."), env: &env }.outcome()
        };
        assert_eq!(run(&["-c", "test \"$TONGBAN_A\" = 1"]), Ok(()));
        assert!(run(&["-c", "exit 3"]).is_err_and(|why| why.contains("exit 3")));
    }
}
