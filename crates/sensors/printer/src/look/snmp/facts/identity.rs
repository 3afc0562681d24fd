//! Who a printer is, by the objects of the standards, and since when it runs.

use super::{
    super::{
        oid,
        system::{
            HR_DEVICE_DESCR, HR_DEVICE_TYPE, HR_PRINTER_STATUS, HR_SYSTEM_UPTIME, PPM_DEVICE_ID,
            PRT_CONSOLE_DISABLE, PRT_PRINTER_NAME, PRT_SERIAL_NUMBER, SYS_CONTACT, SYS_LOCATION,
            SYS_NAME, SYS_UP_TIME,
        },
        value::Value,
        walk::Walk,
    },
    learn_text, makers,
    storage::Sort,
    text,
};
use crate::{
    Portrait, Topic, Way,
    device_id::{self, DeviceId},
};

pub fn tell(walk: &Walk, portrait: &mut Portrait) {
    tell_model(walk, portrait);
    learn_first(Topic::Serial, PRT_SERIAL_NUMBER, walk, portrait);
    learn_text(Topic::Name, SYS_NAME, walk, portrait);
    learn_first(Topic::Name, PRT_PRINTER_NAME, walk, portrait);
    learn_text(Topic::Location, SYS_LOCATION, walk, portrait);
    learn_text(Topic::Contact, SYS_CONTACT, walk, portrait);
    learn_first(Topic::DeviceId, PPM_DEVICE_ID, walk, portrait);
    tell_languages(portrait);
    tell_uptime(walk, portrait);
    tell_state(walk, portrait);
}

fn learn_first(topic: Topic, column: &[u32], walk: &Walk, portrait: &mut Portrait) {
    if let Some((asked, told)) = walk.first_text(column) {
        portrait.learn(topic, told.as_str(), Way::Snmp, asked, &told);
    }
}

/// The first device that is a printer, without the maker's name.
fn tell_model(walk: &Walk, portrait: &mut Portrait) {
    let is_printer = |row: &[u32]| Sort::of(walk, HR_DEVICE_TYPE, row) == Sort::Printer;
    let rows = walk.column(HR_DEVICE_DESCR).map(|(row, _)| row).find(|row| is_printer(row));
    let Some((row, described)) =
        rows.and_then(|row| Some((row, text(walk, HR_DEVICE_DESCR, row)?)))
    else {
        return;
    };
    let makers = makers::makers_of(walk);
    let model =
        device_id::without_maker(&described, makers.first().map(|maker| maker.name.as_str()));
    portrait.learn(
        Topic::Model,
        model,
        Way::Snmp,
        oid::dotted(&[HR_DEVICE_DESCR, row].concat()),
        &described,
    );
}

/// Out of the identity by IEEE 1284, whoever told it.
fn tell_languages(portrait: &mut Portrait) {
    let Some(id) = portrait.told(Topic::DeviceId, Way::Snmp) else { return };
    if let Some(languages) = DeviceId::parse(&id).languages() {
        portrait.learn(
            Topic::Languages,
            languages.as_str(),
            Way::Snmp,
            "IEEE 1284 identity",
            &languages,
        );
    }
}

fn tell_uptime(walk: &Walk, portrait: &mut Portrait) {
    for oid in [HR_SYSTEM_UPTIME, SYS_UP_TIME] {
        if let Some(Value::Ticks(hundredths)) = walk.get(oid) {
            let seconds = i64::try_from(hundredths / 100).unwrap_or(i64::MAX);
            portrait.learn(
                Topic::Uptime,
                seconds,
                Way::Snmp,
                oid::dotted(oid),
                hundredths.to_string(),
            );
        }
    }
}

/// hrPrinterStatus; prtConsoleDisable tells of a panel that takes nothing, and nothing of one that asks for a password.
fn tell_state(walk: &Walk, portrait: &mut Portrait) {
    if let Some((row, value)) = walk.column(HR_PRINTER_STATUS).next() {
        let state = match value.number() {
            Some(3) => "idle",
            Some(4) => "processing",
            _ => "",
        };
        let asked = oid::dotted(&[HR_PRINTER_STATUS, row].concat());
        portrait.learn(Topic::State, state, Way::Snmp, asked, value.text().unwrap_or_default());
    }
    if let Some((row, value)) = walk.column(PRT_CONSOLE_DISABLE).next()
        && value.number() == Some(4)
    {
        let asked = oid::dotted(&[PRT_CONSOLE_DISABLE, row].concat());
        portrait.learn(Topic::PanelLocked, true, Way::Snmp, asked, "disabled(4)");
    }
}
