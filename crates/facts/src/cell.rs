//! What a column can hold, and how a Rust field becomes an Arrow array.

use std::sync::Arc;

use arrow_array::{ArrayRef, BooleanArray, Int64Array, StringArray, TimestampSecondArray};
use arrow_schema::{DataType, TimeUnit};

use crate::Time;

/// The kinds of column that facts use. Few on purpose: every report and every other tool that
/// opens a sweep file understands these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    Text,
    Int,
    Bool,
    Time,
}

impl Kind {
    pub fn data_type(self) -> DataType {
        match self {
            Kind::Text => DataType::Utf8,
            Kind::Int => DataType::Int64,
            Kind::Bool => DataType::Boolean,
            Kind::Time => DataType::Timestamp(TimeUnit::Second, Some("UTC".into())),
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Kind::Text => "text",
            Kind::Int => "integer",
            Kind::Bool => "yes/no",
            Kind::Time => "time",
        }
    }
}

/// A field type that a table may use.
pub trait Cell: Sized {
    const KIND: Kind;
    const NULLABLE: bool;

    fn array<'a>(cells: impl Iterator<Item = &'a Self>) -> ArrayRef
    where
        Self: 'a;
}

macro_rules! cell {
    ($type:ty, $kind:ident, $array:ident, |$value:ident| $convert:expr) => {
        impl Cell for $type {
            const KIND: Kind = Kind::$kind;
            const NULLABLE: bool = false;

            fn array<'a>(cells: impl Iterator<Item = &'a Self>) -> ArrayRef {
                finish(cells.map(|$value| Some($convert)).collect::<$array>())
            }
        }

        impl Cell for Option<$type> {
            const KIND: Kind = Kind::$kind;
            const NULLABLE: bool = true;

            fn array<'a>(cells: impl Iterator<Item = &'a Self>) -> ArrayRef {
                finish(cells.map(|cell| cell.as_ref().map(|$value| $convert)).collect::<$array>())
            }
        }
    };
}

cell!(String, Text, StringArray, |value| value.as_str());
cell!(i64, Int, Int64Array, |value| *value);
cell!(u32, Int, Int64Array, |value| i64::from(*value));
cell!(bool, Bool, BooleanArray, |value| *value);
cell!(Time, Time, TimestampSecondArray, |value| value.0);

trait Finish {
    fn finish(self) -> ArrayRef;
}

fn finish(array: impl Finish) -> ArrayRef {
    array.finish()
}

impl Finish for StringArray {
    fn finish(self) -> ArrayRef {
        Arc::new(self)
    }
}

impl Finish for Int64Array {
    fn finish(self) -> ArrayRef {
        Arc::new(self)
    }
}

impl Finish for BooleanArray {
    fn finish(self) -> ArrayRef {
        Arc::new(self)
    }
}

impl Finish for TimestampSecondArray {
    fn finish(self) -> ArrayRef {
        Arc::new(self.with_timezone("UTC"))
    }
}
