//! The policy theory of a theme as a graph in layers, and what is weak in it.

use std::collections::{BTreeMap, BTreeSet};

use grip_register::{ObjectId, Version};

use crate::{Evidence, Favours, Layer, Sign, TheoryLink, TheoryPart};

/// A theory drawn up: what stands where, and what is weak in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reasoning {
    /// The parts of each layer, from means to effect, in an order in which few links cross.
    pub layers: Vec<(Layer, Vec<ObjectId>)>,
    /// Links between parts that are there, in the order in which they were made.
    pub links: Vec<ObjectId>,
    /// Parts of which no indicator shows anything.
    pub unseen: Vec<ObjectId>,
    /// Links that are an assumption only.
    pub unfounded: Vec<ObjectId>,
    /// Links that were found not to hold.
    pub refuted: Vec<ObjectId>,
    /// Parts that no link leads to or from.
    pub loose: Vec<ObjectId>,
    /// Where the reasoning says two things.
    pub contradictions: Vec<Contradiction>,
}

/// Where a reasoning says two things.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Contradiction {
    /// Along one way more of the one leads to more of the other, along another to less.
    Ways {
        /// Where the ways part.
        from: ObjectId,
        /// Where they meet.
        to: ObjectId,
    },
    /// More means lead to more of something of which less is better by its indicator, or to less of what more is better of.
    Direction {
        /// What is put in or done.
        from: ObjectId,
        /// What gets worse by it.
        to: ObjectId,
    },
    /// A part leads to itself.
    Circle {
        /// The link that closes the circle.
        link: ObjectId,
    },
}

/// A link between two parts, by their places in the list of parts.
#[derive(Debug, Clone, Copy)]
struct Edge {
    link: ObjectId,
    from: usize,
    to: usize,
    sign: Sign,
}

/// Draws up a theory. `favours` says of parts with an indicator whether more or less of it is better.
pub fn reasoning(
    parts: &[Version<TheoryPart>],
    links: &[Version<TheoryLink>],
    favours: &BTreeMap<ObjectId, Favours>,
) -> Reasoning {
    let at: BTreeMap<ObjectId, usize> = parts.iter().enumerate().map(|(at, part)| (part.id, at)).collect();
    let edge = |link: &Version<TheoryLink>| {
        let (from, to) = (*at.get(&link.content.from.0)?, *at.get(&link.content.to.0)?);
        Some(Edge { link: link.id, from, to, sign: link.content.sign })
    };
    let edges: Vec<Edge> = links.iter().filter_map(edge).collect();
    let drawn: BTreeSet<ObjectId> = edges.iter().map(|edge| edge.link).collect();
    let with = |evidence: Evidence| {
        let is_it = move |link: &&Version<TheoryLink>| link.content.evidence == evidence;
        links.iter().filter(|link| drawn.contains(&link.id)).filter(is_it).map(|link| link.id).collect()
    };
    let is_tied = |at: usize| edges.iter().any(|edge| edge.from == at || edge.to == at);
    let layers = ordered(parts, &edges);
    let name = |(layer, places): (Layer, Vec<usize>)| (layer, places.into_iter().map(|at| parts[at].id).collect());
    Reasoning {
        layers: layers.into_iter().map(name).collect(),
        links: edges.iter().map(|edge| edge.link).collect(),
        unseen: parts.iter().filter(|part| part.content.indicator.is_none()).map(|part| part.id).collect(),
        unfounded: with(Evidence::Assumed),
        refuted: with(Evidence::Refuted),
        loose: (0..parts.len()).filter(|at| !is_tied(*at)).map(|at| parts[at].id).collect(),
        contradictions: contradictions(parts, &edges, favours),
    }
}

/// Times that the layers are gone through, there and back.
const SWEEPS: usize = 8;

