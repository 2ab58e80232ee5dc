//! Enums whose variants have names: for the wire, for the database, for people who ask by name.

/// An enum of this name, with a name for each variant: `ALL` of them, `name` and back by `parse`.
#[macro_export]
macro_rules! named {
    ($(#[$attribute:meta])* $visible:vis enum $enum:ident { $($(#[$doc:meta])+ $name:ident = $text:literal,)+ }) => {
        $(#[$attribute])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        $visible enum $enum {
            $($(#[$doc])+ $name,)+
        }

        impl $enum {
            /// All of them.
            $visible const ALL: &[Self] = &[$(Self::$name),+];

            /// As it is written down and asked for.
            #[must_use]
            $visible const fn name(self) -> &'static str {
                match self { $(Self::$name => $text),+ }
            }

            /// The one of this name.
            #[must_use]
            $visible fn parse(name: &str) -> Option<Self> {
                match name {
                    $($text => Some(Self::$name),)+
                    _ => None,
                }
            }
        }
    };
}

#[cfg(test)]
mod tests {
    named! {
        /// A day.
        enum Day {
            /// The first.
            Monday = "monday",
            /// The last.
            Sunday = "sunday",
        }
    }

    #[test]
    fn each_is_known_by_its_name_and_nothing_else_is() {
        assert!(Day::ALL.iter().all(|day| Day::parse(day.name()) == Some(*day)));
        assert_eq!((Day::ALL.len(), Day::Sunday.name(), Day::parse("Monday")), (2, "sunday", None));
    }
}
