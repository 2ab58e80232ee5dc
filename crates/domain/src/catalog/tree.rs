//! The rules of the tree of categories: names beside each other differ, nothing stands below itself, and it stays small
//! enough to be read whole. Where its products go is not its business.

use super::Category;
use crate::kernel::{CategoryId, fold};

/// All categories of the shop.
#[derive(Debug, Clone, Copy)]
pub struct CategoryTree<'a>(pub &'a [Category]);

/// Why a category can't stand there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlaceRefusal {
    /// There is no such category above.
    UnknownParent,
    /// It would stand below itself.
    BelowItself,
    /// It, or what is below it, would stand too deep.
    TooDeep,
    /// Another one beside it has the name.
    SameName(Category),
    /// The shop has as many as it takes.
    Full,
}

impl CategoryTree<'_> {
    /// So many levels there are at the most.
    pub const DEEPEST: usize = 6;
    /// So many there are at the most, since it is read whole.
    pub const MOST: usize = 2_000;

    /// Whether a category, new or changed, may stand as it says.
    ///
    /// # Errors
    /// Why not.
    pub fn place(&self, category: &Category) -> Result<(), PlaceRefusal> {
        if self.find(category.id).is_none() && self.0.len() >= Self::MOST {
            return Err(PlaceRefusal::Full);
        }
        if let Some(parent) = category.parent_id {
            if self.find(parent).is_none() {
                return Err(PlaceRefusal::UnknownParent);
            }
            if self.is_at_or_below(parent, category.id) {
                return Err(PlaceRefusal::BelowItself);
            }
        }
        let above = category.parent_id.map_or(0, |parent| self.depth(parent));
        if above + self.height(category.id).max(1) > Self::DEEPEST {
            return Err(PlaceRefusal::TooDeep);
        }
        let key = name_key(&category.name);
        let mut beside = self.0.iter().filter(|other| other.parent_id == category.parent_id && other.id != category.id);
        beside
            .find(|other| name_key(&other.name) == key)
            .map_or(Ok(()), |twin| Err(PlaceRefusal::SameName(twin.clone())))
    }

    /// Whether one may be merged into another, with all that is below it.
    ///
    /// # Errors
    /// Why not.
    pub fn merge(&self, from: CategoryId, into: CategoryId) -> Result<(), PlaceRefusal> {
        if self.find(into).is_none() {
            return Err(PlaceRefusal::UnknownParent);
        }
        if self.is_at_or_below(into, from) {
            return Err(PlaceRefusal::BelowItself);
        }
        let below = self.height(from).saturating_sub(1);
        if self.depth(into) + below > Self::DEEPEST { Err(PlaceRefusal::TooDeep) } else { Ok(()) }
    }

    /// The category of this id.
    #[must_use]
    pub fn find(&self, id: CategoryId) -> Option<&Category> {
        self.0.iter().find(|category| category.id == id)
    }

    /// How many stand right below it.
    #[must_use]
    pub fn children(&self, id: CategoryId) -> usize {
        self.0.iter().filter(|category| category.parent_id == Some(id)).count()
    }

    /// The chain from a category up to the top, itself first. A circle, which no one could have made, ends it.
    fn way_up(&self, id: CategoryId) -> impl Iterator<Item = CategoryId> {
        let above = move |at: &CategoryId| self.find(*at).and_then(|category| category.parent_id);
        std::iter::successors(Some(id), above).take(self.0.len().max(1))
    }

    fn is_at_or_below(&self, id: CategoryId, other: CategoryId) -> bool {
        self.way_up(id).any(|at| at == other)
    }

    fn depth(&self, id: CategoryId) -> usize {
        self.way_up(id).count()
    }

    /// The levels of it and all below it; none for one that is not there yet.
    fn height(&self, id: CategoryId) -> usize {
        if self.children(id) == 0 {
            return usize::from(self.find(id).is_some());
        }
        let below = self.0.iter().filter(|category| self.is_at_or_below(category.id, id));
        let lowest = below.map(|category| self.depth(category.id)).max();
        lowest.map_or(0, |lowest| (lowest + 1).saturating_sub(self.depth(id)))
    }
}

