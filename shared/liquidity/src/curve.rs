/// A line through anchors, straight between two of them and level beyond the first and the last: a function that anybody
/// can redraw from its table. Anchors are in ascending order of *x*.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Curve(pub(crate) &'static [(f64, f64)]);

impl Curve {
    /// The value at `x`, straight in *x*.
    pub(crate) fn at(&self, x: f64) -> f64 {
        self.through(x, |x| x)
    }

    /// The value at `x`, straight in ln *x*. Every anchor's *x* is above 0.
    pub(crate) fn at_log(&self, x: f64) -> f64 {
        self.through(x, f64::ln)
    }

    fn through(&self, x: f64, scale: impl Fn(f64) -> f64) -> f64 {
        let mut before: Option<(f64, f64)> = None;
        for &(right, y) in self.0 {
            if x <= right {
                let Some((left, from)) = before else { return y };
                let part = (scale(x) - scale(left)) / (scale(right) - scale(left));
                return from + (y - from) * part;
            }
            before = Some((right, y));
        }
        before.map_or(0.0, |(_, y)| y)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_are_met_and_between_them_it_is_straight() {
        let curve = Curve(&[(1.0, 100.0), (100.0, 50.0), (200.0, 0.0)]);
        let at = [0.0, 1.0, 100.0, 150.0, 200.0, 1e300].map(|x| Some(curve.at(x)));
        assert_eq!(at, [100.0, 100.0, 50.0, 25.0, 0.0, 0.0].map(Some));
        assert!((curve.at_log(10.0) - 75.0).abs() < 1e-9);
        assert!((curve.at_log(0.0) - 100.0).abs() < 1e-9);
    }
}
