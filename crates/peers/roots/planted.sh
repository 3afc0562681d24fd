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
