use crate::{Time, table};

table! {
    /// The processes that ran while the sweep looked.
    #[table("host_processes", version = 2)]
    pub struct Process {
        /// The process id.
        pub pid: i64,
        /// The parent's process id.
        pub parent: i64,
        /// The name that the kernel shows, which the process can change.
        pub name: String,
        /// The program's file; null for kernel threads and where it could not be read.
        pub program: Option<String>,
        /// `present`; `deleted`; `replaced` (another file stands at its path); `memory` (it never was a file on disk);
        /// `elsewhere` (the process sees another root folder or other mounts, as in a container, so its path is not one
        /// of this machine); `kernel` (a kernel thread); null where it could not be read or the process has ended.
        pub program_state: Option<String>,
        /// The command line, quoted where an argument needs it; of more than 32 KiB the beginning and `…`. A single
        /// argument stands as it is: it is most often a title that the process gave itself. Values of options and variables
        /// whose names say that they are secret (`--password`, `API_TOKEN=`), and passwords in addresses, are `***`.
        pub arguments: String,
        /// The user id with which it was started.
        pub uid: i64,
        /// The user id whose rights it has.
        pub effective_uid: i64,
        /// The name of the user whose rights it has; the number where no account has it.
        pub user: String,
        /// When it was started.
        pub started: Option<Time>,
        /// The systemd unit in whose control group it runs.
        pub unit: Option<String>,
        /// The package that owns the program's file.
        pub package: Option<String>,
        /// Where the program's file comes from, as in host_files.
        pub origin: Option<String>,
        /// Where its standard input, output and errors go, without repetition: `terminal /dev/pts/3`, `connection
        /// 192.0.2.7:4444`, `socket`, `pipe`, `null`, `file`; separated by spaces. Null where it could not be read.
        pub standard_streams: Option<String>,
        /// Libraries that its environment makes it load: `LD_PRELOAD=/tmp/x.so`; null where there are none.
        pub preloads: Option<String>,
        /// Code that it has mapped and that is no ordinary file of the system: deleted, in memory only, or from a folder
        /// for temporary files, a hidden one or a home; separated by spaces; null where there is none.
        pub odd_code: Option<String>,
        /// Capabilities that a process of an ordinary user has; null where there are none.
        pub capabilities: Option<String>,
        /// The process that traces it, as a debugger does; null where none does.
        pub tracer: Option<i64>,
        /// Who besides root can change the program's file or a folder above it: `everyone`, `user NAME`, `group NAME`;
        /// null when nobody can.
        pub changeable_by: Option<String>,
        /// The control group, which names the container where there is one.
        pub control_group: String,
    }
}
