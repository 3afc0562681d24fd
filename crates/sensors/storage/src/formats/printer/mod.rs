//! Languages of printers, and what spoolers keep of jobs.

mod chunks;
#[cfg(test)]
mod claims;
mod dates;
mod ejl;
mod escp;
mod escpos;
mod hpgl;
mod ipp;
mod pcl;
mod pcl_xl;
mod pjl;
mod postscript;
mod raster;
mod rows;
mod spool;
#[cfg(test)]
mod tests;
mod text;
mod trail;
mod zpl;

use super::{Family, Format, Kind};

const fn job(name: &'static str, extension: &'static str) -> Kind {
    Kind { name, family: Family::PrintJob, extension }
}

const PJL: Kind = job("pjl", "prn");
const PCL5: Kind = job("pcl5", "pcl");
const PCL_XL: Kind = job("pcl-xl", "pxl");
const POSTSCRIPT: Kind = job("postscript", "ps");
const EPS_FILE: Kind = Kind { name: "eps", family: Family::Document, extension: "eps" };
const PJL_PDF: Kind = job("pjl-pdf", "prn");
const HPGL: Kind = job("hp-gl", "plt");
const PWG_RASTER: Kind = job("pwg-raster", "pwg");
pub const CUPS_RASTER: Kind = job("cups-raster", "ras");
const APPLE_RASTER: Kind = job("apple-raster", "urf");
const ZJS: Kind = job("zjstream", "zjs");
const SLX: Kind = job("slx", "slx");
const XQX: Kind = job("xqx", "xqx");
const OAKT: Kind = job("oakt", "oak");
const HBPL: Kind = job("hbpl", "prn");
const ESCP: Kind = job("esc-p", "prn");
const ESCPOS: Kind = job("esc-pos", "prn");
const ZPL: Kind = job("zpl", "zpl");
const EJL: Kind = job("ejl", "prn");
const IPP: Kind = job("cups-control", "ipp");
const EMF_FILE: Kind = Kind { name: "emf", family: Family::Picture, extension: "emf" };
const SPL_FILE: Kind = job("emf-spool", "spl");
const SHD_FILE: Kind = job("shd", "shd");
const QPDL: Kind = job("qpdl", "prn");

/// The narrower before the wider where both begin alike.
pub const FORMATS: &[&Format] = &[
    &pjl::FORMAT,
    &pcl_xl::FORMAT,
    &postscript::FORMAT,
    &postscript::EPS,
    &raster::FORMAT,
    &raster::APPLE,
    &chunks::ZJS_FORMAT,
    &chunks::SLX_FORMAT,
    &chunks::OAKT_FORMAT,
    &ejl::FORMAT,
    &escp::FORMAT,
    &escpos::FORMAT,
    &zpl::FORMAT,
    &ipp::FORMAT,
    &spool::SHD,
    &spool::SPL,
    &spool::EMF,
    &pcl::FORMAT,
    &hpgl::FORMAT,
];
