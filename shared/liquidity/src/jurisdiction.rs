//! Points of a jurisdiction, by public lists.

use crate::CountryCode;

/// The day of the lists below.
pub(crate) const AS_OF: &str = "2026-02-13";

/// Subject to a call for action (FATF, 13 February 2026).
const CALL_FOR_ACTION: &str = "IR KP MM";

/// Under increased monitoring (FATF, 13 February 2026).
const INCREASED_MONITORING: &str =
    "AO BG BO CD CI CM DZ HT KE KW LA LB MC NA NP PG SS SY VE VG VN YE";

/// With a securities and fund law that is applied to tokens, and a supervisor in the multilateral memorandum of IOSCO: the
/// European Economic Area (`MiCA`, Regulation (EU) 2023/1114, and the DLT pilot regime, (EU) 2022/858), Switzerland (DLT Act
/// of 2021), the United Kingdom, the United States, Singapore, Hong Kong, Japan, Canada, Australia.
const APPLIED_LAW: &str = "AT AU BE BG CA CH CY CZ DE DK EE ES FI FR GB GR HK HR HU IE IS IT JP LI LT LU LV MT NL NO PL \
                           PT RO SE SG SI SK US";

/// With a law of its own for issuers of digital assets or their service providers: Bermuda (Digital Asset Business Act of
/// 2018), Cayman Islands (Virtual Asset Service Providers Act of 2020), the Crown dependencies, Gibraltar, the Emirates,
/// Bahrain, El Salvador, British Virgin Islands, Bahamas, Mauritius, Korea, Brazil.
const OWN_LAW: &str = "AE BH BM BR BS GG GI IM JE KR KY MU SV VG";

/// 100 with applied law, 80 with a law of its own, 60 elsewhere; at most 30 under increased monitoring by the FATF, 0 under its
/// call for action.
pub(crate) fn points(country: CountryCode) -> f64 {
    let listed = |list: &str| {
        list.split_ascii_whitespace()
            .any(|code| code == country.as_str())
    };
    let by_law = if listed(APPLIED_LAW) {
        100.0
    } else if listed(OWN_LAW) {
        80.0
    } else {
        60.0
    };
    if listed(CALL_FOR_ACTION) {
        0.0
    } else if listed(INCREASED_MONITORING) {
        30.0_f64.min(by_law)
    } else {
        by_law
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_sorted_codes() {
        for list in [CALL_FOR_ACTION, INCREASED_MONITORING, APPLIED_LAW, OWN_LAW] {
            let codes: Vec<&str> = list.split_ascii_whitespace().collect();
            assert!(codes.is_sorted(), "{list}");
            assert!(codes.iter().all(|code| code.parse::<CountryCode>().is_ok()));
        }
        assert_eq!(INCREASED_MONITORING.split_ascii_whitespace().count(), 22);
        assert!(AS_OF.parse::<types::Date>().is_ok());
    }

    #[test]
    fn being_listed_outweighs_the_law() {
        let of = |code: &str| Some(points(code.parse().unwrap()));
        let points = ["US", "BG", "BM", "VG", "PA", "KE", "KP"].map(of);
        assert_eq!(points, [100.0, 30.0, 80.0, 30.0, 60.0, 30.0, 0.0].map(Some));
    }
}
