//! What the records, the files and the ordinary say together of each path.

use std::path::Path;

use leaksweep_facts::Reason;
use rustix::fs::FileType;

use super::{
    Answer, CHANGED, CONFIGURATION, EDITED, FOREIGN, GENERATED, Inquiry, LARGEST, MISSING, PACKAGE,
    UNRECORDED,
    alternatives::is_managed,
    made::{self, LinkRule, Rule},
    records::Record,
    subject::{Found, Subject},
};
use crate::{
    digest::{Digests, Sum},
    name,
    root::{Failure, TEXT_CAP},
};

const COPY_CAP: u64 = 16 << 20;

pub struct Settling<'a> {
    inquiry: &'a Inquiry<'a>,
    digests: &'a Digests,
}

type Origin = Result<Option<&'static str>, Failure>;

impl Inquiry<'_> {
    /// The digest with which a subject is compared: its package's, or ucf's.
    pub fn recorded(&self, number: usize) -> Option<&Sum> {
        match self.record(number) {
            Some(record) => record.sum.as_ref(),
            None => self.ucf.sum(&self.subjects.all.get(number)?.real),
        }
    }

    fn record(&self, number: usize) -> Option<&Record> {
        self.records.of.get(number)?.as_ref()
    }
}

impl<'a> Settling<'a> {
    pub fn new(inquiry: &'a Inquiry<'a>, digests: &'a Digests) -> Self {
        Self { inquiry, digests }
    }

    pub fn all(&self) -> Vec<Answer> {
        (0..self.inquiry.subjects.all.len()).map(|number| self.answer(number)).collect()
    }

    fn answer(&self, number: usize) -> Answer {
        let Some(subject) = self.inquiry.subjects.all.get(number) else { return Answer::default() };
        let (origin, failure) = match self.origin(number, subject) {
            Ok(origin) => (origin, None),
            Err(failure) => (None, Some(failure)),
        };
        let differs = matches!(origin, Some(CHANGED | EDITED));
        let recorded = self.inquiry.recorded(number).filter(|_| differs).map(Sum::to_string);
        Answer { package: self.package(number, subject), origin, recorded, failure }
    }

    /// Of a link that no package has, that of what it leads to.
    fn package(&self, number: usize, subject: &Subject) -> Option<String> {
        let own = |number| self.inquiry.record(number).map(|record| record.package.clone());
        let of_ucf = || self.inquiry.ucf.package(&subject.real).cloned();
        own(number).or_else(of_ucf).or_else(|| own(subject.target?))
    }

    fn origin(&self, number: usize, subject: &Subject) -> Origin {
        let record = self.inquiry.record(number);
        match (&subject.found, record) {
            (Found::Unread(failure), _) => Err(failure.clone()),
            (Found::Other(_), _) => Ok(None),
            (Found::Absent, Some(record)) => Ok((!record.ghost).then_some(MISSING)),
            (Found::Absent, None) => Ok(None),
            (Found::Link(_), Some(record)) if record.sum.is_some() => self.compared(number, record),
            (Found::Link(written), record) => self.of_link(subject, written, record),
            (Found::File(_), Some(record)) => self.of_packaged(number, record),
            (Found::File(_), None) => self.of_unpackaged(number, subject),
        }
    }

    fn of_packaged(&self, number: usize, record: &Record) -> Origin {
        match &record.sum {
            Some(_) => self.compared(number, record),
            None if record.ghost => Ok(Some(GENERATED)),
            None if record.unread => Ok(None),
            None => Ok(Some(UNRECORDED)),
        }
    }

    fn compared(&self, number: usize, record: &Record) -> Origin {
        Ok(self.is_same(number)?.map(|same| match (same, record.configuration) {
            (true, false) => PACKAGE,
            (true, true) => CONFIGURATION,
            (false, true) => EDITED,
            (false, false) if record.ghost => GENERATED,
            (false, false) => CHANGED,
        }))
    }

    /// Whether the content is what was recorded; none where it was not read.
    fn is_same(&self, number: usize) -> Result<Option<bool>, Failure> {
        let Some(sum) = self.inquiry.recorded(number) else { return Ok(None) };
        // A link to nowhere, or to a folder, took the file's place.
        let Some((_, plain)) = self.inquiry.subjects.file(number) else { return Ok(Some(false)) };
        match self.digests.get(&plain.identity) {
            Some(Ok(sums)) => {
                let mut sums = sums.iter();
                let found = sums.find(|found| found.algorithm == sum.algorithm);
                Ok(found.map(|found| found == sum))
            }
            Some(Err(failure)) if failure.is_absence() => Ok(None),
            Some(Err(failure)) => Err(failure.clone()),
            None if plain.size > LARGEST => {
                let detail = format!("more than {LARGEST} bytes");
                Err(Failure { reason: Reason::TooLarge, detail })
            }
            None => Ok(None),
        }
    }

