use super::*;

#[test]
fn names_of_columns_are_those_of_the_statement() {
    let cases: [(&str, &[&str]); 6] = [
        ("CREATE TABLE t(a INTEGER PRIMARY KEY, B TEXT)", &["a", "b"]),
        (
            "create table \"t\" (\n  \"a\" numeric(3,4) , [b] text default (1,2), `c`)",
            &["a", "b", "c"],
        ),
        ("CREATE TABLE t(a, PRIMARY KEY (a, b), check (a), b) WITHOUT ROWID", &["a", "b"]),
        ("CREATE TABLE t AS SELECT 1", &[]),
        ("t)))((a,", &[]),
        ("", &[]),
    ];
    for (definition, names) in cases {
        assert_eq!(columns(definition.as_bytes()), names, "{definition}");
    }
    assert!(columns(&b"t(".repeat(10_000)).is_empty());
    assert_eq!(columns(format!("t({})", "a,".repeat(10_000)).as_bytes()).len(), 16);
}
