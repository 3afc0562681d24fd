#![no_main]
leaksweep_fuzz::fuzz!(leaksweep_host::parsers::boot_initramfs);
