//! What a printer told by SNMP, as one ordered map: from answers that came, or from a file. Everything else is read out of it.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Bound,
};

use super::{
    oid::{self, Oid},
    value::Value,
};

/// The most objects that are kept.
const MOST: usize = 100_000;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Walk {
    values: BTreeMap<Oid, Value>,
    /// For which the printer gave a general error: it has them and does not show them.
    refused: BTreeSet<Oid>,
}

impl Walk {
    /// Keeps the first of several; false where there is no more room.
    pub fn insert(&mut self, oid: Oid, value: Value) -> bool {
        if self.values.len() >= MOST {
            return false;
        }
        if value.is_held() {
            self.values.entry(oid).or_insert(value);
        }
        true
    }

    pub fn refuse(&mut self, oid: Oid) {
        if self.refused.len() < MOST {
            self.refused.insert(oid);
        }
    }

    pub fn is_refused(&self, oid: &[u32]) -> bool {
        self.refused.contains(oid)
    }

    pub fn is_empty(&self) -> bool {
        self.values.is_empty() && self.refused.is_empty()
    }

    pub fn get(&self, oid: &[u32]) -> Option<&Value> {
        self.values.get(oid)
    }

    pub fn text(&self, oid: &[u32]) -> Option<String> {
        self.get(oid).and_then(Value::text)
    }

    /// Every instance of a column, with what stands behind the column.
    pub fn column<'a>(&'a self, column: &'a [u32]) -> impl Iterator<Item = (&'a [u32], &'a Value)> {
        let from = self.values.range::<[u32], _>((Bound::Included(column), Bound::Unbounded));
        from.map_while(|(oid, value)| Some((oid.below(column)?, value)))
    }

    /// The cell of a row.
    pub fn cell(&self, column: &[u32], row: &[u32]) -> Option<&Value> {
        self.get(&[column, row].concat())
    }

    /// The first instance of a column that holds a text: its identifier and the text.
    pub fn first_text(&self, column: &[u32]) -> Option<(String, String)> {
        let told = |(row, value): (&[u32], &Value)| {
            Some((oid::dotted(&[column, row].concat()), value.text()?))
        };
        self.column(column).find_map(told)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_ends_where_the_next_begins() {
        let mut walk = Walk::default();
        for (oid, number) in [("1.2.1", 1), ("1.2.1.1", 2), ("1.2.10", 3), ("1.3", 4)] {
            walk.insert(Oid::parse(oid).unwrap(), Value::Integer(number));
        }
        let found: Vec<_> =
            walk.column(&[1, 2]).map(|(row, value)| (row.to_vec(), value.number())).collect();
        assert_eq!(found, [(vec![1], Some(1)), (vec![1, 1], Some(2)), (vec![10], Some(3))]);
        assert_eq!(walk.column(&[1, 2, 1]).count(), 2);
        assert_eq!(walk.cell(&[1, 2], &[10]), Some(&Value::Integer(3)));
    }

    #[test]
    fn what_is_no_value_is_not_kept() {
        let mut walk = Walk::default();
        walk.insert(Oid::parse("1.1").unwrap(), Value::Absent);
        assert!(walk.is_empty());
        walk.refuse(Oid::parse("1.1").unwrap());
        assert!(walk.is_refused(&[1, 1]) && !walk.is_empty());
    }
}
