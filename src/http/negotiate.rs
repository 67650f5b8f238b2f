//! Which of the formats on offer a client gets (RFC 9110 §12.5.1), by its Accept header. Pure.

/// The index of the offered media type that fits best; the first where several fit equally; `None` if none fits.
pub(crate) fn best(accept: Option<&str>, offered: &[&str]) -> Option<usize> {
    let Some(accept) = accept.map(str::trim).filter(|accept| !accept.is_empty()) else { return Some(0) };
    let mut best: Option<(u16, usize)> = None;
    for (index, media) in offered.iter().enumerate() {
        let weight = weight_of(accept, media);
        if weight > 0 && best.is_none_or(|(most, _)| weight > most) {
            best = Some((weight, index));
        }
    }
    best.map(|(_, index)| index)
}

/// The weight in thousandths that the header gives a media type; the most specific range counts.
fn weight_of(accept: &str, media: &str) -> u16 {
    let kind = media.split('/').next().unwrap_or(media);
    let mut found = (0, 0);
    for range in accept.split(',') {
        let mut parts = range.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default().to_ascii_lowercase();
        let specific = match name.as_str() {
            name if name == media => 3,
            "*/*" => 1,
            name if name.strip_suffix("/*") == Some(kind) => 2,
            _ => 0,
        };
        if specific > found.0 {
            let weight = parts.find_map(|part| part.strip_prefix("q=")).map_or(1_000, thousandths);
            found = (specific, weight);
        }
    }
    found.1
}

/// `0.25` as 250; what isn't a weight counts as 1.
fn thousandths(text: &str) -> u16 {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if whole != "0" || fraction.len() > 3 || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return 1_000;
    }
    format!("{fraction:0<3}").parse().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::best;

    #[test]
    fn the_format_with_the_greatest_weight_is_chosen_and_the_first_among_equals() {
        let offered = ["application/json", "text/csv"];
        for (accept, expected) in [
            (None, Some(0)),
            (Some(""), Some(0)),
            (Some("*/*"), Some(0)),
            (Some("text/csv"), Some(1)),
            (Some("text/*"), Some(1)),
            (Some("text/html, text/csv;q=0.5, */*;q=0.1"), Some(1)),
            (Some("text/csv;q=0.5, application/json"), Some(0)),
            (Some("application/json;q=0, */*"), Some(1)),
            (Some("text/html"), None),
            (Some("TEXT/CSV"), Some(1)),
        ] {
            assert_eq!(best(accept, &offered), expected, "{accept:?}");
        }
    }
}
