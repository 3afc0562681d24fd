//! Other namespaces of the same NVMe subsystem: what sanitizes one of them clears all.

use super::World;

/// Names of disks that are cleared together with this one.
pub fn neighbours(world: &World, name: &str) -> Vec<String> {
    let Some(subsystem) = subsystem(name) else { return Vec::new() };
    let disks = world.names("sys/class/block").into_iter();
    let others = disks.filter(|other| other != name && self::subsystem(other) == Some(subsystem));
    others.filter(|other| !world.exists(&format!("sys/class/block/{other}/partition"))).collect()
}

/// `nvme0` of `nvme0n1`; none of `nvme0c1n1`, which is only a path to it, and of partitions.
fn subsystem(name: &str) -> Option<&str> {
    let (subsystem, namespace) = name.rsplit_once('n')?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = subsystem.strip_prefix("nvme")?;
    (digits(number) && digits(namespace)).then_some(subsystem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_namespaces_of_the_same_subsystem_are_neighbours() {
        let root = tempfile::tempdir().unwrap();
        for name in ["nvme0n1", "nvme0n1p1", "nvme0n2", "nvme0c1n1", "nvme1n1", "nvme10n1", "sda"] {
            std::fs::create_dir_all(root.path().join("sys/class/block").join(name)).unwrap();
        }
        let world = World::at(root.path());
        assert_eq!(neighbours(&world, "nvme0n1"), ["nvme0n2"]);
        assert_eq!(neighbours(&world, "nvme1n1"), [""; 0]);
        assert_eq!(neighbours(&world, "sda"), [""; 0]);
    }
}
