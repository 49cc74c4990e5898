#![doc = include_str!("../README.md")]

use aws_sdk_scheduler::Client;
use aws_sdk_scheduler::operation::create_schedule::CreateScheduleError;
use aws_sdk_scheduler::types::{
    ActionAfterCompletion, FlexibleTimeWindow, FlexibleTimeWindowMode, Target,
};
use aws_types::SdkConfig;
use types::Timestamp;

/// A group of schedules whose target is one queue.
#[derive(Clone, Debug)]
pub struct Scheduler {
    client: Client,
    target: ScheduleTarget,
}

/// Where the schedules of a group send.
#[derive(Clone, Debug)]
pub struct ScheduleTarget {
    /// The group's name.
    pub group: String,
    /// The queue's ARN.
    pub queue_arn: String,
    /// The role by which the Scheduler sends to it.
    pub role_arn: String,
}

/// A schedule was not made. It may have been: making it again is right, and makes no second one.
#[derive(Debug, thiserror::Error)]
#[error("the Scheduler gave no usable response")]
pub struct ScheduleError(#[source] Box<dyn std::error::Error + Send + Sync>);

impl Scheduler {
    /// Makes no call.
    pub fn new(config: &SdkConfig, target: ScheduleTarget) -> Self {
        Self {
            client: Client::new(config),
            target,
        }
    }

    /// Sends `message` to the queue at a time, to the second, which is at most a minute late by the Scheduler's precision. There is one
    /// schedule of a name: a second call changes nothing. One call.
    pub async fn send_at(
        &self,
        at: Timestamp,
        name: &str,
        message: &str,
    ) -> Result<(), ScheduleError> {
        let failed = |error: aws_sdk_scheduler::error::BuildError| ScheduleError(Box::new(error));
        let window = FlexibleTimeWindow::builder().mode(FlexibleTimeWindowMode::Off);
        let target = Target::builder()
            .arn(&self.target.queue_arn)
            .role_arn(&self.target.role_arn)
            .input(message);
        let created = self
            .client
            .create_schedule()
            .group_name(&self.target.group)
            .name(name)
            .schedule_expression(expression(at))
            .flexible_time_window(window.build().map_err(failed)?)
            .target(target.build().map_err(failed)?)
            .action_after_completion(ActionAfterCompletion::Delete)
            .send()
            .await;
        match created {
            Ok(_) => Ok(()),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(CreateScheduleError::is_conflict_exception) =>
            {
                Ok(())
            }
            Err(error) => Err(ScheduleError(error.into())),
        }
    }
}

/// A one-time schedule, in UTC, which is the default time zone.
fn expression(at: Timestamp) -> String {
    let second = types::whole_second(at).to_string();
    format!("at({})", second.trim_end_matches('Z'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_as_the_scheduler_reads_it() {
        let at = "2026-11-28T05:30:07.9Z".parse().unwrap();
        assert_eq!(expression(at), "at(2026-11-28T05:30:07)");
    }
}
