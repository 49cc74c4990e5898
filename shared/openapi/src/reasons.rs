//! The reasons of errors: stable words for programs, each with its meaning.

/// Not a company domain.
pub const DOMAIN: &[&str] = &[
    "domain_empty",
    "domain_too_long",
    "domain_is_email",
    "domain_is_ip",
    "domain_is_public_suffix",
    "domain_is_special",
    "domain_is_profile",
    "domain_suffix_unknown",
    "domain_malformed",
];
/// A key or a session that is not valid.
pub(crate) const CREDENTIAL: &[&str] = &[
    "key_missing",
    "key_malformed",
    "key_unknown",
    "key_revoked",
    "key_expired",
    "token_malformed",
    "token_algorithm",
    "token_issuer",
    "token_audience",
    "token_use",
    "token_expired",
    "token_not_yet_valid",
    "token_key_unknown",
    "token_signature",
];
/// An `Idempotency-Key` that is not valid.
pub(crate) const IDEMPOTENCY_KEY: &[&str] = &[
    "idempotency_key_empty",
    "idempotency_key_too_long",
    "idempotency_key_malformed",
    "idempotency_key_repeated",
];

/// What a reason means; none for a word that is no reason.
pub fn meaning(reason: &str) -> Option<&'static str> {
    let mut all = MEANINGS.iter();
    all.find(|(word, _)| *word == reason)
        .map(|(_, meaning)| *meaning)
}

