//! A path with `{placeholders}`, as documents really write them.

/// A path on its way to being filled in.
#[derive(Debug)]
pub(crate) struct Template {
    path: String,
    placeholders: Vec<Placeholder>,
    /// Names that the path's own query already gives a value.
    fixed: Vec<String>,
}

#[derive(Debug)]
struct Placeholder {
    /// Between the braces, as written.
    written: String,
    /// Without a modifier or pattern: `{Key+}`, `{+name}`, `{id:[0-9]+}`, `{name=projects/*}`.
    name: String,
    /// Whether the value may be several segments, its slashes kept.
    greedy: bool,
    claimed: bool,
}

impl Template {
    /// Reads the path of a document. Its fragment only tells apart what HTTP does not (the AWS query
    /// protocol has every action at `/`) and is never sent.
    pub(crate) fn new(path: &str) -> Self {
        let path = path
            .split('#')
            .next()
            .unwrap_or_default()
            .trim_end_matches('?');
        let path = if path.starts_with('/') {
            path.to_owned()
        } else {
            format!("/{path}")
        };
        let placeholders = placeholders(&path);
        let query = path
            .split_once('?')
            .map(|(_, query)| query)
            .unwrap_or_default();
        let constant = query.split('&').filter(|pair| !pair.contains('{'));
        let fixed = constant
            .filter_map(|pair| Some(pair.split_once('=')?.0.to_owned()))
            .collect();
        Self {
            path,
            placeholders,
            fixed,
        }
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.placeholders
            .iter()
            .any(|placeholder| placeholder.written == name || placeholder.name == name)
    }

    /// Whether the path's own query gives `name` a value.
    pub(crate) fn fixes(&self, name: &str) -> bool {
        self.fixed.iter().any(|fixed| fixed == name)
    }

    /// Finds the placeholder of a parameter, and gives it that parameter's name where it is written
    /// with a pattern. False if the path has no such placeholder.
    pub(crate) fn claim(&mut self, name: &str) -> bool {
        let matches: [&dyn Fn(&Placeholder) -> bool; 3] = [
            &|placeholder| placeholder.written == name,
            &|placeholder| placeholder.name == name,
            &|placeholder| placeholder.name.eq_ignore_ascii_case(name),
        ];
        let place = matches
            .iter()
            .find_map(|matches| self.placeholders.iter().position(matches));
        let Some(place) = place else { return false };
        let placeholder = &mut self.placeholders[place];
        placeholder.claimed = true;
        if placeholder.written != name {
            let mark = if placeholder.greedy { "+" } else { "" };
            let written = format!("{{{}}}", placeholder.written);
            self.path = self.path.replace(&written, &format!("{{{mark}{name}}}"));
        }
        true
    }

    /// Lets the value of a parameter be several segments, its slashes kept.
    pub(crate) fn widen(&mut self, name: &str) {
        self.path = self
            .path
            .replace(&format!("{{{name}}}"), &format!("{{+{name}}}"));
    }

    /// Finds the placeholder of a query parameter: `?version={version}`.
    pub(crate) fn claim_in_query(&mut self, name: &str) -> bool {
        let query = self.path.split_once('?').map(|(_, query)| query);
        query.is_some_and(|query| query.contains(&format!("{{{name}}}"))) && self.claim(name)
    }

    /// The plain names of the placeholders that no parameter claimed.
    pub(crate) fn claim_rest(&mut self) -> Vec<String> {
        let rest = self.placeholders.iter().filter(|rest| !rest.claimed);
        let names: Vec<String> = rest.map(|rest| rest.name.clone()).collect();
        for name in &names {
            self.claim(name);
        }
        names
    }

    pub(crate) fn into_path(self) -> String {
        self.path
    }
}

fn placeholders(path: &str) -> Vec<Placeholder> {
    let mut found: Vec<Placeholder> = Vec::new();
    let mut rest = path;
    while let Some((_, after)) = rest.split_once('{') {
        // A pattern may have braces of its own: `{id:[0-9]{3}}`.
        let Some(end) = closing_brace(after) else {
            break;
        };
        let written = &after[..end];
        if !written.is_empty() && found.iter().all(|known| known.written != written) {
            found.push(placeholder(written));
        }
        rest = &after[end + 1..];
    }
    found
}

fn closing_brace(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' if depth == 0 => return Some(at),
            b'}' => depth -= 1,
            _ => {}
        }
    }
    None
}

fn placeholder(written: &str) -> Placeholder {
    let plain = written.split([':', '=']).next().unwrap_or_default();
    let name = plain
        .trim_start_matches(['+', '*'])
        .trim_end_matches(['+', '*', '?'])
        .trim();
    let pattern = written.split_once('=').map_or("", |(_, pattern)| pattern);
    let greedy =
        plain.starts_with('+') || plain.ends_with(['+', '*']) || pattern.contains(['/', '*']);
    let name = if name.is_empty() { written } else { name };
    Placeholder {
        written: written.to_owned(),
        name: name.to_owned(),
        greedy,
        claimed: false,
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::Template;

    #[track_caller]
    fn check(path: &str, parameters: &[&str], expected: Expect) {
        let mut template = Template::new(path);
        let unused = parameters.iter().filter(|name| !template.claim(name));
        let unused: Vec<&&str> = unused.collect();
        let undeclared = template.claim_rest();
        let path = template.into_path();
        expected.assert_eq(&format!(
            "{path} unused {unused:?} undeclared {undeclared:?}"
        ));
    }

    #[test]
    fn placeholders_find_their_parameters() {
        check(
            "/pets/{id}/toys/{toy}",
            &["id", "toy"],
            expect!["/pets/{id}/toys/{toy} unused [] undeclared []"],
        );
    }

    #[test]
    fn what_does_not_match_is_told() {
        check(
            "/pets/{id}",
            &["petId"],
            expect![[r#"/pets/{id} unused ["petId"] undeclared ["id"]"#]],
        );
    }

    #[test]
    fn patterns_and_marks_are_no_part_of_a_name() {
        check(
            "/{id:[0-9]{3}}/{Key+}/{+rest}/{name=projects/*}",
            &["id", "Key", "rest", "name"],
            expect!["/{id}/{+Key}/{+rest}/{+name} unused [] undeclared []"],
        );
    }

    #[test]
    fn letter_case_is_forgiven() {
        check(
            "/pets/{petid}",
            &["petId"],
            expect!["/pets/{petId} unused [] undeclared []"],
        );
    }

    #[test]
    fn a_fragment_is_never_sent() {
        check(
            "/#Action=ListUsers",
            &[],
            expect!["/ unused [] undeclared []"],
        );
        check(
            "/{Bucket}?acl",
            &["Bucket"],
            expect!["/{Bucket}?acl unused [] undeclared []"],
        );
    }
}
