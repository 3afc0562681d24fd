//! The initramfs that Debian's own tools made of a real kernel: every file in it is explained.

use arrow_array::{Array, Int64Array, StringArray};
use leaksweep_facts::Sweep;

fn texts<'a>(sweep: &'a Sweep, column: &str) -> Vec<&'a str> {
    let batch = &sweep.table("host_boot_files").expect("the table")[0];
    let column = batch.column_by_name(column).expect("the column");
    let column = column.as_any().downcast_ref::<StringArray>().expect("texts");
    column.iter().map(Option::unwrap_or_default).collect()
}

#[test]
fn nothing_in_it_is_foreign_or_changed() {
    let Some(root) = leaksweep_peers::root("planted") else { return };
    let options = leaksweep_host::Options { root: Some(root), ..Default::default() };
    let sweep = leaksweep_host::sweep(&options).expect("a sweep");
    let [kinds, paths, inner, origins] =
        ["kind", "path", "inner", "origin"].map(|column| texts(&sweep, column));
    let is_real =
        |path: &str| path.starts_with("/boot/initrd.img-") && path.ends_with("-cloud-amd64");
    let real = (0..kinds.len()).filter(|row| is_real(paths[*row]));
    let image = real.clone().find(|row| kinds[*row] == "initramfs").expect("the image");
    let batch = &sweep.table("host_boot_files").expect("the table")[0];
    let number = |column: &str| {
        let numbers = batch.column_by_name(column).expect("the column");
        numbers.as_any().downcast_ref::<Int64Array>().expect("numbers").value(image)
    };
    assert!(number("members") > 400 && number("same") > 350, "{}", number("same"));
    let odd: Vec<&str> = real
        .filter(|row| kinds[*row] == "member" && origins[*row] != "older")
        .map(|row| inner[row])
        .collect();
    assert!(odd.is_empty(), "{odd:?}");
}
