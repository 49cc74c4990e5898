//! The study's tables, in Markdown.

use std::fmt::{self, Write as _};

use crate::auc::Ranking;
use crate::bootstrap::Interval;
use crate::cases::Case;
use crate::panel::{Panel, Question};
use crate::predictor::{Dated, Predictor, Setting};

/// Strengths of one posting that are tried.
const STRENGTHS: [f64; 4] = [0.1, 0.2, 0.3, 0.5];

/// Half-lives of `hiring` that are tried. None is longer than the longest of the model's table.
const HALF_LIVES: [f64; 5] = [15.0, 30.0, 60.0, 90.0, 120.0];

/// Half-lives that are shown and not chosen: a score that remembers a year does not fall when a company goes quiet.
const TOO_LONG: [f64; 2] = [180.0, 365.0];

/// What the model was by judgement, with the strength of a signal that gives none.
const BY_JUDGEMENT: Setting = Setting {
    half_life_days: 60.0,
    strength: 0.5,
    dated: Dated::Opened,
};

/// All tables. The panels: to fit on, of other companies, of other dates and sources.
pub fn tables([fit, other, boards]: [Panel<'_>; 3]) -> Result<String, fmt::Error> {
    let mut out = String::new();
    let chosen = chosen(&fit);
    fitting(&mut out, &fit, chosen)?;
    for question in [Question::More, Question::MoreThanBefore] {
        comparison(
            &mut out,
            question,
            chosen,
            &[("other", &other), ("boards", &boards)],
        )?;
    }
    for panel in [&other, &boards] {
        steps(&mut out, panel, chosen)?;
    }
    writeln!(out, "\nOf which the head count is known:")?;
    let known = [other, boards].map(|panel| panel.known_to(Predictor::HeadCount));
    let [other, boards] = &known;
    comparison(
        &mut out,
        Question::More,
        chosen,
        &[("other", other), ("boards", boards)],
    )?;
    Ok(out)
}

/// The setting of the largest area.
fn chosen(fit: &Panel<'_>) -> Setting {
    let settings = HALF_LIVES.into_iter().flat_map(|half_life_days| {
        STRENGTHS.map(|strength| Setting {
            half_life_days,
            strength,
            dated: Dated::Opened,
        })
    });
    let area = |setting: &Setting| area(fit, *setting);
    let best = settings.max_by(|a, b| area(a).total_cmp(&area(b)));
    best.unwrap_or(BY_JUDGEMENT)
}

fn area(panel: &Panel<'_>, setting: Setting) -> f64 {
    panel
        .ranking(Predictor::Score(setting), Question::More)
        .auc(|_| 1.0)
}

fn fitting(out: &mut String, fit: &Panel<'_>, chosen: Setting) -> fmt::Result {
    writeln!(
        out,
        "Panel `fit`, {} cases. Chosen: {chosen}.\n",
        fit.cases.len()
    )?;
    let heads = STRENGTHS.map(|strength| format!("strength {strength}"));
    writeln!(out, "| half-life, days | {} |", heads.join(" | "))?;
    writeln!(out, "|---:|{}", "---:|".repeat(STRENGTHS.len()))?;
    for half_life_days in HALF_LIVES.into_iter().chain(TOO_LONG) {
        let cells = STRENGTHS.map(|strength| {
            let setting = Setting {
                half_life_days,
                strength,
                ..chosen
            };
            format!("{:.3}", area(fit, setting))
        });
        writeln!(out, "| {half_life_days} | {} |", cells.join(" | "))?;
    }
    Ok(())
}

fn comparison(
    out: &mut String,
    question: Question,
    chosen: Setting,
    panels: &[(&str, &Panel<'_>)],
) -> fmt::Result {
    let Setting {
        half_life_days,
        strength,
        ..
    } = BY_JUDGEMENT;
    let faded_sooner = Setting {
        half_life_days,
        ..chosen
    };
    let stronger = Setting { strength, ..chosen };
    let seen = Setting {
        dated: Dated::LastSeen,
        ..chosen
    };
    let predictors = [
        Predictor::Score(chosen),
        Predictor::Score(faded_sooner),
        Predictor::Score(stronger),
        Predictor::Score(BY_JUDGEMENT),
        Predictor::Score(seen),
        Predictor::Momentum(chosen),
        Predictor::Opened(90),
        Predictor::Opened(365),
        Predictor::Open,
        Predictor::HeadCount,
    ];
    writeln!(out, "\n{question}\n")?;
    for (name, panel) in panels {
        let score = panel.ranking(Predictor::Score(chosen), question);
        let (cases, positive) = score.size();
        writeln!(
            out,
            "| `{name}`: {cases} cases, {positive} yes | area | the chosen score's gain |"
        )?;
        writeln!(out, "|---|---:|---:|")?;
        for predictor in predictors {
            let ranking = panel.ranking(predictor, question);
            // What knows only some of the cases is not measured on the same ones.
            if ranking.size() == score.size() {
                row(out, panel, &predictor.to_string(), &score, &ranking)?;
            }
        }
        writeln!(out)?;
    }
    Ok(())
}

fn row(
    out: &mut String,
    panel: &Panel<'_>,
    name: &str,
    score: &Ranking,
    ranking: &Ranking,
) -> fmt::Result {
    let (area, gain) = (panel.auc(ranking), panel.gain(score, ranking));
    writeln!(out, "| {name} | {area} | {gain:+} |")
}

/// What came of each step of the score.
fn steps(out: &mut String, panel: &Panel<'_>, chosen: Setting) -> fmt::Result {
    let scored: Vec<(u8, &Case<'_>)> = panel
        .cases
        .iter()
        .filter_map(|case| Some((chosen.score(case)?.score, case)))
        .collect();
    writeln!(
        out,
        "\n| score | cases | opened more | positions opened, mean |\n|---|---:|---:|---:|"
    )?;
    for from in (0..50_u8).step_by(10) {
        let of_step = scored
            .iter()
            .filter(|(score, _)| (from..from + 10).contains(score));
        let (mut cases, mut more, mut opened) = (0.0, 0.0, 0.0);
        for (_, case) in of_step {
            cases += 1.0;
            more += f64::from(u8::from(case.more));
            opened += f64::from(case.opened);
        }
        if cases == 0.0 {
            continue;
        }
        let (more, opened) = (100.0 * more / cases, opened / cases);
        writeln!(
            out,
            "| {from}–{} | {cases} | {more:.0} % | {opened:.1} |",
            from + 9
        )?;
    }
    Ok(())
}

impl fmt::Display for Interval {
    /// With `+`, as a difference.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { figure, low, high } = self;
        if f.sign_plus() {
            write!(f, "{figure:+.3} ({low:+.3} to {high:+.3})")
        } else {
            write!(f, "{figure:.3} ({low:.3} to {high:.3})")
        }
    }
}
