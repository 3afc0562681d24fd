#![no_main]
leaksweep_fuzz::fuzz!(leaksweep_printer::parsers::printer_page);
