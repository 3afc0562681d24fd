//! What was learnt of one printer, as rows of tables; what is too much is told.

use leaksweep_facts::{
    Observed, Problem, Reason, Sweep, Table,
    tables::printer::{Answer, Device, Look, Setting},
};

use super::{Learnt, MOST_ROWS, Portrait};
use crate::Topic;

impl Portrait {
    fn device(&self) -> Device {
        let text = |topic| self.text(topic);
        Device {
            reached: self.reached,
            maker: text(Topic::Maker),
            model: text(Topic::Model),
            serial: text(Topic::Serial),
            name: text(Topic::Name),
            location: text(Topic::Location),
            contact: text(Topic::Contact),
            uuid: text(Topic::Uuid),
            mac: text(Topic::Mac),
            firmware: text(Topic::Firmware),
            firmware_date: self.moment(Topic::FirmwareDate),
            device_id: text(Topic::DeviceId),
            languages: text(Topic::Languages),
            uptime: self.number(Topic::Uptime),
            state: text(Topic::State),
            page: text(Topic::PageOfPeople),
            behind: text(Topic::Behind),
            shared: self.flag(Topic::Shared),
            ..Device::default()
        }
    }

    fn setting(&self) -> Setting {
        let flag = |topic| self.flag(topic);
        Setting {
            storage: flag(Topic::Storage),
            storage_encrypted: flag(Topic::StorageEncrypted),
            erase_mode: self.text(Topic::EraseMode),
            erase_progress: self.number(Topic::EraseProgress),
            files_by_pjl: flag(Topic::FilesByPjl),
            files_by_postscript: flag(Topic::FilesByPostscript),
            files_by_nfs: flag(Topic::FilesByNfs),
            files_by_management: flag(Topic::FilesByManagement),
            pjl_password: flag(Topic::PjlPassword),
            panel_locked: flag(Topic::PanelLocked),
            job_retention: flag(Topic::JobRetention),
            job_password: flag(Topic::JobPassword),
            firmware_over_network: flag(Topic::FirmwareOverNetwork),
            auto_update: flag(Topic::AutoUpdate),
            cloud_print: flag(Topic::CloudPrint),
            remote_service: flag(Topic::RemoteService),
            wifi: flag(Topic::Wifi),
            wifi_network: self.text(Topic::WifiNetwork),
            wifi_direct: flag(Topic::WifiDirect),
            bluetooth: flag(Topic::Bluetooth),
            usb_host: flag(Topic::UsbHost),
            fax: flag(Topic::Fax),
            scan_open: flag(Topic::ScanOpen),
            admin_password: flag(Topic::AdminPassword),
            default_password: flag(Topic::DefaultPassword),
            log_sent: flag(Topic::LogSent),
        }
    }

    pub(super) fn answers(&self) -> Vec<Answer> {
        let row = |(at, learnt): (usize, &Learnt)| Answer {
            about: learnt.topic.about().into(),
            value: learnt.value.to_string(),
            way: learnt.way.as_str().into(),
            asked: learnt.asked.clone(),
            answered: learnt.answered.clone(),
            counted: self.counting(learnt.topic) == Some(at),
        };
        self.learnt.iter().enumerate().map(row).collect()
    }

    /// Fills a sweep. `place` is what the sweep itself knows of the device.
    pub fn record(mut self, place: Device, looks: Vec<Look>, sweep: &mut Sweep) {
        let device = Device {
            host: place.host,
            address: place.address,
            form: place.form,
            sent_bytes: place.sent_bytes,
            received_bytes: place.received_bytes,
            ..self.device()
        };
        let (setting, answers) = (self.setting(), self.answers());
        sweep.observe(seen(vec![device]));
        sweep.observe(seen(vec![setting]));
        sweep.observe(seen(answers));
        sweep.observe(seen(looks));
        sweep.observe(capped(self.services, &mut self.problems));
        sweep.observe(capped(self.certificates, &mut self.problems));
        sweep.observe(capped(self.stores, &mut self.problems));
        sweep.observe(capped(self.parts, &mut self.problems));
        sweep.observe(capped(self.channels, &mut self.problems));
        sweep.observe(capped(self.jobs, &mut self.problems));
        sweep.observe(capped(self.pages, &mut self.problems));
        sweep.observe(capped(self.statements, &mut self.problems));
        if self.untold > 0 {
            let detail = format!("{} answers more than the {MOST_ROWS} that are kept", self.untold);
            let table = "printer_answers";
            self.problems.push(Problem::new(table, table, Reason::TooLarge, detail));
        }
        sweep.report(&self.problems);
    }
}

fn seen<T>(rows: Vec<T>) -> Observed<T> {
    Observed { rows, problems: Vec::new() }
}

fn capped<T: Table>(mut rows: Vec<T>, problems: &mut Vec<Problem>) -> Observed<T> {
    if rows.len() > MOST_ROWS {
        let detail = format!("{} rows, of which {MOST_ROWS} are kept", rows.len());
        problems.push(Problem::new(T::DEF.name, T::DEF.name, Reason::TooLarge, detail));
        rows.truncate(MOST_ROWS);
    }
    seen(rows)
}
