use super::{
    endings::{DIGITS, LETTERS},
    *,
};

fn folder_with(files: &[(&str, usize)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (number, (name, bytes)) in files.iter().enumerate() {
        std::fs::write(folder.path().join(name), vec![number as u8 + 1; *bytes]).unwrap();
    }
    folder
}

fn names(folder: &tempfile::TempDir, named: &str) -> Result<Vec<String>, String> {
    match parts(&folder.path().join(named)) {
        Ok(parts) => {
            let name = |path: PathBuf| path.file_name().unwrap().to_str().unwrap().to_owned();
            Ok(parts.unwrap_or_default().into_iter().map(name).collect())
        }
        Err(error) => Err(error.to_string()),
    }
}

#[test]
fn parts_are_found_whichever_is_named() {
    let digits = folder_with(&[("d.001", 9), ("d.002", 9), ("d.003", 9), ("e.003", 9)]);
    for named in ["d.001", "d.002", "d.003"] {
        assert_eq!(names(&digits, named).unwrap(), ["d.001", "d.002", "d.003"]);
    }
    let zero = folder_with(&[("d.img.00", 9), ("d.img.01", 9)]);
    assert_eq!(names(&zero, "d.img.01").unwrap(), ["d.img.00", "d.img.01"]);
    let letters = folder_with(&[("d.aa", 9), ("d.ab", 9), ("d.gz", 9), ("d.img", 9)]);
    assert_eq!(names(&letters, "d.ab").unwrap(), ["d.aa", "d.ab"]);
    assert!(names(&letters, "d.gz").unwrap().is_empty());
    assert!(names(&letters, "d.img").unwrap().is_empty());
}

#[test]
fn endings_that_run_out_grow() {
    let all = |names: &[String]| {
        let folder = tempfile::tempdir().unwrap();
        names.iter().for_each(|name| std::fs::write(folder.path().join(name), b"x").unwrap());
        folder
    };
    let digits: Vec<String> = (1..=1002).map(|number| format!("d.{number:03}")).collect();
    let letters: Vec<String> =
        (0..653).map(|number| format!("d.{}", Endings::Growing(LETTERS).ending(number))).collect();
    let short: Vec<String> =
        (0..93).map(|number| format!("d.{}", Endings::Growing(DIGITS).ending(number))).collect();
    for set in [digits, letters, short] {
        let folder = all(&set);
        for named in [&set[0], &set[set.len() - 3], set.last().unwrap()] {
            assert_eq!(names(&folder, named).unwrap(), set, "{named}");
        }
    }
    let gap = all(&["d.yz", "d.aa", "d.ab", "d.zaab"].map(String::from));
    assert!(names(&gap, "d.aa").unwrap_err().contains("d.ac is missing"));
    let years = folder_with(&[("d.001", 1), ("d.002", 1), ("d.2024", 1)]);
    assert_eq!(names(&years, "d.001").unwrap(), ["d.001", "d.002"]);
}

#[test]
fn a_year_beside_many_parts_is_none_of_them() {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str| std::fs::write(folder.path().join(name), b"x").unwrap();
    let all: Vec<String> = (1..=999).map(|number| format!("d.{number:03}")).collect();
    all.iter().for_each(|name| put(name));
    put("d.2024");
    assert_eq!(names(&folder, "d.001").unwrap(), all);
    assert!(names(&folder, "d.2024").unwrap().is_empty());
    put("d.1001");
    for named in ["d.001", "d.1001"] {
        assert!(names(&folder, named).unwrap_err().contains("d.1000 is missing"), "{named}");
    }
}

#[test]
fn a_missing_part_is_named() {
    let folder = folder_with(&[("d.001", 9), ("d.002", 9), ("d.004", 9), ("d.aa", 1), ("d.ac", 1)]);
    let error = names(&folder, "d.002").unwrap_err();
    assert!(error.contains("d.003 is missing: d.002 is there"), "{error}");
    assert!(names(&folder, "d.004").unwrap_err().contains("d.003 is missing"));
    assert!(
        names(&folder_with(&[("d.002", 1)]), "d.002").unwrap_err().contains("d.001 is missing")
    );
    let years = folder_with(&[("disk.2024", 1), ("disk.2025", 1)]);
    assert!(names(&years, "disk.2024").unwrap().is_empty());
    let letters = folder_with(&[("d.aa", 1), ("d.ab", 1), ("d.ad", 1)]);
    assert!(names(&letters, "d.aa").unwrap_err().contains("d.ac is missing"));
}

#[test]
fn a_short_part_in_the_middle_shifts_nothing() {
    let files = [("d.001", 3000), ("d.002", 1000), ("d.003", 3000), ("d.004", 3000), ("d.005", 70)];
    let folder = folder_with(&files);
    let split = Split::open(parts(&folder.path().join("d.001")).unwrap().unwrap()).unwrap();
    assert_eq!(split.len(), 12_070);
    let mut bytes = vec![9; 12_070];
    let mut lost = Vec::new();
    split.read(0, &mut bytes, &mut |run| lost.push(run));
    assert_eq!(lost, [Run::new(4000, 2000)]);
    let expected =
        [vec![1; 3000], vec![2; 1000], vec![0; 2000], vec![3; 3000], vec![4; 3000], vec![5; 70]];
    assert!(bytes == expected.concat());
    let mut piece = [9; 100];
    split.read(2950, &mut piece, &mut |_| panic!("nothing is lost there"));
    assert!(piece[..50] == [1; 50] && piece[50..] == [2; 50]);
    assert_eq!(split.faults().len(), 1);
}

#[test]
fn more_parts_than_may_be_open_are_read() {
    let folder = tempfile::tempdir().unwrap();
    for number in 1..=300 {
        std::fs::write(folder.path().join(format!("d.{number:03}")), [number as u8; 10]).unwrap();
    }
    let split = Split::open(parts(&folder.path().join("d.001")).unwrap().unwrap()).unwrap();
    let mut bytes = vec![0; 3000];
    split.read(0, &mut bytes, &mut |_| panic!("nothing is lost"));
    let expected: Vec<u8> = (1..=300_u32).flat_map(|number| [number as u8; 10]).collect();
    assert!(bytes == expected);
}
