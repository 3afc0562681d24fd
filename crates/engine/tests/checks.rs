//! Every check in the house, on trial: it plans, it reads what its page says, and each of its
//! cases gives its verdict, alone and among all others.

use std::path::Path;

use leaksweep_engine::{Library, Trial};

fn library() -> Library {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../checks");
    let mut library = Library::default();
    library.add_folder(&folder).unwrap_or_else(|error| panic!("{error}"));
    library
}

#[test]
fn every_check_keeps_its_word() {
    let library = library();
    assert!(library.checks.len() >= 25, "{} checks", library.checks.len());
    let mut failures = Vec::new();
    for check in &library.checks {
        let trial = Trial::of(check);
        assert!(trial.cases >= 3, "{}: {} cases", check.page.id, trial.cases);
        failures.extend(trial.failures.iter().map(ToString::to_string));
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn a_title_says_what_is_wrong_in_one_line() {
    for check in &library().checks {
        let title = &check.page.title;
        assert!(title.len() <= 100 && !title.ends_with('.'), "{}: {title}", check.page.id);
        assert!(title.starts_with(|c: char| c.is_uppercase()), "{}: {title}", check.page.id);
    }
}
