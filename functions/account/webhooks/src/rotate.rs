use api::{ApiError, Caller, Idempotent, OptionalJson};
use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use types::whole_second;
use webhook_store::{SealedSecret, WebhookConfig};

use crate::answer::SecretAnswer;
use crate::{App, PathId, named};

/// The hours for which the secret before signs as well: at most, and if not given.
const GRACE: i64 = 24;

/// How to replace a secret.
#[derive(Debug, Default, JsonSchema, Deserialize)]
#[schemars(rename = "RotateSecretForm")]
#[serde(deny_unknown_fields, expecting = "a rotation is a JSON object")]
pub(crate) struct RotateForm {
    /// Hours for which requests are signed with the secret before as well: 0 if somebody else may know it.
    #[schemars(range(min = 0, max = 24), extend("default" = 24))]
    grace_hours: Option<i64>,
}

#[derive(Debug, Serialize)]
struct Rotation {
    webhook: String,
    grace_hours: i64,
}

/// `POST …/webhooks/{webhook_id}/rotate-secret`: gives a webhook a new secret.
pub(crate) async fn rotate(
    State(app): State<App>,
    caller: Caller,
    id: PathId,
    OptionalJson(form): OptionalJson<RotateForm>,
) -> Result<Idempotent<Json<SecretAnswer>>, ApiError> {
    let input = form
        .and_then(|form| grace(&form))
        .and_then(|grace| Ok((named(id)?, grace)));
    let (call, (id, grace_hours)) = caller.authorize(input).await?;
    let content = Rotation {
        webhook: id.to_string(),
        grace_hours,
    };
    call.once(&content, async |call, seed| {
        let call = call.admit().await?;
        let before = app.found(call.account(), call.product(), id).await?;
        let now = whole_second(app.context.clock().now());
        let (secret, new) = app.new_secret(id, seed).await?;
        let ends = now.as_second() + grace_hours * 3_600;
        // What an earlier run of this request made was shown to nobody.
        let mut known = before
            .config
            .secrets
            .iter()
            .filter(|known| known.made_by != new.made_by);
        let previous = known.next().map(|current| SealedSecret {
            expires: Some(current.expires.map_or(ends, |expires| expires.min(ends))),
            ..current.clone()
        });
        let previous = previous.filter(|previous| previous.is_valid(now));
        let after = WebhookConfig {
            secrets: [Some(new), previous].into_iter().flatten().collect(),
            ..before.config.clone()
        };
        let row = app.replace(&call, before, after).await?;
        Ok(Json(SecretAnswer::new(row, &secret)))
    })
    .await
}

fn grace(form: &RotateForm) -> Result<i64, ApiError> {
    let hours = form.grace_hours.unwrap_or(GRACE);
    if (0..=GRACE).contains(&hours) {
        return Ok(hours);
    }
    let message = format!("grace_hours is a whole number from 0 to {GRACE}, not {hours}");
    Err(ApiError::invalid("grace_hours", message).reason("number_out_of_range"))
}
