//! Every request that the documentation prints is sent, in its order, and its response is compared with the printed one in shape:
//! the same fields, of the same types. An id that is printed stands for the one of the response.

use std::collections::BTreeMap;
use std::process::Command;
use std::time::Duration;

use describe::pages::{PAGES, Printed, printed};
use serde_json::Value;
use tests::Deployed;
use types::Product;

const README: &str = include_str!("../../README.md");
/// Fields that depend on what is known of a company, or on the deployment.
const MAY_BE_ABSENT: [&str; 3] = ["coverage", "more_signals", "next_cursor"];
/// How often a job is polled, and how long it may take: a minute.
const PAUSE: Duration = Duration::from_millis(300);
const POLLS: usize = 200;

/// Sends the commands of one page.
struct Reader {
    /// What the commands call by other names here: variables, hosts, keys.
    names: Vec<(&'static str, String)>,
    /// Printed ids, and those that they stand for.
    ids: BTreeMap<String, String>,
    folder: std::path::PathBuf,
}

impl Reader {
    fn read(&mut self, name: &str, page: &str) {
        // The file of the first upload; a later one is a result.
        let mut blocks = page.split("\n\n");
        if let Some(block) = blocks.find(|block| block.starts_with("    company_name,domain")) {
            let file = block.replace("\n    ", "\n");
            std::fs::write(self.folder.join("companies.csv"), file.trim()).unwrap();
        }
        let all = printed(page);
        assert!(!all.is_empty(), "{name} prints no request");
        for one in &all {
            self.send_all(name, one);
        }
    }

    fn send_all(&mut self, name: &str, printed: &Printed) {
        for command in &printed.commands {
            for poll in 1.. {
                let (status, body) = self.send(command);
                // What the response says to try again: a delivery that is being attempted.
                if body.contains(r#""code":"IN_PROGRESS""#) && poll < POLLS {
                    std::thread::sleep(PAUSE);
                    continue;
                }
                assert!(
                    status.starts_with('2'),
                    "{name}: {command}\n{status} {body}"
                );
                let Some(response) = &printed.response else {
                    break;
                };
                let response: Value = serde_json::from_str(response).unwrap();
                let body: Value = serde_json::from_str(&body).unwrap();
                // A job that is not where the page has it.
                if response["status"] != body["status"] && poll < POLLS {
                    std::thread::sleep(PAUSE);
                    continue;
                }
                let mut differences = Vec::new();
                self.compare("", &response, &body, &mut differences);
                assert!(
                    differences.is_empty(),
                    "{name}: {command}\n{body:#}\ndiffers from what is printed:\n{}",
                    differences.join("\n")
                );
                break;
            }
        }
    }

    /// Status and body of the response to a command.
    fn send(&self, command: &str) -> (String, String) {
        let mut command = command.to_owned();
        for (printed, real) in &self.ids {
            command = command.replace(printed, real);
        }
        for (name, value) in &self.names {
            command = command.replace(name, value);
        }
        let output = Command::new("bash")
            .args([
                "-c",
                &format!("{command} --noproxy '*' -w '\\n%{{http_code}}'"),
            ])
            .current_dir(&self.folder)
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let (body, status) = text.rsplit_once('\n').unwrap();
        (status.to_owned(), body.to_owned())
    }

    fn compare(&mut self, at: &str, printed: &Value, real: &Value, differences: &mut Vec<String>) {
        match (printed, real) {
            (Value::Object(printed), Value::Object(real)) => {
                let mut names: Vec<&String> = printed.keys().chain(real.keys()).collect();
                names.sort();
                names.dedup();
                for name in names {
                    let at = format!("{at}.{name}");
                    match (printed.get(name), real.get(name)) {
                        (Some(printed), Some(real)) => {
                            self.compare(&at, printed, real, differences);
                        }
                        _ if MAY_BE_ABSENT.contains(&name.as_str()) => {}
                        (Some(_), None) => {
                            differences.push(format!("{at} is printed and not there"));
                        }
                        _ => {
                            differences.push(format!("{at} is there and not printed"));
                        }
                    }
                }
            }
            (Value::Array(printed), Value::Array(real)) => {
                if printed.is_empty() != real.is_empty() {
                    differences.push(format!("{at} has {} elements", real.len()));
                }
                for one in real {
                    // Of several printed elements, the one that is most like it.
                    let each = printed.iter().map(|like| {
                        let mut found = Vec::new();
                        self.compare(&format!("{at}[]"), like, one, &mut found);
                        found
                    });
                    differences.extend(each.min_by_key(Vec::len).unwrap_or_default());
                }
            }
            (Value::String(printed), Value::String(real)) => {
                if is_id(printed) {
                    self.ids.insert(printed.clone(), real.clone());
                }
                if at.ends_with(".downloadUrl") {
                    self.names.push(("$DOWNLOAD_URL", real.clone()));
                }
            }
            (Value::Null, _) | (_, Value::Null) => {}
            (printed, real) => {
                if std::mem::discriminant(printed) != std::mem::discriminant(real) {
                    differences.push(format!("{at} is {real}, and {printed} is printed"));
                }
            }
        }
    }
}

/// Whether a text is an id such as `job_01m80e5b3865qrp9d2r51rn4ss`.
fn is_id(text: &str) -> bool {
    text.split_once('_').is_some_and(|(kind, rest)| {
        kind.chars().all(|c| c.is_ascii_lowercase()) && rest.len() == 26
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn every_printed_request_works() {
    let app = Deployed::running();
    let intent = app.customer(100).await.raw;
    let liquidity = app.customer_on(Product::Liquidity, "institutional").await;
    let portal = app.customer_on(Product::Portal, "enterprise").await;
    let session = app.session().await;
    let folder = std::env::temp_dir().join(types::unique(app.now()));
    std::fs::create_dir(&folder).unwrap();
    for (name, page) in PAGES {
        let key = match name {
            "liquidity" | "webhooks" => &liquidity.raw,
            "portal" => &portal.raw,
            // The demo account has a name.
            "leads" => &app.stack.keys["leads"],
            _ => &intent,
        };
        let key = key.clone();
        let mut reader = Reader {
            names: vec![
                ("$BASE", app.stack.base_url.clone()),
                ("$SESSION", session.clone()),
                ("$DECODED_KEY", key.clone()),
                ("$KEY", key),
            ],
            ids: BTreeMap::new(),
            folder: folder.clone(),
        };
        reader.read(name, page);
    }
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn every_request_of_the_readme_works() {
    let Deployed { stack, .. } = Deployed::running();
    let key = |product: &str| stack.keys[product].clone();
    let mut reader = Reader {
        names: vec![
            ("http://127.0.0.1:4566", stack.base_url.clone()),
            ("http://localhost:9000", stack.base_url.clone()),
            ("INTENT_KEY", key("intent")),
            ("LEADS_KEY", key("leads")),
            ("LIQUIDITY_KEY", key("liquidity")),
            ("PORTAL_KEY", key("portal")),
        ],
        ids: BTreeMap::new(),
        folder: concat!(env!("CARGO_MANIFEST_DIR"), "/..").into(),
    };
    reader.read("README.md", README);
}
