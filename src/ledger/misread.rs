//! Why a text couldn't be read as what was asked for, in words for whoever wrote it. Pure; no rule lives here.
//!
//! A parser's message comes in, in the parser's own vocabulary. Invariant: what goes out names no type of this program.

/// What is wrong, in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misread {
    /// In Chinese.
    pub chinese: String,
    /// In English.
    pub english: String,
}

/// The message of a parser, with the field that it is about where that is known.
pub fn misread(message: &str, field: Option<&str>) -> Misread {
    // The place is that within a part; whoever asks knows the one within the whole.
    let message = message.rsplit_once(" at line ").map_or(message, |(what, _)| what);
    let (said, field) = match message.split_once(": ") {
        // What reads parameters puts their name before what is wrong with one.
        Some((name, said)) if field.is_none() && is_name(name) => (said, Some(name)),
        _ => (message, field),
    };
    let Misread { chinese, english } = reworded(said);
    match field {
        Some(field) if !said.contains(&format!("field `{field}`")) => {
            Misread { chinese: format!("“{field}”{chinese}"), english: format!("{field}: {english}") }
        }
        Some(_) | None => Misread { chinese, english },
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'[' | b']'))
}

fn reworded(said: &str) -> Misread {
    let both = |chinese: String, english: String| Misread { chinese, english };
    if let Some(name) = quoted_after(said, "missing field ") {
        return both(format!("缺少“{name}”"), format!("{name} is missing"));
    }
    if let Some(name) = quoted_after(said, "duplicate field ") {
        return both(format!("“{name}”写了不止一次"), format!("{name} is said more than once"));
    }
    if let Some(name) = quoted_after(said, "unknown field ") {
        let known = names(said);
        return match known.is_empty() {
            true => both(
                format!("不认识“{name}”，这里没有任何参数"),
                format!("{name} isn't known, nothing is asked for here"),
            ),
            false => both(
                format!("不认识“{name}”，可用的有 {}", known.join("、")),
                format!("{name} isn't known; known are {}", known.join(", ")),
            ),
        };
    }
    if let Some(name) = quoted_after(said, "unknown variant ") {
        let known = names(said);
        return both(
            format!("不能是“{name}”，可写 {}", known.join("、")),
            format!("can't be {name:?}; it is one of {}", known.join(", ")),
        );
    }
    if let Some(rest) = said.strip_prefix("invalid type: ").or_else(|| said.strip_prefix("invalid value: ")) {
        let (given, expected) = rest.rsplit_once(", expected ").unwrap_or((rest, "another"));
        let (given, expected) = (kind_of_value(given), kind_expected(expected));
        return both(
            format!("写的是{}，应为{}", given.chinese, expected.chinese),
            format!("is {}, and has to be {}", given.english, expected.english),
        );
    }
    match said {
        "invalid digit found in string" | "cannot parse integer from empty string" => {
            both("应为不带符号的整数".to_owned(), "has to be a whole number without a sign".to_owned())
        }
        "number too large to fit in target type" | "number too small to fit in target type" | "number out of range" => {
            both("数字过大或过小".to_owned(), "the number is too large or too small".to_owned())
        }
        "provided string was not `true` or `false`" => {
            both("应为 true 或 false".to_owned(), "has to be true or false".to_owned())
        }
        _ => reworded_value(said).unwrap_or_else(|| reworded_syntax(said)),
    }
}

/// What our own values say of a text that is none: what they expect stands in it.
fn reworded_value(said: &str) -> Option<Misread> {
    let chinese = match said.rsplit_once(" is not ") {
        Some((given, expected)) => match own_value(expected) {
            Some(value) => format!("{given} 不是{value}"),
            None => format!("{given} 应为另一种写法（{expected}）"),
        },
        None => format!("不是{}", own_value(said)?),
    };
    Some(Misread { chinese, english: said.to_owned() })
}

