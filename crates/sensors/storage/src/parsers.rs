//! Each byte parser as one function of bytes, for the fuzz targets.
