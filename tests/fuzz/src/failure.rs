use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

use crate::corpus;

/// The most runs to make an input that fails smaller.
const TRIES: usize = 4_000;

thread_local! { static IS_QUIET: Cell<bool> = const { Cell::new(false) }; }

/// Whether a target fails for an input. Its panic is not printed.
pub(crate) fn fails(test: &impl Fn(&[u8]), input: &[u8]) -> bool {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let print = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if !IS_QUIET.get() {
                print(panic);
            }
        }));
    });
    IS_QUIET.set(true);
    let failed = panic::catch_unwind(AssertUnwindSafe(|| test(input))).is_err();
    IS_QUIET.set(false);
    failed
}

/// Fails with the smallest input that is found for which the target fails.
pub(crate) fn report(target: &str, test: &impl Fn(&[u8]), input: &[u8]) -> ! {
    let input = shrunk(test, input);
    let shown = input.escape_ascii();
    let folder = corpus::folder(target);
    #[expect(clippy::print_stderr, reason = "it is a test's output")]
    {
        eprintln!("{target} fails for b\"{shown}\". To keep this input as a seed:");
        eprintln!(
            "python3 -c 'import sys; open(sys.argv[1], \"wb\").write(eval(sys.argv[2]))' {}/NAME 'b\"{shown}\"'",
            folder.display()
        );
    }
    test(&input);
    unreachable!("{target} fails only sometimes for b\"{shown}\"")
}

/// The input with all parts taken out without which it fails as well.
fn shrunk(test: &impl Fn(&[u8]), input: &[u8]) -> Vec<u8> {
    let mut best = input.to_vec();
    let mut tries = 0;
    let mut size = best.len().next_power_of_two();
    while size > 0 {
        let mut start = 0;
        while start < best.len() && tries < TRIES {
            let mut smaller = best.clone();
            smaller.drain(start..(start + size).min(best.len()));
            tries += 1;
            if fails(test, &smaller) {
                best = smaller;
            } else {
                start += size;
            }
        }
        size /= 2;
    }
    best
}
