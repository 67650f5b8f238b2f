//! The refused words of `docs/GLOSSARY.md`, looked for in every public name of the program.

#![expect(clippy::wildcard_enum_match_arm, reason = "the enums of syn grow with the language")]

use syn::visit::Visit;
use syn::{Ident, Visibility};

/// Words that say too little, or two things at once, with what to write instead.
const REFUSED: &[(&str, &str)] = &[
    ("report", "报到 is `Enrollment`; a document is a `Notice`"),
    ("verify", "people are reviewed; only proofs are verified, in transparency, audit and cli"),
    ("sink", "say where it goes"),
    ("sync", "say commit, publish, catch up or follow"),
    ("manager", "say what it does"),
    ("helper", "say what it does"),
    ("util", "say what it does"),
    ("utils", "say what it does"),
    ("data", "say what the bytes are"),
    ("info", "say what is known"),
    ("process", "say what happens to it"),
    ("handle", "say what happens; only HTTP has handlers"),
    ("status", "say which state; only HTTP has a status"),
];

/// Words that are too bare alone but fine in a compound.
const BARE: &[(&str, &str)] = &[("post", "say `SignUp`, `Notice` or what is posted"), ("grid", "say `GridCell`")];

/// Where a refused word has its one right meaning.
const AT_HOME: &[(&str, &[&str])] = &[
    ("verify", &["src/transparency/", "src/audit/", "src/audit.rs", "src/service/verification.rs", "src/cli/"]),
    ("handle", &["src/http/", "src/web/"]),
    ("status", &["src/http/", "src/web/"]),
    ("post", &["src/http/"]),
];

/// Names that a standard gave.
const EXEMPT: &[(&str, &str)] = &[
    ("encode_data", "`data` is an attribute of CloudEvents 1.0"),
    ("decode_data", "`data` is an attribute of CloudEvents 1.0"),
    ("ReadData", "`data` is an attribute of CloudEvents 1.0"),
];

/// Refused words in the public names of one file.
pub(crate) fn violations(path: &str, text: &str) -> Vec<String> {
    let file = match syn::parse_file(text) {
        Ok(file) => file,
        Err(error) => return vec![format!("{path}: can't be read as Rust: {error}")],
    };
    let mut names = PublicNames::default();
    names.visit_file(&file);
    let mut violations = Vec::new();
    if let Some(stem) = path.rsplit('/').next().and_then(|name| name.strip_suffix(".rs")) {
        violations.extend(refusal(path, stem).map(|why| format!("{path}: the file's name: {why}")));
    }
    for name in names.0 {
        let why = refusal(path, &name.to_string());
        violations.extend(why.map(|why| format!("{path}:{}: `{name}`: {why}", name.span().start().line)));
    }
    violations
}

fn refusal(path: &str, name: &str) -> Option<String> {
    if EXEMPT.iter().any(|(exempt, _)| *exempt == name) {
        return None;
    }
    let words = words(name);
    let at_home = |word: &str| {
        let homes = AT_HOME.iter().find(|(name, _)| *name == word).map_or(&[][..], |(_, homes)| homes);
        homes.iter().any(|home| path.starts_with(home))
    };
    let bare = BARE.iter().filter(|(word, _)| words == [*word]);
    let refused = REFUSED.iter().filter(|(word, _)| words.iter().any(|found| found == word));
    let (word, instead) = bare.chain(refused).find(|(word, _)| !at_home(word))?;
    Some(format!("`{word}` is a refused word (docs/GLOSSARY.md): {instead}"))
}

