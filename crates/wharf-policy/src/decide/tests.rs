use expect_test::{Expect, expect};
use serde_json::json;

use super::{Decision, Policy, Refusal};
use crate::arguments::Validator;
use crate::facts::{Effect, ToolFacts};
use crate::principal::Principal;
use crate::rule::{Rule, RuleId, Subject, ToolPattern, Verdict};

fn rule(number: usize, verdict: Verdict, tools: &str, effects: &[Effect], to: &[&str]) -> Rule {
    Rule {
        id: RuleId::Numbered(number),
        verdict,
        tools: ToolPattern::new(tools),
        effects: effects.to_vec(),
        to: to.iter().map(|who| Subject::parse(who).unwrap()).collect(),
    }
}

/// One line a question: allowed or denied, and by what.
#[track_caller]
fn check(rules: Vec<Rule>, who: &Principal, questions: &[(&str, Effect)], expected: Expect) {
    let policy = Policy::new(rules);
    let answers: Vec<String> = questions
        .iter()
        .map(|(path, effect)| {
            let facts = ToolFacts {
                path: (*path).to_owned(),
                effect: *effect,
            };
            match policy.decide(who, &facts) {
                Decision::Allowed(rule) => format!("{path} allowed: {rule}"),
                Decision::Denied(rule) => format!("{path} denied: {rule}"),
            }
        })
        .collect();
    expected.assert_eq(&answers.join("\n"));
}

#[test]
fn without_rules_everything_is_allowed() {
    check(
        vec![],
        &Principal::local(),
        &[
            ("crm.read", Effect::Read),
            ("crm.drop", Effect::Destructive),
        ],
        expect![[r"
            crm.read allowed: no rules
            crm.drop allowed: no rules"]],
    );
}

#[test]
fn one_rule_is_enough_to_deny_every_other_write() {
    check(
        vec![rule(1, Verdict::Allow, "crm.update_*", &[], &[])],
        &Principal::local(),
        &[
            ("crm.update_customer", Effect::Write),
            ("crm.list", Effect::Read),
            ("erp.update_order", Effect::Write),
            ("crm.delete_customer", Effect::Destructive),
        ],
        expect![[r"
            crm.update_customer allowed: rule 1
            crm.list allowed: reads are allowed by default
            erp.update_order denied: writes are denied by default once a rule exists
            crm.delete_customer denied: writes are denied by default once a rule exists"]],
    );
}

#[test]
fn a_denial_wins_wherever_it_stands() {
    check(
        vec![
            rule(1, Verdict::Allow, "*", &[], &[]),
            rule(2, Verdict::Deny, "*", &[Effect::Destructive], &[]),
        ],
        &Principal::local(),
        &[
            ("crm.update", Effect::Write),
            ("crm.delete", Effect::Destructive),
        ],
        expect![[r"
            crm.update allowed: rule 1
            crm.delete denied: rule 2"]],
    );
}

#[test]
fn a_rule_speaks_only_of_those_it_names() {
    let rules = || {
        vec![
            rule(1, Verdict::Allow, "crm.*", &[], &["group:support"]),
            rule(2, Verdict::Deny, "crm.export", &[], &["user:trainee"]),
        ]
    };
    let questions = [("crm.export", Effect::Write), ("crm.update", Effect::Write)];
    check(
        rules(),
        &Principal::new("ada", vec!["support".to_owned()]),
        &questions,
        expect![[r"
            crm.export allowed: rule 1
            crm.update allowed: rule 1"]],
    );
    check(
        rules(),
        &Principal::new("trainee", vec!["support".to_owned()]),
        &questions,
        expect![[r"
            crm.export denied: rule 2
            crm.update allowed: rule 1"]],
    );
    check(
        rules(),
        &Principal::new("mallory", vec![]),
        &questions,
        expect![[r"
            crm.export denied: writes are denied by default once a rule exists
            crm.update denied: writes are denied by default once a rule exists"]],
    );
}

#[test]
fn a_denied_caller_learns_nothing_of_the_schema() {
    let policy = Policy::new(vec![rule(1, Verdict::Deny, "*", &[], &[])]);
    let facts = ToolFacts {
        path: "crm.update".to_owned(),
        effect: Effect::Write,
    };
    let schema = r#"{"type":"object","required":["id"]}"#;
    let validator = Validator::compile(schema).unwrap();
    let refusal = policy
        .admit(
            &Principal::local(),
            &facts,
            &validator,
            serde_json::Map::new(),
        )
        .unwrap_err();
    assert_eq!(
        refusal,
        Refusal::Denied {
            rule: RuleId::Numbered(1)
        }
    );
}

#[test]
fn arguments_that_do_not_fit_are_refused_and_those_that_fit_are_kept() {
    let policy = Policy::default();
    let facts = ToolFacts {
        path: "crm.get".to_owned(),
        effect: Effect::Read,
    };
    let validator =
        Validator::compile(r#"{"type":"object","properties":{"id":{"type":"integer"}}}"#).unwrap();
    let call = |id: serde_json::Value| {
        let arguments = [("id".to_owned(), id)].into_iter().collect();
        policy.admit(&Principal::local(), &facts, &validator, arguments)
    };
    assert!(matches!(
        call(json!("seven")),
        Err(Refusal::Arguments { .. })
    ));
    let admitted = call(json!(7)).unwrap();
    assert_eq!(admitted.get()["id"], 7);
}
