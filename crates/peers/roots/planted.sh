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
# plant: text log of log-ins goes nowhere | log-in-record-not-kept | /var/log/auth.log
ln -sf /dev/null /var/log/auth.log
# plant: history goes nowhere | history-not-kept | /root/.bash_history
ln -sf /dev/null /root/.bash_history
# plant: history switched off | history-not-kept | /home/bob/.bash_aliases | line 1 keeps none
echo 'export HISTFILE=/dev/null' >/home/bob/.bash_aliases
