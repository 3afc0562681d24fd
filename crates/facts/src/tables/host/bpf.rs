use crate::{Time, table};

table! {
    /// BPF objects: programs that run inside the kernel, their maps and links, by the process that holds each of them open;
    /// and the names under which objects are pinned, so that they outlive every process.
    #[table("host_bpf_objects", version = 1)]
    pub struct BpfObject {
        /// `program`, `map`, `link`, or `pinned` for a name in a BPF file system, whose object is not opened.
        pub kind: String,
        /// The kernel's number of the program, map or link; null for a name.
        pub number: Option<i64>,
        /// Of a program and a map the kernel's word for its type: `kprobe`, `xdp`, `hash`; of a link how it is attached; null
        /// where the kernel did not tell.
        pub form: Option<String>,
        /// What a program of that type can do: `watches` (sees functions and events, or decides on them), `network` (sees,
        /// changes or redirects packets and connections); null where it is neither, and for what is no program.
        pub effect: Option<String>,
        /// The program's digest by the kernel, of a link that of its program.
        pub tag: Option<String>,
        /// The process that holds it; null for a name.
        pub pid: Option<i64>,
        /// That process's name.
        pub process: Option<String>,
        /// That process's program.
        pub program: Option<String>,
        /// Whose rights that process has; of a name its owner.
        pub user: String,
        /// The name's path.
        pub path: Option<String>,
        /// The name's rights, in octal as `ls` and chmod count them.
        pub mode: Option<String>,
        /// When the name was made or last changed.
        pub modified: Option<Time>,
    }
}
