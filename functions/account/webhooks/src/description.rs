use api::Code;
use endpoints::webhooks::{WebhookEndpoints, intent, liquidity, portal};
use openapi::Operation;

use crate::answer::{
    DeliveryAnswer, DeliveryDetails, DeliveryPage, SecretAnswer, WebhookAnswer, WebhookList,
};
use crate::form::{ChangeForm, WebhookForm};
use crate::recover::{RecoverForm, RecoveryAnswer};
use crate::remove::Removed;
use crate::rotate::RotateForm;
use crate::stats::StatsAnswer;
use crate::test::TestForm;
use crate::types_of_events::EventTypeList;

/// Why a form is refused.
const FIELDS: &[&str] = &[
    "text_invalid",
    "url_invalid",
    "events_count",
    "event_unknown",
    "header_invalid",
    "number_out_of_range",
];

/// Why a span of time is refused.
const SPAN: &[&str] = &["time_invalid", "span_empty"];

/// The endpoints of each product that has webhooks.
pub(crate) const ENDPOINTS: [&WebhookEndpoints; 3] =
    [&intent::WEBHOOKS, &liquidity::WEBHOOKS, &portal::WEBHOOKS];

/// What the API's description says of these endpoints.
pub fn operations() -> Vec<Operation> {
    ENDPOINTS.into_iter().flat_map(of).collect()
}

fn of(product: &WebhookEndpoints) -> Vec<Operation> {
    let changes = |operation: Operation| {
        operation.refuses(Code::Duplicate, &["webhook_exists", "changed_meanwhile"])
    };
    vec![
        changes(Operation::of(product.create))
            .about("The secret that requests are signed with is in this response only.")
            .takes::<WebhookForm>()
            .refuses(Code::BadRequest, FIELDS)
            .refuses(Code::LimitReached, &["resource"])
            .returns::<SecretAnswer>(201, "The webhook and its secret.")
            .leads_to(
                &[product.read, product.change, product.test, product.deliveries, product.remove],
                "webhook_id",
                "webhook/id",
            ),
        Operation::of(product.list).returns::<WebhookList>(200, "The webhooks."),
        Operation::of(product.read).returns::<WebhookAnswer>(200, "The webhook."),
        changes(Operation::of(product.change))
            .about("What was not delivered yet goes to the new URL.")
            .takes::<ChangeForm>()
            .refuses(Code::BadRequest, FIELDS)
            .returns::<WebhookAnswer>(200, "The webhook as it is now."),
        Operation::of(product.remove)
            .about("Nothing is sent to it any more, and its deliveries are no longer shown.")
            .returns::<Removed>(200, "It is deleted."),
        changes(Operation::of(product.enable))
            .about("What happened meanwhile is not sent. Its failures are forgotten.")
            .returns::<WebhookAnswer>(200, "The webhook, which is active."),
        changes(Operation::of(product.disable))
            .about("Nothing is sent to it until it is enabled; what is pending is canceled when it is due.")
            .returns::<WebhookAnswer>(200, "The webhook, which is not active."),
        changes(Operation::of(product.rotate))
            .about("Requests are signed with the secret before as well for 24 hours, or as long as you say.")
            .may_take::<RotateForm>()
            .refuses(Code::BadRequest, &["number_out_of_range"])
            .returns::<SecretAnswer>(200, "The webhook and its new secret."),
        Operation::of(product.test)
            .about("The body has `\"test\": true`. It is attempted as every delivery is.")
            .may_take::<TestForm>()
            .refuses(Code::BadRequest, &["event_unknown"])
            .returns::<DeliveryAnswer>(202, "The delivery, which is pending."),
        Operation::of(product.deliveries)
            .about("Deliveries are kept for 30 days.")
            .refuses(Code::BadRequest, SPAN)
            .returns::<DeliveryPage>(200, "A page of deliveries."),
        Operation::of(product.delivery).returns::<DeliveryDetails>(200, "The delivery."),
        Operation::of(product.resend)
            .about("The body, the event's id and the delivery's id stay the same. If it fails, it is attempted again as at first.")
            .refuses(Code::Duplicate, &["webhook_disabled", "body_removed"])
            .refuses(Code::InProgress, &[])
            .refuses(Code::LimitReached, &["resource"])
            .returns::<DeliveryAnswer>(202, "The delivery, which is pending."),
        Operation::of(product.recover)
            .about("Those that are exhausted, canceled or held, the oldest first. It takes a while: `GET` says how far it is.")
            .takes::<RecoverForm>()
            .refuses(Code::BadRequest, SPAN)
            .refuses(Code::Duplicate, &["webhook_disabled"])
            .refuses(Code::InProgress, &[])
            .returns::<RecoveryAnswer>(202, "The recovery, which is running."),
        Operation::of(product.recovery).returns::<RecoveryAnswer>(200, "The recovery."),
        Operation::of(product.stats)
            .about("Of the last seven UTC days. Attempts that were made without a request do not count.")
            .returns::<StatsAnswer>(200, "The requests."),
        Operation::of(product.event_types)
            .about("With the schema and an example of each.")
            .returns::<EventTypeList>(200, "The types of events."),
    ]
}
