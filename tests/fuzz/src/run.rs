/// Checks that `test` panics for no input. The seeds of `target`, and what becomes of them by random changes, are tried.
///
/// # Panics
/// For an input that `test` panics for, after it has been made as small as possible.
#[cfg(not(fuzzing_libfuzzer))]
pub fn check(target: &str, test: impl Fn(&[u8])) {
    use crate::failure::{fails, report};
    use crate::random::Random;
    use crate::{corpus, mutate};

    let seeds = corpus::seeds(target);
    let words = corpus::words(&seeds);
    let mut random = Random::of(target, setting("ASSAY_FUZZ_SEED").unwrap_or(0));
    let run = |input: &[u8]| {
        if fails(&test, input) {
            report(target, &test, input);
        }
    };
    run(&[]);
    for seed in &seeds {
        run(seed);
    }
    for _ in 0..setting("ASSAY_FUZZ_RUNS").unwrap_or(RUNS) {
        run(&mutate::input(&mut random, &seeds, &words));
    }
}

/// Checks that `test` panics for no input, by libFuzzer. `ASSAY_FUZZ_OPTIONS` has its options, one on each line.
#[cfg(fuzzing_libfuzzer)]
pub fn check(_: &str, test: impl Fn(&[u8])) {
    #[expect(
        clippy::disallowed_methods,
        reason = "how a test is run, not how a function is"
    )]
    let options = std::env::var("ASSAY_FUZZ_OPTIONS").unwrap_or_default();
    let options: Vec<String> = options.lines().map(str::to_owned).collect();
    std::process::exit(libfuzzer::run(&options, &test));
}

/// Inputs per target in `make test`.
#[cfg(not(fuzzing_libfuzzer))]
const RUNS: u64 = 500;

/// A number that the environment sets.
#[cfg(not(fuzzing_libfuzzer))]
fn setting(name: &str) -> Option<u64> {
    #[expect(
        clippy::disallowed_methods,
        reason = "how a test is run, not how a function is"
    )]
    let set = std::env::var(name).ok()?;
    Some(
        set.parse()
            .unwrap_or_else(|_| panic!("{name} is a number, not {set}")),
    )
}
