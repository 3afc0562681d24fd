use std::path::PathBuf;
fn main() {
    let mut args = std::env::args().skip(1);
    let out = PathBuf::from(args.next().unwrap());
    let root = args.next().map(PathBuf::from);
    let options = leaksweep_host::Options { root, ..Default::default() };
    let t = std::time::Instant::now();
    let sweep = leaksweep_host::sweep(&options).unwrap();
    eprintln!("{:?}", t.elapsed());
    for (name, batch) in sweep.tables() {
        if ["host_rights", "host_pam_rules", "host_ssh_keys", "host_library_rules"].contains(&&*name)
        {
            eprintln!("{name} {}", batch.iter().map(|b| b.num_rows()).sum::<usize>());
        }
    }
    sweep.save(&out, None).unwrap();
}
