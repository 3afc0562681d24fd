use std::cmp::Ordering;

/// Whether version `a` is older than `b`, by the rules that Debian packages use: epoch, then runs
/// of digits as numbers and runs of other characters as text, where `~` comes before everything.
/// They order rpm, Python and plain dotted versions the same way wherever those agree.
pub fn older(a: &str, b: &str) -> bool {
    let ((epoch_a, a), (epoch_b, b)) = (epoch(a.trim()), epoch(b.trim()));
    by_number(epoch_a, epoch_b).then_with(|| by_runs(a.as_bytes(), b.as_bytes())) == Ordering::Less
}

fn epoch(version: &str) -> (&[u8], &str) {
    match version.split_once(':') {
        Some((epoch, rest)) if epoch.bytes().all(|b| b.is_ascii_digit()) => {
            (epoch.as_bytes(), rest)
        }
        _ => (b"", version),
    }
}

fn by_runs(mut a: &[u8], mut b: &[u8]) -> Ordering {
    while !a.is_empty() || !b.is_empty() {
        let (text_a, text_b) = (take(&mut a, false), take(&mut b, false));
        let order = by_text(text_a, text_b).then_with(|| {
            let (number_a, number_b) = (take(&mut a, true), take(&mut b, true));
            by_number(number_a, number_b)
        });
        if order != Ordering::Equal {
            return order;
        }
    }
    Ordering::Equal
}

/// Takes the leading run of digits, or of anything else.
fn take<'a>(rest: &mut &'a [u8], digits: bool) -> &'a [u8] {
    let end = rest.iter().position(|b| b.is_ascii_digit() != digits).unwrap_or(rest.len());
    let (run, left) = rest.split_at(end);
    *rest = left;
    run
}

/// Numbers of any length, so that no version overflows.
fn by_number(a: &[u8], b: &[u8]) -> Ordering {
    let (a, b) = (without_zeros(a), without_zeros(b));
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

fn without_zeros(digits: &[u8]) -> &[u8] {
    let start = digits.iter().position(|b| *b != b'0').unwrap_or(digits.len());
    &digits[start..]
}

fn by_text(a: &[u8], b: &[u8]) -> Ordering {
    for at in 0..a.len().max(b.len()) {
        let order = rank(a.get(at)).cmp(&rank(b.get(at)));
        if order != Ordering::Equal {
            return order;
        }
    }
    Ordering::Equal
}

/// `~` before the end, the end before letters, letters before the rest.
fn rank(byte: Option<&u8>) -> i32 {
    match byte {
        Some(b'~') => -1,
        None => 0,
        Some(b) if b.is_ascii_alphabetic() => i32::from(*b),
        Some(b) => i32::from(*b) + 256,
    }
}

#[cfg(test)]
mod tests {
    use super::older;

    #[test]
    fn versions_are_ordered_as_packages_order_them() {
        let ascending = [
            "0.9",
            "1.0~beta1~svn1245",
            "1.0~beta1",
            "1.0",
            "1.0a",
            "1.0+b1",
            "1.0-1",
            "1.0-1.1",
            "1.0.1",
            "1.2",
            "1.10",
            "007.20",
            "2026.1",
            "1:0.1",
            "2:0",
        ];
        for (at, newer) in ascending.iter().enumerate() {
            for version in &ascending[..at] {
                assert!(older(version, newer), "{version} < {newer}");
                assert!(!older(newer, version), "{newer} > {version}");
            }
            assert!(!older(newer, newer));
        }
        assert!(!older("1.0", "01.00"));
        assert!(older(&"9".repeat(40), &format!("1{}", "0".repeat(40))));
    }
}
