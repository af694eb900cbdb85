//! How a rule is written down: one constant with everything there is to say about it.

macro_rules! rules {
    ($($name:ident $code:literal $ernst:ident $retour:expr, $wetten:expr, [$($bericht:literal),+]:
        $title:literal, wat: $wat:literal, doen: $doen:literal;)*) => {
        $(
            #[doc = $title]
            pub(in crate::across) const $name: &grip_messages::Rule = &grip_messages::Rule {
                code: $code,
                ernst: grip_messages::Ernst::$ernst,
                title: $title,
                explanation: $wat,
                advice: $doen,
                retour_code: $retour,
                wetten: $wetten,
                berichten: &[$($bericht),+],
            };
        )*
        /// The rules of this module.
        pub(in crate::across) const RULES: &[&grip_messages::Rule] = &[$($name),*];
    };
}
pub(super) use rules;

use grip_types::Wet;

/// Both laws.
pub(super) const BEIDE: &[Wet] = &[Wet::Wmo, Wet::Jw];
