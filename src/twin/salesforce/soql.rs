//! A small reader of SOQL: `SELECT a, b FROM X [WHERE …] [ORDER BY …] [LIMIT n] [OFFSET n]`.
//!
//! Conditions are `=`, `!=` and `[NOT] IN`, joined by AND, OR and brackets.

/// A query, taken apart.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Query {
    pub(super) fields: Vec<String>,
    pub(super) object: String,
    pub(super) filter: Option<Filter>,
    pub(super) limit: Option<usize>,
    pub(super) offset: usize,
}

/// What a row must fulfil.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Filter {
    All(Vec<Self>),
    Any(Vec<Self>),
    /// The field is one of the values, or none of them.
    Is {
        field: String,
        values: Vec<Literal>,
        not: bool,
    },
}

/// A value in a condition.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Literal {
    Text(String),
    /// A number, a date, `true`, `false`: as it was written, in lower case.
    Bare(String),
    Null,
}

/// Why a query could not be read.
pub(super) type Malformed = String;

/// Reads a query.
pub(super) fn read(text: &str) -> Result<Query, Malformed> {
    let mut reader = Reader {
        tokens: tokens(text)?,
        next: 0,
    };
    reader.keyword("select")?;
    let mut fields = vec![reader.name()?];
    while reader.take(&Token::Mark(',')) {
        fields.push(reader.name()?);
    }
    reader.keyword("from")?;
    let object = reader.name()?;
    let filter = if reader.word("where") {
        Some(reader.filter(0)?)
    } else {
        None
    };
    if reader.word("order") {
        reader.keyword("by")?;
        reader.order()?;
    }
    let limit = if reader.word("limit") {
        Some(reader.count()?)
    } else {
        None
    };
    let offset = if reader.word("offset") {
        reader.count()?
    } else {
        0
    };
    match reader.peek() {
        None => Ok(Query {
            fields,
            object,
            filter,
            limit,
            offset,
        }),
        Some(token) => Err(format!("unexpected token: {token}")),
    }
}

#[derive(Clone, Debug, Eq, PartialEq)]
enum Token {
    Word(String),
    Text(String),
    Mark(char),
    NotEqual,
}

impl std::fmt::Display for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Word(text) | Self::Text(text) => f.write_str(text),
            Self::Mark(mark) => write!(f, "{mark}"),
            Self::NotEqual => f.write_str("!="),
        }
    }
}

fn tokens(text: &str) -> Result<Vec<Token>, Malformed> {
    let mut tokens = Vec::new();
    let mut rest = text.chars().peekable();
    while let Some(first) = rest.next() {
        match first {
            _ if first.is_whitespace() => {}
            '\'' => tokens.push(Token::Text(literal(&mut rest)?)),
            ',' | '(' | ')' | '=' => tokens.push(Token::Mark(first)),
            '!' | '<' if rest.next_if(|second| is_rest_of(first, *second)).is_some() => {
                tokens.push(Token::NotEqual);
            }
            _ if in_word(first) => {
                let mut word = String::from(first);
                while let Some(next) = rest.next_if(|next| in_word(*next)) {
                    word.push(next);
                }
                tokens.push(Token::Word(word));
            }
            _ => {
                return Err(format!(
                    "line 1: no viable alternative at character '{first}'"
                ));
            }
        }
    }
    Ok(tokens)
}

fn is_rest_of(first: char, second: char) -> bool {
    (first, second) == ('!', '=') || (first, second) == ('<', '>')
}

fn in_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || "_.-:+".contains(character)
}

/// The text up to the closing quote.
fn literal(rest: &mut impl Iterator<Item = char>) -> Result<String, Malformed> {
    let mut text = String::new();
    loop {
        match rest.next() {
            Some('\'') => return Ok(text),
            Some('\\') => text.push(match rest.next() {
                Some(escaped @ ('\'' | '"' | '\\')) => escaped,
                Some('n' | 'N') => '\n',
                Some('r' | 'R') => '\r',
                Some('t' | 'T') => '\t',
                Some('b' | 'B') => '\u{8}',
                Some('f' | 'F') => '\u{c}',
                Some(other) => {
                    return Err(format!("Invalid string literal: illegal escape \\{other}"));
                }
                None => return Err("unterminated string literal".to_owned()),
            }),
            Some(other) => text.push(other),
            None => return Err("unterminated string literal".to_owned()),
        }
    }
}

/// Brackets deeper than this are refused, so that no query can exhaust the stack.
const DEEPEST: usize = 32;

struct Reader {
    tokens: Vec<Token>,
    next: usize,
}

impl Reader {
    fn filter(&mut self, depth: usize) -> Result<Filter, Malformed> {
        if depth > DEEPEST {
            return Err("the query is nested too deeply".to_owned());
        }
        let first = self.term(depth)?;
        let (word, whole): (_, fn(Vec<Filter>) -> Filter) = if self.sees("or") {
            ("or", Filter::Any)
        } else {
            ("and", Filter::All)
        };
        let mut terms = vec![first];
        while self.word(word) {
            terms.push(self.term(depth)?);
        }
        // AND and OR side by side need brackets.
        if self.sees("and") || self.sees("or") {
            return Err(format!("unexpected token: {}", self.shown()));
        }
        Ok(whole(terms))
    }

