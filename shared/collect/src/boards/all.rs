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
    ALL.iter().any(|board| board.linked(page).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_board_is_found_by_the_links_to_it() {
        let page = "<a href=\"https://boards.greenhouse.io/embed/job_board/js?for=acme\"> <a href='https://jobs.lever.co/Acme-Inc/1'>";
        let linked = ALL
            .iter()
            .map(|board| board.linked(page))
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
            ALL[0].linked("<a href='https://boards.greenhouse.io/'>"),
            None
        );
    }
}
