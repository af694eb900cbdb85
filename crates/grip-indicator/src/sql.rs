//! What a query of the catalogue is allowed to be, read word by word. This is no SQL parser: it knows only as much as it takes to
//! name the columns and the tables of one SELECT, and refuses what it does not know.

use std::collections::BTreeSet;

/// What a query gives and reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Statement {
    /// Its columns, in order.
    pub(crate) columns: Vec<String>,
    /// The tables it reads, without those it makes itself.
    pub(crate) tables: BTreeSet<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Word(String),
    Literal,
    Symbol(char),
}

impl Token {
    fn word(&self) -> Option<&str> {
        match self {
            Self::Word(word) => Some(word),
            Self::Literal | Self::Symbol(_) => None,
        }
    }
    fn is(&self, word: &str) -> bool {
        self.word() == Some(word)
    }
}

/// Functions that DataFusion and DuckDB both know under one name and with one meaning.
const FUNCTIONS: &[&str] = &[
    "abs",
    "avg",
    "cast",
    "ceil",
    "coalesce",
    "count",
    "dense_rank",
    "extract",
    "floor",
    "lag",
    "lead",
    "least",
    "greatest",
    "length",
    "lower",
    "max",
    "median",
    "min",
    "nullif",
    "rank",
    "round",
    "row_number",
    "substr",
    "substring",
    "sum",
    "trim",
    "upper",
];

/// Words after which a bracket opens something else than the arguments of a function.
const BEFORE_BRACKETS: &[&str] = &[
    "all",
    "and",
    "any",
    "as",
    "between",
    "by",
    "case",
    "distinct",
    "else",
    "except",
    "exists",
    "filter",
    "from",
    "having",
    "in",
    "intersect",
    "join",
    "not",
    "on",
    "or",
    "over",
    "select",
    "then",
    "union",
    "values",
    "when",
    "where",
];

/// Words that change something, or reach outside the tables.
const FORBIDDEN: &[&str] = &[
    "alter", "attach", "call", "copy", "create", "delete", "describe", "detach", "drop", "execute", "explain",
    "export", "grant", "insert", "install", "into", "load", "merge", "pragma", "prepare", "replace", "revoke", "set",
    "show", "truncate", "update", "use", "vacuum",
];

/// Words that end the list of tables.
const AFTER_TABLES: &[&str] =
    &["where", "group", "order", "having", "limit", "union", "intersect", "except", "select", "window"];

/// Reads a query.
///
/// # Errors
/// Why it is refused, in words for whoever wrote it.
pub(crate) fn read(sql: &str) -> Result<Statement, String> {
    let tokens = tokens(sql)?;
    if !tokens.first().is_some_and(|first| first.is("select") || first.is("with")) {
        return Err("it does not begin with SELECT or WITH".to_owned());
    }
    check_words(&tokens)?;
    Ok(Statement { columns: columns(&tokens)?, tables: tables(&tokens)? })
}

fn tokens(sql: &str) -> Result<Vec<Token>, String> {
    let mut found = Vec::new();
    let mut rest = sql;
    while let Some(letter) = rest.chars().next() {
        let skip = if letter.is_whitespace() {
            letter.len_utf8()
        } else if rest.starts_with("--") {
            rest.find('\n').unwrap_or(rest.len())
        } else if letter == '\'' {
            found.push(Token::Literal);
            text_length(rest)?
        } else if letter.is_ascii_digit() {
            found.push(Token::Literal);
            rest.find(|other: char| !other.is_ascii_digit() && other != '.').unwrap_or(rest.len())
        } else if letter.is_ascii_alphabetic() || letter == '_' {
            let end = rest.find(|other: char| !other.is_ascii_alphanumeric() && other != '_').unwrap_or(rest.len());
            found.push(Token::Word(rest[..end].to_ascii_lowercase()));
            end
        } else if letter == ';' {
            return Err("it is more than one statement: leave the semicolon out".to_owned());
        } else if "(),.*+-/%<>=!|".contains(letter) {
            found.push(Token::Symbol(letter));
            1
        } else {
            return Err(format!("the sign `{letter}` has no place in it"));
        };
        rest = &rest[skip..];
    }
    Ok(found)
}

