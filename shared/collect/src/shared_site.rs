//! Sites on which anybody publishes: a page there is its user's, and says nothing of the company that runs the site.

use types::{Domain, is_own_name};

/// Publishing platforms, networks, forges, registries, shops and archives, by their domains.
const SITES: [&str; 84] = [
    "about.me",
    "angel.co",
    "archive.is",
    "archive.org",
    "arxiv.org",
    "bandcamp.com",
    "bearblog.dev",
    "beehiiv.com",
    "behance.net",
    "bitbucket.org",
    "blogger.com",
    "blogspot.com",
    "bsky.app",
    "buttondown.com",
    "buttondown.email",
    "calameo.com",
    "carrd.co",
    "codeberg.org",
    "codepen.io",
    "crates.io",
    "crunchbase.com",
    "dev.to",
    "deviantart.com",
    "discord.com",
    "docs.rs",
    "facebook.com",
    "fandom.com",
    "ghost.io",
    "gitbook.io",
    "github.com",
    "github.io",
    "gitlab.com",
    "gitlab.io",
    "glitch.me",
    "gumroad.com",
    "hackernoon.com",
    "hashnode.com",
    "hashnode.dev",
    "huggingface.co",
    "indiegogo.com",
    "instagram.com",
    "issuu.com",
    "itch.io",
    "kaggle.com",
    "kickstarter.com",
    "ko-fi.com",
    "linkedin.com",
    "linktr.ee",
    "livejournal.com",
    "mataroa.blog",
    "medium.com",
    "micro.blog",
    "mirror.xyz",
    "netlify.app",
    "notion.site",
    "notion.so",
    "npmjs.com",
    "observablehq.com",
    "patreon.com",
    "pinterest.com",
    "posthaven.com",
    "producthunt.com",
    "pypi.org",
    "quora.com",
    "reddit.com",
    "replit.com",
    "rubygems.org",
    "scribd.com",
    "slideshare.net",
    "soundcloud.com",
    "sourceforge.net",
    "squarespace.com",
    "stackexchange.com",
    "stackoverflow.com",
    "substack.com",
    "telegra.ph",
    "tiktok.com",
    "tumblr.com",
    "twitch.tv",
    "twitter.com",
    "vimeo.com",
    "wordpress.com",
    "x.com",
    "youtube.com",
];

/// Parts of other sites on which anybody publishes, by their hosts.
const HOSTS: [&str; 16] = [
    "answers.microsoft.com",
    "apps.apple.com",
    "apps.shopify.com",
    "chrome.google.com",
    "colab.research.google.com",
    "docs.google.com",
    "drive.google.com",
    "groups.google.com",
    "itunes.apple.com",
    "marketplace.visualstudio.com",
    "news.google.com",
    "news.ycombinator.com",
    "play.google.com",
    "podcasts.apple.com",
    "sites.google.com",
    "store.steampowered.com",
];

/// The first parts of paths under which a platform publishes itself.
const OWN_PATHS: [&str; 9] = [
    "",
    "about",
    "blog",
    "careers",
    "changelog",
    "engineering",
    "newsroom",
    "press",
    "security",
];

/// Whether a page on this domain is a user's: below `@name` or `~name` on any site, and nearly everything on a shared one.
pub(crate) fn is_users_page(domain: &Domain, host: &str, path: &str) -> bool {
    let first = path.trim_start_matches('/').split('/').next();
    let first = first.unwrap_or_default().to_lowercase();
    if first.starts_with(['@', '~']) || first.starts_with("%40") || HOSTS.contains(&host) {
        return true;
    }
    if !SITES.contains(&domain.as_str()) {
        return false;
    }
    let before = host.strip_suffix(domain.as_str()).unwrap_or_default();
    match before.trim_end_matches('.') {
        "" | "www" => !OWN_PATHS.contains(&first.as_str()),
        name => !is_own_name(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::company::Company;

    #[track_caller]
    fn check(domain: &str, url: &str, is_own: bool) {
        let company = Company::of(&Domain::parse(domain).unwrap());
        assert_eq!(company.owns(url), is_own, "{url}");
    }

    #[test]
    fn a_users_page_is_not_the_platforms() {
        for (domain, page) in [
            ("medium.com", "https://medium.com/@jane/we-raised-20m"),
            ("medium.com", "https://medium.com/acme-engineering/post-1"),
            ("medium.com", "https://jane.medium.com/post-1"),
            ("medium.com", "https://medium.com/%40jane/post"),
            ("substack.com", "https://jane.substack.com/p/post"),
            ("substack.com", "https://substack.com/@jane/p-1"),
            ("substack.com", "https://substack.com/home/post/p-1"),
            ("wordpress.com", "https://jane.wordpress.com/2026/"),
            ("tumblr.com", "https://jane.tumblr.com/post/1"),
            ("dev.to", "https://dev.to/jane/post"),
            ("github.com", "https://github.com/acme/sdk"),
            ("github.com", "https://gist.github.com/jane/1"),
            ("gitlab.com", "https://gitlab.com/acme/sdk"),
            ("huggingface.co", "https://huggingface.co/acme/model"),
            ("linkedin.com", "https://www.linkedin.com/pulse/we-raised"),
            ("linkedin.com", "https://www.linkedin.com/company/acme"),
            ("youtube.com", "https://www.youtube.com/watch?v=1"),
            ("npmjs.com", "https://www.npmjs.com/package/acme"),
            ("google.com", "https://docs.google.com/document/d/1"),
            ("ycombinator.com", "https://news.ycombinator.com/item?id=1"),
            ("mastodon.example", "https://mastodon.example/@jane/1"),
            ("sr.ht", "https://sr.ht/~jane/project"),
            (
                "kickstarter.com",
                "https://www.kickstarter.com/projects/a/b",
            ),
            ("ghost.io", "https://jane.ghost.io/post"),
        ] {
            if Domain::parse(domain).is_ok() {
                check(domain, page, false);
            }
        }
        // By the public suffix list every user has a domain there.
        check("jane.github.io", "https://jane.github.io/post", true);
        check("jane.github.io", "https://john.github.io/post", false);
        check("jane.blogspot.com", "https://jane.blogspot.com/2026/", true);
    }

    #[test]
    fn what_a_platform_publishes_itself_is_its_own() {
        check("medium.com", "https://blog.medium.com/we-raised", true);
        check("medium.com", "https://medium.com/", true);
        check("substack.com", "https://on.substack.com/p/new", true);
        check("github.com", "https://github.com/about/press", true);
        check(
            "linkedin.com",
            "https://engineering.linkedin.com/blog/2026",
            true,
        );
        check("gitlab.com", "https://about.gitlab.com/blog/2026/x", true);
        check("google.com", "https://blog.google.com/x", true);
        check("stripe.com", "https://stripe.com/jane/we-raised", true);
    }

    #[test]
    fn the_lists_are_in_order() {
        assert!(SITES.is_sorted() && HOSTS.is_sorted());
        assert!(OWN_PATHS.is_sorted());
    }
}
