//! Structured log lines on standard error.
use platform::config::Log;
use tracing_subscriber::EnvFilter;

pub fn begin(settings: &Log) {
    let filter = EnvFilter::try_new(&settings.level).unwrap_or_else(|_| EnvFilter::new("info"));
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let begun = if settings.json { lines.json().try_init() } else { lines.compact().try_init() };
    // A second start in one process (tests) keeps the first one's subscriber.
    drop(begun);
}
