//! What a section found, and how it is shown: a table in the terminal, `results.json`, `RESULTS.md`.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

/// What a section found.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Section {
    /// Its heading.
    pub title: String,
    /// Its tables, most telling first.
    pub tables: Vec<Table>,
    /// Targets and recorded figures that it was held against.
    pub checks: Vec<Check>,
    /// What a reader needs to know to read the tables: conditions, departures, oddities. A sentence each.
    pub notes: Vec<String>,
}

/// Subjects (ours, baselines, peers) by measures.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Table {
    /// What it is about.
    pub title: String,
    /// The measures.
    pub columns: Vec<Column>,
    /// A row for each subject.
    pub rows: Vec<Row>,
}

/// A measure.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its unit.
    pub unit: Unit,
}

/// A subject and its figures, one for each column; none where it was not or cannot be measured.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Row {
    /// Who was measured.
    pub subject: String,
    /// The figures.
    pub figures: Vec<Option<f64>>,
}

/// The unit of a figure, which decides how it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// A number of things.
    Count,
    /// Executed instructions.
    Instructions,
    /// Milliseconds.
    Milliseconds,
    /// Microseconds.
    Microseconds,
    /// Bytes.
    Bytes,
    /// Things a second.
    PerSecond,
    /// So many times the baseline.
    Times,
    /// US dollars.
    Dollars,
    /// DynamoDB capacity units.
    Units,
}

/// A figure held against a bound.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Check {
    /// What is held to it.
    pub what: String,
    /// The figure.
    pub figure: f64,
    /// Its unit.
    pub unit: Unit,
    /// What it should be.
    pub bound: Bound,
    /// Whether a miss fails the run. A target that is known to be missed is told, and does not.
    pub fails: bool,
}

/// What a figure should be.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// This or less.
    AtMost(f64),
    /// This or more.
    AtLeast(f64),
}

impl Check {
    /// Whether the figure is what it should be.
    pub fn is_met(&self) -> bool {
        match self.bound {
            Bound::AtMost(most) => self.figure <= most,
            Bound::AtLeast(least) => self.figure >= least,
        }
    }
}

impl Table {
    /// An empty table with these measures.
    pub fn new(title: &str, columns: &[(&str, Unit)]) -> Self {
        let columns = columns.iter().map(|(name, unit)| Column {
            name: (*name).to_owned(),
            unit: *unit,
        });
        Self {
            title: title.to_owned(),
            columns: columns.collect(),
            rows: Vec::new(),
        }
    }

    /// Adds a subject.
    pub fn row(&mut self, subject: &str, figures: impl IntoIterator<Item = Option<f64>>) {
        self.rows.push(Row {
            subject: subject.to_owned(),
            figures: figures.into_iter().collect(),
        });
    }
}

impl Section {
    /// The section as Markdown, with headings below the given level.
    pub fn markdown(&self) -> String {
        let mut text = String::new();
        for table in &self.tables {
            let _ = writeln!(text, "**{}**\n", table.title);
            let lines = table.cells();
            let width = lines.first().map_or(0, Vec::len);
            for (index, cells) in lines.iter().enumerate() {
                let _ = writeln!(text, "| {} |", cells.join(" | "));
                if index == 0 {
                    let _ = writeln!(text, "|---|{}", "--:|".repeat(width.saturating_sub(1)));
                }
            }
            text.push('\n');
        }
        for check in &self.checks {
            let _ = writeln!(text, "* {}", check.line());
        }
        if !self.checks.is_empty() {
            text.push('\n');
        }
        for note in &self.notes {
            let _ = writeln!(text, "{note}\n");
        }
        text
    }

