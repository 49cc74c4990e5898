use config::Env;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::fmt::format::FmtSpan;

/// Sends log events to standard output as JSON lines, from the level in `LOG_LEVEL` (default `info`) upwards.
pub(crate) fn init(env: &Env) {
    let level = env
        .optional("LOG_LEVEL")
        .and_then(|level| level.parse().ok())
        .unwrap_or(LevelFilter::INFO);
    let subscriber = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_current_span(true)
        .with_span_list(false)
        .with_span_events(FmtSpan::NONE)
        .with_max_level(level)
        .with_target(false);
    // It is already set if a test runs several functions in one process.
    let _ = subscriber.try_init();
}