/// `NightPatrol` and `night_patrol` are both night and patrol.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for character in name.chars() {
        if character == '_' || character.is_uppercase() && name.chars().any(char::is_lowercase) {
            words.push(String::new());
        }
        if let (true, Some(word)) = (character != '_', words.last_mut()) {
            word.extend(character.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// The names of items, fields, variants and methods that other modules can see.
#[derive(Default)]
struct PublicNames(Vec<Ident>);

impl PublicNames {
    fn note(&mut self, visibility: &Visibility, name: &Ident) -> bool {
        let public = !matches!(visibility, Visibility::Inherited);
        if public {
            self.0.push(name.clone());
        }
        public
    }
}

impl<'ast> Visit<'ast> for PublicNames {
    fn visit_item_struct(&mut self, item: &'ast syn::ItemStruct) {
        self.note(&item.vis, &item.ident);
        for field in &item.fields {
            if let Some(name) = &field.ident {
                self.note(&field.vis, name);
            }
        }
    }

    fn visit_item_enum(&mut self, item: &'ast syn::ItemEnum) {
        if self.note(&item.vis, &item.ident) {
            for variant in &item.variants {
                self.0.push(variant.ident.clone());
                self.0.extend(variant.fields.iter().filter_map(|field| field.ident.clone()));
            }
        }
    }

    fn visit_item_trait(&mut self, item: &'ast syn::ItemTrait) {
        if self.note(&item.vis, &item.ident) {
            let methods = item.items.iter().filter_map(|item| match item {
                syn::TraitItem::Fn(method) => Some(method.sig.ident.clone()),
                _ => None,
            });
            self.0.extend(methods);
        }
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.note(&item.vis, &item.sig.ident);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.note(&item.vis, &item.sig.ident);
    }

    fn visit_impl_item_const(&mut self, item: &'ast syn::ImplItemConst) {
        self.note(&item.vis, &item.ident);
    }

    fn visit_item_const(&mut self, item: &'ast syn::ItemConst) {
        self.note(&item.vis, &item.ident);
    }

    fn visit_item_type(&mut self, item: &'ast syn::ItemType) {
        self.note(&item.vis, &item.ident);
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        self.note(&item.vis, &item.ident);
        syn::visit::visit_item_mod(self, item);
    }

    /// Names that our own macros define, such as closed lists and the table of events: what stands before `=` or `{`.
    fn visit_item_macro(&mut self, item: &'ast syn::ItemMacro) {
        if item.ident.is_none() {
            let tokens: Vec<proc_macro2::TokenTree> = item.mac.tokens.clone().into_iter().collect();
            self.0.extend(tokens.into_iter().filter_map(|token| match token {
                proc_macro2::TokenTree::Ident(name) => Some(name),
                _ => None,
            }));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{violations, words};

    #[test]
    fn refused_words_are_found_wherever_a_name_is_public() {
        for text in [
            "pub struct EnrollmentReport;",
            "pub struct A { pub status: u8 }",
            "pub(crate) fn process_rows() {}",
            "pub enum A { DataMissing }",
            "pub enum A { B { info: u8 } }",
            "pub trait A { fn sync(&self); }",
            "struct A; impl A { pub fn verify_member(&self) {} }",
            "pub const STATUS_MAX: u8 = 1;",
            "pub mod utils {}",
            "pub mod a { pub type Grid = u8; }",
            "events! { /// 点\n ReportMade = \"x\" }",
        ] {
            assert_eq!(violations("src/ledger/a.rs", text).len(), 1, "{text}");
        }
        assert_eq!(violations("src/ledger/helper.rs", "").len(), 1);
    }

    #[test]
    fn other_names_are_let_through() {
        for text in [
            "fn process() {}",
            "pub struct GridCell;",
            "pub struct Reporter;",
            "pub struct A { status: u8 }",
            "pub fn decode_data() {}",
            "/// A report.\npub fn f() { let data = 1; }",
        ] {
            assert_eq!(violations("src/ledger/a.rs", text), [""; 0], "{text}");
        }
        assert_eq!(violations("src/transparency/proof.rs", "pub fn verify_inclusion() {}"), [""; 0]);
        assert_eq!(violations("src/http/error.rs", "pub struct Problem { pub status: u16 }"), [""; 0]);
    }

    #[test]
    fn names_split_into_words() {
        assert_eq!(words("NightPatrol"), ["night", "patrol"]);
        assert_eq!(words("night_patrol"), ["night", "patrol"]);
        assert_eq!(words("SIZE_MAX"), ["size", "max"]);
    }
}
