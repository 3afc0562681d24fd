//! A script as commands in pipelines: good enough to say which program gets what, without running
//! anything. Quotes that hold several words do not bind them, so that the text given to `sh -c` or to
//! cron is looked into as if it stood there itself.

const MAX_COMMANDS: usize = 20_000;
const MAX_DEPTH: usize = 100;

#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Command {
    pub words: Vec<String>,
    /// The files that its output goes to.
    pub to: Vec<String>,
    /// Of the commands that pass their output to each other all have the same.
    pub pipeline: usize,
    /// The command to which this one's output is given as text: `eval "$(this)"`, `sh <(this)`.
    pub parent: Option<usize>,
    /// It goes on beside what follows: `this &`.
    pub beside: bool,
    /// It is one of several in parentheses.
    pub grouped: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Open {
    /// `(`
    Group,
    /// `$(`, `<(`
    Text,
    /// `` ` ``
    Back,
}

pub fn commands(text: &str) -> Vec<Command> {
    let mut shell = Shell::default();
    for line in text.lines() {
        shell.line(line);
    }
    shell.end();
    shell.done.retain(|command| !command.words.is_empty() || !command.to.is_empty());
    shell.done
}

#[derive(Default)]
struct Shell {
    done: Vec<Command>,
    /// The command that is being read.
    now: Option<usize>,
    word: String,
    /// The next word names the file that output goes to, or (false) one that is read.
    redirected: Option<bool>,
    open: Vec<(Open, Option<usize>)>,
    pipeline: usize,
    pipelines: usize,
    /// Whether the line ended where a command must follow.
    unfinished: bool,
}

impl Shell {
    fn line(&mut self, line: &str) {
        let mut chars = line.char_indices().peekable();
        // Where the quote that is open ends; only one that binds a single word counts.
        let mut closes = None;
        let has_quotes = line.contains(['\'', '"']);
        while let Some((at, c)) = chars.next() {
            if closes == Some(at) {
                closes = None;
                continue;
            }
            if closes.is_some() {
                self.word.push(c);
                continue;
            }
            let mut then = |wanted: &str| chars.next_if(|(_, c)| wanted.contains(*c)).is_some();
            match c {
                '\'' | '"' => {
                    closes = closing(line, at, c);
                    if closes.is_none() {
                        self.blank();
                    }
                }
                '\\' if then("'\"") => self.blank(),
                '\\' => self.word.extend(chars.next().map(|(_, c)| c)),
                '#' if self.word.is_empty() && !has_quotes => break,
                c if c.is_whitespace() => {
                    self.blank();
                    continue;
                }
                '$' | '<' if then("(") => self.open(Open::Text),
                '`' => self.back(),
                '(' => self.open(Open::Group),
                ')' => self.close(),
                '|' if then("|") => self.end(),
                '|' => {
                    then("&");
                    self.pipe();
                }
                '&' if then("&") => self.end(),
                '&' if then(">") => {
                    then(">");
                    self.redirect(true);
                }
                '&' => self.beside(),
                '>' => {
                    while then(">&|") {}
                    self.redirect(true);
                }
                '<' => {
                    while then("<&>-") {}
                    self.redirect(false);
                }
                ';' => self.end(),
                c => self.word.push(c),
            }
            self.unfinished = matches!(c, '|' | '(' | '`' | '$' | '<') && self.now.is_none();
        }
        self.blank();
        if !self.unfinished {
            self.end();
            self.open.clear();
        }
    }

    /// The number before a redirection is no word.
    fn redirect(&mut self, output: bool) {
        if self.word.bytes().all(|byte| byte.is_ascii_digit()) {
            self.word.clear();
        }
        self.blank();
        self.redirected = Some(output);
    }
    /// Ends a word.
    fn blank(&mut self) {
        if self.word.is_empty() {
            return;
        }
        let word = std::mem::take(&mut self.word);
        let redirected = self.redirected.take();
        let Some(command) = self.command() else { return };
        match redirected {
            Some(true) => command.to.push(word),
            Some(false) => {}
            None => command.words.push(word),
        }
    }

    fn command(&mut self) -> Option<&mut Command> {
        if self.now.is_none() && self.done.len() < MAX_COMMANDS {
            let parent = self.open.iter().rev().find(|(open, _)| *open != Open::Group);
            let parent = parent.and_then(|(_, parent)| *parent);
            let grouped = self.open.last().is_some_and(|(open, _)| *open == Open::Group);
            let pipeline = self.pipeline;
            self.done.push(Command { pipeline, parent, grouped, ..Command::default() });
            self.now = Some(self.done.len() - 1);
        }
        self.done.get_mut(self.now?)
    }

    fn end(&mut self) {
        self.blank();
        self.now = None;
        self.redirected = None;
        self.pipelines += 1;
        self.pipeline = self.pipelines;
    }

    fn pipe(&mut self) {
        self.blank();
        self.now = None;
        self.redirected = None;
    }

    fn beside(&mut self) {
        self.blank();
        if let Some(command) = self.now.and_then(|now| self.done.get_mut(now)) {
            command.beside = true;
        }
        self.end();
    }

    fn open(&mut self, open: Open) {
        self.blank();
        // What is put in is given to a command, even to one of which nothing else is known.
        if open != Open::Group {
            self.command();
        }
        if self.open.len() < MAX_DEPTH {
            self.open.push((open, self.now));
        }
        self.end();
    }

    /// After parentheses, what follows a `|` gets the output of the last command inside.
    fn close(&mut self) {
        self.blank();
        self.redirected = None;
        match self.open.pop() {
            Some((Open::Group, _)) => self.now = None,
            Some((_, outer)) => self.resume(outer),
            None => self.end(),
        }
    }

    fn back(&mut self) {
        match self.open.last() {
            Some((Open::Back, _)) => self.close(),
            _ => self.open(Open::Back),
        }
    }

    /// Goes on with the command in which another stood; what it is piped to belongs to it.
    fn resume(&mut self, outer: Option<usize>) {
        self.now = outer;
        if let Some(command) = outer.and_then(|outer| self.done.get(outer)) {
            self.pipeline = command.pipeline;
        }
    }
}

/// Where a quote that binds a single word ends.
fn closing(line: &str, at: usize, quote: char) -> Option<usize> {
    let rest = line.get(at + 1..)?;
    let length = rest.find(quote)?;
    rest.get(..length).filter(|text| is_one_word(text)).map(|_| at + 1 + length)
}

fn is_one_word(text: &str) -> bool {
    !text.contains(|c: char| c.is_whitespace() || ";|&<>()`".contains(c))
}
