use crate::{Time, table};

table! {
    /// Containers of Docker, Podman, LXC and systemd-nspawn on disk: what starts them, and what of the machine they may touch.
    #[table("host_containers", version = 1)]
    pub struct Container {
        /// `docker`, `podman`, `lxc`, `incus`, `nspawn` or `kubernetes`.
        pub manager: String,
        /// Its identifier.
        pub id: String,
        /// Its name.
        pub name: String,
        /// The image it was made from.
        pub image: String,
        /// Whose it is; null for the machine's.
        pub user: Option<String>,
        /// When it is started again: `always`, `unless-stopped`, `on-failure`, `no`; empty where no file that is read tells.
        pub restart: String,
        /// Whether it starts without a person's doing.
        pub starts: bool,
        /// Whether it ran; null where that could not be told.
        pub running: Option<bool>,
        /// Whether it has all rights of the machine.
        pub privileged: bool,
        /// What it shares with the machine, separated by spaces: `network`, `pid`, `ipc`, `uts`, `user`, `cgroup`.
        pub shares: String,
        /// Folders of the machine that it sees: `/:/host`, `/etc:/etc:ro`; separated by spaces.
        pub folders: String,
        /// Capabilities beyond the usual, separated by spaces.
        pub capabilities: String,
        /// Whether it can become root of the machine by one of these: privileged, the machine's processes with
        /// `SYS_PTRACE` or `SYS_ADMIN`, the machine's root folder, `/etc`, `/proc` or the manager's own socket.
        pub escapes: bool,
        /// The command that it runs.
        pub command: String,
        /// What that command does that is seldom innocent, as in host_autostarts.
        pub traits: Option<String>,
        /// The file that says so.
        pub path: String,
        /// When it was made.
        pub created: Option<Time>,
    }
}

table! {
    /// Extensions of editors, which run with their user's rights whenever the editor does; one row for each extension.
    #[table("host_editor_extensions", version = 1)]
    pub struct EditorExtension {
        /// `vscode`, `vscode-server`, `vscodium`, `cursor`, `windsurf`, `theia`, `jetbrains`, `vim`, `neovim`, `emacs`,
        /// `sublime-text`, `zed` and so on.
        pub editor: String,
        /// Whose it is; null for what is installed for everyone.
        pub user: Option<String>,
        /// Its identifier: `publisher.name`.
        pub id: String,
        /// Its version; empty where no file tells.
        pub version: String,
        /// Whether it runs as soon as the editor starts.
        pub at_start: Option<bool>,
        /// Whether it came from the editor's store; null where no file tells.
        pub from_store: Option<bool>,
        /// The folder or file.
        pub path: String,
        /// The package that owns it.
        pub package: Option<String>,
        /// When it was installed, or its folder last changed.
        pub installed: Option<Time>,
    }
}

table! {
    /// Settings that files of the system force on browsers.
    #[table("host_browser_policies", version = 1)]
    pub struct BrowserPolicy {
        /// As in host_browser_extensions.
        pub browser: String,
        /// The policy's name: `ProxySettings`.
        pub name: String,
        /// Its value as JSON, of at most 4,096 bytes. Values whose names say that they are secret are `***`.
        pub value: String,
        /// What it amounts to where it opens a way in or out: `proxy`, `certificates` (adds authorities or forgives errors),
        /// `remote-debugging`, `extensions` (installs some), `start-page`, `search`, `native-messaging`, `capture` (camera,
        /// microphone or screen without asking), `updates-off`, `safe-browsing-off`, `passwords`, `sync`; null for others.
        pub effect: Option<String>,
        /// Whether the user can choose otherwise.
        pub recommended: bool,
        /// The file.
        pub path: String,
        /// The package that owns it.
        pub package: Option<String>,
        /// Where the file comes from, as in host_files.
        pub origin: Option<String>,
        /// When it was last changed.
        pub modified: Option<Time>,
    }
}

table! {
    /// Scripts in folders that web servers serve and that do something by which a visitor can run commands, and all scripts
    /// there that no package brought.
    #[table("host_web_files", version = 1)]
    pub struct WebFile {
        /// The file.
        pub path: String,
        /// `php`, `jsp`, `asp`, `perl`, `python`, `shell`, `node` or `configuration` (`.htaccess`, `.user.ini`).
        pub language: String,
        /// What its text does, separated by spaces: `runs-request` (runs what the visitor sends), `runs-command`, `decodes`
        /// (unpacks hidden text and runs it), `uploads`, `obfuscated`, `prepends` (puts code before other scripts), and the
        /// words of host_autostarts; null where none was seen.
        pub traits: Option<String>,
        /// The line where the first of them stands.
        pub line: Option<i64>,
        /// The owner's name.
        pub owner: String,
        /// Who besides root can change it.
        pub changeable_by: Option<String>,
        /// The package that owns it.
        pub package: Option<String>,
        /// Where the file comes from, as in host_files.
        pub origin: Option<String>,
        /// Its size in bytes.
        pub size: i64,
        /// When it was last changed.
        pub modified: Option<Time>,
    }
}
