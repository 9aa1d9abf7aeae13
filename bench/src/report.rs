//! The figures as people and machines read them.
use std::path::Path;
use std::time::Instant;

use serde_json::{Value, json};

use crate::Result;
use crate::machine::{self, Share};

#[derive(Debug, Clone, Copy)]
pub enum Limit {
    AtLeast(f64),
    Under(f64),
    /// Told for comparison, held against nothing.
    Open,
}

pub struct Figure {
    pub name: String,
    pub value: f64,
    pub unit: &'static str,
    pub limit: Limit,
    /// What must be known to read the figure.
    pub beside: String,
}

pub struct Report {
    group: &'static str,
    rows: Vec<Value>,
    missed: usize,
}

impl Report {
    pub fn begin() -> Self {
        println!("{} cores, load {}", machine::cores(), machine::load());
        Self { group: "", rows: Vec::new(), missed: 0 }
    }

    /// Runs a group and says how much of the machine other programs took meanwhile.
    pub fn group(&mut self, name: &'static str, run: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        self.group = name;
        println!("\n{name}");
        let (share, started) = (Share::begin()?, Instant::now());
        run(self)?;
        let others = share.of_others()?;
        println!("  ({:.0} s; other programs took {others:.0} % of the machine)", started.elapsed().as_secs_f64());
        self.rows.push(json!({"group": name, "name": "taken by other programs", "value": others, "unit": "%"}));
        Ok(())
    }

    pub fn put(&mut self, figure: Figure) {
        let (limit, ok) = match figure.limit {
            Limit::AtLeast(limit) => (format!("≥ {}", shown(limit)), figure.value >= limit),
            Limit::Under(limit) => (format!("< {}", shown(limit)), figure.value < limit),
            Limit::Open => (String::new(), true),
        };
        let held = !matches!(figure.limit, Limit::Open);
        let verdict = match (held, ok) {
            (false, _) => "",
            (true, true) => "ok",
            (true, false) => "MISSED",
        };
        self.missed += usize::from(!ok);
        println!(
            "  {:<44} {:>9} {:<6} {limit:<9} {verdict:<6} {}",
            figure.name,
            shown(figure.value),
            figure.unit,
            figure.beside
        );
        self.rows.push(json!({
            "group": self.group, "name": figure.name, "value": figure.value, "unit": figure.unit,
            "limit": limit, "ok": if held { Some(ok) } else { None }, "beside": figure.beside,
        }));
    }

    /// Writes everything down; the number of limits missed.
    pub fn save(&self, path: &Path) -> Result<usize> {
        let report = json!({"cores": machine::cores(), "missed": self.missed, "figures": self.rows});
        std::fs::write(path, serde_json::to_string_pretty(&report)?)?;
        println!("\nwritten to {}", path.display());
        Ok(self.missed)
    }
}

/// Three digits that count.
fn shown(value: f64) -> String {
    match value.abs() {
        v if v >= 1000.0 => thousands(value),
        v if v >= 100.0 => format!("{value:.0}"),
        v if v >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

fn thousands(value: f64) -> String {
    let whole = value.round() as i64;
    if whole.abs() < 1_000_000 {
        return format!("{},{:03}", whole / 1000, whole.abs() % 1000);
    }
    format!("{},{:03},{:03}", whole / 1_000_000, whole.abs() / 1000 % 1000, whole.abs() % 1000)
}

#[cfg(test)]
mod tests {
    #[test]
    fn figures_are_short() {
        assert_eq!(super::shown(12_345.6), "12,346");
        assert_eq!(super::shown(1_200_000.0), "1,200,000");
        assert_eq!((super::shown(0.354).as_str(), super::shown(41.26).as_str()), ("0.35", "41.3"));
    }
}
