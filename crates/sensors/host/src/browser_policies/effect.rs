//! What a setting amounts to where it opens a way in or out. A setting that closes one is none of
//! these: only the value that opens counts.

use serde_json::Value;

type Opens = fn(&Value) -> bool;
/// An effect, the settings that have it, and which of their values do.
type Effect = (&'static str, &'static [&'static str], Opens);

const OPENS: &[Effect] = &[
    ("proxy", &["ProxyMode", "ProxySettings", "ProxyServer", "ProxyPacUrl", "Proxy"], is_proxy),
    (
        "certificates",
        &["CACertificates", "CertificateTransparencyEnforcementDisabledForUrls"],
        is_some,
    ),
    (
        "certificates",
        &["CertificateTransparencyEnforcementDisabledForCas", "CAHintCertificates"],
        is_some,
    ),
    ("certificates", &["CACertificatesWithConstraints", "Certificates"], is_some),
    ("certificates", &["OverrideSecurityRestrictionsOnInsecureOrigin"], is_some),
    ("remote-debugging", &["RemoteDebuggingAllowed"], is_true),
    (
        "extensions",
        &["ExtensionInstallForcelist", "ExtensionInstallSources", "Extensions"],
        is_some,
    ),
    ("extensions", &["ExtensionSettings"], installs),
    (
        "start-page",
        &["HomepageLocation", "RestoreOnStartupURLs", "NewTabPageLocation", "Homepage"],
        is_some,
    ),
    ("search", &["DefaultSearchProviderSearchURL", "SearchEngines"], is_some),
    ("native-messaging", &["NativeMessagingAllowlist"], is_some),
    (
        "capture",
        &["AudioCaptureAllowedUrls", "VideoCaptureAllowedUrls", "ScreenCaptureAllowedByOrigins"],
        is_some,
    ),
    ("capture", &["SameOriginTabCaptureAllowedByOrigins", "TabCaptureAllowedByOrigins"], is_some),
    (
        "capture",
        &["WindowCaptureAllowedByOrigins", "ScreenCaptureWithoutGestureAllowedForOrigins"],
        is_some,
    ),
    ("capture", &["Permissions"], lets_capture),
    ("updates-off", &["DisableAppUpdate", "DisableSystemAddonUpdate"], is_true),
    ("updates-off", &["AppAutoUpdate", "ComponentUpdatesEnabled"], is_false),
    ("safe-browsing-off", &["SafeBrowsingEnabled"], is_false),
    ("safe-browsing-off", &["SafeBrowsingProtectionLevel"], is_zero),
    ("safe-browsing-off", &["SmartScreenEnabled"], is_false),
    ("safe-browsing-off", &["SafeBrowsingAllowlistDomains"], is_some),
    (
        "passwords",
        &["PasswordManagerEnabled", "OfferToSaveLogins", "PasswordManagerAllowShowPasswords"],
        is_true,
    ),
    ("passwords", &["ImportSavedPasswords"], is_true),
    ("sync", &["BrowserSignin"], is_forced),
    ("sync", &["ForceSync"], is_true),
];

pub fn of(name: &str, value: &Value) -> Option<&'static str> {
    let fits = |(_, names, opens): &&Effect| names.contains(&name) && opens(value);
    OPENS.iter().find(fits).map(|(effect, _, _)| *effect)
}

fn is_true(value: &Value) -> bool {
    value.as_bool() == Some(true)
}

fn is_false(value: &Value) -> bool {
    value.as_bool() == Some(false)
}

fn is_zero(value: &Value) -> bool {
    value.as_i64() == Some(0)
}

/// Two forces a person to sign in.
fn is_forced(value: &Value) -> bool {
    value.as_i64() == Some(2)
}

fn is_some(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(set) => *set,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
        Value::Number(_) => true,
    }
}

/// A proxy that somebody named; what the system says and none at all open nothing.
fn is_proxy(value: &Value) -> bool {
    let harmless = |mode: &str| ["direct", "system", "none", ""].contains(&mode);
    match value {
        Value::String(text) => !harmless(text),
        Value::Object(members) => {
            let mode = members.get("ProxyMode").or(members.get("Mode")).and_then(Value::as_str);
            let named = members.iter().any(|(key, value)| {
                let key = key.to_ascii_lowercase();
                let is_place = ["server", "proxy", "url"].iter().any(|end| key.ends_with(end));
                is_place
                    && key != "useproxyforhttps"
                    && value.as_str().is_some_and(|text| !text.is_empty())
            });
            mode.map_or(named, |mode| !harmless(mode))
        }
        _ => false,
    }
}

fn installs(value: &Value) -> bool {
    let modes = ["force_installed", "normal_installed"];
    let mode = |one: &Value| {
        one.get("installation_mode")
            .and_then(Value::as_str)
            .is_some_and(|mode| modes.contains(&mode))
    };
    value.as_object().is_some_and(|all| all.values().any(mode))
}

/// Firefox: pages that may use camera, microphone or screen without asking.
fn lets_capture(value: &Value) -> bool {
    ["Camera", "Microphone", "ScreenShare"]
        .iter()
        .any(|device| value.get(device).and_then(|one| one.get("Allow")).is_some_and(is_some))
}
