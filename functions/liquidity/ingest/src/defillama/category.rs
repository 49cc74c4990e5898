use liquidity::Category;

/// DefiLlama's category of real-world assets, and the one of loans against them.
const ASSETS: &str = "rwa";
const LOANS: &str = "rwa lending";

/// What a description says if it is about a category. Words that also mean something else, such as the treasury of a DAO, are left out.
const WORDS: [(Category, &[&str]); 5] = [
    (
        Category::Treasury,
        &[
            "treasuries",
            "treasury bill",
            "treasury bond",
            "treasury fund",
            "us treasury",
            "u.s. treasury",
            "t-bill",
            "money market",
            "government bond",
            "government securities",
            "sovereign bond",
        ],
    ),
    (
        Category::PrivateCredit,
        &[
            "credit",
            "loan",
            "lending",
            "borrow",
            "receivable",
            "invoice",
        ],
    ),
    (
        Category::RealEstate,
        &[
            "real estate",
            "real-estate",
            "mortgage",
            "rental",
            "housing",
        ],
    ),
    (
        Category::Commodity,
        &[
            "gold", "silver", "platinum", "commodit", "uranium", "bullion",
        ],
    ),
    (
        Category::Infrastructure,
        &[
            "infrastructure asset",
            "solar",
            "power plant",
            "wind farm",
            "vehicle",
            "gpu",
        ],
    ),
];

/// Whether DefiLlama counts an entry among real-world assets, however it spells the category.
pub(super) fn is_asset(category: &str) -> bool {
    let category = category.trim().to_lowercase();
    category == ASSETS || category == LOANS
}

/// What a protocol makes tradable, if its texts speak of one category alone. DefiLlama itself has one category for all.
pub(super) fn category_of(category: &str, texts: &[&str]) -> Option<Category> {
    if category.trim().to_lowercase() == LOANS {
        return Some(Category::PrivateCredit);
    }
    let texts = texts.join(" ").to_lowercase();
    let said = |words: &[&str]| words.iter().any(|word| texts.contains(word));
    let mut found = WORDS.into_iter().filter(|(_, words)| said(words));
    let (category, _) = found.next()?;
    found.next().is_none().then_some(category)
}
