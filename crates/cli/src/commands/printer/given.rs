//! Which printers the user named, and how they are to be looked at. Nothing is looked at here but the user's own files, and,
//! where he asked for it, who is on a network.

use std::{path::Path, time::Duration};

use anyhow::{Context, Result, anyhow};
use leaksweep_printer::{
    MOST_STATEMENTS, Options, Recorded, Snmp, Source, Target, TargetError, User,
    plan::{Packet, Plan},
    range,
    wire::{Patience, Ports},
};

use super::found;
use crate::{arguments, failure::hint, inputs};

/// The largest list of targets, walk and answer.
const LIST_CAP: u64 = 1 << 20;
const RECORD_CAP: u64 = 64 << 20;
/// The most printers of one run.
const MOST: usize = 20_000;

pub struct Given<'a> {
    pub arguments: &'a arguments::Printer,
    pub targets: Vec<Target>,
    pub plan: Plan,
    /// Whether some were named as a range.
    pub by_range: bool,
}

impl<'a> Given<'a> {
    pub fn new(arguments: &'a arguments::Printer) -> Result<Self> {
        let mut plan = Plan::default();
        if arguments.try_default_password {
            plan = plan.with(Packet::DefaultPassword);
        }
        if !arguments.discover.is_empty() {
            plan = plan.with(Packet::MdnsQuestion).with(Packet::WsdQuestion);
        }
        let mut given = Self { arguments, targets: Vec::new(), plan, by_range: false };
        for text in &arguments.targets {
            given.name(text)?;
        }
        for path in &arguments.list {
            given.list(path)?;
        }
        let recorded = arguments.snmp_walk.len() + arguments.ipp_answer.len() > 0;
        if given.targets.is_empty() && !recorded && arguments.discover.is_empty() {
            return Err(hint("no printer is named", TargetError::Empty.hint()));
        }
        if given.targets.len() > MOST {
            return Err(hint(
                format!("{} printers are too many for one run", given.targets.len()),
                format!("name at most {MOST}"),
            ));
        }
        Ok(given)
    }

    fn name(&mut self, text: &str) -> Result<()> {
        match (range(text), Target::parse(text)) {
            (Some(targets), Err(TargetError::Range)) if self.arguments.allow_scan => {
                self.by_range = true;
                self.targets.extend(targets);
            }
            (_, Ok(target)) => self.targets.push(target),
            (_, Err(TargetError::Range)) if self.arguments.allow_scan => {
                let known = "192.0.2.1-20, 192.0.2.0/24, at most 4096 addresses";
                return Err(hint(format!("'{text}' is no range"), known));
            }
            (_, Err(error)) => return Err(hint(format!("'{text}': {error}"), error.hint())),
        }
        Ok(())
    }

    fn list(&mut self, path: &Path) -> Result<()> {
        let bytes = inputs::whole(path, LIST_CAP)?;
        let text = String::from_utf8(bytes)
            .map_err(|_| anyhow!("{} is no text in UTF-8", path.display()))?;
        for (at, line) in text.lines().enumerate() {
            let line = line.split('#').next().unwrap_or_default().trim();
            if !line.is_empty() {
                self.name(line).with_context(|| format!("{}, line {}", path.display(), at + 1))?;
            }
        }
        Ok(())
    }

    /// One for each printer to look at. Asks who is on the interfaces, and print servers for their queues.
    pub fn options(&self) -> Result<Vec<Options>> {
        let same = self.same()?;
        let of = |source| Options { source, ..same.clone() };
        let mut targets = self.targets.clone();
        for interface in &self.arguments.discover {
            targets.extend(found::on(interface, &self.plan, same.patience)?);
        }
        let recorded = self.recorded()?;
        let alone = targets.len() == 1 && recorded.is_none();
        let mut options = Vec::new();
        for target in targets {
            options.extend(found::behind(of(Source::Live(target)), alone)?);
        }
        options.extend(recorded.map(|recorded| of(Source::Recorded(recorded))));
        match options.len() {
            0 => Err(hint("no printer was found", "name one, or another interface")),
            _ => Ok(options),
        }
    }

    /// What is the same of all of them.
    fn same(&self) -> Result<Options> {
        let arguments = self.arguments;
        let patience = Patience {
            printer: arguments.patience,
            pause: Duration::from_secs(1) / u32::from(arguments.rate),
            ..Patience::default()
        };
        let statements = arguments
            .statements
            .as_deref()
            .map(|path| inputs::papers(path, MOST_STATEMENTS))
            .transpose()?;
        Ok(Options {
            name: arguments.keeping.target.clone(),
            plan: self.plan.clone(),
            ports: self.ports(),
            patience,
            snmp: self.snmp()?,
            statements: statements.unwrap_or_default(),
            trusted: inputs::public_keys(&arguments.trust)?,
            ..Options::new(Source::Recorded(Recorded::default()))
        })
    }

    fn ports(&self) -> Ports {
        let mut ports = Ports::default();
        for (service, port) in &self.arguments.ports {
            ports.set(service, *port);
        }
        ports
    }

    fn recorded(&self) -> Result<Option<Recorded>> {
        let read = |paths: &[std::path::PathBuf]| -> Result<Vec<(String, Vec<u8>)>> {
            let one = |path: &std::path::PathBuf| {
                let name = path.file_stem().unwrap_or(path.as_os_str());
                Ok((name.to_string_lossy().into_owned(), inputs::whole(path, RECORD_CAP)?))
            };
            paths.iter().map(one).collect()
        };
        let walks = read(&self.arguments.snmp_walk)?;
        let answers = read(&self.arguments.ipp_answer)?;
        let any = !walks.is_empty() || !answers.is_empty();
        Ok(any.then_some(Recorded { walks, answers }))
    }

    fn snmp(&self) -> Result<Snmp> {
        let user = self.arguments.snmp_user.as_ref().map(|name| -> Result<User> {
            Ok(User {
                name: name.clone(),
                authentication: method(self.arguments.snmp_auth.as_deref())?,
                privacy: method(self.arguments.snmp_privacy.as_deref())?,
            })
        });
        Ok(Snmp { community: self.arguments.community.clone(), user: user.transpose()? })
    }
}

/// `sha256:FILE`: the method, and the password that stands in the file.
fn method(text: Option<&str>) -> Result<Option<(String, String)>> {
    let Some(text) = text else { return Ok(None) };
    let known = ["md5", "sha1", "sha224", "sha256", "sha384", "sha512", "des", "aes128"];
    let form = "a method and the file that holds the password, as in sha256:FILE";
    let Some((method, path)) = text.split_once(':').filter(|(method, _)| known.contains(method))
    else {
        return Err(hint(format!("'{text}' is no method with a file"), form));
    };
    let password = inputs::password(Path::new(path))?;
    Ok(Some((method.to_owned(), password)))
}
