//! What the kernel knows: CPU time of processes, their memory, and how busy the machine is besides.
use std::time::Duration;

use crate::Result;

pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Load averages of 1, 5 and 15 minutes.
pub fn load() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').take(3).collect::<Vec<_>>().join(" ")
}

/// CPU time that this process has used, all threads, user and system.
pub fn cpu() -> Duration {
    let at = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    let seconds = u64::try_from(at.tv_sec).unwrap_or(0);
    let nanos = u32::try_from(at.tv_nsec).unwrap_or(0);
    Duration::new(seconds, nanos)
}

/// CPU time of another process, in steps of a clock tick (10 ms).
pub fn cpu_of(pid: u32) -> Result<Duration> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // The second field is the program's name in brackets and may hold anything.
    let rest = text.rsplit_once(')').map_or("", |(_, rest)| rest);
    let field = |at: usize| rest.split_whitespace().nth(at).and_then(|text| text.parse::<u64>().ok());
    let ticks = field(11).zip(field(12)).map(|(user, system)| user + system).ok_or("/proc/PID/stat is not readable")?;
    Ok(Duration::from_secs_f64(ticks as f64 / rustix::param::clock_ticks_per_second() as f64))
}

/// A line of `/proc/PID/status` in MB: `VmRSS` now, `VmHWM` at its highest.
pub fn megabytes(pid: u32, line: &str) -> Result<f64> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let found = text.lines().find_map(|l| l.strip_prefix(line)?.strip_prefix(':')?.trim().strip_suffix(" kB"));
    let kib: f64 = found.ok_or_else(|| format!("/proc/{pid}/status has no {line}"))?.parse()?;
    Ok(kib * 1024.0 / 1e6)
}

/// Says how much of the machine others took since it was begun.
pub struct Share {
    busy: f64,
    all: f64,
    own: f64,
}

impl Share {
    pub fn begin() -> Result<Self> {
        let (busy, all) = machine()?;
        Ok(Self { busy, all, own: own()? })
    }

    /// Percent of the machine's time in which others ran (the hypervisor's share is theirs).
    pub fn of_others(&self) -> Result<f64> {
        let ((busy, all), own) = (machine()?, own()?);
        let others = (busy - self.busy) - (own - self.own);
        Ok((others / (all - self.all).max(1.0) * 100.0).clamp(0.0, 100.0))
    }
}

/// Busy and all ticks of the machine.
fn machine() -> Result<(f64, f64)> {
    let text = std::fs::read_to_string("/proc/stat")?;
    let line = text.lines().next().unwrap_or_default();
    let ticks: Vec<f64> = line.split_whitespace().skip(1).take(8).filter_map(|t| t.parse().ok()).collect();
    let idle = ticks.get(3).copied().unwrap_or(0.0) + ticks.get(4).copied().unwrap_or(0.0);
    let all: f64 = ticks.iter().sum();
    Ok((all - idle, all))
}

/// Ticks of this process and of its children that have ended.
fn own() -> Result<f64> {
    let text = std::fs::read_to_string("/proc/self/stat")?;
    let rest = text.rsplit_once(')').map_or("", |(_, rest)| rest);
    Ok(rest.split_whitespace().skip(11).take(4).filter_map(|t| t.parse::<f64>().ok()).sum())
}
