//! Region and credentials from a profile. The binary reads the profile's file itself, so these tests start a process.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a broken precondition fails the test"
)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use config::Env;
use serde_json::Value;

/// Runs `account list` on the running stack, with the profiles in the files of a folder.
fn list(folder: &Path, profile: &str, words: &[&str]) -> Output {
    let stack = Env::process().required("ASSAY_STACK_FILE").unwrap();
    let stack: Value = serde_json::from_slice(&fs::read(stack).unwrap()).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    fs::create_dir_all(folder).unwrap();
    let region = text(&stack["region"]);
    let configured = format!(
        "[profile static]\nregion = {region}\n\
         [profile process]\nregion = {region}\ncredential_process = echo '{{\"Version\": 1, \"AccessKeyId\": \"test\", \
         \"SecretAccessKey\": \"test\"}}'\n\
         [profile nowhere]\noutput = json\n\
         [profile nobody]\nregion = {region}\n"
    );
    let keys = "[static]\naws_access_key_id = test\naws_secret_access_key = test\n";
    fs::write(folder.join("config"), configured).unwrap();
    fs::write(folder.join("credentials"), keys).unwrap();
    Command::new(env!("CARGO_BIN_EXE_assay"))
        .args(["account", "list", "--json"])
        .args(words)
        .env_clear()
        .env("PATH", Env::process().required("PATH").unwrap())
        .env("AWS_PROFILE", profile)
        .env("AWS_CONFIG_FILE", folder.join("config"))
        .env("AWS_SHARED_CREDENTIALS_FILE", folder.join("credentials"))
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("AWS_ENDPOINT_URL", text(&stack["endpoint_url"]))
        .env("ACCOUNTS_TABLE", text(&stack["tables"]["accounts"]))
        .env("CALL_TIMEOUT_MS", "60000")
        .output()
        .unwrap()
}

#[test]
fn name_region_and_credentials() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("named");
    for profile in ["static", "process"] {
        for words in [&[][..], &["--stack", "assay"]] {
            let listed = list(&folder, profile, words);
            let stderr = String::from_utf8_lossy(&listed.stderr);
            assert!(listed.status.success(), "{profile}: {stderr}");
            let accounts: Value = serde_json::from_slice(&listed.stdout).unwrap();
            assert!(!accounts.as_array().unwrap().is_empty(), "the demo account");
        }
    }
}

#[test]
fn that_lack_a_region_are_named_in_the_error() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("lacking");
    for (profile, why) in [
        (
            "nowhere",
            "assay: no AWS region is configured; set AWS_REGION, or AWS_PROFILE to a profile that has one",
        ),
        ("unknown", "assay: no AWS region is configured;"),
    ] {
        let refused = list(&folder, profile, &[]);
        assert_eq!(refused.status.code(), Some(1));
        let stderr = String::from_utf8_lossy(&refused.stderr);
        assert!(stderr.contains(why), "{stderr}");
    }
}

#[test]
fn without_credentials_say_so() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("without");
    let refused = list(&folder, "nobody", &["--stack", "assay"]);
    assert_eq!(refused.status.code(), Some(1));
    assert_eq!(
        String::from_utf8_lossy(&refused.stderr),
        "assay: no AWS credentials were found; set AWS_PROFILE, and sign in if it uses SSO: aws sso login\n"
    );
}
