//! A row of a picture, read by column. Cells that hold something else count as not there.

use leaksweep_facts::{
    Time,
    verdict::{Picture, Value},
};

#[derive(Debug, Clone, Copy)]
pub struct PictureRow<'a> {
    columns: &'a [String],
    cells: &'a [Value],
}

pub fn all(picture: &Picture) -> impl Iterator<Item = PictureRow<'_>> {
    let columns = &*picture.rows.columns;
    picture.rows.rows.iter().map(move |cells| PictureRow { columns, cells })
}

impl<'a> PictureRow<'a> {
    fn cell(&self, column: &str) -> Option<&'a Value> {
        let at = self.columns.iter().position(|name| name == column)?;
        self.cells.get(at)
    }

    /// Empty for what is not there.
    pub fn text(&self, column: &str) -> &'a str {
        match self.cell(column) {
            Some(Value::Text(text)) => text,
            _ => "",
        }
    }

    pub fn number(&self, column: &str) -> Option<i64> {
        match self.cell(column) {
            Some(Value::Int(number)) => Some(*number),
            _ => None,
        }
    }

    pub fn time(&self, column: &str) -> Option<Time> {
        match self.cell(column) {
            Some(Value::Time(time)) => Some(*time),
            _ => None,
        }
    }

    pub fn is(&self, column: &str) -> bool {
        self.cell(column) == Some(&Value::Bool(true))
    }

    /// Whether it says no: what could not be told says neither.
    pub fn is_not(&self, column: &str) -> bool {
        self.cell(column) == Some(&Value::Bool(false))
    }
}
