use crate::table;

table! {
    /// Open sockets in every network namespace that a process uses; one row for each socket. Of `unix` sockets those
    /// that have a name and take connections or messages.
    #[table("host_sockets", version = 1)]
    pub struct Socket {
        /// `tcp`, `udp`, `udplite`, `raw`, `icmp`, `packet` (sees all traffic of an interface) or `unix`.
        pub protocol: String,
        /// `ip4`, `ip6`, `packet` or `unix`.
        pub family: String,
        /// The local address; for `unix` the path, for `packet` the interface.
        pub local_address: String,
        /// The local port; for `raw` the number of the IP protocol.
        pub local_port: Option<i64>,
        /// The other side's address; null while there is none.
        pub remote_address: Option<String>,
        /// The other side's port.
        pub remote_port: Option<i64>,
        /// `listen`, `established`, `time wait` and so on. A UDP socket without another side is `listen`;
        /// `raw`, `icmp` and `packet` sockets without one are `open`.
        pub state: String,
        /// From where it can be reached: `everywhere` (bound to every address), `address` (bound to one that is not
        /// loopback), `loopback`, `local` (unix), or `nowhere` when it does not listen.
        pub reach: String,
        /// The user that opened it; for `unix` the user of the process that holds it, empty where none was found.
        pub user: String,
        /// The process that holds it, the lowest id where several do; null where none was found.
        pub pid: Option<i64>,
        /// That process's name.
        pub process: Option<String>,
        /// That process's program.
        pub program: Option<String>,
        /// The systemd unit of that process.
        pub unit: Option<String>,
        /// The package that owns the program's file.
        pub package: Option<String>,
        /// The network namespace, as the kernel numbers it.
        pub namespace: i64,
        /// Whether that is the namespace of the machine itself and not a container's.
        pub machine_namespace: bool,
    }
}

table! {
    /// Network interfaces of the machine's own namespace.
    #[table("host_interfaces", version = 1)]
    pub struct Interface {
        /// The interface's name.
        pub name: String,
        /// `loopback`, `ethernet`, `wireless`, `mobile`, `bluetooth`, `bridge`, `bond`, `tunnel`, `virtual` or `other`.
        pub kind: String,
        /// Whether a device stands behind it: a card, a radio, a USB adapter, a virtual card of a virtual machine.
        pub device: bool,
        /// The driver of that device.
        pub driver: Option<String>,
        /// The hardware address.
        pub hardware_address: String,
        /// `up`, `down`, `dormant` and so on, as the kernel says.
        pub state: String,
        /// Whether a link is there: a cable, a radio association. Null while the interface is switched off.
        pub carrier: Option<bool>,
        /// How often a link came or went since the machine started.
        pub carrier_changes: Option<i64>,
        /// Bytes received since the machine started.
        pub received: Option<i64>,
        /// Bytes sent since the machine started.
        pub sent: Option<i64>,
        /// Whether it takes in frames for other machines.
        pub promiscuous: bool,
        /// Its addresses with prefix length, separated by spaces.
        pub addresses: String,
    }
}
