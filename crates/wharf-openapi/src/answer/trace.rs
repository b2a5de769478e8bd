//! Stack traces, cut out of what a failing server says: they tell a model nothing and an attacker much.

/// `text` without the frames of Java, JavaScript, .NET, Python, Ruby, PHP, Go and Rust traces. The
/// lines that name the failure stay.
pub(super) fn without(text: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let mut in_python_frame = false;
    let mut in_goroutine = false;
    for line in text.lines() {
        let bare = line.trim();
        // Python shows the source under each frame, indented once more.
        let source = in_python_frame && (line.starts_with("    ") || line.starts_with('\t'));
        in_python_frame = bare.starts_with("File \"") || source;
        // Go lists whole goroutines, up to an empty line.
        in_goroutine = (in_goroutine && !bare.is_empty()) || is_goroutine(bare);
        if !source && !in_goroutine && !is_frame(line, bare) {
            kept.push(line);
        }
    }
    kept.join("\n")
}

fn is_goroutine(bare: &str) -> bool {
    bare.starts_with("goroutine ") && bare.ends_with(':')
}

fn is_frame(line: &str, bare: &str) -> bool {
    let numbered = |prefix: &str, separator: char| {
        let rest = bare.strip_prefix(prefix);
        let parts = rest.and_then(|rest| rest.split_once(separator));
        parts.filter(|(digits, _)| {
            !digits.is_empty() && digits.bytes().all(|each| each.is_ascii_digit())
        })
    };
    let heading = [
        "Traceback (most recent call last)",
        "Stack trace:",
        "stack backtrace:",
        "Stacktrace:",
    ];
    heading.iter().any(|each| bare.starts_with(each))
        || bare.starts_with("File \"")
        || (bare.starts_with("at ")
            && (bare.contains('(') || bare.contains(':') || line.starts_with(' ')))
        || (bare.starts_with("... ") && bare.ends_with(" more"))
        || numbered("#", ' ').is_some()
        || numbered("", ':').is_some_and(|(_, name)| name.contains("::"))
        || bare.contains(":in `")
        || bare.contains(":in '")
        || bare.contains(".go:")
        || bare.starts_with("created by ")
        || bare.starts_with("System.Private.CoreLib")
}

/// Whether a member of an error object holds a trace, by its name.
pub(super) fn is_named(key: &str) -> bool {
    let key: String = key.chars().filter(char::is_ascii_alphanumeric).collect();
    let key = key.to_ascii_lowercase();
    matches!(
        key.as_str(),
        "trace"
            | "traceback"
            | "stack"
            | "stacktrace"
            | "backtrace"
            | "exceptionstack"
            | "stacktracestring"
            | "fulltrace"
            | "debug"
            | "frames"
    )
}
