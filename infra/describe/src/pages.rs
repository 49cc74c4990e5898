//! The pages of the documentation: the requests that they print, and the responses.

use openapi::Example;
use serde_json::Value;

/// The pages of the documentation that describe endpoints, with their names: one a product.
pub const PAGES: [(&str, &str); 6] = [
    ("intent", include_str!("../../../docs/api/intent.md")),
    ("leads", include_str!("../../../docs/api/leads.md")),
    ("liquidity", include_str!("../../../docs/api/liquidity.md")),
    ("portal", include_str!("../../../docs/api/portal.md")),
    ("account", include_str!("../../../docs/api/account.md")),
    ("webhooks", include_str!("../../../docs/api/webhooks.md")),
];

/// Commands that a page prints, and the response to them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Printed {
    /// Method and path of the endpoint that the page describes there.
    pub endpoint: String,
    /// The commands, each on one or more lines.
    pub commands: Vec<String>,
    /// The response as it is printed, if it is.
    pub response: Option<String>,
}

/// The commands of a page, in their order. A line such as `` `GET /api/v1/score` · scope `read` `` begins an endpoint; commands and
/// responses are indented, and the response is the first JSON after the commands.
pub fn printed(page: &str) -> Vec<Printed> {
    let mut all: Vec<Printed> = Vec::new();
    let mut endpoint = String::new();
    for block in page.split("\n\n") {
        for line in block.lines() {
            let name = line
                .strip_prefix('`')
                .and_then(|rest| rest.split_once("` · scope "));
            if let Some((name, _)) = name {
                name.clone_into(&mut endpoint);
            }
        }
        let is_indented = |line: &str| line.starts_with("    ");
        if !block.lines().all(is_indented) {
            continue;
        }
        let lines = block.lines().filter_map(|line| line.get(4..));
        let text = lines.collect::<Vec<_>>().join("\n");
        if text.starts_with("curl ") {
            let commands = text.replace("\ncurl ", "\0curl ");
            all.push(Printed {
                endpoint: endpoint.clone(),
                commands: commands.split('\0').map(str::to_owned).collect(),
                response: None,
            });
        } else if let Some(last) = all.last_mut().filter(|last| {
            last.endpoint == endpoint && last.response.is_none() && text.starts_with(['{', '['])
        }) {
            last.response = Some(text);
        }
    }
    all
}

/// The first request to each endpoint that the pages print with its response.
pub fn examples() -> Vec<Example> {
    let pages = PAGES.iter().flat_map(|(_, page)| printed(page));
    let examples = pages.map(|printed| Example {
        endpoint: printed.endpoint,
        request: printed.commands.first().and_then(|command| body(command)),
        response: printed
            .response
            .and_then(|text| serde_json::from_str(&text).ok()),
    });
    examples
        .filter(|example| example.request.is_some() || example.response.is_some())
        .collect()
}

/// The JSON that a command sends.
fn body(command: &str) -> Option<Value> {
    let (_, rest) = command.split_once("-d '")?;
    let (body, _) = rest.rsplit_once('\'')?;
    serde_json::from_str(body).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_and_their_responses() {
        let page = "### One\n\n`POST /one` · scope `read` · 1 credit\n\n    curl a \\\n      -d '{\"a\": 1}'\n    curl b\n\nText\n\n    \
                    name\n    stripe\n\n    {\n      \"b\": 2\n    }\n\n    { \"c\": 3 }\n\n`GET /two` · scope `read`\n\n    [1]\n";
        let found = printed(page);
        assert_eq!(
            found,
            [Printed {
                endpoint: "POST /one".to_owned(),
                commands: vec![
                    "curl a \\\n  -d '{\"a\": 1}'".to_owned(),
                    "curl b".to_owned()
                ],
                response: Some("{\n  \"b\": 2\n}".to_owned()),
            }]
        );
        assert_eq!(
            body(&found[0].commands[0]),
            Some(serde_json::json!({ "a": 1 }))
        );
    }

    #[test]
    fn every_printed_response_is_whole() {
        for (name, page) in PAGES {
            for printed in printed(page) {
                if let Some(response) = &printed.response {
                    let parsed: Result<Value, _> = serde_json::from_str(response);
                    assert!(
                        parsed.is_ok(),
                        "{name}.md, {}: {response}",
                        printed.endpoint
                    );
                }
            }
        }
    }
}
