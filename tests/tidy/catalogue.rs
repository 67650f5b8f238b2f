//! The event catalogue (`docs/reference/events.md`) and the fields of a rules document (`docs/reference/rules.md`), read off the
//! sources of the events crate and its golden bytes.

#![expect(clippy::wildcard_enum_match_arm, reason = "the enums of syn grow with the language")]

use crate::generated::head;
use crate::repository::Repository;
use std::collections::BTreeMap;
use std::fmt::Write;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, Field, Fields, Ident, Item, Lit, LitStr, Meta, Token, Type};

/// The whole page.
pub(crate) fn events(repository: &Repository) -> String {
    let sources = Sources::read(repository);
    let mut page = head("事件目录 Event catalogue");
    write!(
        page,
        "\nEverything that a ledger can hold: {} stored types. An entry of the log is a CloudEvents 1.0 object in canonical JSON\n\
         (RFC 8785); its `data` has the fields below. A field marked *optional* is left out when there is nothing to say.\n\n\
         | attribute | meaning |\n|---|---|\n\
         | `id` | the event's own name, derived from the command's idempotency key |\n\
         | `type` | the stored type |\n\
         | `source` | the origin of the log |\n\
         | `time` | when it happened |\n\
         | `importedfile`, `importedrow` | of what was imported: SHA-256 of the file, 64 hex digits, and the row in it, from 1; both or neither |\n\
         | `recordedat` | when it was recorded; never earlier than the entry before it |\n\
         | `recordedby` | who recorded it: an [`ActorId`](#actorid) |\n\
         | `evidence` | how it was evidenced: an [`Evidence`](#evidence) |\n\
         | `specversion` | `1.0` |\n",
        sources.events.len()
    )
    .expect("writing to memory");
    page.push_str("\n| 事实 | stored type |\n|---|---|\n");
    for event in &sources.events {
        let anchor = event.stored_type.replace('.', "");
        writeln!(page, "| {} | [`{}`](#{anchor}) |", event.chinese, event.stored_type).expect("writing to memory");
    }
    page.push_str("\n## Events\n");
    for event in &sources.events {
        let part = &sources.parts[&event.name];
        write!(page, "\n### {}\n\n{}\n", event.stored_type, part.doc).expect("writing to memory");
        fields(&mut page, &sources, part);
        let golden = repository.read(&format!("tests/fixtures/events/{}.json", event.stored_type));
        write!(page, "\n```json\n{golden}\n```\n").expect("writing to memory");
    }
    page.push_str("\n## Parts\n");
    for (name, part) in
        sources.parts.iter().filter(|(name, _)| !sources.events.iter().any(|event| event.name == **name))
    {
        write!(page, "\n### {name}\n\n{}\n", part.doc).expect("writing to memory");
        fields(&mut page, &sources, part);
    }
    page.push_str("\n## Closed lists\n");
    for (name, list) in &sources.lists {
        write!(page, "\n### {name}\n\n{}\n\n| word | meaning |\n|---|---|\n", list.doc).expect("writing to memory");
        for (word, doc) in &list.words {
            writeln!(page, "| `{word}` | {doc} |").expect("writing to memory");
        }
    }
    page.push_str("\n## Ids, codes, amounts and times\n\nAll are JSON strings.\n");
    for (name, doc) in &sources.values {
        write!(page, "\n### {name}\n\n{doc}\n").expect("writing to memory");
    }
    page
}

/// The fields of a rules document: what can be written in the TOML file, part by part.
pub(crate) fn rules(repository: &Repository) -> String {
    let sources = Sources::read(repository);
    let mut page = head("积分细则的写法 The fields of a rules document");
    page.push_str(
        "\nA rules document is a TOML file; `mingzhang rules example` prints one to start from, `mingzhang rules check` tells what is wrong\n\
         with it. What each capability means, with examples, is in [the guide](../guides/rules.md); whole schemes are in\n\
         [guides/schemes](../guides/schemes/README.md). Amounts of points, factors, months and times of day are written as text: `\"1.5\"`,\n\
         `\"2026-01\"`, `\"02:00\"`. A list of parts is written `[[items]]`, a single part `[assessment]` or `{ … }`.\n",
    );
    let (mut names, mut words, mut at) = (vec!["ScoringRules".to_owned()], Vec::new(), 0);
    while let Some(name) = names.get(at).cloned() {
        at += 1;
        let part = &sources.parts[&name];
        write!(page, "\n## {name}\n\n{}\n", part.doc).expect("writing to memory");
        fields(&mut page, &sources, part);
        for field in &part.fields {
            let known = names.contains(&field.type_name) || words.contains(&field.type_name);
            let list = if sources.parts.contains_key(&field.type_name) { &mut names } else { &mut words };
            if !known && (sources.parts.contains_key(&field.type_name) || sources.is_explained(&field.type_name)) {
                list.push(field.type_name.clone());
            }
        }
    }
    for name in words {
        match sources.lists.get(&name) {
            Some(list) => {
                write!(page, "\n## {name}\n\n{}\n\n| word | meaning |\n|---|---|\n", list.doc)
                    .expect("writing to memory");
                for (word, doc) in &list.words {
                    writeln!(page, "| `{word}` | {doc} |").expect("writing to memory");
                }
            }
            None => write!(page, "\n## {name}\n\n{}\n", sources.values[&name]).expect("writing to memory"),
        }
    }
    page
}