/// How long the text is that the query goes on with, quotes included. Two quotes inside are one.
fn text_length(rest: &str) -> Result<usize, String> {
    let mut from = 1;
    while let Some(at) = rest[from..].find('\'') {
        let end = from + at + 1;
        if !rest[end..].starts_with('\'') {
            return Ok(end);
        }
        from = end + 1;
    }
    Err("a text does not end".to_owned())
}

fn check_words(tokens: &[Token]) -> Result<(), String> {
    let made = made_tables(tokens);
    for (at, token) in tokens.iter().enumerate() {
        let Some(word) = token.word() else { continue };
        if FORBIDDEN.contains(&word) {
            return Err(format!("`{}` is not for reading", word.to_ascii_uppercase()));
        }
        let opens = tokens.get(at + 1) == Some(&Token::Symbol('('));
        let is_known = FUNCTIONS.contains(&word) || BEFORE_BRACKETS.contains(&word) || made.contains(word);
        if opens && !is_known {
            return Err(format!("the function `{word}` is not known to mean the same everywhere"));
        }
    }
    Ok(())
}

/// The names before `AS (SELECT`: tables the query makes for itself.
fn made_tables(tokens: &[Token]) -> BTreeSet<&str> {
    let is_made = |window: &&[Token]| {
        window[1].is("as") && window[2] == Token::Symbol('(') && (window[3].is("select") || window[3].is("with"))
    };
    tokens.windows(4).filter(is_made).filter_map(|window| window[0].word()).collect()
}

/// For each token in how many brackets it stands; the brackets themselves stand inside.
fn depths(tokens: &[Token]) -> Vec<usize> {
    let mut depth = 0_usize;
    let depth_of = |token: &Token| {
        if *token == Token::Symbol('(') {
            depth += 1;
        }
        let here = depth;
        if *token == Token::Symbol(')') {
            depth = depth.saturating_sub(1);
        }
        here
    };
    tokens.iter().map(depth_of).collect()
}

/// The columns of every SELECT that stands in no brackets, which must be the same.
fn columns(tokens: &[Token]) -> Result<Vec<String>, String> {
    let depths = depths(tokens);
    let top = |at: &usize| depths[*at] == 0;
    let mut found: Option<Vec<String>> = None;
    for start in (0..tokens.len()).filter(top).filter(|at| tokens[*at].is("select")) {
        let end = (start..tokens.len()).filter(top).find(|at| tokens[*at].is("from")).unwrap_or(tokens.len());
        let first = start + 1 + usize::from(tokens.get(start + 1).is_some_and(|token| token.is("distinct")));
        let mut names = Vec::new();
        let mut item = first;
        for at in first..=end {
            let is_comma = at < end && depths[at] == 0 && tokens[at] == Token::Symbol(',');
            if at == end || is_comma {
                names.push(column_name(&tokens[item..at])?);
                item = at + 1;
            }
        }
        match &found {
            None => found = Some(names),
            Some(before) if *before == names => {}
            Some(_) => return Err("the parts of its UNION do not have the same columns in the same order".to_owned()),
        }
    }
    found.ok_or_else(|| "it has no SELECT of its own".to_owned())
}

fn column_name(item: &[Token]) -> Result<String, String> {
    let name = match item {
        [Token::Word(name)] => Some(name),
        [Token::Word(_), Token::Symbol('.'), Token::Word(name)] => Some(name),
        [.., before, Token::Word(name)] if before.is("as") => Some(name),
        _ => None,
    };
    name.cloned().ok_or_else(|| "a column has no name: give it one with AS, and do not use `*`".to_owned())
}