/// The parts of every layer, ordered by the mean place of what they are tied to in the layers before and, on the way back, after: the
/// barycentre method of Sugiyama, Tagawa & Toda (1981), IEEE Transactions on Systems, Man, and Cybernetics 11(2), 109–125. The order
/// with the fewest crossings is kept; the one in which they were made when none is better.
fn ordered(parts: &[Version<TheoryPart>], edges: &[Edge]) -> Vec<(Layer, Vec<usize>)> {
    let in_layer = |layer: Layer| (0..parts.len()).filter(move |at| parts[*at].content.layer == layer).collect();
    let mut layers: Vec<(Layer, Vec<usize>)> = Layer::ALL.iter().map(|layer| (*layer, in_layer(*layer))).collect();
    let mut best = layers.clone();
    let mut fewest = crossings(parts, edges, &layers);
    for sweep in 0..SWEEPS {
        let is_forward = sweep % 2 == 0;
        for step in 0..layers.len() {
            let number = if is_forward { step } else { layers.len() - 1 - step };
            sort_layer(parts, edges, &mut layers, number, is_forward);
        }
        let now = crossings(parts, edges, &layers);
        if now < fewest {
            fewest = now;
            best.clone_from(&layers);
        }
    }
    best
}

fn sort_layer(
    parts: &[Version<TheoryPart>],
    edges: &[Edge],
    layers: &mut [(Layer, Vec<usize>)],
    number: usize,
    is_forward: bool,
) {
    let places = places(parts.len(), layers);
    let Some((layer, own)) = layers.get_mut(number) else { return };
    let is_before = |at: usize| {
        let other = parts[at].content.layer;
        if is_forward { other < *layer } else { other > *layer }
    };
    let mean = |at: usize| {
        let tied = edges.iter().filter_map(|edge| {
            let other = if edge.from == at { Some(edge.to) } else { (edge.to == at).then_some(edge.from) };
            other.filter(|other| is_before(*other)).map(|other| places[other])
        });
        let (sum, count) = tied.fold((0.0, 0.0), |(sum, count), place| (sum + place, count + 1.0));
        if count > 0.0 { sum / count } else { places[at] }
    };
    let mut means: Vec<(f64, usize)> = own.iter().map(|at| (mean(*at), *at)).collect();
    means.sort_by(|(one, _), (other, _)| one.total_cmp(other));
    *own = means.into_iter().map(|(_, at)| at).collect();
}

/// The place of every part in its layer, from 0 to 1.
fn places(number: usize, layers: &[(Layer, Vec<usize>)]) -> Vec<f64> {
    let mut places = vec![0.0; number];
    for (_, own) in layers {
        for (place, at) in own.iter().enumerate() {
            #[expect(clippy::cast_precision_loss, reason = "a place among some tens")]
            let share = (place as f64 + 0.5) / own.len() as f64;
            places[*at] = share;
        }
    }
    places
}

/// How many pairs of links between the same two layers cross.
fn crossings(parts: &[Version<TheoryPart>], edges: &[Edge], layers: &[(Layer, Vec<usize>)]) -> usize {
    let places = places(parts.len(), layers);
    // From the earlier layer to the later one, whatever way the link goes.
    let ends: Vec<((Layer, Layer), f64, f64)> = edges
        .iter()
        .map(|edge| {
            let layer = |at: usize| parts[at].content.layer;
            let (one, other) =
                if layer(edge.from) <= layer(edge.to) { (edge.from, edge.to) } else { (edge.to, edge.from) };
            ((layer(one), layer(other)), places[one], places[other])
        })
        .collect();
    let crosses = |one: usize, other: usize| {
        let ((layers, from, to), (others, other_from, other_to)) = (ends[one], ends[other]);
        layers == others && layers.0 != layers.1 && (from - other_from) * (to - other_to) < 0.0
    };
    (0..ends.len()).map(|one| (one + 1..ends.len()).filter(|other| crosses(one, *other)).count()).sum()
}

/// Which signs the ways between two parts have: more leads to more, more leads to less.
type Signs = [bool; 2];

