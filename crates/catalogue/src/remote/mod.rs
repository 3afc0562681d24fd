//! One remote-control tool: by what it is known and where its configuration shows who may come in.
//!
//! A file of `catalogue/remote/` is one [`Tool`]; its name is the tool's id. The format is
//! documented in docs/catalogue.md.

mod mark;
mod pattern;
mod reading;
mod rules;
mod setting;

mod writing;

pub use mark::{Fact, MarkKind};
pub(crate) use pattern::{is_rented, wrong};
pub use reading::{CatalogueError, Mistake, folder, folder_beside, tool};
pub(crate) use reading::{bytes, file_text, files, line_of};
pub use rules::Broken;
pub use rules::check;
pub use setting::{Also, Condition, Format, Is, Means, Place, Setting};
pub use writing::text;

use serde::Deserialize;

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tool {
    /// The name of its file.
    #[serde(skip)]
    pub id: String,
    pub name: String,
    pub kind: Kind,
    #[serde(default)]
    pub makers: Vec<String>,
    /// Names in the signatures of its programs.
    #[serde(default)]
    pub signers: Vec<String>,
    pub summary: String,
    /// ATT&CK techniques.
    #[serde(default)]
    pub attack: Vec<String>,
    /// Desktops or servers bring it along: that it is installed says nothing yet.
    #[serde(default)]
    pub bundled: bool,
    /// It lets its owner in by nature, whatever is configured.
    pub unattended: Option<ByNature>,
    #[serde(default)]
    pub ways: Vec<Way>,
    /// Files of LOLRMM on the same tool.
    #[serde(default)]
    pub lolrmm: Vec<String>,
    #[serde(default, rename = "fact")]
    pub facts: Vec<Fact>,
    #[serde(default, rename = "setting")]
    pub settings: Vec<Setting>,
}

macro_rules! words {
    ($(#[doc = $doc:literal])+ $name:ident { $( $(#[doc = $word_doc:literal])* $word:ident = $text:literal, )+ }) => {
        $(#[doc = $doc])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize)]
        pub enum $name {
            $( $(#[doc = $word_doc])* #[serde(rename = $text)] $word, )+
        }

        impl $name {
            pub const ALL: &[$name] = &[$( $name::$word ),+];

            pub fn as_str(self) -> &'static str {
                match self { $( $name::$word => $text, )+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}
pub(crate) use words;

words! {
    /// What a tool is for.
    Kind {
        RemoteControl = "remote-control",
        RemoteShell = "remote-shell",
        Management = "management",
        Tunnel = "tunnel",
        Mesh = "mesh",
        IdeTunnel = "ide-tunnel",
        /// Hardware that sees the screen and types.
        Kvm = "kvm",
        Trojan = "trojan",
    }
}

words! {
    /// How someone comes in.
    Way {
        /// Through a server of the maker's or of somebody else.
        Relay = "relay",
        /// By connecting to this machine.
        Listener = "listener",
        /// This machine calls out to who comes in.
        Reverse = "reverse",
        /// Through a private network that spans places.
        Mesh = "mesh",
        /// Through hardware.
        Device = "device",
    }
}

words! {
    /// From which state on a tool lets its owner in by nature.
    ByNature {
        Installed = "installed",
        Running = "running",
    }
}
