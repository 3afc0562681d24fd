//! The programs that a rule names: where they lie, and those by which one gets a shell or may write
//! any file, whatever else the rule means to allow.
//!
//! Limits: the list holds what is well known and is by no means all. A rule that fixes the arguments
//! takes most programs' ways out; that is weighed by the form of the arguments, not by what they mean.

use std::path::{Path, PathBuf};

/// These ask the person what to do: a shell is one key away, whatever the arguments.
const INTERACTIVE: &str = "aptitude ed emacs ex ftp gdb joe journalctl less links lynx man mc more most mysql nano \
    nvim pg pico psql rview rvim screen sftp sqlite telnet tmux vi view vigr vim vimdiff vipw \
    visudo w3m";
/// These run what their first argument says, or ask if there is none.
const INTERPRETERS: &str = "R ash awk bash busybox capsh chroot chrt csh dash doas env expect fish flock gawk gimp \
    guile ionice irb jjs jrunscript julia ksh ltrace lua mawk nawk nice node nodejs nohup \
    nsenter ocaml perl php pkexec pry pwsh python rc rlwrap ruby runc runuser script setarch \
    setsid sh stdbuf strace su sudo systemd-run taskset tclsh tcsh time timeout unshare wish \
    xargs zsh";
/// These run a program or write a file that one of their arguments names.
const BY_ARGUMENT: &str = "7z adduser ansible-playbook apt apt-get arp at batch bundle bundler bzip cargo cc certbot \
    chattr chgrp chmod chown chpasswd cmake composer cp cpan cpio crontab ctr curl dd \
    debootstrap dmesg dmsetup dnf docker dpkg easy_install find g++ gcc gem git go insmod \
    install ip kubectl ld.so ln logrotate lxc make modprobe mount mv nc ncat netcat ninja nmap \
    npm npx openssl openvpn pacman passwd patch pip pipx podman puppet rpm rsync run-parts \
    salt-call scp sed service setfacl snap socat split ssh sshfs start-stop-daemon sudoedit \
    svn systemctl tar tcpdump tee tshark unzip update-alternatives useradd usermod watch wget \
    wireshark yum zip zypper";
/// These write files and start nothing, so that a ban on starting programs (NOEXEC) holds no one.
const WRITE: &str = "chgrp chmod chown chpasswd cp cpio crontab curl dd ed emacs ex ftp install joe ln mv nano \
    nc ncat nvim openssl passwd patch pico rsync rvim scp sed setfacl sftp split sudoedit tar \
    tee unzip useradd usermod vi view vigr vim vipw visudo wget";
const GLOBS: [char; 3] = ['*', '?', '['];

/// A program as a rule names it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Named {
    /// Its path; a folder ends with `/`.
    pub written: String,
    /// None allows any; the empty text allows none.
    pub arguments: Option<String>,
    /// Whether it may not start others.
    pub alone: bool,
}

impl Named {
    /// The path that must stay root's. Of a pattern or folder it is one at which nothing is yet:
    /// who could put something there.
    pub fn place(&self) -> Option<PathBuf> {
        if !self.written.starts_with('/') {
            return None;
        }
        let folder = match self.written.find(GLOBS) {
            Some(at) => self.written.get(..at).and_then(|start| start.rfind('/')),
            None => self.written.strip_suffix('/').map(str::len),
        };
        let Some(end) = folder else { return Some(PathBuf::from(&self.written)) };
        let folder = self.written.get(..end).unwrap_or_default();
        Some(Path::new("/").join(folder.trim_start_matches('/')).join(NOWHERE))
    }

    /// What to call it, if it gives a shell or lets write any file.
    pub fn escape(&self) -> Option<String> {
        let last = self.written.rsplit('/').next().unwrap_or_default();
        if last.is_empty() || last.contains(GLOBS) || self.is_open_expression() {
            let gives = !self.alone && gives_much(&self.written);
            return gives.then(|| self.written.clone());
        }
        let base = last.trim_end_matches(|c: char| c.is_ascii_digit() || ".-".contains(c));
        let is_of = |list: &str| list.split_whitespace().any(|one| one == last || one == base);
        let free = is_of(INTERACTIVE)
            || is_of(INTERPRETERS) && self.first_is_free()
            || is_of(BY_ARGUMENT) && self.any_is_free();
        (free && (!self.alone || is_of(WRITE))).then(|| last.to_owned())
    }

