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
    /// Whether slashes in the value stay slashes.
    reserved: bool,
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
        let fixed = query
            .split('&')
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

    /// Gives the placeholder of a parameter that parameter's name, and tells whether its value may
    /// keep reserved characters. `None` if the path has no such placeholder.
    pub(crate) fn claim(&mut self, name: &str) -> Option<bool> {
        let matches: [&dyn Fn(&Placeholder) -> bool; 3] = [
            &|placeholder| placeholder.written == name,
            &|placeholder| placeholder.name == name,
            &|placeholder| placeholder.name.eq_ignore_ascii_case(name),
        ];
        let place = matches
            .iter()
            .find_map(|matches| self.placeholders.iter().position(matches))?;
        let placeholder = &mut self.placeholders[place];
        placeholder.claimed = true;
        if placeholder.written != name {
            self.path = self.path.replace(
                &format!("{{{}}}", placeholder.written),
                &format!("{{{name}}}"),
            );
        }
        Some(placeholder.reserved)
    }

    /// The placeholders that no parameter claimed, once each, under their plain names.
    pub(crate) fn unclaimed(&mut self) -> Vec<(String, bool)> {
        let names: Vec<String> = self
            .placeholders
            .iter()
            .filter(|placeholder| !placeholder.claimed)
            .map(|placeholder| placeholder.name.clone())
            .collect();
        names
            .into_iter()
            .filter_map(|name| self.claim(&name).map(|reserved| (name, reserved)))
            .collect()
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
    let reserved = plain.starts_with('+') || plain.ends_with(['+', '*']);
    let name = if name.is_empty() { written } else { name };
    Placeholder {
        written: written.to_owned(),
        name: name.to_owned(),
        reserved,
        claimed: false,
    }
}
