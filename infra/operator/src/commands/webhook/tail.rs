use std::convert::Infallible;
use std::fmt;
use std::pin::pin;
use std::time::Duration;

use clap::Args;
use config::Env;
use futures::StreamExt;
use jiff::SignedDuration;
use runtime::Failure;
use types::{Clock, WebhookId};
use url::Url;
use webhook::Secret;

use super::address;
use super::api::{Api, Webhook};
use super::forwarded::Summary;
use super::poller::Poller;
use super::target::Target;
use crate::output::Outcome;
use crate::parse;
use crate::terminal::Terminal;

/// Requests to the program at the same time.
const MAX_AT_ONCE: usize = 10;

#[derive(Debug, Args)]
pub(crate) struct Tail {
    /// Where to forward to: http at a loopback address, such as http://localhost:3000/hooks.
    #[arg(long, value_name = "URL", value_parser = address::local)]
    to: Url,
    /// Base URL of the API, such as https://api.example.com; the variable ASSAY_BASE says the same.
    #[arg(long, value_name = "URL")]
    base: Option<String>,
    /// API key of intent, liquidity or portal; better in the variable ASSAY_KEY, as other users of the machine see arguments.
    #[arg(long)]
    key: Option<Hidden>,
    /// Webhook id, such as webhook_01k9xw3tkbc2v6m8p4h0r5zqde (default: every webhook there is at the start).
    #[arg(long, value_name = "ID")]
    webhook: Option<WebhookId>,
    /// Secret to sign with, such as whsec_…; better in the variable ASSAY_WEBHOOK_SECRET (default: a new one, which is printed).
    #[arg(long)]
    secret: Option<Hidden>,
    /// Forward also what happened so long before the start, such as 10m or 2h.
    #[arg(long, value_name = "TIME", value_parser = parse::span)]
    since: Option<SignedDuration>,
    /// Seconds between two looks. Several webhooks take turns.
    #[arg(long, value_name = "SECONDS", default_value_t = 2, value_parser = clap::value_parser!(u32).range(1..=3_600))]
    interval: u32,
}

/// An argument that is not printed.
#[derive(Clone)]
struct Hidden(String);

impl Tail {
    pub(super) async fn run(
        self,
        (terminal, is_json): (&dyn Terminal, bool),
        env: &Env,
        clock: Clock,
    ) -> Result<Outcome, Failure> {
        let mut summary = Summary::default();
        let ended = tokio::select! {
            () = terminal.interrupted() => Ok(()),
            ended = self.forward((terminal, is_json), (env, clock), &mut summary) => ended.map(|never| match never {}),
        };
        if ended.is_ok() || summary.total() > 0 {
            terminal.note(&summary.to_string());
        }
        ended.map(|()| Outcome::printed())
    }

    /// Forwards until it is dropped, or the API refuses a call.
    async fn forward(
        self,
        (terminal, is_json): (&dyn Terminal, bool),
        (env, clock): (&Env, Clock),
        summary: &mut Summary,
    ) -> Result<Infallible, Failure> {
        let since = self.since.map(|span| clock.now().checked_sub(span));
        let since = since.transpose()?;
        let api = self.api(env, terminal)?;
        let given = self.secret(env)?;
        let chosen = self.chosen(api.webhooks().await?)?;
        let interval = Duration::from_secs(self.interval.into());
        let ids = chosen.iter().map(|webhook| webhook.id);
        let poller = Poller::start((api, interval), ids, since).await?;
        let is_new = given.is_none();
        let secret = given.unwrap_or_else(Secret::generate);
        self.introduce(&chosen, is_new.then_some(&secret), terminal);
        let target = Target::new(self.to, secret, clock);
        let forwarded = poller
            .deliveries()
            .map(async |delivery| Ok::<_, Failure>(target.post(delivery?).await))
            .buffer_unordered(MAX_AT_ONCE);
        let mut forwarded = pin!(forwarded);
        while let Some(one) = forwarded.next().await {
            let one = one?;
            summary.count(&one);
            terminal.print(&one.line(is_json)?)?;
        }
        Err("the API is no longer looked at".into())
    }

    fn api<'a>(&self, env: &Env, terminal: &'a dyn Terminal) -> Result<Api<'a>, Failure> {
        let base = self.base.clone().or_else(|| env.optional("ASSAY_BASE"));
        let base = base.ok_or("no API is named; give --base URL, or set ASSAY_BASE")?;
        let key = self.key.as_ref().map(|key| key.0.clone());
        let key = key.or_else(|| env.optional("ASSAY_KEY"));
        let key = key.ok_or("there is no API key; set ASSAY_KEY, or give --key")?;
        Api::new(&address::base(&base)?, &key, terminal)
    }

    /// The secret that is given.
    fn secret(&self, env: &Env) -> Result<Option<Secret>, Failure> {
        let given = self.secret.as_ref().map(|secret| secret.0.clone());
        let Some(given) = given.or_else(|| env.optional("ASSAY_WEBHOOK_SECRET")) else {
            return Ok(None);
        };
        let secret = Secret::parse(&given);
        Ok(Some(secret.ok_or(
            "the secret must be whsec_ and the Base64 of 32 bytes",
        )?))
    }

    fn chosen(&self, mut all: Vec<Webhook>) -> Result<Vec<Webhook>, Failure> {
        if all.is_empty() {
            return Err(
                "the account has no webhook of the key's product; register one first".into(),
            );
        }
        if let Some(id) = self.webhook {
            let known: Vec<String> = all.iter().map(|webhook| webhook.id.to_string()).collect();
            all.retain(|webhook| webhook.id == id);
            if all.is_empty() {
                let known = known.join(", ");
                return Err(format!("the account has no webhook {id}; it has {known}").into());
            }
        }
        Ok(all)
    }

    fn introduce(&self, chosen: &[Webhook], new: Option<&Secret>, terminal: &dyn Terminal) {
        for webhook in chosen {
            let Webhook { id, name, url, .. } = webhook;
            let state = if webhook.active {
                ""
            } else {
                ", disabled: it is sent nothing"
            };
            let line = format!("{id}  {name}  {url}{state}");
            terminal.note(&line.replace(char::is_control, " "));
        }
        if let Some(secret) = new {
            terminal.note(&format!("verify with: {}", secret.text()));
        }
        terminal.note(&format!("forwarding to {}; end with Ctrl-C", self.to));
    }
}

impl From<String> for Hidden {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hidden")
    }
}
