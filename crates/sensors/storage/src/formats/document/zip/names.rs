//! What an archive is, by the names of its members.

use crate::formats::{Family, Kind};

macro_rules! kinds {
    ($($id:ident $name:literal $family:ident $extension:literal;)*) => {
        $(pub const $id: Kind = Kind { name: $name, family: Family::$family, extension: $extension };)*
    };
}

kinds! {
    ZIP "zip" Archive "zip";
    DOCX "docx" Document "docx";
    DOCM "docm" Document "docm";
    XLSX "xlsx" Document "xlsx";
    XLSM "xlsm" Document "xlsm";
    XLSB "xlsb" Document "xlsb";
    PPTX "pptx" Document "pptx";
    PPTM "pptm" Document "pptm";
    VSDX "vsdx" Document "vsdx";
    ODT "odt" Document "odt";
    ODS "ods" Document "ods";
    ODP "odp" Document "odp";
    ODG "odg" Document "odg";
    ODF "odf" Document "odf";
    OFD "ofd" Document "ofd";
    XPS "xps" PrintJob "xps";
    OXPS "oxps" PrintJob "oxps";
    EPUB "epub" Document "epub";
    JAR "jar" Archive "jar";
    APK "apk" Archive "apk";
    MODEL "3mf" Other "3mf";
}

/// What was seen of names.
#[derive(Debug, Default)]
pub struct Names {
    first: Vec<u8>,
    /// The member `mimetype`, as OpenDocument and EPUB have it.
    pub mimetype: String,
    office: bool,
    word: bool,
    sheets: bool,
    binary: bool,
    slides: bool,
    visio: bool,
    macros: bool,
    ofd: bool,
    fixed: bool,
    open_fixed: bool,
    manifest: bool,
    android: bool,
    model: bool,
    pub pages: u32,
}

impl Names {
    pub fn take(&mut self, name: &[u8]) {
        if self.first.is_empty() {
            self.first = name.to_vec();
        }
        let begins = |head: &str| name.starts_with(head.as_bytes());
        let ends = |tail: &str| name.ends_with(tail.as_bytes());
        self.office |= name == b"[Content_Types].xml" || begins("[Content_Types].xml/");
        self.word |= begins("word/");
        self.sheets |= begins("xl/");
        self.binary |= name == b"xl/workbook.bin";
        self.slides |= begins("ppt/");
        self.visio |= begins("visio/");
        self.macros |= ends("/vbaProject.bin");
        self.ofd |= name == b"OFD.xml";
        self.fixed |= ends(".fdseq") || begins("FixedDocumentSequence") || ends(".fpage");
        self.open_fixed |= ends("_rels/.rels.oxps") || begins("Metadata/OXPS");
        self.manifest |= name == b"META-INF/MANIFEST.MF";
        self.android |= name == b"AndroidManifest.xml" || name == b"classes.dex";
        self.model |= begins("3D/") && ends(".model");
        let page = begins("ppt/slides/slide") && ends(".xml")
            || ends(".fpage")
            || ends(".fpage/[0].piece")
            || self.ofd && ends("/Content.xml") && memchr::memmem::find(name, b"/Pages/").is_some();
        self.pages = self.pages.saturating_add(u32::from(page));
    }

    pub fn kind(&self) -> Kind {
        let open = self.mimetype.strip_prefix("application/vnd.oasis.opendocument.");
        match open {
            Some(kind) if kind.starts_with("text") => return ODT,
            Some(kind) if kind.starts_with("spreadsheet") => return ODS,
            Some(kind) if kind.starts_with("presentation") => return ODP,
            Some(kind) if kind.starts_with("graphics") => return ODG,
            Some(_) => return ODF,
            None if self.mimetype.starts_with("application/epub+zip") => return EPUB,
            None => {}
        }
        match self {
            _ if self.ofd => OFD,
            _ if self.open_fixed => OXPS,
            _ if self.fixed => XPS,
            _ if self.model => MODEL,
            _ if self.word => {
                if self.macros {
                    DOCM
                } else {
                    DOCX
                }
            }
            _ if self.binary => XLSB,
            _ if self.sheets => {
                if self.macros {
                    XLSM
                } else {
                    XLSX
                }
            }
            _ if self.slides => {
                if self.macros {
                    PPTM
                } else {
                    PPTX
                }
            }
            _ if self.visio => VSDX,
            _ if self.android => APK,
            _ if self.manifest => JAR,
            _ => ZIP,
        }
    }
}

/// Members whose XML tells of the whole document.
pub fn tells(name: &[u8]) -> bool {
    matches!(
        name,
        b"mimetype" | b"docProps/core.xml" | b"docProps/app.xml" | b"meta.xml" | b"OFD.xml"
    ) || name.ends_with(b".psmdcp")
        || name == b"documentProperties.xml"
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// Text in markup.
    Markup,
    Plain,
}

/// Whether a member holds words, and how.
pub fn content(name: &[u8], kind: Kind) -> Option<Content> {
    let begins = |head: &str| name.starts_with(head.as_bytes());
    let lower = name.to_ascii_lowercase();
    let ends = |tails: &[&str]| tails.iter().any(|tail| lower.ends_with(tail.as_bytes()));
    let told = begins("docProps/") || name == b"meta.xml";
    let markup = match kind.name {
        "docx" | "docm" => {
            begins("word/")
                && ends(&[".xml"])
                && ["document", "header", "footer", "footnotes", "endnotes", "comments", "glossary"]
                    .iter()
                    .any(|part| name[5..].starts_with(part.as_bytes()))
        }
        "xlsx" | "xlsm" => {
            name == b"xl/sharedStrings.xml"
                || name == b"xl/workbook.xml"
                || begins("xl/worksheets/sheet")
                || begins("xl/comments")
        }
        "pptx" | "pptm" => {
            (begins("ppt/slides/") || begins("ppt/notesSlides/") || begins("ppt/comments"))
                && ends(&[".xml"])
        }
        "odt" | "ods" | "odp" | "odg" | "odf" => matches!(name, b"content.xml" | b"styles.xml"),
        "ofd" => ends(&["content.xml"]) || name == b"OFD.xml",
        "xps" | "oxps" => ends(&[".fpage", ".piece"]),
        "epub" => ends(&[".xhtml", ".html", ".htm", ".opf"]),
        "vsdx" => begins("visio/pages/"),
        _ => ends(&[".xml", ".html", ".htm", ".xhtml"]),
    };
    if markup || told {
        return Some(Content::Markup);
    }
    ends(&[
        ".txt", ".csv", ".md", ".log", ".json", ".ini", ".conf", ".eml", ".rtf", ".tex", ".vcf",
        ".ps",
    ])
    .then_some(Content::Plain)
}