fn contradictions(
    parts: &[Version<TheoryPart>],
    edges: &[Edge],
    favours: &BTreeMap<ObjectId, Favours>,
) -> Vec<Contradiction> {
    let (edges, closing) = without_circles(parts.len(), edges);
    let signs: Vec<Vec<Signs>> = (0..parts.len()).map(|from| ways(parts.len(), &edges, from)).collect();
    let is_both = |from: usize, to: usize| signs[from][to] == [true, true];
    // What is so for what comes right after it, or right before the end, is said there.
    let is_said_nearer = |from: usize, to: usize| {
        let next = edges.iter().any(|edge| edge.from == from && is_both(edge.to, to));
        next || edges.iter().any(|edge| edge.to == to && is_both(from, edge.from))
    };
    let mut found: Vec<Contradiction> = closing.into_iter().map(|link| Contradiction::Circle { link }).collect();
    for from in 0..parts.len() {
        for to in 0..parts.len() {
            let (from_id, to_id) = (parts[from].id, parts[to].id);
            if is_both(from, to) && !is_said_nearer(from, to) {
                found.push(Contradiction::Ways { from: from_id, to: to_id });
            }
            let worse = match favours.get(&to_id) {
                Some(Favours::More) => [false, true],
                Some(Favours::Less) => [true, false],
                None => continue,
            };
            let is_effort = matches!(parts[from].content.layer, Layer::Input | Layer::Throughput);
            let is_effect = matches!(parts[to].content.layer, Layer::Outcome | Layer::Impact);
            if is_effort && is_effect && signs[from][to] == worse {
                found.push(Contradiction::Direction { from: from_id, to: to_id });
            }
        }
    }
    found.sort_unstable();
    found
}

/// The links without those that close a circle, taken in the order in which they were made; and those.
fn without_circles(number: usize, edges: &[Edge]) -> (Vec<Edge>, Vec<ObjectId>) {
    let (mut kept, mut closing): (Vec<Edge>, Vec<ObjectId>) = Default::default();
    for edge in edges {
        let leads_back = edge.from == edge.to || ways(number, &kept, edge.to)[edge.from] != [false, false];
        if leads_back { closing.push(edge.link) } else { kept.push(*edge) }
    }
    (kept, closing)
}

