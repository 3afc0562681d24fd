//! Prints docs/tables.md. `cargo xtask docs` puts it in its place.

fn main() {
    print!("{}", leaksweep_facts::tables::page());
}