/// A value of our own in Chinese, by how what its type expects begins.
fn own_value(expected: &str) -> Option<String> {
    let code = |what: &str| format!("{what}：1 至 31 个字母、数字、“.”“_”“-”，以字母或数字开头");
    let known = [
        ("a member id", "党员标识：m 加 13 位字符"),
        ("a household id", "户标识：h 加 13 位字符"),
        ("an activity id", "活动标识：a 加 13 位字符"),
        ("an event id", "记录编号：e 加 26 位字符"),
        ("an instant", "时间，如 2026-10-03T11:30:00Z，2000 至 2199 年"),
        ("a date", "日期，如 2026-10-03，2000 至 2199 年"),
        ("a month", "月份，如 2026-10"),
        ("a time of day", "时刻，如 02:00，00:00 至 23:59"),
        ("an amount of points", "分值，如 2、1.5，至多两位小数"),
        ("a factor", "系数，如 2、1.5、0.333，0 至 100，至多三位小数"),
        ("a commitment", "承诺值：64 位小写十六进制数字"),
        ("a digest of a file", "文件摘要：SHA-256 的 64 位小写十六进制数字"),
        ("64 lower-case hex digits of SHA-256", "文件摘要：SHA-256 的 64 位小写十六进制数字"),
    ];
    let codes = [
        ("an organization code", "组织代码"),
        ("an actor id", "账号代码"),
        ("a clause", "条款编号"),
        ("a rules version", "细则版本号"),
    ];
    let found = known.iter().find(|(begins, _)| expected.starts_with(begins)).map(|(_, chinese)| (*chinese).to_owned());
    let is_code = || codes.iter().find(|(begins, _)| expected.starts_with(begins)).map(|(_, what)| code(what));
    let is_word = || {
        let words = expected.strip_prefix("one of")?;
        let words: Vec<&str> = words.split([' ', ':', ',']).filter(|word| !word.is_empty()).collect();
        Some(format!("可用的词，可写 {}", words.join("、")))
    };
    found.or_else(is_code).or_else(is_word)
}

/// What isn't JSON or TOML at all; everything else is worded by whoever reads the value.
fn reworded_syntax(said: &str) -> Misread {
    let known = [
        ("EOF while parsing", "没有写完", "ends in the midst of it"),
        ("expected value", "这里应有一个值", "a value is missing here"),
        ("expected ident", "这里应有一个值", "a value is missing here"),
        ("expected `,` or", "缺少逗号或右括号", "a comma or a closing bracket is missing"),
        ("expected `:`", "缺少冒号", "a colon is missing"),
        ("key must be a string", "字段名要加双引号", "a field's name stands in double quotes"),
        ("trailing comma", "末尾多了一个逗号", "a comma too many at the end"),
        ("trailing characters", "后面还有多余的内容", "something follows that doesn't belong to it"),
        ("control character", "文字中有控制字符", "a text has a control character"),
        ("invalid escape", "文字中的转义写法有误", "a text has an escape that isn't one"),
        ("invalid unicode code point", "文字不是合法的 Unicode", "a text isn't Unicode"),
        ("lone leading surrogate", "文字不是合法的 Unicode", "a text isn't Unicode"),
        ("unexpected end of hex escape", "文字中的转义写法有误", "a text has an escape that isn't one"),
        ("invalid number", "数字写法有误", "isn't a number"),
        ("recursion limit", "嵌套过深", "is nested too deeply"),
        ("duplicate key", "同一项写了两次", "is said twice"),
        ("key with no value", "项名后面缺少等号和值", "an equals sign and a value are missing"),
        ("missing assignment", "项名后面缺少等号", "an equals sign is missing"),
        ("missing value", "等号后面缺少值", "a value is missing here"),
        ("string values must be quoted", "文字要加双引号", "a text stands in double quotes"),
        (
            "invalid boolean",
            "文字要加双引号；是与否写 true、false",
            "a text stands in double quotes; yes and no are true and false",
        ),
        ("missing opening quote", "引号不成对", "a quotation mark is missing"),
        ("invalid basic string", "引号不成对", "a quotation mark is missing"),
        ("missing comma", "缺少逗号", "a comma is missing"),
        ("unclosed", "括号没有写完", "a bracket is never closed"),
        ("invalid unquoted key", "项名只用字母、数字、_ 和 -", "a name has letters, digits, _ and - only"),
        ("invalid key-value pair", "应写成“项 = 值”", "has to be `name = value`"),
        ("unexpected", "这里有多余的内容", "something stands here that doesn't belong to it"),
        ("extra", "这里有多余的符号", "a sign too many stands here"),
    ];
    match known.iter().find(|(begins, ..)| said.starts_with(begins)) {
        Some((_, chinese, english)) => Misread { chinese: (*chinese).to_owned(), english: (*english).to_owned() },
        None => Misread { chinese: format!("写法有误（{said}）"), english: said.to_owned() },
    }
}

