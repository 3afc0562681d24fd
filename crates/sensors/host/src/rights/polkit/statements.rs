//! What the functions of rules return, and under which conditions. `if`, `else`, `return`, blocks and
//! variables that hold texts are understood; of loops and the like only that something in them may
//! be returned. Limits: 64 deep, 1,000 returns.

use super::{
    condition::{self, Condition, Names},
    tokens::Token,
};

const DEPTH: usize = 64;
const MAX_RETURNS: usize = 1000;
const OPAQUE: [&str; 7] = ["for", "while", "do", "switch", "try", "with", "function"];

/// A value that is returned if all conditions hold.
#[derive(Debug, Clone)]
pub struct Return<'a> {
    pub line: usize,
    pub conditions: Vec<Condition>,
    pub value: &'a [Token],
}

pub struct Walk<'a> {
    pub names: Names,
    pub returns: Vec<Return<'a>>,
    tokens: &'a [Token],
    at: usize,
}

impl<'a> Walk<'a> {
    pub fn new(tokens: &'a [Token], names: Names) -> Self {
        Self { names, returns: Vec::new(), tokens, at: 0 }
    }

    /// Reads statements up to the end or a closing brace. Gives whether they always return.
    pub fn block(&mut self, conditions: &[Condition], depth: usize) -> bool {
        let mut conditions = conditions.to_vec();
        let mut returned = false;
        while let Some(token) = self.peek() {
            if token.is("}") {
                break;
            }
            let before = self.at;
            returned |= self.statement(&mut conditions, depth);
            if self.at == before {
                self.at += 1;
            }
        }
        returned
    }

    /// What comes after an `if` that always returns holds only where its condition does not.
    fn statement(&mut self, conditions: &mut Vec<Condition>, depth: usize) -> bool {
        let Some(token) = self.peek() else { return false };
        if depth > DEPTH || self.returns.len() >= MAX_RETURNS {
            self.opaque(conditions);
            return false;
        }
        if token.is("{") {
            self.at += 1;
            let returned = self.block(conditions, depth + 1);
            self.at += 1;
            return returned;
        }
        match token.word() {
            Some("if") => self.branch(conditions, depth),
            Some("return") => {
                let line = token.line;
                self.at += 1;
                let value = self.expression();
                let conditions = conditions.clone();
                self.returns.push(Return { line, conditions, value });
                true
            }
            Some("var" | "let" | "const") => {
                self.at += 1;
                let value = self.expression();
                self.variable(value);
                false
            }
            Some(word) if OPAQUE.contains(&word) => {
                self.opaque(conditions);
                false
            }
            _ => {
                self.expression();
                false
            }
        }
    }

    fn branch(&mut self, conditions: &mut Vec<Condition>, depth: usize) -> bool {
        self.at += 1;
        let tokens = self.brackets();
        let condition = condition::parse(tokens, &self.names, 0);
        let holds = |one: Condition| {
            let mut all = conditions.clone();
            all.push(one);
            all
        };
        let not = Condition::Not(Box::new(condition.clone()));
        let (mut then, mut otherwise) = (holds(condition), holds(not.clone()));
        let first = self.statement(&mut then, depth + 1);
        if !self.peek().is_some_and(|token| token.is_word("else")) {
            if first && conditions.len() < DEPTH {
                conditions.push(not);
            }
            return false;
        }
        self.at += 1;
        let second = self.statement(&mut otherwise, depth + 1);
        first && second
    }

    /// `NAME = "text"` or `NAME = ["text", …]`
    fn variable(&mut self, tokens: &[Token]) {
        if let [name, equal, value @ ..] = tokens
            && let Some(name) = name.word()
            && equal.is("=")
            && let Some(texts) = condition::texts(value, &self.names)
        {
            self.names.texts.insert(name.to_owned(), texts);
        }
    }

    /// A loop and its body: what it returns, it returns under conditions that are not known.
    fn opaque(&mut self, conditions: &[Condition]) {
        let start = self.at;
        let line = self.peek().map_or(0, |token| token.line);
        let mut open = 0;
        while let Some(token) = self.peek() {
            let closes = open == 0 && token.is("}");
            if closes {
                break;
            }
            open = condition::depth_after(open, token);
            self.at += 1;
            if open == 0 && token.is("}") {
                break;
            }
        }
        let body = self.tokens.get(start..self.at).unwrap_or_default();
        for (index, token) in body.iter().enumerate() {
            let Some(value) = body.get(index + 1..).filter(|_| token.is_word("return")) else {
                continue;
            };
            let end = value.iter().position(|token| token.is(";") || token.is("}"));
            let value = value.get(..end.unwrap_or(value.len())).unwrap_or_default();
            if self.returns.len() < MAX_RETURNS {
                let mut conditions = conditions.to_vec();
                conditions.push(Condition::Unknown);
                self.returns.push(Return { line, conditions, value });
            }
        }
    }

    fn peek(&self) -> Option<&'a Token> {
        self.tokens.get(self.at)
    }

    /// What stands in the brackets that open here.
    fn brackets(&mut self) -> &'a [Token] {
        let start = self.at;
        let mut open = 0;
        while let Some(token) = self.peek() {
            open = condition::depth_after(open, token);
            self.at += 1;
            if open == 0 {
                break;
            }
        }
        self.tokens.get(start..self.at).unwrap_or_default()
    }

    /// Up to the semicolon, which may be left out before a line that begins a statement.
    fn expression(&mut self) -> &'a [Token] {
        let start = self.at;
        let mut open = 0;
        while let Some(token) = self.peek() {
            if open == 0 && (token.is(";") || token.is("}") || self.begins(token)) {
                break;
            }
            open = condition::depth_after(open, token);
            self.at += 1;
        }
        let found = self.tokens.get(start..self.at).unwrap_or_default();
        if self.peek().is_some_and(|token| token.is(";")) {
            self.at += 1;
        }
        found
    }

    fn begins(&self, token: &Token) -> bool {
        let before = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        let breaks = before.is_some_and(|before| before.line < token.line);
        let starts = ["if", "return", "var", "let", "const", "else", "for", "while", "polkit"];
        breaks && token.word().is_some_and(|word| starts.contains(&word))
    }
}
