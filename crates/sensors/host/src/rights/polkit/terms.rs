//! A condition as alternatives of what must hold together. What is excluded (`!=`, `!`) only narrows
//! and is left out; what is not known is marked. Limits: 256 alternatives.

use super::condition::Condition;

const MOST: usize = 256;

/// What holds together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Term {
    pub actions: Vec<String>,
    pub groups: Vec<String>,
    pub users: Vec<String>,
    pub unknown: bool,
}

impl Condition {
    /// The alternatives; none where there are too many.
    pub fn terms(&self, negated: bool) -> Option<Vec<Term>> {
        match (self, negated) {
            (Self::Not(inner), _) => inner.terms(!negated),
            (Self::All(parts), false) | (Self::Any(parts), true) => {
                let mut terms = vec![Term::default()];
                for part in parts {
                    let own = part.terms(negated)?;
                    let pairs = terms.iter().flat_map(|a| own.iter().map(|b| a.and(b)));
                    terms = distinct(pairs.collect())?;
                }
                Some(terms)
            }
            (Self::Any(parts), false) | (Self::All(parts), true) => {
                let mut terms = Vec::new();
                for part in parts {
                    terms.extend(part.terms(negated)?);
                }
                // What only excludes, in one way or another, excludes.
                if negated && terms.contains(&Term::default()) {
                    terms = vec![Term::default()];
                }
                distinct(terms)
            }
            (Self::Unknown, _) => Some(vec![Term { unknown: true, ..Term::default() }]),
            (_, true) | (Self::Narrow, _) => Some(vec![Term::default()]),
            (Self::Action(action), _) => {
                Some(vec![Term { actions: vec![action.clone()], ..Term::default() }])
            }
            (Self::Group(group), _) => {
                Some(vec![Term { groups: vec![group.clone()], ..Term::default() }])
            }
            (Self::User(user), _) => {
                Some(vec![Term { users: vec![user.clone()], ..Term::default() }])
            }
        }
    }
}

impl Term {
    fn and(&self, other: &Self) -> Self {
        let both = |a: &[String], b: &[String]| {
            let mut all = a.to_vec();
            all.extend(b.iter().filter(|one| !a.contains(one)).cloned());
            all
        };
        Self {
            actions: both(&self.actions, &other.actions),
            groups: both(&self.groups, &other.groups),
            users: both(&self.users, &other.users),
            unknown: self.unknown || other.unknown,
        }
    }
}

fn distinct(terms: Vec<Term>) -> Option<Vec<Term>> {
    if terms.len() > MOST * MOST {
        return None;
    }
    let mut found: Vec<Term> = Vec::new();
    for term in terms {
        if !found.contains(&term) {
            found.push(term);
        }
        if found.len() > MOST {
            return None;
        }
    }
    Some(found)
}
