//! The words of the papers, in both languages.

use leaksweep_facts::{
    certificate::{Level, Outcome},
    custody::Event,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    pub en: &'static str,
    pub zh: &'static str,
}

pub const fn words(en: &'static str, zh: &'static str) -> Words {
    Words { en, zh }
}

impl std::fmt::Display for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.en, self.zh)
    }
}

pub const UNKNOWN: Words = words("not known", "未知");
pub const UNASKED: Words = words("could not be asked", "无法查询");
pub const UNSAID: Words = words("not stated", "未填写");
pub const YES: Words = words("completed", "已完成");
pub const NO: Words = words("NOT completed", "未完成");

pub fn level(level: Level) -> Words {
    match level {
        Level::None => words("none", "无"),
        Level::Clear => words("Clear", "清除（Clear）"),
        Level::Purge => words("Purge", "净化（Purge）"),
    }
}

/// What a paper is called, what is written where one looks first, and why.
pub struct Told {
    pub title: Words,
    pub headline: Words,
    pub because: Words,
}

/// Of a wipe.
pub fn wipe(result: Outcome) -> Told {
    match result {
        Outcome::Wiped => Told {
            title: words("Certificate of media sanitization", "存储介质清除证书"),
            headline: words("WIPED AND PROVEN", "已清除并已验证"),
            because: words(
                "All of it was read after the wipe; nothing that was there before was found.",
                "清除后已读取全部内容，未发现原有数据。",
            ),
        },
        Outcome::Claimed => Told {
            title: words("Record of a wipe, not proven", "存储介质清除记录（未验证）"),
            headline: words("CLAIMED BY THE DEVICE, NOT PROVEN", "设备自称已清除，未经验证"),
            because: words(
                "Not all of it could be seen afterwards. What it still holds is not known.",
                "清除后未能查看全部内容，介质中是否仍有数据尚不清楚。",
            ),
        },
        Outcome::Failed => Told {
            title: words("Record of a FAILED wipe", "存储介质清除失败记录"),
            headline: words("FAILED: THIS MEDIUM IS NOT WIPED", "失败：此介质未被清除"),
            because: STILL,
        },
    }
}

/// Of a reading, where others wiped or nobody did.
pub fn reading(result: Outcome) -> Told {
    const TITLE: Words = words("Record of a reading", "存储介质读取记录");
    match result {
        Outcome::Wiped => Told {
            title: TITLE,
            headline: words("NO DATA FOUND", "未发现数据"),
            because: words(
                "All of it was read, and none of it looks like data. What was done to it is not known.",
                "已读取全部内容，未见数据。曾对其做过何种处理不得而知。",
            ),
        },
        Outcome::Claimed => Told {
            title: TITLE,
            headline: words("NOT PROVEN TO BE EMPTY", "未能证明无数据"),
            because: words(
                "Not all of it could be seen, or what was seen may be packed or encrypted data.",
                "未能查看全部内容，或所见内容可能是压缩或加密的数据。",
            ),
        },
        Outcome::Failed => Told {
            title: TITLE,
            headline: words("DATA IS ON THIS MEDIUM", "此介质中有数据"),
            because: STILL,
        },
    }
}

const STILL: Words = words(
    "Data is or may be still on it. Do not reuse it and do not let it leave the house.",
    "介质中仍有或可能仍有数据。不得再次使用，不得带出。",
);

pub const CONTRADICTORY_TITLE: Words =
    words("Contradictory record of a wipe", "自相矛盾的存储介质清除记录");
pub const CONTRADICTORY: Words = words("CONTRADICTORY: DO NOT RELY ON IT", "自相矛盾：不得采信");
pub const CONTRADICTS: Words = words(
    "It says that the medium is wiped, and its own proof or sweep says otherwise or is not there.",
    "其结论为已清除，但其验证结果与之不符或缺失。",
);

/// What blocks look like; a class of later versions is shown as it is called.
pub fn class(name: &str) -> String {
    let zh = match name {
        "zero" => "全零",
        "ones" => "全 FF",
        "pattern" => "重复模式",
        "text" => "文本",
        "structured" => "有结构",
        "random" => "似随机",
        "bad" => "坏扇区",
        _ => return name.to_owned(),
    };
    format!("{name} {zh}")
}

pub const NOTHING_FOUND: Words = words("nothing that could be recovered", "未发现可恢复的内容");

/// A family of what a sweep finds.
pub fn find(what: &str) -> String {
    let zh = match what {
        "print job" => "打印作业",
        "scan" => "扫描件",
        "picture" => "图片",
        "document" => "文档",
        "mail" => "邮件",
        "text" => "文本",
        "archive" => "压缩包",
        "database" => "数据库",
        "contacts" => "通讯录",
        "settings" => "设置",
        "keys" => "密钥",
        "other" => "其他",
        "marked" => "含标志词语",
        _ => return what.to_owned(),
    };
    format!("{what} {zh}")
}

pub fn kind(name: &str) -> String {
    let zh = match name {
        "hard disk" => "硬盘",
        "flash" => "闪存",
        "memory card" => "存储卡",
        "image" => "映像文件",
        "unknown" => "未知",
        _ => return name.to_owned(),
    };
    format!("{name} {zh}")
}

pub fn password(name: &str) -> String {
    let zh = match name {
        "none" => "无",
        "set" => "已设置",
        "locked" => "已锁定",
        "frozen" => "已冻结",
        _ => return name.to_owned(),
    };
    format!("{name} {zh}")
}

pub fn event(event: Event) -> Words {
    match event {
        Event::Removal => words("Removal", "拆除"),
        Event::Transport => words("Transport", "运输"),
        Event::Storage => words("Storage", "存放"),
        Event::HandOver => words("Hand-over", "移交"),
        Event::Receipt => words("Receipt", "接收"),
        Event::Degaussing => words("Degaussing", "消磁"),
        Event::Shredding => words("Shredding", "粉碎"),
        Event::Destruction => words("Destruction witnessed", "销毁见证"),
        Event::Other => words("Other", "其他"),
    }
}
