//! Names for findings that stay the same from sweep to sweep, so that other programs see which
//! are new, known or gone.

use std::collections::HashMap;

use leaksweep_facts::{
    sweep::hex,
    verdict::{Evidence, Value, Verdict},
};
use sha2::{Digest, Sha256};

/// Numbers that differ each time, though the finding is the same.
const PASSING: [&str; 10] = [
    "pid",
    "parent",
    "parent_pid",
    "remote_port",
    "namespace",
    "size",
    "received",
    "sent",
    "carrier_changes",
    "days",
];

/// The verdict: which check, at which target.
pub fn verdict(verdict: &Verdict) -> String {
    digest(&[&verdict.check.id, &verdict.target])
}

/// Every row of the evidence, in its order. A fingerprint holds neither times nor the order of
/// rows or columns. Rows that are equal otherwise are numbered.
pub fn rows(verdict: &Verdict, evidence: &Evidence) -> Vec<String> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let print = |row: &Vec<Value>| {
        let key = key(&evidence.columns, row);
        let number = seen.entry(key.clone()).or_default();
        *number += 1;
        digest(&[&verdict.check.id, &verdict.target, &key, &number.to_string()])
    };
    evidence.rows.iter().map(print).collect()
}

fn key(columns: &[String], row: &[Value]) -> String {
    let lasting = |(column, value): &(&String, &Value)| match value {
        Value::Null | Value::Time(_) => false,
        Value::Int(_) => !PASSING.contains(&column.as_str()),
        Value::Bool(_) | Value::Text(_) => true,
    };
    let mut cells: Vec<_> = columns.iter().zip(row).filter(lasting).collect();
    cells.sort();
    cells.into_iter().map(|(column, value)| digest(&[column, &value.to_string()])).collect()
}

/// Each part with its length: `ab` and `c` must not pass for `a` and `bc`.
fn digest(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    hex(&hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_holds_what_lasts() {
        let columns = |names: &[&str]| names.iter().map(|n| n.to_string()).collect::<Vec<_>>();
        let text = |text: &str| Value::Text(text.into());
        let time = Value::Time(leaksweep_facts::Time(7));
        let one = key(&columns(&["pid", "path", "since"]), &[Value::Int(1), text("/a"), time]);
        let two = key(&columns(&["path", "pid"]), &[text("/a"), Value::Int(2)]);
        assert_eq!(one, two);
        let port = key(&columns(&["path", "port"]), &[text("/a"), Value::Int(2)]);
        assert_ne!(two, port);
        assert_ne!(key(&columns(&["ab"]), &[text("c")]), key(&columns(&["a"]), &[text("bc")]));
    }
}
