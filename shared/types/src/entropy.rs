/// `N` bytes from the operating system's generator, fit for secrets.
///
/// # Panics
/// If the operating system has no entropy source, in which case nothing can be done safely.
pub fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    #[expect(clippy::expect_used, reason = "no secret may be made without entropy")]
    getrandom::fill(&mut bytes).expect("the operating system provides entropy");
    bytes
}
