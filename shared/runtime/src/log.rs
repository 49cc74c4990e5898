use config::Env;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::fmt::format::FmtSpan;

/// Below it, the Lambda runtime and the AWS SDK log events, items and signed headers as they are: keys, tokens, uploads.
const LOWEST: LevelFilter = LevelFilter::INFO;

/// Sends log events to standard output as JSON lines, from the level in `LOG_LEVEL` (default `info`) upwards. `debug` and
/// `trace` are taken as `info`.
pub(crate) fn init(env: &Env) {
    let level = env.optional("LOG_LEVEL");
    let level = level.and_then(|level| level.parse().ok());
    let level = level.unwrap_or(LOWEST).min(LOWEST);
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
