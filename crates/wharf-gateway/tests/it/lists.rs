//! Lists: their pages, their order, and that they never differ from what a call would allow.

use serde_json::{Value, json};
use wharf_gateway::gateway::Gateway;
use wharf_policy::decide::Policy;
use wharf_policy::rule::Verdict;
use wharf_protocol::method::Method;

use crate::harness::{ask, call, company, northwind, rule, settings, start};

async fn list_all(gateway: &Gateway) -> Vec<Value> {
    let mut tools = Vec::new();
    let mut cursor = json!(null);
    loop {
        let page = ask(
            gateway,
            Method::TOOLS_LIST,
            json!({"cursor": cursor}),
            json!({}),
        )
        .await
        .unwrap();
        tools.extend(page["tools"].as_array().unwrap().iter().cloned());
        match page.get("nextCursor") {
            Some(next) => cursor = next.clone(),
            None => return tools,
        }
    }
}

fn names(tools: &[Value]) -> Vec<String> {
    tools
        .iter()
        .map(|tool| tool["name"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn pages_show_every_tool_once_and_in_order() {
    let company = company().await;
    let mut settings = settings(vec![northwind(&company)]);
    settings.limits.page_tools = 7;
    let gateway = start(settings).await;
    let listed = names(&list_all(&gateway).await);
    let mut sorted = listed.clone();
    sorted.sort();
    sorted.dedup();
    assert_eq!(listed, sorted);
    assert_eq!(listed.len(), gateway.catalog().tools().len());
}

#[tokio::test]
async fn a_list_shows_exactly_what_a_call_would_allow() {
    let company = company().await;
    let mut settings = settings(vec![northwind(&company)]);
    settings.policy = Policy::new(vec![
        rule(1, Verdict::Allow, "northwind.create*"),
        rule(2, Verdict::Deny, "northwind.list*"),
    ]);
    let gateway = start(settings).await;
    let listed = names(&list_all(&gateway).await);
    assert!(listed.contains(&"createTicket".to_owned()), "{listed:?}");
    let all: Vec<String> = gateway
        .catalog()
        .tools()
        .iter()
        .map(|tool| tool.name.clone())
        .collect();
    for name in all {
        // Arguments that no schema takes: a tool that may be called says so, a hidden one does not
        // exist.
        let answer = call(&gateway, &name, json!({"no such argument": 1})).await;
        assert_eq!(answer.is_ok(), listed.contains(&name), "{name}: {answer:?}");
    }
}

#[tokio::test]
async fn a_list_carries_hints_of_effect_and_of_freshness() {
    let company = company().await;
    let gateway = start(settings(vec![northwind(&company)])).await;
    let page = ask(&gateway, Method::TOOLS_LIST, json!({}), json!({}))
        .await
        .unwrap();
    assert_eq!(page["cacheScope"], "private");
    let tools = page["tools"].as_array().unwrap();
    let delete = tools
        .iter()
        .find(|tool| tool["name"] == "deleteCustomer")
        .unwrap();
    assert_eq!(delete["annotations"]["destructiveHint"], true);
    assert_eq!(delete["inputSchema"]["type"], "object");
    let read = tools
        .iter()
        .find(|tool| tool["name"] == "getCustomer")
        .unwrap();
    assert_eq!(read["annotations"]["readOnlyHint"], true);
}

#[tokio::test]
async fn a_cursor_that_is_none_of_ours_is_invalid() {
    let company = company().await;
    let gateway = start(settings(vec![northwind(&company)])).await;
    let refused = ask(
        &gateway,
        Method::TOOLS_LIST,
        json!({"cursor": "///"}),
        json!({}),
    )
    .await;
    assert_eq!(refused.unwrap_err().code, -32602);
}
