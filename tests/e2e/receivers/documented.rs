//! The receivers of the documentation, run as they are printed.

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::Request;

// The Rust one, compiled: a test compares it with what is printed.
include!("verify.rs");

const PAGE: &str = include_str!("../../../docs/api/webhooks.md");
/// What of the page is compiled.
const COMPILED: &str = include_str!("verify.rs");
/// The folder in which npm has installed the library.
const NODE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../infra/clients/typescript");

/// What the blocks of Python assume to be there: `secret`, `body` and `headers`, as JSON on standard input.
const PYTHON_BEFORE: &str = "
import json, sys
secret, body, headers = json.load(sys.stdin)
body = body.encode()
";
const NODE_BEFORE: &str = r#"
import { readFileSync } from "node:fs";
const [secret, text, headers] = JSON.parse(readFileSync(0, "utf8"));
const body = Buffer.from(text);
"#;
const BY_HAND_AFTER: &str = r#"
if not verify_signature(body, headers["x-intliq-signature"], secret):
    sys.exit("signature invalid")
print(json.loads(body)["id"])
"#;

/// A receiver of the documentation, by its language.
#[derive(Clone, Copy, Debug)]
pub(super) enum Receiver {
    Python,
    Node,
    Rust,
    /// The function in Python that verifies `X-IntLiq-Signature`.
    ByHand,
}

/// Those that verify with a library, which go by `webhook-signature`.
pub(super) const LIBRARIES: [Receiver; 3] = [Receiver::Python, Receiver::Node, Receiver::Rust];

impl Receiver {
    /// The id of the event in a request that it accepts, or why it refuses it.
    pub(super) fn receive(self, secret: &str, request: &Request) -> Result<String, String> {
        let [python, node, _, by_hand] = blocks();
        let mut command = match self {
            Self::Rust => return received(secret, request),
            Self::Python => python_command(python, "\nprint(event['id'])"),
            Self::ByHand => python_command(by_hand, BY_HAND_AFTER),
            Self::Node => {
                let code = format!("{NODE_BEFORE}{node}\nconsole.log(event.id);");
                let mut command = Command::new("node");
                command.args(["--input-type=module", "--eval", &code]);
                command.current_dir(NODE);
                command
            }
        };
        let input = serde_json::to_vec(&(secret, &request.body, &request.headers)).unwrap();
        run(&mut command, &input)
    }
}

/// The code of the section "Verify a request": with libraries in Python, JavaScript and Rust, and by hand in Python.
fn blocks() -> [&'static str; 4] {
    let (_, section) = PAGE.split_once("\n## Verify a request\n").unwrap();
    let (section, _) = section.split_once("\n## ").unwrap();
    let fenced = section.split("```").skip(1).step_by(2);
    let blocks: Vec<_> = fenced.map(|text| text.split_once('\n').unwrap()).collect();
    let languages: Vec<_> = blocks.iter().map(|(language, _)| *language).collect();
    assert_eq!(languages, ["python", "javascript", "rust", "python"]);
    [0, 1, 2, 3].map(|number| blocks[number].1)
}

fn python_command(block: &str, after: &str) -> Command {
    let mut command = Command::new("python");
    command.args(["-c", &format!("{PYTHON_BEFORE}{block}{after}")]);
    command
}

/// What a program prints that succeeds; otherwise its errors.
fn run(command: &mut Command, input: &[u8]) -> Result<String, String> {
    let program = command.get_program().display().to_string();
    let started = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut started = started
        .unwrap_or_else(|error| panic!("{program}: {error}; `make test` puts it in the PATH"));
    started.stdin.take().unwrap().write_all(input).unwrap();
    let output = started.wait_with_output().unwrap();
    let [printed, errors] =
        [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
    if output.status.success() {
        Ok(printed.trim().to_owned())
    } else {
        Err(errors)
    }
}

fn received(secret: &str, request: &Request) -> Result<String, String> {
    let headers = HeaderMap::try_from(&request.headers).unwrap();
    let body = request.body.as_bytes();
    verify(secret, body, &headers).map_err(|error| error.to_string())?;
    let event: Value = serde_json::from_slice(body).unwrap();
    Ok(event["id"].as_str().unwrap().to_owned())
}

#[test]
fn the_compiled_code_is_the_printed_code() {
    let [_, _, rust, _] = blocks();
    assert_eq!(rust, COMPILED);
}
