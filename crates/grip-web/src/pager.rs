//! Long lists, a page at a time.

use grip_report::{Language, count};

use crate::problem::Problem;

/// Where in a long list a page is.
pub(crate) struct Pager {
    /// How many come before this page.
    pub(crate) offset: usize,
    pub(crate) text: String,
    pub(crate) previous: Option<String>,
    pub(crate) next: Option<String>,
}

impl Pager {
    /// Page `pagina`, from 1, of a list of `total`; `link` makes the address of another page.
    ///
    /// # Errors
    /// [`Problem::NotFound`] beyond the last page. The first page is always there.
    pub(crate) fn new(
        pagina: usize,
        per_page: usize,
        total: usize,
        language: Language,
        link: impl Fn(usize) -> String,
    ) -> Result<Self, Problem> {
        let offset = (pagina - 1) * per_page;
        if pagina > 1 && offset >= total {
            return Err(Problem::NotFound);
        }
        let last = total.min(offset + per_page);
        let of = if language == Language::Nl { "van" } else { "of" };
        let number = |number| count(number, language);
        Ok(Self {
            offset,
            text: format!("{} – {} {of} {}", number(offset + 1), number(last), number(total)),
            previous: (pagina > 1).then(|| link(pagina - 1)),
            next: (last < total).then(|| link(pagina + 1)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_have_no_further_page() {
        let page = |pagina, total| Pager::new(pagina, 100, total, Language::Nl, |pagina| pagina.to_string());
        assert!(page(1, 0).is_ok_and(|p| p.previous.is_none() && p.next.is_none()));
        assert!(page(1, 100).is_ok_and(|p| p.next.is_none()));
        assert!(page(1, 101).is_ok_and(|p| p.next.as_deref() == Some("2")));
        assert!(page(2, 101).is_ok_and(|p| p.text == "101 – 101 van 101" && p.previous.as_deref() == Some("1")));
        assert!(page(2, 100).is_err());
    }
}
