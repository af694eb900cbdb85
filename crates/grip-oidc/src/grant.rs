use serde::Deserialize;
use serde_json::{Map, Value};

/// A rule that turns a value of a claim into a role.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GrantRule {
    /// The claim, as `groups`.
    pub claim: String,
    /// The value it must have, or must have among others, to the letter.
    #[serde(rename = "waarde")]
    pub value: String,
    /// The role it gives. What roles there are is the caller's.
    #[serde(rename = "rol")]
    pub role: String,
    /// The municipalities it gives the role for. What municipalities there are is the caller's.
    #[serde(default, rename = "gemeenten")]
    pub municipalities: Vec<String>,
}

/// A role that somebody has by the claims of the provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The role.
    pub role: String,
    /// The municipalities for which.
    pub municipalities: Vec<String>,
}

/// What claims give, in the order of the rules and each once. Whoever no rule names gets nothing.
///
/// A claim is a text or a list of texts; anything else matches nothing.
pub(crate) fn grants(rules: &[GrantRule], claims: &Map<String, Value>) -> Vec<Grant> {
    let mut given: Vec<Grant> = Vec::new();
    for rule in rules.iter().filter(|rule| claims.get(&rule.claim).is_some_and(|claim| has(claim, &rule.value))) {
        let grant = Grant { role: rule.role.clone(), municipalities: rule.municipalities.clone() };
        if !given.contains(&grant) {
            given.push(grant);
        }
    }
    given
}

fn has(claim: &Value, value: &str) -> bool {
    match claim {
        Value::String(text) => text == value,
        Value::Array(texts) => texts.iter().any(|text| text.as_str() == Some(value)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn rule(claim: &str, value: &str, role: &str) -> GrantRule {
        let text = |text: &str| text.to_owned();
        GrantRule { claim: text(claim), value: text(value), role: text(role), municipalities: vec![text("GM9998")] }
    }

    #[track_caller]
    fn roles(claims: &Value) -> Vec<String> {
        let rules = [
            rule("groups", "g-lezen", "lezer"),
            rule("groups", "g-beleid", "beleid"),
            rule("afdeling", "g-beleid", "beleid"),
        ];
        let claims = claims.as_object().expect("an object").clone();
        grants(&rules, &claims).into_iter().map(|grant| grant.role).collect()
    }

    #[test]
    fn values_give_roles() {
        assert_eq!(roles(&json!({ "groups": "g-lezen" })), ["lezer"]);
        assert_eq!(roles(&json!({ "groups": ["x", "g-beleid", "g-lezen"] })), ["lezer", "beleid"]);
        assert_eq!(roles(&json!({ "groups": ["g-beleid"], "afdeling": "g-beleid" })), ["beleid"]);
    }

    #[test]
    fn anything_else_gives_nothing() {
        for claims in [
            json!({}),
            json!({ "groups": "G-LEZEN" }),
            json!({ "groups": "g-lezen g-beleid" }),
            json!({ "groups": [["g-lezen"]] }),
            json!({ "groups": { "g-lezen": true } }),
            json!({ "groups": null }),
            json!({ "other": "g-lezen" }),
        ] {
            assert!(roles(&claims).is_empty(), "{claims}");
        }
    }
}
