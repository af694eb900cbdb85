//! What of a password everybody thinks of.

/// Parts of passwords that are used much, leaked often, or lie at hand in a town hall: our own list, of what lists of leaked
/// passwords have in common, of the words of the work, and of this product. Years, rows of keys and repetitions are found by rule.
const PARTS: &str = "\
    wachtwoord password passwort motdepasse paswoord welkom welcome hallo hello geheim secret \
    letmein toegang inloggen inlog login aanmelden admin administrator beheer beheerder gebruiker user gast guest root \
    test tester testen tijdelijk temp default standaard nieuw changeme verander wijzigen demo voorbeeld example \
    master super sysadmin systeem system computer laptop internet server kantoor thuis office \
    iloveyou ikhouvanjou liefde love schatje lieverd prinses princess superman batman pokemon dragon monkey sunshine \
    football voetbal ajax feyenoord psv oranje nederland holland amsterdam rotterdam utrecht denhaag maastricht \
    lente voorjaar zomer herfst najaar winter spring summer autumn \
    januari februari maart april mei juni juli augustus september oktober november december \
    maandag dinsdag woensdag donderdag vrijdag zaterdag zondag weekend vakantie kerst pasen \
    gemeente gemeentehuis stadhuis raadhuis stad dorp regio provincie burgemeester wethouder raadslid gemeenteraad \
    college griffie griffier ambtenaar burger inwoner balie loket afdeling team medewerker \
    wmo jeugdwet jeugdzorg jeugdhulp jeugd zorg participatie sociaal domein wijkteam \
    beleid financien inkoop begroting contract aanbieder dashboard sturing grip voorbeeldstad \
    qwerty qwertyuiop azerty asdf asdfgh zxcvbn qazwsx qwer wasd 1q2w3e4r 1qaz2wsx abc abcd xyz";

/// Rows of keys, each of which counts in both directions.
const ROWS: [&str; 4] = ["1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"];
/// Keys next to each other that make a row.
const ROW_MIN: usize = 4;
/// The shortest part of a name that is looked for.
const NAME_MIN: usize = 3;

/// How many characters of a password are its own: not of a part above or of one of the names, not of a year, a row of
/// keys or a repetition, and letter or digit at all. The fewest that any way to cover it with such parts leaves.
pub(super) fn own_chars(password: &str, names: &[&str]) -> usize {
    let letters: Vec<char> = password
        .chars()
        .flat_map(char::to_lowercase)
        .filter(|letter| letter.is_alphanumeric() || is_like(*letter))
        .collect();
    let letters = once(&letters);
    let mut parts: Vec<Vec<char>> = PARTS.split_whitespace().map(|part| part.chars().collect()).collect();
    for name in names.iter().map(|name| name.to_lowercase()) {
        parts.extend(name.split(|letter: char| !letter.is_alphanumeric()).map(|part| part.chars().collect()));
        parts.push(name.chars().filter(|letter| letter.is_alphanumeric()).collect());
    }
    parts.retain(|part| part.len() >= NAME_MIN);

    // From the end: the fewest characters of one's own in what begins at a place.
    let mut own = vec![0; letters.len() + 1];
    for place in (0..letters.len()).rev() {
        let rest = letters.get(place..).unwrap_or_default();
        let after = |taken: usize| own.get(place + taken).copied();
        let begins = parts.iter().filter(|part| begins_with(rest, part)).map(Vec::len);
        let rows = (ROW_MIN..=row(rest)).chain(year(rest));
        // What only looks like a letter is no character of one's own.
        let single =
            after(1).map(|fewest| fewest + usize::from(rest.first().is_some_and(|letter| letter.is_alphanumeric())));
        let fewest = begins.chain(rows).filter_map(after).chain(single).min().unwrap_or_default();
        if let Some(slot) = own.get_mut(place) {
            *slot = fewest;
        }
    }
    own.first().copied().unwrap_or_default()
}

/// The shortest text of which this is a repetition, the last time perhaps not whole.
fn once(letters: &[char]) -> &[char] {
    let is_period = |length: &usize| letters.iter().zip(letters.iter().skip(*length)).all(|(one, other)| one == other);
    let length = (1..=letters.len() / 2).find(is_period).unwrap_or(letters.len());
    letters.get(..length).unwrap_or(letters)
}

fn begins_with(letters: &[char], part: &[char]) -> bool {
    letters.len() >= part.len()
        && letters.iter().zip(part).all(|(typed, meant)| typed == meant || likes(*meant).contains(*typed))
}

/// What is typed for a letter by who wants it to look difficult.
fn likes(letter: char) -> &'static str {
    match letter {
        'a' => "4@",
        'b' => "8",
        'e' => "3€",
        'g' => "9",
        'i' => "1!|",
        'l' => "1|",
        'o' => "0",
        's' => "5$",
        't' => "7+",
        'z' => "2",
        _ => "",
    }
}

/// Whether something that is no letter or digit is typed for one.
fn is_like(letter: char) -> bool {
    "@€!|$+".contains(letter)
}

/// How many characters at the beginning are the same, follow each other, or lie in a row of keys.
fn row(letters: &[char]) -> usize {
    let same = |one: char, other: char| one == other;
    let next = |one: char, other: char| u32::from(other).checked_sub(u32::from(one)) == Some(1);
    let on_keys = |one: char, other: char| {
        ROWS.iter().any(|row| row.chars().zip(row.chars().skip(1)).any(|pair| pair == (one, other)))
    };
    let run = |follows: &dyn Fn(char, char) -> bool| {
        1 + letters.iter().zip(letters.iter().skip(1)).take_while(|(one, other)| follows(**one, **other)).count()
    };
    let runs = [
        run(&same),
        run(&next),
        run(&|one, other| next(other, one)),
        run(&on_keys),
        run(&|one, other| on_keys(other, one)),
    ];
    runs.into_iter().max().unwrap_or_default()
}

/// The four digits of a year of somebody alive, when these are those.
fn year(letters: &[char]) -> Option<usize> {
    let digits: String = letters.get(..4)?.iter().collect();
    let year: u32 = digits.parse().ok()?;
    (1900..2100).contains(&year).then_some(4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: usize) {
        assert_eq!(own_chars(text, &["anna@elders", "Sint Jansdorp"]), expected, "{text}");
    }

    #[test]
    fn what_is_left() {
        check("kikkerdril", 10);
        check("Welkom-kikkerdril-2026!", 10);
        check("w3lk0m", 0);
        check("kikkerkikkerkik", 6);
        check("2026", 0);
        check("3026", 4);
        check("abcdefgh", 0);
        check("hgfedcba", 0);
        check("lkjhgf", 0);
        check("abd", 3);
        check("anna anna", 0);
        check("SintJansdorp-anna@elders", 0);
        check("", 0);
        check("--- ---", 0);
    }
}