    fn term(&mut self, depth: usize) -> Result<Filter, Malformed> {
        if self.take(&Token::Mark('(')) {
            let inner = self.filter(depth + 1)?;
            self.expect(&Token::Mark(')'))?;
            return Ok(inner);
        }
        let field = self.name()?;
        if self.take(&Token::Mark('=')) {
            let values = vec![self.value()?];
            let not = false;
            return Ok(Filter::Is { field, values, not });
        }
        if self.take(&Token::NotEqual) {
            let values = vec![self.value()?];
            let not = true;
            return Ok(Filter::Is { field, values, not });
        }
        let not = self.word("not");
        self.keyword("in")?;
        self.expect(&Token::Mark('('))?;
        let mut values = vec![self.value()?];
        while self.take(&Token::Mark(',')) {
            values.push(self.value()?);
        }
        self.expect(&Token::Mark(')'))?;
        Ok(Filter::Is { field, values, not })
    }

    /// Rows come back by id whatever the order asked for; it is only read.
    fn order(&mut self) -> Result<(), Malformed> {
        loop {
            self.name()?;
            let _ = self.word("asc") || self.word("desc");
            if self.word("nulls") && !self.word("first") {
                self.keyword("last")?;
            }
            if !self.take(&Token::Mark(',')) {
                return Ok(());
            }
        }
    }

    fn value(&mut self) -> Result<Literal, Malformed> {
        match self.advance() {
            Some(Token::Text(text)) => Ok(Literal::Text(text)),
            Some(Token::Word(word)) if word.eq_ignore_ascii_case("null") => Ok(Literal::Null),
            Some(Token::Word(word)) => {
                let word = word.to_ascii_lowercase();
                let bare = word == "true"
                    || word == "false"
                    || word
                        .starts_with(|first: char| first.is_ascii_digit() || "+-".contains(first));
                if bare {
                    Ok(Literal::Bare(word))
                } else {
                    Err(format!("unexpected token: {word}"))
                }
            }
            other => Err(unexpected(other.as_ref())),
        }
    }

    fn count(&mut self) -> Result<usize, Malformed> {
        match self.advance() {
            Some(Token::Word(word)) => word
                .parse()
                .map_err(|_| format!("unexpected token: {word}")),
            other => Err(unexpected(other.as_ref())),
        }
    }

    fn name(&mut self) -> Result<String, Malformed> {
        match self.advance() {
            Some(Token::Word(word))
                if word.starts_with(|first: char| first.is_ascii_alphabetic()) =>
            {
                Ok(word)
            }
            other => Err(unexpected(other.as_ref())),
        }
    }

    fn keyword(&mut self, word: &str) -> Result<(), Malformed> {
        if self.word(word) {
            Ok(())
        } else {
            Err(format!("expecting {word}, found {}", self.shown()))
        }
    }

    fn word(&mut self, word: &str) -> bool {
        let seen = self.sees(word);
        self.next += usize::from(seen);
        seen
    }

    fn sees(&self, word: &str) -> bool {
        matches!(self.peek(), Some(Token::Word(known)) if known.eq_ignore_ascii_case(word))
    }

    fn take(&mut self, token: &Token) -> bool {
        let seen = self.peek() == Some(token);
        self.next += usize::from(seen);
        seen
    }

    fn expect(&mut self, token: &Token) -> Result<(), Malformed> {
        if self.take(token) {
            Ok(())
        } else {
            Err(format!("expecting '{token}', found {}", self.shown()))
        }
    }

    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next)
    }

    fn shown(&self) -> String {
        self.peek()
            .map_or("'<EOF>'".to_owned(), |token| format!("'{token}'"))
    }

    fn advance(&mut self) -> Option<Token> {
        let token = self.peek().cloned();
        self.next += 1;
        token
    }
}

fn unexpected(token: Option<&Token>) -> Malformed {
    match token {
        Some(token) => format!("unexpected token: {token}"),
        None => "unexpected token: '<EOF>'".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_comes_apart() {
        let query = read(
            "select Id, Contact.AccountId FROM OpportunityContactRole WHERE OpportunityId = '006' \
             AND (ContactId in ('a','b') or IsPrimary != true) ORDER BY Id DESC NULLS LAST LIMIT 5",
        )
        .unwrap();
        assert_eq!(query.fields, ["Id", "Contact.AccountId"]);
        assert_eq!(query.limit, Some(5));
        let Some(Filter::All(terms)) = query.filter else {
            panic!("not all");
        };
        assert!(matches!(&terms[1], Filter::Any(inner) if inner.len() == 2));
    }

    #[test]
    fn escapes_are_undone_and_quotes_end() {
        let query = read(r"SELECT Id FROM Contact WHERE LastName = 'O\'Neil \\ Co'").unwrap();
        let Some(Filter::All(terms)) = query.filter else {
            panic!("not all");
        };
        let expected = Literal::Text(r"O'Neil \ Co".to_owned());
        assert!(matches!(&terms[0], Filter::Is { values, .. } if *values == [expected]));
    }

    #[test]
    fn malformed_queries_are_refused() {
        for text in [
            "",
            "SELECT FROM Contact",
            "SELECT Id Contact",
            "SELECT Id FROM Contact WHERE",
            "SELECT Id FROM Contact WHERE LastName = 'O'Neil'",
            "SELECT Id FROM Contact WHERE LastName = 'open",
            r"SELECT Id FROM Contact WHERE LastName = 'a\q'",
            "SELECT Id FROM Contact WHERE Id IN ()",
            "SELECT Id FROM Contact WHERE A = 'a' AND B = 'b' OR C = 'c'",
            "SELECT Id FROM Contact; DELETE",
            "SELECT Id FROM Contact WHERE Email = x",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
        let deep = format!(
            "SELECT Id FROM Contact WHERE {}A = 'a'{}",
            "(".repeat(99_999),
            ")".repeat(99_999)
        );
        assert!(read(&deep).is_err());
    }
}
