use accounts::Meter;
use quota::{Allowance, Plan};
use types::{Feature, Product};

use crate::{ApiError, Code};

/// How much of a feature a meter's plan includes. A plan that no longer exists includes nothing.
///
/// # Errors
/// 402 `plan_too_small`, with the smallest plan that includes it.
pub(crate) fn required(
    product: Product,
    meter: &Meter,
    feature: Feature,
) -> Result<Allowance, ApiError> {
    let plan = Plan::named(product, &meter.plan).ok();
    if let Some(allowance) = plan.and_then(|plan| plan.allowance(feature)) {
        return Ok(allowance);
    }
    let yours = &meter.plan;
    let message = match Plan::smallest_with(product, feature) {
        Some(plan) => {
            let name = plan.name;
            format!(
                "the plan {yours} does not include {feature}; upgrade to {name} or a larger plan"
            )
        }
        None => format!("no plan of {product} includes {feature}"),
    };
    let error = ApiError::new(Code::PlanRequired, message).reason("plan_too_small");
    Err(error.with("plan", yours.clone()))
}