/// What tells two names apart: their letters and digits, whatever their case, accents and spaces.
#[must_use]
pub fn name_key(name: &str) -> String {
    let folded = fold(name);
    folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Slug;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn id(number: u128) -> CategoryId {
        CategoryId::new(Uuid::from_u128(number))
    }

    fn category(number: u128, name: &str, parent: Option<u128>) -> Category {
        let slug = Slug::parse(&format!("c-{number}")).unwrap();
        Category { id: id(number), slug, name: name.to_owned(), parent_id: parent.map(id) }
    }

    /// Jewellery (1) has Rings (2), which has Bands (3); and there are Watches (4).
    fn shop() -> Vec<Category> {
        vec![
            category(1, "Jewellery", None),
            category(2, "Rings", Some(1)),
            category(3, "Bands", Some(2)),
            category(4, "Watches", None),
        ]
    }

    #[test]
    fn names_beside_each_other_differ_by_more_than_case_accents_and_dashes() {
        let shop = shop();
        let tree = CategoryTree(&shop);
        for twin in ["Rings", " rings ", "RÍNGS", "Rings!"] {
            let refusal = tree.place(&category(9, twin, Some(1)));
            assert_eq!(refusal, Err(PlaceRefusal::SameName(shop[1].clone())), "{twin}");
        }
        assert_eq!(tree.place(&category(9, "Rings", Some(4))), Ok(()), "elsewhere the name is free");
        assert_eq!(tree.place(&category(2, "RINGS", Some(1))), Ok(()), "nobody is their own twin");
        assert_eq!(name_key("指輪"), "指輪");
    }

    #[test]
    fn nothing_stands_below_itself() {
        let shop = shop();
        let tree = CategoryTree(&shop);
        for parent in [1, 2, 3] {
            assert_eq!(tree.place(&category(1, "Jewellery", Some(parent))), Err(PlaceRefusal::BelowItself));
            assert_eq!(tree.merge(id(1), id(parent)), Err(PlaceRefusal::BelowItself));
        }
        assert_eq!(tree.place(&category(2, "Rings", Some(4))), Ok(()));
        assert_eq!(tree.merge(id(3), id(1)), Ok(()), "upwards is fine");
        assert_eq!(tree.place(&category(9, "Pins", Some(8))), Err(PlaceRefusal::UnknownParent));
        assert_eq!(tree.merge(id(1), id(8)), Err(PlaceRefusal::UnknownParent));
    }

    #[test]
    fn the_tree_is_neither_too_deep_nor_too_large() {
        let mut shop: Vec<Category> = (1..=6).map(|n| category(n, "Level", (n > 1).then(|| n - 1))).collect();
        assert_eq!(CategoryTree(&shop).place(&category(9, "Seventh", Some(6))), Err(PlaceRefusal::TooDeep));
        assert_eq!(CategoryTree(&shop).place(&category(9, "Sixth", Some(5))), Ok(()));
        shop.extend([category(20, "Two", None), category(21, "Levels", Some(20))]);
        let under = |parent| CategoryTree(&shop).place(&category(20, "Two", Some(parent)));
        assert_eq!((under(5), under(4)), (Err(PlaceRefusal::TooDeep), Ok(())));
        let merged = |into| CategoryTree(&shop).merge(id(20), id(into));
        assert_eq!((merged(6), merged(5)), (Err(PlaceRefusal::TooDeep), Ok(())));
        let many: Vec<Category> = (0..2_000).map(|n| category(n, &n.to_string(), None)).collect();
        assert_eq!(CategoryTree(&many).place(&category(9_999, "More", None)), Err(PlaceRefusal::Full));
        assert_eq!(CategoryTree(&many).place(&category(5, "Another name", None)), Ok(()));
    }

    proptest! {
        #[test]
        fn whatever_is_moved_all_stand_below_the_top(moves in prop::collection::vec((0_u128..12, 0_u128..13), 0..60)) {
            let mut shop: Vec<Category> = (0..12).map(|n| category(n, &n.to_string(), None)).collect();
            for (from, to) in moves {
                let moved = category(from, &from.to_string(), (to < 12).then_some(to));
                if CategoryTree(&shop).place(&moved).is_ok() {
                    shop[usize::try_from(from).unwrap()] = moved;
                }
            }
            let tree = CategoryTree(&shop);
            for category in &shop {
                let top = tree.way_up(category.id).last().unwrap();
                prop_assert_eq!(tree.find(top).unwrap().parent_id, None);
                prop_assert!(tree.depth(category.id) <= CategoryTree::DEEPEST);
            }
        }
    }
}
