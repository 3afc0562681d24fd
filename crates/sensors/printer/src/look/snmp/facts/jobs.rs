//! Jobs that a printer keeps, out of its maker's own table: whose they are, how they are called, and whether a number opens them. The number
//! itself is in that table too; it is never asked for, and never read.

use std::collections::BTreeMap;

use leaksweep_catalogue::printers::Object;
use leaksweep_facts::tables::printer::Job;

use super::{
    super::{oid::Oid, walk::Walk},
    makers,
};
use crate::{Portrait, portrait::cut};

pub fn tell(walk: &Walk, portrait: &mut Portrait) {
    for maker in makers::makers_of(walk) {
        let mut jobs: BTreeMap<Vec<u32>, Job> = BTreeMap::new();
        for object in maker.objects.iter().filter(|object| object.walk) {
            if let Some(column) = Oid::parse(&object.oid) {
                tell_column(object, &column, walk, &mut jobs);
            }
        }
        portrait.jobs.extend(jobs.into_values());
    }
}

fn tell_column(object: &Object, column: &Oid, walk: &Walk, jobs: &mut BTreeMap<Vec<u32>, Job>) {
    for (row, value) in walk.column(column.numbers()) {
        let text = value.text();
        let meaning = object.reading.meaning(text.as_deref(), value.number());
        // Some agents put a zero behind the number of the job.
        let job = row.strip_suffix(&[0]).filter(|rest| !rest.is_empty()).unwrap_or(row);
        let known = jobs.entry(job.to_vec()).or_insert_with(|| Job {
            number: job.last().map(|number| i64::from(*number)),
            state: "stored".into(),
            source: format!("snmp {column}.{}", super::oid::dotted(row)),
            ..Job::default()
        });
        match object.about.as_str() {
            "job-name" => known.name = meaning.map(|text| cut(&text)),
            "job-user" => known.user = meaning.map(|text| cut(&text)),
            "job-protected" => known.protected = meaning.and_then(|flag| flag.parse().ok()),
            _ => {}
        }
    }
}
