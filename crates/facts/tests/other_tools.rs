//! The tables of a sweep file open in programs that know nothing of leaksweep.

use std::{path::Path, process::Command};

const SCRIPT: &str = r#"
import io, sys, zipfile
import pyarrow.ipc
part = zipfile.ZipFile(sys.argv[1]).read("host_users.arrow")
table = pyarrow.ipc.open_file(io.BytesIO(part)).read_all()
print(table.num_rows, table.column("comment").to_pylist(), table.column("expires").type)
"#;

#[test]
fn pyarrow_opens_the_tables_of_a_sweep_file() {
    let Some(python) = leaksweep_peers::need("pyarrow") else { return };
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus/sweep/v1-signed.sweep");
    let output = Command::new(python).args(["-c", SCRIPT]).arg(file).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(said.trim(), "3 ['root', 'daemon', '王芳'] timestamp[s, tz=UTC]");
}
