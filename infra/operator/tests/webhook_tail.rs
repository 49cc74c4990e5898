//! What only a process of its own shows: lines are printed as they come, and Ctrl-C ends it.
#![expect(clippy::unwrap_used, reason = "a broken precondition fails the test")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};

use auth::RawKey;
use rustix::process::{Pid, Signal, kill_process};
use types::Product;

const WEBHOOKS: &str = r#"{"webhooks":[{"id":"webhook_01m8gdjsm8hg27q02wgtb5655j","name":"Monitor","url":"https://example.com","active":true}]}"#;
const DELIVERIES: &str = r#"{"deliveries":[{"id":"delivery_01m8gdjse0y3meqzcywq5176yb","created_at":"2026-11-28T06:30:48Z"}]}"#;
const DELIVERY: &str = r#"{"id":"delivery_01m8gdjse0y3meqzcywq5176yb","event_id":"event_01m8gdjsx006z41v38p0q89t5h","event_type":"score_change","body":{}}"#;

/// An API with one delivery, and a program that accepts all: both at one address.
fn serve(listener: &TcpListener) {
    for stream in listener.incoming() {
        respond(stream.unwrap());
    }
}

/// Responds to one request, and closes the connection.
fn respond(mut stream: TcpStream) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let (mut first, mut length) = (String::new(), 0);
    reader.read_line(&mut first).unwrap();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        if let Some(text) = line.strip_prefix("content-length: ") {
            length = text.trim().parse().unwrap();
        }
        if line.trim().is_empty() {
            break;
        }
    }
    reader.read_exact(&mut vec![0; length]).unwrap();
    let body = match first.split(' ').nth(1).unwrap() {
        "/api/v1/webhooks" => WEBHOOKS,
        "/hook" => "",
        path if path.contains("?limit=") => DELIVERIES,
        _ => DELIVERY,
    };
    let length = body.len();
    let head = format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n");
    stream
        .write_all(format!("{head}{body}").as_bytes())
        .unwrap();
}

/// The command with what happened long ago, at an API on this machine.
fn start() -> Child {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || serve(&listener));
    Command::new(env!("CARGO_BIN_EXE_assay"))
        .args(["webhook", "tail", "--since", "200000h", "--to"])
        .arg(format!("http://{address}/hook"))
        .env_clear()
        .env("ASSAY_BASE", format!("http://{address}"))
        .env("ASSAY_KEY", &*RawKey::generate(Product::Liquidity).reveal())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

#[test]
fn ctrl_c_ends_it_with_a_summary() {
    let mut process = start();
    let mut printed = String::new();
    let stdout = process.stdout.take().unwrap();
    // Blocks until the line is there, while the process goes on.
    BufReader::new(stdout).read_line(&mut printed).unwrap();
    let expected = "  score_change  delivery_01m8gdjse0y3meqzcywq5176yb  → 200 in ";
    assert!(printed.contains(expected), "{printed}");
    assert!(process.try_wait().unwrap().is_none());
    kill_process(Pid::from_child(&process), Signal::INT).unwrap();
    let output = process.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    let stderr = String::from_utf8(output.stderr).unwrap();
    let last = stderr.lines().last();
    assert_eq!(last, Some("forwarded 1: 1 accepted, 0 failed"), "{stderr}");
}
