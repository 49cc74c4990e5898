//! Statistics that a few wild values do not move.

/// Makes the median absolute deviation of a normal sample its standard deviation: 1 / Φ⁻¹(¾).
pub(crate) const NORMAL: f64 = 1.482_602_218_505_602;

/// The middle value, or the mean of the two middle ones. None of nothing. Reorders `values`, all of which are numbers.
pub(crate) fn median(values: &mut [f64]) -> Option<f64> {
    let half = values.len() / 2;
    if values.is_empty() {
        return None;
    }
    let odd = values.len() % 2 == 1;
    let (below, middle, _) = values.select_nth_unstable_by(half, f64::total_cmp);
    let middle = *middle;
    if odd {
        return Some(middle);
    }
    let below = below.iter().copied().max_by(f64::total_cmp)?;
    Some(f64::midpoint(below, middle))
}

/// The median and the median absolute deviation from it (Hampel, *Journal of the American Statistical Association* 69, 1974).
pub(crate) fn median_and_mad(values: &mut [f64]) -> Option<(f64, f64)> {
    let middle = median(values)?;
    for value in values.iter_mut() {
        *value = (*value - middle).abs();
    }
    Some((middle, median(values)?))
}

/// The median slope of all pairs of points with different *x* (Theil 1950; Sen, *Journal of the American Statistical
/// Association* 63, 1968). None if there is no such pair.
pub(crate) fn slope(points: &[(f64, f64)]) -> Option<f64> {
    let mut slopes = Vec::with_capacity(points.len() * points.len().saturating_sub(1) / 2);
    for (index, (x, y)) in points.iter().enumerate() {
        for (later_x, later_y) in points.iter().skip(index + 1) {
            let run = later_x - x;
            if run.abs() > 0.0 {
                slopes.push((later_y - y) / run);
            }
        }
    }
    median(&mut slopes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle() {
        assert_eq!(median(&mut []), None);
        assert_eq!(median(&mut [3.0]), Some(3.0));
        assert_eq!(median(&mut [9.0, 1.0, 5.0]), Some(5.0));
        assert_eq!(median(&mut [9.0, 1.0, 5.0, 6.0]), Some(5.5));
    }

    #[test]
    fn one_wild_value_moves_neither_median_nor_deviation() {
        assert_eq!(
            median_and_mad(&mut [1.0, 2.0, 3.0, 4.0, 1e9]),
            Some((3.0, 1.0))
        );
    }

    #[test]
    fn the_slope_is_that_of_most_pairs() {
        assert_eq!(slope(&[(0.0, 79.0), (1.0, 80.0), (2.0, 82.0)]), Some(1.5));
        let wild = [
            (0.0, 0.0),
            (1.0, 1.0),
            (2.0, 900.0),
            (3.0, 3.0),
            (4.0, 4.0),
            (5.0, 5.0),
        ];
        assert_eq!(slope(&wild), Some(1.0));
        assert_eq!(slope(&[(1.0, 1.0), (1.0, 2.0)]), None);
        assert_eq!(slope(&[]), None);
    }
}