/// Every reason with its meaning, by the status of its error.
const MEANINGS: &[(&str, &str)] = &[
    // 400
    ("parameter_missing", "a required parameter is not given"),
    (
        "parameter_invalid",
        "a parameter has a value that is not valid",
    ),
    ("parameter_unknown", "there is no parameter of this name"),
    ("parameter_repeated", "a parameter is given twice"),
    ("cursor_invalid", "`cursor` is not that of a page"),
    ("domain_empty", "no domain is given"),
    ("domain_too_long", "the domain is longer than domains are"),
    ("domain_is_email", "it is an e-mail address"),
    ("domain_is_ip", "it is an IP address"),
    (
        "domain_is_public_suffix",
        "it is a public suffix, such as `co.uk`, and no company's domain",
    ),
    (
        "domain_is_special",
        "it is a special name, such as `localhost`",
    ),
    (
        "domain_is_profile",
        "it is a page on a site that many share, such as LinkedIn",
    ),
    (
        "domain_suffix_unknown",
        "it ends in no known top-level domain",
    ),
    ("domain_malformed", "it is not a domain"),
    (
        "json_invalid",
        "the body is not the JSON expected, or a field of it is of another type, unknown, or there twice",
    ),
    (
        "body_not_utf8",
        "the body is JSON in another encoding than UTF-8",
    ),
    (
        "query_too_long",
        "the GraphQL document has more than 20,000 bytes",
    ),
    ("no_signals", "the array of signals is empty"),
    (
        "too_many_signals",
        "more than 500 signals are sent; `limit`",
    ),
    ("field_missing", "a required field is not given"),
    (
        "text_invalid",
        "a text is empty, too long, or has more than one line",
    ),
    ("url_invalid", "a URL is not one of http or https"),
    ("time_invalid", "a time is not as RFC 3339 has it"),
    ("time_in_future", "a time is in the future"),
    ("time_in_past", "a time is in the past"),
    ("time_too_old", "a time is before what is kept"),
    ("span_empty", "`until` is not after `since`"),
    ("kind_unknown", "there is no such kind of signal"),
    ("strength_invalid", "a strength is not a number"),
    ("strength_out_of_range", "a strength is not from 0.001 to 1"),
    ("profile_empty", "neither weights nor half-lives are given"),
    (
        "profile_ambiguous",
        "a stored profile and numbers are given",
    ),
    ("weights_all_zero", "no kind of signal would count"),
    ("weight_missing", "a component has no weight"),
    (
        "weight_out_of_range",
        "a weight is not from 0 to 100, of liquidity not from 0 to 1",
    ),
    (
        "weights_sum",
        "the weights do not add up to 1.0, within 0.01",
    ),
    ("cap_out_of_range", "a penalty cap is not from 0 to 100"),
    (
        "half_life_out_of_range",
        "a half-life is not from 1 to 730 days",
    ),
    ("number_invalid", "a value is not a number"),
    ("number_out_of_range", "a number is out of its range"),
    ("uuid_invalid", "an id is not a UUID"),
    (
        "slug_invalid",
        "a slug is not 1 to 100 lower-case letters, digits and hyphens",
    ),
    ("events_count", "a webhook is sent 1 to 100 types of events"),
    ("event_unknown", "the product has no such type of events"),
    (
        "header_invalid",
        "a header is not valid, or not an account's to set",
    ),
    ("reference_invalid", "a `client_ref` is not valid"),
    ("product_unknown", "there is no such product"),
    ("scope_unknown", "the product has no such scope"),
    ("scopes_empty", "the list of scopes is empty"),
    ("file_empty", "the file is empty"),
    ("file_without_rows", "the file has no rows"),
    (
        "file_not_csv",
        "the file is of another type, such as a spreadsheet",
    ),
    ("file_not_utf8", "the file is not UTF-8"),
    ("file_has_nul", "the file has NUL characters"),
    ("charset_unknown", "the declared character set is not known"),
    (
        "file_not_in_charset",
        "the file is not in the character set that is declared",
    ),
    ("quote_unclosed", "a quoted field does not end"),
    (
        "text_after_quote",
        "text follows the quote that ends a field",
    ),
    ("row_in_quotes", "whole rows are quoted"),
    ("line_ends_lost", "the line ends were lost on the way"),
    ("too_many_rows", "the file has more than 1,000 rows"),
    ("too_many_columns", "the file has more than 500 columns"),
    ("no_domain_column", "no column has domains"),
    (
        "domain_column_ambiguous",
        "several columns hold domains, and none is named so",
    ),
    ("no_valid_rows", "no row has a valid domain"),
    ("position_count", "a portfolio has 1 to 200 positions"),
    ("position_repeated", "two positions are of one protocol"),
    (
        "value_out_of_range",
        "the value of a position is above 0, in US dollars",
    ),
    (
        "participation_rate_out_of_range",
        "the rate is a share above 0 and up to 1",
    ),
    ("file_missing", "the form has no field `file`"),
    ("file_repeated", "the form has two fields `file`"),
    ("form_invalid", "the form cannot be read"),
    ("idempotency_key_empty", "`Idempotency-Key` is empty"),
    (
        "idempotency_key_too_long",
        "`Idempotency-Key` has more than 255 characters",
    ),
    (
        "idempotency_key_malformed",
        "`Idempotency-Key` has a character that it must not have",
    ),
    (
        "idempotency_key_repeated",
        "`Idempotency-Key` is given twice",
    ),
    // 401
    ("key_missing", "no credential is sent"),
    (
        "key_malformed",
        "not the form of a key of this endpoint, or its checksum is wrong",
    ),
    ("key_unknown", "never issued by this deployment"),
    ("key_revoked", "revoked, or rotated more than 24 hours ago"),
    ("key_expired", "the key has expired"),
    (
        "token_malformed",
        "the session token is not a JSON Web Token",
    ),
    (
        "token_algorithm",
        "the session token is signed by another algorithm than RS256 or ES256",
    ),
    ("token_issuer", "the session token is of another issuer"),
    (
        "token_audience",
        "the session token is for another application",
    ),
    (
        "token_use",
        "the token is neither an access token nor an ID token",
    ),
    ("token_expired", "the session token has expired"),
    ("token_not_yet_valid", "the session token is not valid yet"),
    (
        "token_key_unknown",
        "the session token is signed by an unknown key",
    ),
    (
        "token_signature",
        "the signature of the session token is wrong",
    ),
    (
        "signature_invalid",
        "the report is not signed by a known reporter",
    ),
    // 402
    ("no_api_access", "the plan has no API access; `plan`"),
    ("plan_too_small", "the plan does not include this; `plan`"),
    ("no_product", "the account does not have the product"),
    // 403
    ("scope_missing", "the key lacks the scope `scope`"),
    ("wrong_product", "the key is for another product"),
    ("session_required", "an API key may not do this; sign in"),
    (
        "account_suspended",
        "the account is suspended, with all of its keys and sessions",
    ),
    // 404
    (
        "no_credits",
        "the product is paid by its plan and has no credits",
    ),
    ("route_unknown", "there is no such path"),
    // 409
    ("key_rotated", "the key was rotated already; `replaced_by`"),
    ("name_taken", "another profile has the name"),
    (
        "already_watched",
        "the company or protocol is on the watchlist",
    ),
    ("client_ref_taken", "another client has the reference"),
    (
        "webhook_exists",
        "another webhook has the same URL and events",
    ),
    (
        "changed_meanwhile",
        "another request changed it at the same moment; read it, and try again",
    ),
    ("webhook_disabled", "the webhook is disabled"),
    ("body_removed", "what was delivered is no longer kept"),
    // 413, 415
    ("file_too_large", "the file is over its limit"),
    ("body_too_large", "the body is over its limit; `maxBytes`"),
    (
        "too_many_values",
        "the JSON body has more values than are read; `maxValues`",
    ),
    ("charset_unsupported", "a `text/csv` body is read as UTF-8"),
    // 429
    (
        "per_minute",
        "the key's calls of this minute are used up; `limit`",
    ),
    (
        "monthly",
        "the account's calls of this UTC month are used up; `limit`",
    ),
    (
        "monthly_reports",
        "the account's reports of this UTC month are made; `limit`",
    ),
    (
        "concurrency",
        "as many jobs are unfinished as may be; `limit`",
    ),
    ("resource", "as many exist as may; `limit`"),
    (
        "keys_per_hour",
        "ten keys of the product were issued or rotated in this hour; `limit`",
    ),
    (
        "keys_in_grace",
        "five rotated keys of the product are in their grace period; `limit`",
    ),
    (
        "daily",
        "more would be written than the plan includes a UTC day; `resource`, `limit`, `used`, `resets_at`",
    ),
    (
        "company_full",
        "as many signals of the company are stored as may be; `limit`",
    ),
];
