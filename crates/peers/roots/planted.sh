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
