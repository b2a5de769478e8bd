//! Checks one `[[rule]]`.

use std::ops::Range;

use wharf_policy::facts::Effect;
use wharf_policy::rule::{Rule, RuleId, Subject, ToolPattern, Verdict};

use super::Check;
use crate::config::file::{Rule as Typed, Text};
use crate::nearest::nearest;

impl Check<'_, '_> {
    /// A rule with several globs is several rules of one number.
    pub(super) fn rule(
        &mut self,
        number: usize,
        typed: &Typed<'_>,
        upstreams: &[&str],
    ) -> Vec<Rule> {
        let (verdict, globs) = if typed.deny.is_empty() {
            (Verdict::Allow, &typed.allow)
        } else {
            (Verdict::Deny, &typed.deny)
        };
        let to = self.subjects(&typed.to);
        let effects: Vec<Effect> = typed.effect.iter().filter_map(effect).collect();
        let mut rules = Vec::new();
        for glob in globs {
            let Some(pattern) = self.plain(glob) else {
                continue;
            };
            self.check_glob(&pattern, glob, upstreams);
            rules.push(Rule {
                id: RuleId::Numbered(number),
                verdict,
                tools: ToolPattern::new(&pattern),
                effects: effects.clone(),
                to: to.clone(),
            });
        }
        rules
    }

    fn subjects(&mut self, texts: &[Text<'_>]) -> Vec<Subject> {
        let mut subjects = Vec::new();
        for text in texts {
            let Some(plain) = self.plain(text) else {
                continue;
            };
            match Subject::parse(&plain) {
                Ok(subject) => {
                    self.check_subject(&subject, &text.at);
                    subjects.push(subject);
                }
                Err(_) => {
                    self.error(
                        &text.at,
                        format!("`{}` names nobody", text.raw.escape_debug()),
                    )
                    .help("write `*`, `user:NAME` or `group:NAME`");
                }
            }
        }
        subjects
    }

    /// Without authentication there is one user. A rule that speaks of somebody else does nothing,
    /// and whoever wrote it should know.
    fn check_subject(&mut self, subject: &Subject, at: &Range<usize>) {
        let is_anybody_here = match subject {
            Subject::Anybody => true,
            Subject::User(name) => name == "local",
            Subject::Group(_) => false,
        };
        if !is_anybody_here {
            self.findings
                .warning(at, "nobody is this yet: without authentication everybody is `user:local`, in no group")
                .help("write `*`, or leave `to` out, for a rule that holds now");
        }
    }

    /// A glob that can match no tool is a rule without effect, mostly for want of a dot.
    fn check_glob(&mut self, pattern: &str, text: &Text<'_>, upstreams: &[&str]) {
        let upstream = pattern.split('.').next().unwrap_or_default();
        let is_literal = !upstream.contains(['*', '?']);
        if !is_literal {
            return;
        }
        if !pattern.contains('.') {
            self.findings
                .warning(
                    &text.at,
                    format!("`{}` matches no tool", text.raw.escape_debug()),
                )
                .help(format!(
                    "globs are over `upstream.tool`: write `{upstream}.*` or `*.{upstream}`"
                ));
        } else if !upstreams.contains(&upstream) {
            let help = match nearest(upstream, upstreams.iter().copied()) {
                Some(name) => format!("did you mean `{name}`?"),
                None => "globs begin with the name of an upstream in this file".to_owned(),
            };
            self.findings
                .warning(
                    &text.at,
                    format!("there is no upstream `{}`", upstream.escape_debug()),
                )
                .help(help);
        }
    }
}

fn effect(text: &Text<'_>) -> Option<Effect> {
    [Effect::Read, Effect::Write, Effect::Destructive]
        .into_iter()
        .find(|effect| effect.as_str() == text.raw)
}
