//! The rows of the picture of remote-control tools, by meaning. The engine decided what each
//! amounts to; here it is read, and cells that say something else count as what cannot be told.

use leaksweep_facts::{
    Time,
    verdict::{Judgement, Picture, Subject},
};

use crate::picture_row::{self, PictureRow};

/// Whether somebody can come in, worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Access {
    /// Now, with nobody present.
    Open,
    Unclear,
    /// Only with a log-in or a person's consent: nothing says that it lets anybody in without.
    Asks,
    /// Only from the machine itself.
    Local,
    /// It is there and does not run.
    Idle,
    /// The system brought it along, and it does not run.
    Dormant,
    Traces,
}

/// From where one comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outside {
    Relay,
    Reverse,
    Listener,
    Mesh,
    Device,
    Unknown,
    /// Of what is not in use.
    None,
}

/// One tool of one target.
#[derive(Debug, Clone, Copy)]
pub struct Lane<'a>(PictureRow<'a>);

/// What is drawn of one target.
pub struct Ways<'a> {
    pub picture: &'a Picture,
    pub lanes: Vec<Lane<'a>>,
}

/// Every target's picture, the worst first, then as the judgement has them.
pub fn all(judgement: &Judgement) -> Vec<Ways<'_>> {
    let pictures = judgement.pictures.iter();
    let pictures = pictures.filter(|picture| picture.subject == Subject::RemoteControl);
    let mut ways: Vec<Ways> = pictures.map(Ways::new).collect();
    ways.sort_by_cached_key(Ways::badness);
    ways
}

impl<'a> Ways<'a> {
    fn new(picture: &'a Picture) -> Self {
        Self { picture, lanes: picture_row::all(picture).map(Lane).collect() }
    }

    /// Less is worse; a target without tools comes last.
    fn badness(&self) -> (bool, Option<Access>, usize) {
        let worst = self.lanes.iter().map(Lane::access).min();
        (worst.is_none(), worst, usize::MAX - self.count(|access| access == Access::Open))
    }

    /// When somebody can come in: a mounted disk lets nobody in before it runs.
    pub fn moment(&self) -> &'static str {
        if self.lanes.iter().any(Lane::sleeps) { "once the machine runs" } else { "now" }
    }

    pub fn count(&self, counts: impl Fn(Access) -> bool) -> usize {
        self.lanes.iter().filter(|lane| counts(lane.access())).count()
    }

    /// Why more may be there than is shown, in one line.
    pub fn doubts(&self) -> Option<String> {
        let doubts: Vec<String> = self.picture.doubts.iter().map(ToString::to_string).collect();
        (!doubts.is_empty()).then(|| doubts.join("; "))
    }

    /// The lanes by where one comes from, each group where its worst lane stands.
    pub fn by_outside(&self, most: usize) -> Vec<(Outside, Vec<Lane<'a>>)> {
        let mut groups: Vec<(Outside, Vec<Lane>)> = Vec::new();
        for lane in self.lanes.iter().take(most) {
            let outside = lane.outside();
            match groups.iter_mut().find(|(own, _)| *own == outside) {
                Some((_, lanes)) => lanes.push(*lane),
                None => groups.push((outside, vec![*lane])),
            }
        }
        groups.sort_by_key(|(outside, lanes)| (lanes.iter().map(Lane::access).min(), *outside));
        groups
    }
}

impl<'a> Lane<'a> {
    pub fn text(&self, column: &str) -> &'a str {
        self.0.text(column)
    }

    pub fn is(&self, column: &str) -> bool {
        self.0.is(column)
    }

    pub fn since(&self) -> Option<Time> {
        self.0.time("since")
    }

    /// Whether the machine did not run.
    fn sleeps(&self) -> bool {
        self.0.is_not("live")
    }

    pub fn sentence(&self) -> &'static str {
        match self.access() {
            Access::Open if self.sleeps() => {
                "Somebody can come in once the machine runs, with nobody present"
            }
            access => access.sentence(),
        }
    }

    /// The tool's name, or its id where it has none.
    pub fn name(&self) -> &'a str {
        let name = self.text("name");
        if name.trim().is_empty() { self.text("tool") } else { name }
    }

    pub fn access(&self) -> Access {
        match self.text("access") {
            "open" => Access::Open,
            "asks" => Access::Asks,
            "local" => Access::Local,
            "idle" => Access::Idle,
            "dormant" => Access::Dormant,
            "traces" => Access::Traces,
            _ => Access::Unclear,
        }
    }

    pub fn states(&self) -> impl Iterator<Item = &'a str> {
        parts(self.text("states"), ',')
    }

    pub fn ways(&self) -> impl Iterator<Item = &'a str> {
        parts(self.text("ways_in"), ';')
    }

    /// The widest of its ways, as the engine says.
    pub fn outside(&self) -> Outside {
        if !self.access().is_tool() {
            return Outside::None;
        }
        match self.text("way") {
            "relay" => Outside::Relay,
            "reverse" => Outside::Reverse,
            "listener" => Outside::Listener,
            "mesh" => Outside::Mesh,
            "device" => Outside::Device,
            _ => Outside::Unknown,
        }
    }

    /// What the policy says of it.
    pub fn sanction(&self) -> &'static str {
        match (self.text("sanction"), self.access()) {
            (_, Access::Dormant | Access::Traces) => "",
            ("unattended", _) => "sanctioned, with nobody present too",
            ("attended", Access::Open) => "sanctioned only with a person present",
            ("attended", _) => "sanctioned with a person present",
            ("forbidden", _) => "forbidden in its zone",
            _ => "not sanctioned",
        }
    }
}

impl Access {
    /// The class on the page.
    pub fn class(self) -> &'static str {
        match self {
            Access::Open => "open",
            Access::Unclear => "unclear",
            Access::Asks => "asks",
            Access::Local => "local",
            Access::Idle => "idle",
            Access::Dormant => "dormant",
            Access::Traces => "traces",
        }
    }

    fn sentence(self) -> &'static str {
        match self {
            Access::Open => "Somebody can come in now, with nobody present",
            Access::Unclear => "Whether somebody can come in with nobody present could not be told",
            Access::Asks => "It needs a log-in or a person's consent",
            Access::Local => "Only from this machine itself",
            Access::Idle => "It is there and does not run",
            Access::Dormant => "Came with the system and does not run",
            Access::Traces => "Only traces are left of it",
        }
    }

    /// Whether the tool itself is there, in use or not.
    pub fn is_tool(self) -> bool {
        !matches!(self, Access::Dormant | Access::Traces)
    }
}

impl Outside {
    pub fn title(self) -> &'static str {
        match self {
            Outside::Relay => "Relay",
            Outside::Reverse => "Calls out",
            Outside::Listener => "Open port",
            Outside::Mesh => "Private network",
            Outside::Device => "Device",
            Outside::Unknown => "No way known",
            Outside::None => "Not in use",
        }
    }

    pub fn about(self) -> &'static str {
        match self {
            Outside::Relay => "from anywhere, through a server on the internet",
            Outside::Reverse => "the machine itself calls out, past the firewall",
            Outside::Listener => "from the network that reaches the port",
            Outside::Mesh => "from every member of a network that spans places",
            Outside::Device => "through hardware at the machine",
            Outside::Unknown => "nothing says how somebody would come in",
            Outside::None => "nobody comes in through these",
        }
    }
}

fn parts(text: &str, separator: char) -> impl Iterator<Item = &str> {
    text.split(separator).map(str::trim).filter(|part| !part.is_empty())
}