fn fields(page: &mut String, sources: &Sources, part: &Part) {
    page.push_str("\n| field | type | meaning |\n|---|---|---|\n");
    for field in &part.fields {
        let optional = if field.optional { ", *optional*" } else { "" };
        let named = sources.in_words(&field.type_name);
        let list = if field.list { "list of " } else { "" };
        writeln!(page, "| `{}` | {list}{named}{optional} | {} |", field.name, field.doc).expect("writing to memory");
    }
}

struct StoredEvent {
    name: String,
    chinese: String,
    stored_type: String,
}

struct Part {
    doc: String,
    fields: Vec<PartField>,
}

struct PartField {
    name: String,
    doc: String,
    type_name: String,
    optional: bool,
    list: bool,
}

struct List {
    doc: String,
    words: Vec<(String, String)>,
}

/// What the events crate defines, by Rust name.
#[derive(Default)]
struct Sources {
    events: Vec<StoredEvent>,
    parts: BTreeMap<String, Part>,
    lists: BTreeMap<String, List>,
    values: BTreeMap<String, String>,
}

impl Sources {
    fn read(repository: &Repository) -> Sources {
        let mut sources = Sources::default();
        for file in repository.rust_below("events/src/") {
            let items = syn::parse_file(&file.text).unwrap_or_else(|error| panic!("{}: {error}", file.path)).items;
            for item in items {
                sources.take(&item);
            }
        }
        sources
    }