    /// A link is what it leads to; one that no package brought is ordinary only where the system
    /// makes such links.
    fn of_link(&self, subject: &Subject, written: &Path, record: Option<&Record>) -> Origin {
        let Inquiry { machine, homes, alternatives, .. } = self.inquiry;
        if record.is_some() {
            return self.led_to(subject, PACKAGE);
        }
        let managed = is_managed(&subject.real) || is_managed(written);
        if managed && !alternatives.there {
            return self.led_to(subject, GENERATED);
        }
        match alternatives.allow(&machine.root, &subject.real, written) {
            Some(true) => return self.led_to(subject, GENERATED),
            Some(false) => return Ok(Some(FOREIGN)),
            None => {}
        }
        match made::link_rule(&subject.real, written, homes) {
            Some(LinkRule::Fixed) => Ok(Some(GENERATED)),
            Some(LinkRule::Follows) => {
                Ok(self.led_to(subject, GENERATED)?.map(|origin| match origin {
                    PACKAGE | CONFIGURATION => GENERATED,
                    other => other,
                }))
            }
            None => Ok(self.nobodys()),
        }
    }

    /// What the link's end is; `alone` where it has none that is a file.
    fn led_to(&self, subject: &Subject, alone: &'static str) -> Origin {
        let end = |number| Some((number, self.inquiry.subjects.all.get(number)?));
        match subject.target.and_then(end) {
            Some((number, target)) => match target.found {
                Found::Other(FileType::Directory | FileType::CharacterDevice) => Ok(Some(alone)),
                _ => self.origin(number, target),
            },
            // It leads nowhere.
            None => Ok(Some(alone)),
        }
    }

    fn of_unpackaged(&self, number: usize, subject: &Subject) -> Origin {
        if self.inquiry.recorded(number).is_some() {
            let same = self.is_same(number)?;
            return Ok(same.map(|same| if same { CONFIGURATION } else { EDITED }));
        }
        let Some(rule) = made::rule(&subject.real, self.inquiry.homes) else {
            return Ok(self.nobodys());
        };
        match rule {
            Rule::Data => Ok(Some(GENERATED)),
            Rule::Lines(lines) => self.by_content(subject, |text| lines.fit(text), EDITED),
            Rule::Unit => self.by_content(subject, made::unit_is_generated, FOREIGN),
            Rule::Pam => self.by_content(subject, |text| self.is_pam(subject, text), EDITED),
            Rule::Copy(source) => self.as_copy(subject, &source, CONFIGURATION, EDITED),
            Rule::Twin(source) => self.as_copy(subject, &source, GENERATED, FOREIGN),
            Rule::Beside(other) => {
                Ok(if self.is_packaged(&other) { Some(GENERATED) } else { self.nobodys() })
            }
        }
    }

    fn by_content(
        &self,
        subject: &Subject,
        fits: impl Fn(&str) -> bool,
        else_: &'static str,
    ) -> Origin {
        let content = self.inquiry.machine.root.read(&subject.real, TEXT_CAP)?;
        Ok(Some(if fits(&name::text(&content)) { GENERATED } else { else_ }))
    }

    fn is_pam(&self, subject: &Subject, stack: &str) -> bool {
        let root = &self.inquiry.machine.root;
        let sources = made::pam_sources(root, &subject.real);
        let own = sources.into_iter().filter(|source| self.is_packaged(source));
        let texts = own.filter_map(|source| Some(name::text(&root.read(source, TEXT_CAP).ok()?)));
        let mut texts = texts.collect::<Vec<_>>().into_iter();
        let frame = texts.next().unwrap_or_default();
        made::pam_is_made(stack, &frame, &texts.collect::<Vec<_>>())
    }

    fn as_copy(
        &self,
        subject: &Subject,
        source: &Path,
        same: &'static str,
        other: &'static str,
    ) -> Origin {
        if !self.is_packaged(source) {
            return Ok(self.nobodys());
        }
        let root = &self.inquiry.machine.root;
        let size = |path| root.stat(path).map(|stat| stat.st_size);
        if size(&subject.real)? != size(&source.to_owned())? {
            return Ok(Some(other));
        }
        let equal = root.read(&subject.real, COPY_CAP)? == root.read(source, COPY_CAP)?;
        Ok(Some(if equal { same } else { other }))
    }

    /// Whether the file is as a package brought it.
    fn is_packaged(&self, path: &Path) -> bool {
        let Some(number) = self.inquiry.subjects.number(path) else { return false };
        let Some(subject) = self.inquiry.subjects.all.get(number) else { return false };
        self.inquiry.record(number).is_some()
            && matches!(self.origin(number, subject), Ok(Some(PACKAGE | CONFIGURATION)))
    }

    /// What no record has is foreign, if every record could be read.
    fn nobodys(&self) -> Option<&'static str> {
        self.inquiry.records.are_whole().then_some(FOREIGN)
    }
}
