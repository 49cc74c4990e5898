/// A start tag of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tag<'a> {
    /// Its name as written, such as `a` or `pubDate`.
    pub(crate) name: &'a str,
    attributes: &'a str,
    /// What follows the tag, up to the next one of any kind.
    pub(crate) text: &'a str,
}

/// Returns the start tags of a page, in order, without comments, end tags and declarations. A malformed page gives fewer tags,
/// never an error.
pub(crate) fn tags(page: &str) -> impl Iterator<Item = Tag<'_>> {
    let mut rest = page;
    std::iter::from_fn(move || {
        loop {
            let (_, after) = rest.split_once('<')?;
            if let Some(comment) = after.strip_prefix("!--") {
                rest = comment.split_once("-->")?.1;
                continue;
            }
            rest = after;
            if !after.starts_with(|c: char| c.is_ascii_alphabetic()) {
                continue;
            }
            let (inside, after) = after.split_once('>')?;
            rest = after;
            let end = inside.find(|c: char| c.is_whitespace() || c == '/');
            let (name, attributes) = inside.split_at(end.unwrap_or(inside.len()));
            let text = match after.strip_prefix("<![CDATA[") {
                Some(data) => {
                    // CDATA has no tags, and must not be scanned again.
                    let (data, after) = data.split_once("]]>").unwrap_or((data, ""));
                    rest = after;
                    data
                }
                None => after.split_once('<').map_or(after, |(text, _)| text),
            };
            return Some(Tag {
                name,
                attributes,
                text,
            });
        }
    })
}

impl<'a> Tag<'a> {
    /// Whether the tag has this name, in any case.
    pub(crate) fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// The value of an attribute, quoted or not, as written.
    pub(crate) fn attribute(&self, name: &str) -> Option<&'a str> {
        let mut rest = self.attributes;
        loop {
            let (before, after) = rest.split_once('=')?;
            let found = before
                .trim_end()
                .rsplit(|c: char| c.is_whitespace() || c == '/')
                .next()?;
            let after = after.trim_start();
            let (value, next) = match after.chars().next()? {
                quote @ ('"' | '\'') => after.get(1..)?.split_once(quote)?,
                _ => after.split_once(char::is_whitespace).unwrap_or((after, "")),
            };
            if found.eq_ignore_ascii_case(name) {
                return Some(value);
            }
            rest = next;
        }
    }
}

/// Returns the text with the entities replaced that occur in titles and URLs.
pub(crate) fn unescaped(text: &str) -> String {
    [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&#039;", "'"),
        ("&apos;", "'"),
        ("&#8217;", "’"),
        ("&nbsp;", " "),
        ("&amp;", "&"),
    ]
    .into_iter()
    .fold(text.to_owned(), |text, (entity, plain)| {
        text.replace(entity, plain)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_have_names_attributes_and_text() {
        let page = "<!doctype html><!-- <a href=no> --><A class=x HREF = '/jobs'>Jobs</A><link rel=alternate href=/f/>\
                    <title><![CDATA[a < b]]></title><meta content=\"a>b\">";
        let found: Vec<_> = tags(page)
            .map(|tag| (tag.name, tag.attribute("href"), tag.text))
            .collect();
        assert_eq!(
            found,
            [
                ("A", Some("/jobs"), "Jobs"),
                ("link", Some("/f/"), ""),
                ("title", None, "a < b"),
                ("meta", None, "b\">"),
            ]
        );
    }

    #[test]
    fn a_page_is_scanned_once() {
        // A megabyte that a naive scan would read again from every tag.
        for part in ["<x><![CDATA[", "<!--", "<x a='", "<", "<x "] {
            let page = part.repeat(1_000_000 / part.len());
            assert_eq!(
                tags(&page)
                    .filter(|tag| tag.attribute("href").is_some())
                    .count(),
                0
            );
        }
    }

    #[test]
    fn entities_are_resolved_once() {
        assert_eq!(
            unescaped("R&amp;D &amp;lt; x &#39;y&#39;"),
            "R&D &lt; x 'y'"
        );
    }
}
