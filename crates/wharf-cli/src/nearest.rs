//! The known name that a mistyped one was probably meant to be.

/// The nearest of `known` to `typed`, if it is near enough to be worth saying.
pub(crate) fn nearest<'a>(
    typed: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    const NEAR_ENOUGH: f64 = 0.75;
    known
        .into_iter()
        .map(|name| {
            (
                strsim::jaro_winkler(&typed.to_lowercase(), &name.to_lowercase()),
                name,
            )
        })
        .filter(|(score, _)| *score >= NEAR_ENOUGH)
        .max_by(|(left, _), (right, _)| left.total_cmp(right))
        .map(|(_, name)| name)
}