/// The name in backquotes after a beginning.
fn quoted_after<'a>(said: &'a str, begins: &str) -> Option<&'a str> {
    said.strip_prefix(begins)?.strip_prefix('`')?.split_once('`').map(|(name, _)| name)
}

/// The names in backquotes after "expected".
fn names(said: &str) -> Vec<&str> {
    let known = said.rsplit_once(", expected ").map_or("", |(_, known)| known);
    known.split('`').skip(1).step_by(2).collect()
}

/// What stands there, from the parser's word for it.
fn kind_of_value(given: &str) -> Misread {
    let value = given.split_once('`').and_then(|(_, rest)| rest.split_once('`')).map_or("", |(value, _)| value);
    let text = given.strip_prefix("string ").unwrap_or_default();
    let (chinese, english) = match given.split([' ', '`']).next().unwrap_or_default() {
        "floating" => (format!("小数 {value}"), format!("the fraction {value}")),
        "integer" => (format!("整数 {value}"), format!("the number {value}")),
        "boolean" => (value.to_owned(), value.to_owned()),
        "string" => (format!("文字 {text}"), format!("the text {text}")),
        "null" | "unit" => ("空值 null".to_owned(), "null".to_owned()),
        "sequence" => ("列表".to_owned(), "a list".to_owned()),
        "map" | "struct" => ("对象".to_owned(), "an object".to_owned()),
        _ => ("别的内容".to_owned(), "something else".to_owned()),
    };
    Misread { chinese, english }
}

/// What is asked for, likewise. What our own types say they expect is said as it is.
fn kind_expected(expected: &str) -> Misread {
    let range = |most: &str| (format!("0 至 {most} 的整数"), format!("a whole number from 0 to {most}"));
    let (chinese, english) = match expected {
        "u8" => range("255"),
        "u16" => range("65535"),
        "u32" => range("4294967295"),
        "u64" | "usize" => range("9007199254740991"),
        "i8" | "i16" | "i32" | "i64" | "isize" => ("整数".to_owned(), "a whole number".to_owned()),
        "f32" | "f64" => ("数字".to_owned(), "a number".to_owned()),
        "a string" | "a borrowed string" | "string" => ("文字".to_owned(), "a text".to_owned()),
        "a boolean" => ("true 或 false".to_owned(), "true or false".to_owned()),
        "a sequence" => ("列表".to_owned(), "a list".to_owned()),
        "a map" | "an object" => ("对象".to_owned(), "an object".to_owned()),
        of_type if of_type.starts_with("struct ") || of_type.starts_with("any valid JSON") => {
            ("对象".to_owned(), "an object".to_owned())
        }
        said => (own_value(said).unwrap_or_else(|| format!("另一种写法（{said}）")), said.to_owned()),
    };
    Misread { chinese, english }
}

/// The name of the field that holds the byte before `offset` in a JSON object, the innermost; none where no name comes before it.
pub fn field_at(json: &str, offset: usize) -> Option<&str> {
    let bytes = json.as_bytes();
    let (mut at, mut names, mut last): (usize, Vec<Option<&str>>, Option<&str>) = (0, Vec::new(), None);
    while at < bytes.len().min(offset) {
        match bytes[at] {
            b'"' => {
                let from = at + 1;
                at = from;
                while at < bytes.len() && bytes[at] != b'"' {
                    at += if bytes[at] == b'\\' { 2 } else { 1 };
                }
                let after = json.get(at + 1..).unwrap_or_default().trim_start();
                if after.starts_with(':') {
                    last = json.get(from..at);
                }
            }
            b'{' | b'[' => names.push(last),
            b'}' | b']' => last = names.pop().flatten(),
            _ => {}
        }
        at += 1;
    }
    last
}

#[cfg(test)]
mod tests {
    use super::{field_at, misread};
    use mingzhang_events::{
        ActivityId, ActorId, ClauseId, Commitment, EventId, Evidence, Factor, FileDigest, HouseholdId, Instant,
        MemberExempted, MemberId, Month, OrganizationId, Points, RulesVersion, TimeOfDay,
    };
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Wanted {
        #[expect(dead_code, reason = "only what can't be read is looked at")]
        minutes: u16,
        #[expect(dead_code, reason = "only what can't be read is looked at")]
        name: String,
    }

    fn told(json: &str) -> (String, String) {
        let fault = serde_json::from_str::<Wanted>(json).expect_err("it can't be read");
        let told = misread(&fault.to_string(), field_at(json, fault.column()));
        (told.chinese, told.english)
    }

