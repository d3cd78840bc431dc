//! Queries, put together from names that are checked and values that are quoted: nothing that a caller says can leave its
//! quotes.

use crate::error::Refusal;

/// A query under construction.
#[derive(Clone, Debug)]
pub struct Soql {
    text: String,
    /// What stands before the next condition.
    joint: &'static str,
    refused: Option<Refusal>,
}

/// What a field is compared with.
#[derive(Clone, Copy, Debug)]
pub enum Value<'v> {
    /// A text, an id among them.
    Text(&'v str),
    /// Yes or no.
    Flag(bool),
    /// Nothing.
    Null,
}

impl Soql {
    /// `SELECT fields FROM object`
    #[must_use]
    pub fn select(fields: &[&str], object: &str) -> Self {
        let mut query = Self {
            text: "SELECT ".to_owned(),
            joint: " WHERE ",
            refused: None,
        };
        for (number, field) in fields.iter().enumerate() {
            if number > 0 {
                query.text.push_str(", ");
            }
            query.push_name(field);
        }
        query.text.push_str(" FROM ");
        query.push_name(object);
        query
    }

    /// Only rows whose field is this.
    #[must_use]
    pub fn is(mut self, field: &str, value: Value<'_>) -> Self {
        self.begin(field);
        self.text.push_str(" = ");
        match value {
            Value::Text(text) => self.push_text(field, text),
            Value::Flag(true) => self.text.push_str("true"),
            Value::Flag(false) => self.text.push_str("false"),
            Value::Null => self.text.push_str("null"),
        }
        self
    }

    /// Only rows whose field is one of these texts.
    #[must_use]
    pub fn among(mut self, field: &str, values: &[&str]) -> Self {
        self.begin(field);
        self.text.push_str(" IN (");
        for (number, value) in values.iter().enumerate() {
            if number > 0 {
                self.text.push(',');
            }
            self.push_text(field, value);
        }
        self.text.push(')');
        if values.is_empty() {
            self.refuse(field, "expected at least one value to look for");
        }
        self
    }

    /// The query.
    ///
    /// # Errors
    /// `invalid_input` with the field whose name or value cannot stand in a query.
    pub fn build(self) -> Result<String, Refusal> {
        match self.refused {
            Some(refusal) => Err(refusal),
            None => Ok(self.text),
        }
    }

    fn begin(&mut self, field: &str) {
        self.text.push_str(self.joint);
        self.joint = " AND ";
        self.push_name(field);
    }

    fn push_name(&mut self, name: &str) {
        if !is_name(name) {
            self.refuse(
                name,
                "expected an API name: letters, digits and `_`, a letter first",
            );
        }
        self.text.push_str(name);
    }

    fn push_text(&mut self, field: &str, value: &str) {
        if value.contains(char::is_control) {
            self.refuse(
                field,
                "expected a text without control characters (line ends and NUL included)",
            );
        }
        self.text.push('\'');
        for character in value.chars() {
            if matches!(character, '\'' | '\\') {
                self.text.push('\\');
            }
            self.text.push(character);
        }
        self.text.push('\'');
    }

    fn refuse(&mut self, path: &str, message: &str) {
        self.refused
            .get_or_insert_with(|| Refusal::input(path, message));
    }
}

/// Whether a text can be the API name of an object or a field.
#[must_use]
pub fn is_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.len() <= LONGEST_NAME
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Longer than any name with its namespace and suffix; no source at hand says how long one may be.
const LONGEST_NAME: usize = 128;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_reads_as_it_was_meant() {
        let query = Soql::select(&["Id", "Role"], "OpportunityContactRole")
            .is("OpportunityId", Value::Text("0065e00000DealA"))
            .is("IsPrimary", Value::Flag(true))
            .is("Reason__c", Value::Null)
            .among("ContactId", &["a", "b"]);
        assert_eq!(
            query.build().unwrap(),
            "SELECT Id, Role FROM OpportunityContactRole WHERE OpportunityId = '0065e00000DealA' \
             AND IsPrimary = true AND Reason__c = null AND ContactId IN ('a','b')"
        );
    }

    #[test]
    fn a_quote_and_a_backslash_stay_inside() {
        let query = |value| {
            Soql::select(&["Id"], "Contact")
                .is("Email", Value::Text(value))
                .build()
                .unwrap()
        };
        assert_eq!(
            query("x' OR Name != '"),
            r"SELECT Id FROM Contact WHERE Email = 'x\' OR Name != \''"
        );
        assert_eq!(
            query(r"x\' OR Name != \'"),
            r"SELECT Id FROM Contact WHERE Email = 'x\\\' OR Name != \\\''"
        );
    }

    #[test]
    fn what_cannot_stand_in_a_query_is_refused() {
        let select = || Soql::select(&["Id"], "Contact");
        for (query, path) in [
            (select().is("Email", Value::Text("a\nb")), "Email"),
            (select().among("Email", &["a", "b\0"]), "Email"),
            (select().among("Email", &[]), "Email"),
            (
                select().is("Email = '' OR Id", Value::Null),
                "Email = '' OR Id",
            ),
            (
                Soql::select(&["Id", "Name FROM X"], "Contact"),
                "Name FROM X",
            ),
            (Soql::select(&["Id"], "Contact WHERE"), "Contact WHERE"),
            (Soql::select(&["Id"], ""), ""),
        ] {
            assert_eq!(query.build().unwrap_err().path, path);
        }
    }
}
