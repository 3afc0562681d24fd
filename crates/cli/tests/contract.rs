//! What users and scripts rely on, as text: arguments, output, errors and exit codes in
//! `tests/contract/*.trycmd`.

#[test]
fn the_command_line_keeps_its_contract() {
    trycmd::TestCases::new().env("COLUMNS", "100").case("tests/contract/*.trycmd");
}
