//! Programs inside the kernel that watch or change its functions, and who holds them, by the rows of
//! BPF objects. Security products hold such programs too, so this is never more than possible.

use std::collections::BTreeMap;

use leaksweep_facts::{
    Observed,
    tables::host::{BpfObject, Contradiction},
};

use super::{add, row};

type Held<'a> = BTreeMap<&'a str, usize>;

pub fn look(objects: &[BpfObject], seen: &mut Observed<Contradiction>) {
    let mut holders: BTreeMap<i64, (&str, Held<'_>)> = BTreeMap::new();
    let watching = objects.iter().filter(|one| one.effect.as_deref() == Some("watches"));
    for object in watching {
        let (Some(pid), Some(form)) = (object.pid, object.form.as_deref()) else { continue };
        let name = object.process.as_deref().unwrap_or_default();
        *holders.entry(pid).or_insert((name, Held::new())).1.entry(form).or_default() += 1;
    }
    let rows = holders.into_iter().map(|(pid, (name, held))| {
        let kinds: Vec<String> = held.iter().map(|(kind, many)| format!("{many} {kind}")).collect();
        let detail = format!("'{name}' holds BPF programs: {}", kinds.join(", "));
        let subject = format!("process {pid}");
        let row = row("hook", subject, ("/proc/PID/fdinfo", ""), detail, "possible");
        Contradiction { pid: Some(pid), ..row }
    });
    add(seen, rows.collect());
}
