//! A function as Lambda runs it, which logs nothing of a request at any level. The test starts this binary again as the
//! function, and is its Runtime API.
#![expect(clippy::unwrap_used, reason = "a broken precondition fails the test")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, ExitCode, Stdio};

use axum::Router;
use axum::routing::post;

const SECRET: &str = "iq_live_sk_0123456789abcdef";
const EVENT: &str = r#"{"version": "2.0", "routeKey": "$default", "rawPath": "/", "rawQueryString": "",
    "headers": {"authorization": "Bearer iq_live_sk_0123456789abcdef", "content-type": "text/plain"},
    "requestContext": {"http": {"method": "POST", "path": "/", "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1"}},
    "body": "iq_live_sk_0123456789abcdef", "isBase64Encoded": false}"#;

fn main() -> ExitCode {
    if std::env::args().any(|argument| argument == "function") {
        return runtime::run(async |_| runtime::http(Router::new().route("/", post(echo))).await);
    }
    for level in ["error", "warn", "info", "debug", "trace", "TRACE"] {
        let (response, log) = invoke(level);
        assert!(response.contains(SECRET), "{level}: {response}");
        assert!(!log.contains(SECRET), "{level}: {log}");
        let is_logged = !["error", "warn"].contains(&level);
        assert_eq!(log.contains("echoed"), is_logged, "{level}: {log}");
    }
    println!("no line has a secret, at any level");
    ExitCode::SUCCESS
}

async fn echo(body: String) -> String {
    tracing::info!("echoed");
    body
}

/// The response to the event, and what the function logs at this level.
fn invoke(level: &str) -> (String, String) {
    let api = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut function = start(level, &api.local_addr().unwrap().to_string());
    let response = loop {
        let (mut stream, _) = api.accept().unwrap();
        if let Some(response) = serve(&mut stream) {
            break response;
        }
    };
    function.kill().unwrap();
    let output = function.wait_with_output().unwrap();
    (response, String::from_utf8(output.stdout).unwrap())
}

fn start(level: &str, api: &str) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .arg("function")
        .env_clear()
        .envs([
            ("LOG_LEVEL", level),
            ("AWS_LAMBDA_RUNTIME_API", api),
            ("AWS_LAMBDA_FUNCTION_NAME", "echo"),
            ("AWS_LAMBDA_FUNCTION_VERSION", "1"),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128"),
        ])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Serves the requests of one connection: the event to a poll. Returns the function's response once it is posted.
fn serve(stream: &mut TcpStream) -> Option<String> {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    loop {
        let head = read_head(&mut reader)?;
        let mut body = vec![0; content_length(&head)];
        reader.read_exact(&mut body).ok()?;
        if head.starts_with("POST ") {
            return Some(String::from_utf8(body).unwrap());
        }
        let length = EVENT.len();
        let response = format!(
            "HTTP/1.1 200 OK\r\nlambda-runtime-aws-request-id: 1\r\nlambda-runtime-deadline-ms: 9999999999999\r\n\
             lambda-runtime-invoked-function-arn: arn\r\ncontent-length: {length}\r\n\r\n{EVENT}"
        );
        stream.write_all(response.as_bytes()).ok()?;
    }
}

/// The lines of a request up to its body; none if the connection ends.
fn read_head(reader: &mut impl BufRead) -> Option<String> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        let read = reader.read_line(&mut head).ok()?;
        (read > 0).then_some(())?;
    }
    Some(head)
}

fn content_length(head: &str) -> usize {
    let lines = head.lines().filter_map(|line| line.split_once(':'));
    let mut lengths = lines.filter(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    lengths
        .next()
        .map_or(0, |(_, length)| length.trim().parse().unwrap())
}