    #[test]
    fn a_parsers_message_is_told_in_both_languages_with_the_field_and_without_a_type_of_the_program() {
        for (json, chinese, english) in [
            (
                r#"{"minutes":30.5,"name":"x"}"#,
                "“minutes”写的是小数 30.5，应为0 至 65535 的整数",
                "minutes: is the fraction 30.5, and has to be a whole number from 0 to 65535",
            ),
            (
                r#"{"minutes":-1,"name":"x"}"#,
                "“minutes”写的是整数 -1，应为0 至 65535 的整数",
                "minutes: is the number -1, and has to be a whole number from 0 to 65535",
            ),
            (r#"{"name":["x"]}"#, "“name”写的是列表，应为文字", "name: is a list, and has to be a text"),
            (r#"{"name":"x"}"#, "缺少“minutes”", "minutes is missing"),
            (r#"{"name":"x","name":"y"}"#, "“name”写了不止一次", "name is said more than once"),
            (r#"{"nmae":"x"}"#, "不认识“nmae”，可用的有 minutes、name", "nmae isn't known; known are minutes, name"),
        ] {
            assert_eq!(told(json), (chinese.to_owned(), english.to_owned()), "{json}");
        }
        let (chinese, english) = told(r#"{"minutes":1,"name":"x""#);
        assert!(chinese.contains("没有写完") && english.contains("ends in the midst"), "{chinese} {english}");
    }

    /// What a type says of a text that isn't one of its values, and of a number where its text should stand.
    fn said_by<T: serde::de::DeserializeOwned>() -> [String; 2] {
        [r#""这 is not 它""#, "5"].map(|json| match serde_json::from_str::<T>(json) {
            Ok(_) => panic!("{json} is a value"),
            Err(fault) => fault.to_string(),
        })
    }

    #[test]
    fn every_type_of_value_says_in_chinese_which_it_is() {
        let of_a_date = |until: &str| {
            let json = format!(r#"{{"member":"m0000000000001","reason":"illness","until":{until}}}"#);
            serde_json::from_str::<MemberExempted>(&json).expect_err("no date").to_string()
        };
        for (said, what) in [
            (said_by::<MemberId>(), "党员标识"),
            (said_by::<HouseholdId>(), "户标识"),
            (said_by::<ActivityId>(), "活动标识"),
            (said_by::<EventId>(), "记录编号"),
            (said_by::<OrganizationId>(), "组织代码"),
            (said_by::<ActorId>(), "账号代码"),
            (said_by::<ClauseId>(), "条款编号"),
            (said_by::<RulesVersion>(), "细则版本号"),
            (said_by::<Instant>(), "时间"),
            (["\"2026-13-40\"", "5"].map(of_a_date), "日期"),
            (said_by::<Month>(), "月份"),
            (said_by::<TimeOfDay>(), "时刻"),
            (said_by::<Points>(), "分值"),
            (said_by::<Factor>(), "系数"),
            (said_by::<Commitment>(), "承诺值"),
            (said_by::<FileDigest>(), "文件摘要"),
            (said_by::<Evidence>(), "可用的词，可写 on_site_code、both_parties、"),
        ] {
            for said in said {
                let told = misread(&said, None).chinese;
                assert!(
                    told.contains(&format!("不是{what}")) || told.contains(&format!("应为{what}")),
                    "{told}: {said}"
                );
            }
        }
        let other = misread("\"x\" is not a thing of tomorrow", None).chinese;
        assert_eq!(other, "\"x\" 应为另一种写法（a thing of tomorrow）");
    }

    #[test]
    fn a_parameter_is_named_by_the_message_itself() {
        let told = misread("limit: invalid digit found in string", None);
        assert_eq!(told.chinese, "“limit”应为不带符号的整数");
        assert_eq!(told.english, "limit: has to be a whole number without a sign");
    }

    #[test]
    fn the_innermost_field_before_a_place_is_found() {
        let json = r#"{"a":"}\"{","b":{"c":[1,2],"d":3},"e":4}"#;
        for (before, field) in [("}\\", "a"), ("2]", "c"), ("3}", "d"), ("4}", "e")] {
            let at = json.find(before).unwrap_or_else(|| panic!("{before}"));
            assert_eq!(field_at(json, at + 1), Some(field), "{before}");
        }
    }
}
