use std::fmt;

/// Rows under headings, each column as wide as its widest cell. A heading that begins with `>` right-aligns its column, for
/// numbers.
#[derive(Debug)]
pub(crate) struct Table {
    headings: Vec<&'static str>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table without rows.
    pub(crate) fn new(headings: &[&'static str]) -> Self {
        Self {
            headings: headings.to_vec(),
            rows: Vec::new(),
        }
    }

    /// Adds a row. An empty cell is shown as `-`.
    pub(crate) fn row<const N: usize>(&mut self, cells: [String; N]) {
        let shown = |cell: String| {
            let cell = cell.replace(char::is_control, " ");
            if cell.is_empty() { "-".into() } else { cell }
        };
        self.rows.push(cells.into_iter().map(shown).collect());
    }

    fn columns(&self) -> Vec<(&'static str, bool, usize)> {
        let column = |(index, heading): (usize, &&'static str)| {
            let title = heading.trim_start_matches('>');
            let cells = self.rows.iter().filter_map(|row| row.get(index));
            let widest = cells.map(|cell| cell.chars().count()).max().unwrap_or(0);
            (
                title,
                heading.starts_with('>'),
                widest.max(title.chars().count()),
            )
        };
        self.headings.iter().enumerate().map(column).collect()
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let columns = self.columns();
        let titles = columns
            .iter()
            .map(|(title, ..)| (*title).to_owned())
            .collect();
        for row in std::iter::once(&titles).chain(&self.rows) {
            let cells: Vec<String> = row
                .iter()
                .zip(&columns)
                .map(|(cell, (_, right, width))| match right {
                    true => format!("{cell:>width$}"),
                    false => format!("{cell:<width$}"),
                })
                .collect();
            writeln!(f, "{}", cells.join("  ").trim_end())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_and_numbers_to_the_right() {
        let mut table = Table::new(&["PLAN", ">CREDITS", "LABEL"]);
        table.row(["growth".into(), "9.5".into(), String::new()]);
        table.row(["free".into(), "10000".into(), "two\nlines".into()]);
        assert_eq!(
            table.to_string(),
            "PLAN    CREDITS  LABEL\ngrowth      9.5  -\nfree      10000  two lines\n"
        );
    }
}