fn tables(tokens: &[Token]) -> Result<BTreeSet<String>, String> {
    let made = made_tables(tokens);
    let mut found = BTreeSet::new();
    // For each open bracket the word before it, and whether the tables of a SELECT are being named.
    let mut open: Vec<(&str, bool)> = vec![("", false)];
    for (at, token) in tokens.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| tokens[at].word()).unwrap_or_default();
        match token {
            Token::Symbol('(') => open.push((before, false)),
            Token::Symbol(')') => {
                open.pop();
                if open.is_empty() {
                    return Err("it closes a bracket that was not opened".to_owned());
                }
            }
            Token::Symbol(',') if open.last().is_some_and(|(_, names_tables)| *names_tables) => {
                return Err("tables stand side by side with a comma: write JOIN … ON".to_owned());
            }
            Token::Word(word) => {
                let inside = open.last_mut().ok_or("it closes a bracket that was not opened")?;
                let is_part_of_function = matches!(inside.0, "extract" | "trim" | "substring") || before == "distinct";
                let is_from = word == "from" && !is_part_of_function;
                if is_from || word == "join" {
                    inside.1 = true;
                    match tokens.get(at + 1) {
                        Some(Token::Word(name)) if !made.contains(name.as_str()) => {
                            found.insert(name.clone());
                        }
                        Some(Token::Word(_) | Token::Symbol('(')) => {}
                        _ => return Err(format!("no table follows `{}`", word.to_ascii_uppercase())),
                    }
                } else if AFTER_TABLES.contains(&word.as_str()) {
                    inside.1 = false;
                }
            }
            Token::Literal | Token::Symbol(_) => {}
        }
    }
    if open.len() > 1 {
        return Err("a bracket is not closed".to_owned());
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(sql: &str, expected: &str) {
        let found = match read(sql) {
            Ok(statement) => {
                let tables: Vec<_> = statement.tables.into_iter().collect();
                format!("{} | {}", statement.columns.join(" "), tables.join(" "))
            }
            Err(reason) => reason,
        };
        assert_eq!(found, expected, "{sql}");
    }

    #[test]
    fn columns_and_tables_are_named() {
        check("SELECT a, t.b, SUM(c) AS d FROM t JOIN u ON t.x = u.x WHERE a IN (1, 2)", "a b d | t u");
        check("select distinct a from (select a from t) as x group by 1, 2", "a | t");
        check("WITH x AS (SELECT a FROM t) SELECT a FROM x", "a | t");
        check("SELECT EXTRACT(YEAR FROM dag) AS jaar FROM t -- FROM nergens", "jaar | t");
        check("SELECT a FROM t JOIN u ON (t.a IS NOT DISTINCT FROM u.a)", "a | t u");
        check("SELECT a FROM t UNION ALL SELECT u.a FROM u", "a | t u");
        check("SELECT ROW_NUMBER() OVER (PARTITION BY a, b ORDER BY c) AS n FROM t", "n | t");
        check("SELECT 'FROM x; DROP' AS a, 'it''s' AS b FROM t", "a b | t");
    }

    #[test]
    fn what_is_no_single_reading_select_is_refused() {
        check("DROP TABLE t", "it does not begin with SELECT or WITH");
        check("SELECT a FROM t; DELETE FROM t", "it is more than one statement: leave the semicolon out");
        check("WITH x AS (DELETE FROM t) SELECT a FROM x", "`DELETE` is not for reading");
        check("SELECT a INTO b FROM t", "`INTO` is not for reading");
        check(
            "SELECT a FROM read_csv('/etc/passwd')",
            "the function `read_csv` is not known to mean the same everywhere",
        );
        check("SELECT a FROM 'x.parquet'", "no table follows `FROM`");
        check("SELECT a FROM \"t\"", "the sign `\"` has no place in it");
        check("SELECT a FROM t WHERE b = $1", "the sign `$` has no place in it");
        check("SELECT a FROM t, u", "tables stand side by side with a comma: write JOIN … ON");
        check("SELECT * FROM t", "a column has no name: give it one with AS, and do not use `*`");
        check("SELECT a b FROM t", "a column has no name: give it one with AS, and do not use `*`");
        check("SELECT a FROM t) AS x, (SELECT b FROM u", "it closes a bracket that was not opened");
        check("SELECT a FROM (SELECT a FROM t", "a bracket is not closed");
        check("SELECT 'a FROM t", "a text does not end");
        check(
            "SELECT a, b FROM t UNION ALL SELECT b, a FROM t",
            "the parts of its UNION do not have the same columns in the same order",
        );
    }
}