    fn take(&mut self, item: &Item) {
        match item {
            Item::Struct(item)
                if is_public(&item.vis) && is_stored(&item.attrs) && !matches!(item.fields, Fields::Unnamed(_)) =>
            {
                let fields = item.fields.iter().filter_map(PartField::of).collect();
                self.parts.insert(item.ident.to_string(), Part { doc: doc(&item.attrs), fields });
            }
            Item::Struct(item) if item.ident.to_string().ends_with("Error") => {}
            Item::Struct(item) if is_public(&item.vis) && matches!(item.fields, Fields::Unnamed(_)) => {
                self.values.insert(item.ident.to_string(), doc(&item.attrs));
            }
            Item::Macro(item) if item.ident.is_none() => {
                let tokens = item.mac.tokens.clone();
                let name = item.mac.path.get_ident().map(Ident::to_string).unwrap_or_default();
                match name.as_str() {
                    "events" => self.events = parsed::<Words>(tokens).0.into_iter().map(StoredEvent::of).collect(),
                    "closed_list" => {
                        let list = parsed::<ClosedList>(tokens);
                        let words =
                            list.words.0.into_iter().map(|word| (word.text.value(), doc(&word.attrs))).collect();
                        self.lists.insert(list.name.to_string(), List { doc: doc(&list.attrs), words });
                    }
                    "opaque_id" | "code" => {
                        let value = parsed::<Value>(tokens);
                        let form = value.form.map_or(String::new(), |form| format!("\n\nWritten as {}.", form.value()));
                        self.values.insert(value.name.to_string(), doc(&value.attrs) + &form);
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }

    /// Whether a type is a closed list or a value with words of its own.
    fn is_explained(&self, name: &str) -> bool {
        self.lists.contains_key(name) || self.values.contains_key(name)
    }

    /// A type as the reader of JSON meets it, with a link where it is explained.
    fn in_words(&self, type_name: &str) -> String {
        match type_name {
            "String" => "text".to_owned(),
            "i16" | "u8" | "u16" | "u32" | "u64" => "integer".to_owned(),
            "bool" => "true or false".to_owned(),
            "Date" => "date, such as `2026-10-03`".to_owned(),
            name if self.parts.contains_key(name)
                || self.lists.contains_key(name)
                || self.values.contains_key(name) =>
            {
                format!("[{name}](#{})", name.to_lowercase())
            }
            unknown => panic!("tests/tidy/catalogue.rs: say what the type `{unknown}` is in JSON"),
        }
    }
}

impl StoredEvent {
    fn of(word: Word) -> StoredEvent {
        let chinese = doc(&word.attrs).trim_end_matches('.').to_owned();
        StoredEvent { name: word.name.to_string(), chinese, stored_type: word.text.value() }
    }
}

impl PartField {
    fn of(field: &Field) -> Option<PartField> {
        let name = field.ident.as_ref()?.to_string();
        let (mut type_name, mut optional, mut list) = (innermost(&field.ty), false, false);
        while let Some((outer, inner)) = type_name.clone().split_once('<') {
            optional |= outer == "Option";
            list |= outer == "Vec";
            type_name = inner.trim_end_matches('>').to_owned();
        }
        optional |= list && field.attrs.iter().any(|attribute| attribute.path().is_ident("serde"));
        Some(PartField { name, doc: doc(&field.attrs), type_name, optional, list })
    }
}

/// `Option<Vec<Caps>>` as that text, without paths.
fn innermost(ty: &Type) -> String {
    let Type::Path(path) = ty else { panic!("a stored field has a named type") };
    let last = path.path.segments.last().expect("a path has a segment");
    match &last.arguments {
        syn::PathArguments::AngleBracketed(arguments) => {
            let inner: Vec<String> = (arguments.args.iter())
                .filter_map(|argument| match argument {
                    syn::GenericArgument::Type(ty) => Some(innermost(ty)),
                    _ => None,
                })
                .collect();
            format!("{}<{}>", last.ident, inner.join(", "))
        }
        _ => last.ident.to_string(),
    }
}

/// Whether a struct is stored: it derives `Serialize` and refuses unknown fields.
fn is_stored(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| attribute.path().is_ident("serde"))
}

fn is_public(visibility: &syn::Visibility) -> bool {
    matches!(visibility, syn::Visibility::Public(_))
}

/// A documentation comment as one paragraph, fit for a table.
fn doc(attributes: &[Attribute]) -> String {
    let lines = attributes.iter().filter_map(|attribute| match &attribute.meta {
        Meta::NameValue(doc) if doc.path.is_ident("doc") => match &doc.value {
            Expr::Lit(literal) => match &literal.lit {
                Lit::Str(text) => Some(text.value().trim().to_owned()),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    });
    lines.collect::<Vec<_>>().join(" ").replace("[`", "`").replace("`]", "`").replace('|', "\\|")
}

fn parsed<T: Parse>(tokens: proc_macro2::TokenStream) -> T {
    syn::parse2(tokens).expect("a macro of the events crate in the form that its rules give it")
}

/// `/// doc  Name = "text"`.
struct Word {
    attrs: Vec<Attribute>,
    name: Ident,
    text: LitStr,
}

impl Parse for Word {
    fn parse(input: ParseStream) -> syn::Result<Word> {
        let (attrs, name) = (input.call(Attribute::parse_outer)?, input.parse()?);
        input.parse::<Token![=]>()?;
        Ok(Word { attrs, name, text: input.parse()? })
    }
}

struct Words(Vec<Word>);

impl Parse for Words {
    fn parse(input: ParseStream) -> syn::Result<Words> {
        let words = Punctuated::<Word, Token![,]>::parse_terminated(input)?;
        Ok(Words(words.into_iter().collect()))
    }
}

/// `/// doc  Name { words }`.
struct ClosedList {
    attrs: Vec<Attribute>,
    name: Ident,
    words: Words,
}

impl Parse for ClosedList {
    fn parse(input: ParseStream) -> syn::Result<ClosedList> {
        let (attrs, name) = (input.call(Attribute::parse_outer)?, input.parse()?);
        let content;
        syn::braced!(content in input);
        Ok(ClosedList { attrs, name, words: content.parse()? })
    }
}

/// `/// doc  Name, …, "what it looks like"`.
struct Value {
    attrs: Vec<Attribute>,
    name: Ident,
    form: Option<LitStr>,
}

impl Parse for Value {
    fn parse(input: ParseStream) -> syn::Result<Value> {
        let (attrs, name) = (input.call(Attribute::parse_outer)?, input.parse()?);
        let last = input.parse::<proc_macro2::TokenStream>()?.into_iter().last();
        let form = last.and_then(|token| syn::parse2(token.into()).ok());
        Ok(Value { attrs, name, form })
    }
}
