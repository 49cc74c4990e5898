/// What anybody may read without a credential: the API's description, and the page that shows it.
///
/// It is not an endpoint: no product has it, no call of it is admitted or counted, and its function reads no table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// Its path, with its parameters' names in braces.
    pub path: &'static str,
    /// The binary of the Lambda function that serves it.
    pub function: &'static str,
}

/// Every page.
pub static PAGES: [Page; 3] = [
    Page::of_docs("/openapi.json"),
    Page::of_docs("/docs"),
    Page::of_docs("/docs/{file}"),
];

impl Page {
    /// The methods of every page.
    pub const METHODS: [&str; 2] = ["GET", "HEAD"];

    const fn of_docs(path: &'static str) -> Self {
        let function = "docs-page";
        Self { path, function }
    }

    /// The page of a request's path.
    pub fn at(path: &str) -> Option<&'static Self> {
        PAGES.iter().find(|page| crate::path::fits(page.path, path))
    }
}
