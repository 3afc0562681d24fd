#![no_main]
leaksweep_fuzz::fuzz!(leaksweep_host::parsers::udev_rules);
