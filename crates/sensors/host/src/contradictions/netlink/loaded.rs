//! Which kinds of sockets the kernel can tell about without loading a module: those whose module is
//! loaded (`/sys/module`) or built in (`modules.builtin` of the running kernel), and all where the
//! kernel loads no modules.

use crate::{
    machine::{Kernel, Machine},
    root::TEXT_CAP,
};

pub struct Handlers<'a> {
    kernel: &'a Kernel,
    /// Whether the kernel could load what is asked for.
    loads: bool,
    built_in: Vec<u8>,
}

impl<'a> Handlers<'a> {
    pub fn of(machine: &Machine, kernel: &'a Kernel) -> Self {
        let read = |path: &str| kernel.proc.read(path, TEXT_CAP).unwrap_or_default();
        let modules = kernel.proc.stat("modules").is_ok();
        let locked = read("sys/kernel/modules_disabled").starts_with(b"1");
        let release = read("sys/kernel/osrelease");
        let release = String::from_utf8_lossy(release.trim_ascii()).into_owned();
        let list = format!("/lib/modules/{release}/modules.builtin");
        let built_in = machine.root.read(list, TEXT_CAP).unwrap_or_default();
        Self { kernel, loads: modules && !locked, built_in }
    }

    pub fn answer(&self, module: &str) -> bool {
        !self.loads
            || self.kernel.sys.stat(format!("module/{module}")).is_ok()
            || self.builds_in(module)
    }

    fn builds_in(&self, module: &str) -> bool {
        let file = format!("/{module}.ko");
        self.built_in.split(|byte| *byte == b'\n').any(|line| line.ends_with(file.as_bytes()))
    }
}
