//! The deployed stack, over HTTP.