/// The signs of the ways from a part to every other.
fn ways(number: usize, edges: &[Edge], from: usize) -> Vec<Signs> {
    let mut found = vec![[false, false]; number];
    let mut waiting: Vec<(usize, usize)> = vec![(from, 0)];
    while let Some((at, sign)) = waiting.pop() {
        for edge in edges.iter().filter(|edge| edge.from == at) {
            let sign = if edge.sign == Sign::More { sign } else { 1 - sign };
            if !found[edge.to][sign] {
                found[edge.to][sign] = true;
                waiting.push((edge.to, sign));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::samples::{id, object};

    fn part(number: u128, layer: &str, indicator: &str) -> Version<TheoryPart> {
        object(number, &[("theme", &id(1).to_string()), ("layer", layer), ("indicator", indicator)])
    }

    fn link(number: u128, from: u128, to: u128, sign: &str, evidence: &str) -> Version<TheoryLink> {
        let (from, to) = (id(from).to_string(), id(to).to_string());
        object(number, &[("from", &from), ("to", &to), ("sign", sign), ("evidence", evidence)])
    }

    #[test]
    fn what_is_weak_is_named() {
        let parts = [part(2, "input", ""), part(3, "output", "a"), part(4, "outcome", "b"), part(5, "impact", "")];
        let links = [
            link(11, 2, 3, "meer", "aanname"),
            link(12, 3, 4, "minder", "eigen-onderzoek"),
            link(13, 4, 99, "meer", "aanname"),
            link(14, 2, 4, "minder", "weersproken"),
        ];
        let found = reasoning(&parts, &links, &BTreeMap::new());
        assert_eq!(found.links, [id(11), id(12), id(14)], "a link to what is withdrawn is not drawn");
        assert_eq!(found.unseen, [id(2), id(5)]);
        assert_eq!(found.unfounded, [id(11)]);
        assert_eq!(found.refuted, [id(14)]);
        assert_eq!(found.loose, [id(5)]);
        assert!(found.contradictions.is_empty());
    }

    #[test]
    fn two_ways_that_say_otherwise_contradict_each_other_where_they_part_and_meet() {
        let parts = [
            part(2, "input", ""),
            part(3, "throughput", ""),
            part(4, "output", ""),
            part(5, "output", ""),
            part(6, "outcome", ""),
            part(7, "impact", ""),
        ];
        let links = [
            link(11, 2, 3, "meer", ""),
            link(12, 3, 4, "meer", ""),
            link(13, 3, 5, "meer", ""),
            link(14, 4, 6, "meer", ""),
            link(15, 5, 6, "minder", ""),
            link(16, 6, 7, "meer", ""),
        ];
        let found = reasoning(&parts, &links, &BTreeMap::new());
        assert_eq!(found.contradictions, [Contradiction::Ways { from: id(3), to: id(6) }]);
    }

    #[test]
    fn effort_that_makes_an_effect_worse_is_named() {
        let parts = [part(2, "input", ""), part(3, "output", "a"), part(4, "outcome", "b"), part(5, "impact", "c")];
        let links = [link(11, 2, 3, "meer", ""), link(12, 3, 4, "meer", ""), link(13, 3, 5, "minder", "")];
        let favours = BTreeMap::from([(id(3), Favours::Less), (id(4), Favours::Less), (id(5), Favours::Less)]);
        let found = reasoning(&parts, &links, &favours);
        assert_eq!(found.contradictions, [Contradiction::Direction { from: id(2), to: id(4) }]);
    }

    #[test]
    fn a_circle_is_named_by_the_link_that_closes_it() {
        let parts = [part(2, "output", ""), part(3, "output", ""), part(4, "outcome", "")];
        let links = [link(11, 2, 3, "meer", ""), link(12, 3, 2, "minder", ""), link(13, 3, 4, "meer", "")];
        let found = reasoning(&parts, &links, &BTreeMap::new());
        assert_eq!(found.contradictions, [Contradiction::Circle { link: id(12) }]);
    }

    #[test]
    fn parts_stand_beside_what_they_are_tied_to() {
        let parts = [part(2, "input", ""), part(3, "input", ""), part(4, "output", ""), part(5, "output", "")];
        let links = [link(11, 2, 5, "meer", ""), link(12, 3, 4, "meer", "")];
        let found = reasoning(&parts, &links, &BTreeMap::new());
        let layers: Vec<&[ObjectId]> = found.layers.iter().map(|(_, parts)| parts.as_slice()).collect();
        assert_eq!(layers[0], [id(2), id(3)]);
        assert_eq!(layers[2], [id(5), id(4)]);
    }

    proptest! {
        #[test]
        fn every_part_is_drawn_once_and_never_with_more_crossings_than_as_it_was_made(
            layers in prop::collection::vec(0_usize..5, 1..14),
            ties in prop::collection::vec((0_usize..14, 0_usize..14, any::<bool>()), 0..30),
        ) {
            let names: Vec<&str> = Layer::ALL.iter().map(|layer| layer.choice().value).collect();
            let parts: Vec<Version<TheoryPart>> =
                layers.iter().zip(0_u128..).map(|(layer, number)| part(number, names[*layer], "")).collect();
            let edges: Vec<Edge> = ties
                .iter()
                .zip(100_u128..)
                .filter(|((from, to, _), _)| *from < parts.len() && *to < parts.len())
                .map(|((from, to, is_more), number)| {
                    let sign = if *is_more { Sign::More } else { Sign::Less };
                    Edge { link: id(number), from: *from, to: *to, sign }
                })
                .collect();
            let made: Vec<(Layer, Vec<usize>)> = Layer::ALL
                .iter()
                .map(|layer| (*layer, (0..parts.len()).filter(|at| parts[*at].content.layer == *layer).collect()))
                .collect();
            let best = ordered(&parts, &edges);
            let mut drawn: Vec<usize> = best.iter().flat_map(|(_, own)| own.iter().copied()).collect();
            drawn.sort_unstable();
            prop_assert_eq!(drawn, (0..parts.len()).collect::<Vec<_>>());
            prop_assert!(crossings(&parts, &edges, &best) <= crossings(&parts, &edges, &made));
            // What is left after circles are cut has none.
            let (kept, closing) = without_circles(parts.len(), &edges);
            prop_assert_eq!(kept.len() + closing.len(), edges.len());
            for from in 0..parts.len() {
                prop_assert_eq!(ways(parts.len(), &kept, from)[from], [false, false]);
            }
        }
    }
}
