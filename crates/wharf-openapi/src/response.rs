//! What an operation answers: the media types to ask for and the schema of a good answer.

use crate::document::Site;
use crate::media::Media;
use crate::tree::Node;

/// An `Accept` header with more types than this helps nobody.
const MOST_TYPES: usize = 32;

/// The media types of good answers, JSON first, otherwise as declared.
pub(crate) fn accepts(site: &Site<'_>) -> Vec<String> {
    let mut types: Vec<&str> = if site.document.dialect.is_swagger() {
        let list = site
            .operation
            .get("produces")
            .or_else(|| site.document.root().get("produces"));
        list.into_iter()
            .flat_map(Node::items)
            .filter_map(Node::as_str)
            .collect()
    } else {
        good(site)
            .into_iter()
            .filter_map(|response| response.get("content"))
            .flat_map(Node::members)
            .map(|(media_type, _)| media_type)
            .collect()
    };
    types.sort_by_key(|media_type| !Media::of(media_type).is_json());
    types.truncate(MOST_TYPES);
    let mut accepts: Vec<String> = Vec::new();
    for media_type in types
        .into_iter()
        .map(str::trim)
        .filter(|media_type| media_type.contains('/'))
    {
        if accepts.iter().all(|known| known != media_type) {
            accepts.push(media_type.to_owned());
        }
    }
    accepts
}

/// The schema of the first good answer in JSON.
pub(crate) fn schema<'d>(site: &Site<'d>) -> Option<Node<'d>> {
    good(site).into_iter().find_map(|response| {
        if site.document.dialect.is_swagger() {
            response
                .get("schema")
                .filter(|schema| schema.str("type") != Some("file"))
        } else {
            let contents = response.get("content")?;
            let json = contents
                .members()
                .find(|(media_type, _)| Media::of(media_type).is_json());
            site.document.follow(json?.1).ok()?.get("schema")
        }
    })
}

/// The responses of the 200s, references followed, in document order; `default` where there are none.
fn good<'d>(site: &Site<'d>) -> Vec<Node<'d>> {
    let responses = || {
        site.operation
            .get("responses")
            .into_iter()
            .flat_map(Node::members)
    };
    let mut good: Vec<Node<'d>> = responses()
        .filter(|(status, _)| status.starts_with('2'))
        .map(|(_, node)| node)
        .collect();
    if good.is_empty() {
        good = responses()
            .filter(|(status, _)| *status == "default")
            .map(|(_, node)| node)
            .collect();
    }
    good.into_iter()
        .filter_map(|node| site.document.follow(node).ok())
        .collect()
}
