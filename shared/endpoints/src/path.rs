/// Whether a request's path, such as `/api/v1/score/bulk/job_1`, is one of `pattern`, which has its parameters' names in braces.
pub(crate) fn fits(pattern: &str, path: &str) -> bool {
    let mut given = path.split('/');
    let mut parts = pattern.split('/');
    let fits = parts.all(|part| {
        let given = given.next();
        given.is_some_and(|given| given == part || (part.starts_with('{') && !given.is_empty()))
    });
    fits && given.next().is_none()
}
