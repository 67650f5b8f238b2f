//! Holds an answer against its description in the OpenAPI document: the members it names are there, no other is, and each has
//! the type it says. A small part of JSON Schema, the part that the document uses.

use serde_json::Value;
use std::sync::LazyLock;

static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(&mingzhang::http::openapi::json()).expect("a document"));

/// Panics where the value isn't what the document says of this answer.
pub(crate) fn conforms(value: &Value, method: &str, route: &str, status: &str) {
    let content = &DOCUMENT["paths"][route][method]["responses"][status]["content"];
    let schema = &content["application/json"]["schema"];
    assert!(schema.is_object(), "no description of {method} {route} {status}");
    check(value, schema, route);
}

pub(crate) fn check(value: &Value, schema: &Value, place: &str) {
    if let Some(reference) = schema["$ref"].as_str() {
        let named =
            DOCUMENT.pointer(reference.trim_start_matches('#')).unwrap_or_else(|| panic!("{reference} is missing"));
        return check(value, named, place);
    }
    if let Some(choices) = schema["oneOf"].as_array() {
        let fits = choices.iter().any(|choice| std::panic::catch_unwind(|| check(value, choice, place)).is_ok());
        assert!(fits, "{place}: {value} is none of {choices:?}");
        return;
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => vec![],
    };
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    assert!(types.contains(&kind), "{place}: {value} is no {types:?}");
    if let (Some(words), Value::String(_)) = (schema["enum"].as_array(), value) {
        assert!(words.contains(value), "{place}: {value} is none of {words:?}");
    }
    if let Some(items) = value.as_array() {
        items.iter().for_each(|item| check(item, &schema["items"], place));
    }
    if let (Some(members), Some(described)) = (value.as_object(), schema["properties"].as_object()) {
        for (name, member) in members {
            let of = described.get(name).unwrap_or_else(|| panic!("{place}: {name} isn't described"));
            check(member, of, &format!("{place}.{name}"));
        }
        for name in described.keys() {
            assert!(members.contains_key(name), "{place}: {name} is described and not there");
        }
    }
}