    /// The section for a terminal.
    pub fn terminal(&self) -> String {
        let mut text = format!("{}\n", self.title);
        for table in &self.tables {
            let lines = table.cells();
            let columns = lines.iter().map(Vec::len).max().unwrap_or(0);
            let widths: Vec<usize> = (0..columns)
                .map(|column| {
                    let cells = lines.iter().filter_map(|cells| cells.get(column));
                    cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
                })
                .collect();
            let _ = writeln!(text, "\n  {}", table.title);
            for cells in &lines {
                text.push_str("   ");
                for (column, (cell, width)) in cells.iter().zip(&widths).enumerate() {
                    let _ = if column == 0 {
                        write!(text, " {cell:<width$}")
                    } else {
                        write!(text, "  {cell:>width$}")
                    };
                }
                text.push('\n');
            }
        }
        text.push('\n');
        for check in &self.checks {
            let _ = writeln!(text, "  {}", check.line());
        }
        for note in &self.notes {
            let _ = writeln!(text, "  {note}");
        }
        text
    }
}

impl Table {
    /// The heading and the rows, as text.
    fn cells(&self) -> Vec<Vec<String>> {
        let heading = [String::new()].into_iter();
        let heading = heading.chain(self.columns.iter().map(|column| column.name.clone()));
        let rows = self.rows.iter().map(|row| {
            let figures = row.figures.iter().zip(&self.columns);
            let figures = figures.map(|(figure, column)| match figure {
                Some(figure) => column.unit.show(*figure),
                None => "–".to_owned(),
            });
            [row.subject.clone()].into_iter().chain(figures).collect()
        });
        [heading.collect()].into_iter().chain(rows).collect()
    }
}

impl Check {
    fn line(&self) -> String {
        let (mark, unit) = (if self.is_met() { "✓" } else { "✗" }, self.unit);
        let bound = match self.bound {
            Bound::AtMost(most) => format!("≤ {}", unit.show(most)),
            Bound::AtLeast(least) => format!("≥ {}", unit.show(least)),
        };
        format!("{mark} {}: {} ({bound})", self.what, unit.show(self.figure))
    }
}

impl Unit {
    /// A figure as a person reads it.
    pub fn show(self, figure: f64) -> String {
        match self {
            Self::Count => grouped(figure, 0),
            Self::Instructions if figure < 1e6 => format!("{:.0} k", figure / 1e3),
            Self::Instructions => format!("{:.2} M", figure / 1e6),
            Self::Milliseconds => format!("{figure:.2} ms"),
            Self::Microseconds => {
                format!("{} µs", grouped(figure, if figure < 10.0 { 2 } else { 0 }))
            }
            Self::Bytes if figure < 1e6 => format!("{:.0} KB", figure / 1e3),
            Self::Bytes => format!("{:.2} MB", figure / 1e6),
            Self::PerSecond => format!("{}/s", grouped(figure, 0)),
            Self::Times => format!("{figure:.2} ×"),
            Self::Dollars => format!("${figure:.3}"),
            Self::Units => format!("{figure:.1}"),
        }
    }
}

/// A number with a comma between thousands.
fn grouped(figure: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", figure.abs());
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let mut shown = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    let sign = if figure < 0.0 { "-" } else { "" };
    let dot = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{shown}{dot}{fraction}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_written_for_people() {
        assert_eq!(Unit::Count.show(1_234_567.0), "1,234,567");
        assert_eq!(Unit::Instructions.show(2_150_000.0), "2.15 M");
        assert_eq!(Unit::Instructions.show(812_400.0), "812 k");
        assert_eq!(Unit::Bytes.show(7_100_000.0), "7.10 MB");
        assert_eq!(Unit::Microseconds.show(4.091), "4.09 µs");
        assert_eq!(Unit::PerSecond.show(-1234.0), "-1,234/s");
    }

    #[test]
    fn a_check_says_whether_it_is_met() {
        let check = Check {
            what: "binary".to_owned(),
            figure: 8.1e6,
            unit: Unit::Bytes,
            bound: Bound::AtMost(8e6),
            fails: false,
        };
        assert!(!check.is_met());
        assert_eq!(check.line(), "✗ binary: 8.10 MB (≤ 8.00 MB)");
    }
}
