use csv::StringRecord;

/// A row of a table.
#[derive(Clone, Debug)]
pub struct Row {
    /// The line of the file on which the row starts, from 1.
    pub line: u64,
    fields: StringRecord,
    width: usize,
    surplus: usize,
}

impl Row {
    /// A row as the file has it.
    pub(crate) const fn new(line: u64, fields: StringRecord) -> Self {
        Self {
            line,
            fields,
            width: 0,
            surplus: 0,
        }
    }

    /// The field in a column, from 0; empty where the row is too short.
    pub fn get(&self, column: usize) -> &str {
        self.fields.get(column).unwrap_or_default()
    }

    /// As many fields as the table has columns.
    pub fn fields(&self) -> impl ExactSizeIterator<Item = &str> {
        (0..self.width).map(|column| self.get(column))
    }

    /// How many fields the row has beyond the last column. They are joined to the field of the last column.
    pub const fn surplus(&self) -> usize {
        self.surplus
    }

    /// The fields that the file has.
    pub(crate) fn cells(&self) -> impl Iterator<Item = &str> {
        self.fields.iter()
    }

    /// Fits the row to a table of `width` columns, at least one.
    pub(crate) fn fit(mut self, width: usize, delimiter: u8) -> Self {
        self.width = width;
        let filled = (1..)
            .zip(self.cells())
            .filter(|(_, field)| !field.is_empty());
        let used = filled.map(|(count, _)| count).max().unwrap_or(0);
        if used > width {
            self.surplus = used - width;
            let last: Vec<&str> = self.cells().take(used).skip(width - 1).collect();
            let last = last.join(char::from(delimiter).encode_utf8(&mut [0; 4]));
            self.fields.truncate(width - 1);
            self.fields.push_field(&last);
        }
        self.fields.truncate(width);
        self
    }
}
