//! Many questions asked by a few threads, each taking the next when it has answered one.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
};

use crate::{STACK_BYTES, judge::Progress};

/// The answers in the order of the questions. `progress` hears of each in the caller's own thread.
pub fn each<Q: Sync, A: Send>(
    askers: usize,
    questions: &[Q],
    ask: impl Fn(&Q) -> A + Sync,
    progress: Progress<'_>,
) -> Vec<A> {
    let of = questions.len();
    progress(0, of);
    let answers: Mutex<Vec<Option<A>>> = Mutex::new(questions.iter().map(|_| None).collect());
    let next = AtomicUsize::new(0);
    let (tell, told) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..askers.clamp(1, of.max(1)) {
            let (tell, answers, next, ask) = (tell.clone(), &answers, &next, &ask);
            let work = move || {
                while let Some((at, question)) = taken(next, questions) {
                    let answer = ask(question);
                    answers.lock().unwrap_or_else(PoisonError::into_inner)[at] = Some(answer);
                    let _ = tell.send(());
                }
            };
            // Planning a deep expression takes the stack that the program's own thread has.
            let started = thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, work);
            started.expect("the system gives a thread");
        }
        drop(tell);
        for (done, ()) in told.iter().enumerate() {
            progress(done + 1, of);
        }
    });
    let answers = answers.into_inner().unwrap_or_else(PoisonError::into_inner);
    answers.into_iter().flatten().collect()
}

fn taken<'a, Q>(next: &AtomicUsize, questions: &'a [Q]) -> Option<(usize, &'a Q)> {
    let at = next.fetch_add(1, Ordering::Relaxed);
    Some((at, questions.get(at)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_keep_the_order_of_their_questions() {
        let questions: Vec<u32> = (0..100).collect();
        for askers in [1, 3, 200] {
            let mut steps = Vec::new();
            let answers =
                each(askers, &questions, |n| n * 2, &mut |done, of| steps.push((done, of)));
            assert_eq!(answers, (0..100).map(|n| n * 2).collect::<Vec<_>>());
            assert_eq!((steps.len(), steps.last()), (101, Some(&(100, 100))));
        }
        assert_eq!(each(2, &[] as &[u32], |n| *n, &mut |_, _| {}), [0_u32; 0]);
    }
}
