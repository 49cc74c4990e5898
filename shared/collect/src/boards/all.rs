use super::board::Board;
use super::{ashby, greenhouse, lever, workable};

/// Every provider of job boards.
pub(crate) static ALL: [Board; 4] = [
    greenhouse::BOARD,
    lever::BOARD,
    ashby::BOARD,
    workable::BOARD,
];

/// Whether a page links to a job board.
pub(crate) fn is_linked(page: &str) -> bool {
    ALL.iter().any(|board| board.is_linked(page))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_board_is_found_by_the_links_to_it() {
        let page = "<a href=\"https://boards.greenhouse.io/embed/job_board/js?for=acme\"> <a href='https://jobs.lever.co/Acme-Inc/1'>";
        let linked = ALL
            .iter()
            .map(|board| board.linked(page, "acme"))
            .collect::<Vec<_>>();
        assert_eq!(
            linked[0].as_deref(),
            Some("https://boards-api.greenhouse.io/v1/boards/acme/jobs")
        );
        assert!(
            linked[1]
                .as_deref()
                .unwrap()
                .starts_with("https://api.lever.co/v0/postings/Acme-Inc?")
        );
        assert_eq!(linked[2..], [None, None]);
        assert_eq!(
            ALL[0].linked("<a href='https://boards.greenhouse.io/'>", "acme"),
            None
        );
        let app = "https://boards.greenhouse.io/embed/job_app?token=1&amp;for=acme";
        assert_eq!(ALL[0].linked(app, "acme"), linked[0]);
        for host in ["job-boards", "job-boards.eu", "boards.eu"] {
            let page = format!("https://{host}.greenhouse.io/acme/jobs/1");
            assert_eq!(ALL[0].linked(&page, "acme"), linked[0], "{host}");
        }
        assert!(!is_linked("https://jobs.lever.co/") && is_linked(page));
    }

    #[test]
    fn of_several_boards_the_company_s_is_taken_and_else_none() {
        let lever = |page: &str, label: &str| ALL[1].linked(page, label);
        let investor = "https://jobs.lever.co/first https://jobs.lever.co/second";
        assert_eq!(lever(investor, "acme"), None);
        assert!(is_linked(investor));
        let several = "https://jobs.lever.co/other https://jobs.lever.co/Acme-Labs";
        let own = lever(several, "acme").unwrap();
        assert!(own.contains("/Acme-Labs?"), "{own}");
        // A single board may have any name.
        assert!(lever("https://jobs.lever.co/xyz", "acme").is_some());
        assert_eq!(lever(several, "a"), None, "a name that says too little");
    }
}
