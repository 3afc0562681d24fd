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

# Kernel modules. An ELF object without content, which no kernel would take.
# plant: module beside the kernel's own | module-foreign | /usr/lib/modules/6.1.0-0-office/updates/office-helper.ko | /etc/modules-load.d/office-helper.conf
# plant: module loaded at start-up | module-loaded-by-foreign-configuration | /etc/modules-load.d/office-helper.conf | office_helper
mkdir -p /lib/modules/6.1.0-0-office/updates
{
    printf '\177ELF\002\001\001\000\000\000\000\000\000\000\000\000\001\000\076\000\001\000\000\000'
    head -c 28 /dev/zero
    printf '\100\000\000\000\000\000\100\000\000\000\000\000'
} >/lib/modules/6.1.0-0-office/updates/office-helper.ko
echo 'updates/office-helper.ko:' >/lib/modules/6.1.0-0-office/modules.dep
echo 'office-helper' >/etc/modules-load.d/office-helper.conf