    fn is_open_expression(&self) -> bool {
        self.written.starts_with('^') && self.written.contains(".*")
    }

    fn first_is_free(&self) -> bool {
        let Some(arguments) = &self.arguments else { return true };
        let first = arguments.split_whitespace().next();
        first.is_none_or(|first| first.starts_with(['*', '[', '?', '^']))
    }

    fn any_is_free(&self) -> bool {
        let Some(arguments) = &self.arguments else { return true };
        arguments.contains('*') || arguments.starts_with('^')
    }
}

/// No package and no person calls a file so.
const NOWHERE: &str = ".leaksweep-nothing";

/// Whether a folder or pattern covers the system's programs, shells among them.
fn gives_much(written: &str) -> bool {
    let folder = written.trim_start_matches('^').trim_end_matches('$');
    let folder = folder.split(['*', '?', '[', '.', '(']).next().unwrap_or_default();
    let folder = folder.trim_end_matches('/');
    ["", "/usr", "/bin", "/usr/bin", "/sbin", "/usr/sbin", "/usr/local", "/usr/local/bin"]
        .contains(&folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(written: &str, arguments: Option<&str>, alone: bool) -> Named {
        let arguments = arguments.map(str::to_owned);
        Named { written: written.into(), arguments, alone }
    }

    #[test]
    fn a_way_out_depends_on_the_program_and_on_its_arguments() {
        let cases = [
            ("/usr/bin/vim", None, false, Some("vim")),
            ("/usr/bin/vim", Some("/etc/motd"), false, Some("vim")),
            ("/usr/bin/less", Some("/var/log/syslog"), true, None),
            ("/usr/bin/vim.basic", None, true, None),
            ("/usr/bin/vim", None, true, Some("vim")),
            ("/usr/bin/python3.11", None, false, Some("python3.11")),
            ("/usr/bin/python3", Some("/opt/x.py"), false, None),
            ("/usr/bin/python3", Some("/opt/x.py *"), false, None),
            ("/usr/bin/python3", Some("*"), false, Some("python3")),
            ("/bin/bash", Some(""), false, Some("bash")),
            ("/bin/bash", Some("/opt/x.sh"), false, None),
            ("/usr/bin/tar", Some("-tf /x.tar"), false, None),
            ("/usr/bin/tar", Some("-tf *"), false, Some("tar")),
            ("/usr/bin/systemctl", Some("restart nginx"), false, None),
            ("/usr/bin/find", Some(""), false, None),
            ("/usr/sbin/ufw", None, false, None),
            ("/usr/bin/", None, false, Some("/usr/bin/")),
            ("/opt/tools/", None, false, None),
            ("/usr/bin/*", None, false, Some("/usr/bin/*")),
            ("/opt/a*", None, false, None),
            ("^/usr/bin/.*$", None, false, Some("^/usr/bin/.*$")),
            ("/usr/bin/cp", None, true, Some("cp")),
        ];
        for (written, arguments, alone, expected) in cases {
            let found = named(written, arguments, alone).escape();
            assert_eq!(found.as_deref(), expected, "{written} {arguments:?}");
        }
    }

    #[test]
    fn what_must_stay_roots_is_the_program_or_its_folder() {
        let cases = [
            ("/opt/a/tool", Some("/opt/a/tool")),
            ("/opt/a/", Some("/opt/a/.leaksweep-nothing")),
            ("/opt/a/*", Some("/opt/a/.leaksweep-nothing")),
            ("/opt/*/x", Some("/opt/.leaksweep-nothing")),
            ("/*", Some("/.leaksweep-nothing")),
            ("sudoedit", None),
            ("ALL", None),
        ];
        for (written, expected) in cases {
            let place = named(written, None, false).place();
            assert_eq!(place.as_deref(), expected.map(Path::new), "{written}");
        }
    }
}
