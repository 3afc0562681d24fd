#![no_main]
leaksweep_fuzz::fuzz!(leaksweep_catalogue::parsers::marks_file);
