//! Runs a test under libFuzzer from within a test's process. libFuzzer is C++, so this is unsafe code; there is none elsewhere.

use std::cell::Cell;
use std::ffi::{CString, c_char, c_int};

// What is linked, and what it calls.
use libfuzzer_sys as _;

unsafe extern "C" {
    /// <https://llvm.org/docs/LibFuzzer.html#using-libfuzzer-as-a-library>
    fn LLVMFuzzerRunDriver(
        count: *mut c_int,
        arguments: *mut *mut *mut c_char,
        test: extern "C" fn(*const u8, usize) -> c_int,
    ) -> c_int;
}

type Test<'a> = &'a dyn Fn(&[u8]);

thread_local! { static TEST: Cell<Option<Test<'static>>> = const { Cell::new(None) }; }

/// Runs libFuzzer with these options; returns its exit code. Where the test panics, it writes the input and ends the process.
pub fn run(options: &[String], test: Test<'_>) -> c_int {
    // SAFETY: only `one_input` uses it, which the driver calls on this thread, until it returns.
    let test = unsafe { std::mem::transmute::<Test<'_>, Test<'static>>(test) };
    TEST.set(Some(test));
    let program = std::iter::once("fuzz").chain(options.iter().map(String::as_str));
    let arguments: Vec<CString> = program.flat_map(CString::new).collect();
    let mut pointers: Vec<*mut c_char> = arguments
        .iter()
        .map(|text| text.as_ptr().cast_mut())
        .collect();
    let mut count = c_int::try_from(pointers.len()).unwrap_or(1);
    pointers.push(std::ptr::null_mut());
    let mut pointers = pointers.as_mut_ptr();
    // SAFETY: the arguments outlive the call, and end in a null pointer.
    let code = unsafe { LLVMFuzzerRunDriver(&raw mut count, &raw mut pointers, one_input) };
    TEST.set(None);
    code
}

extern "C" fn one_input(data: *const u8, size: usize) -> c_int {
    let input = if size == 0 {
        &[]
    } else {
        // SAFETY: libFuzzer passes a buffer of this size.
        unsafe { std::slice::from_raw_parts(data, size) }
    };
    if let Some(test) = TEST.get() {
        let tested = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| test(input)));
        if tested.is_err() {
            std::process::abort();
        }
    }
    0
}

/// What the crate's own entry point calls, which is not used.
#[unsafe(no_mangle)]
pub extern "C" fn rust_fuzzer_test_input(_: &[u8]) -> c_int {
    0
}
