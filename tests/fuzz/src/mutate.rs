use crate::random::Random;

/// The longest input that is made.
pub(crate) const MAX_LENGTH: usize = 1_024;

/// A seed with one to eight changes.
pub(crate) fn input(random: &mut Random, seeds: &[Vec<u8>], words: &[Vec<u8>]) -> Vec<u8> {
    let mut input = random.of_all(seeds).cloned().unwrap_or_default();
    input.truncate(MAX_LENGTH);
    for _ in 0..=random.short(8) {
        change(random, &mut input, seeds, words);
        input.truncate(MAX_LENGTH);
    }
    input
}

fn change(random: &mut Random, input: &mut Vec<u8>, seeds: &[Vec<u8>], words: &[Vec<u8>]) {
    let at = random.below(input.len() + 1);
    match random.below(12) {
        0 => flip(random, input),
        1 => replace(input, at..at, &[random.byte()]),
        2 => {
            let range = random.range(input.len(), 32);
            replace(input, range, &[]);
        }
        3 => input.truncate(at),
        // Words, over what is there or beside it.
        4..=6 => {
            let word = random.of_all(words).cloned().unwrap_or_default();
            let range = random.range(input.len(), 8);
            replace(input, range, &word);
        }
        7 => {
            let word = random.of_all(words).cloned().unwrap_or_default();
            replace(input, at..at, &word);
        }
        // A part of it again, once or often.
        8 => {
            let part = part(random, input, 64);
            let times = 1 + random.short(128);
            replace(input, at..at, &part.repeat(times));
        }
        // A part of another seed, or its end.
        9 => {
            let other = random.of_all(seeds).cloned().unwrap_or_default();
            let part = part(random, &other, 256);
            replace(input, at..at, &part);
        }
        10 => {
            let other = random.of_all(seeds).cloned().unwrap_or_default();
            let from = random.below(other.len() + 1);
            input.truncate(at);
            input.extend(other.get(from..).unwrap_or_default());
        }
        // Two parts change places.
        _ => {
            let moved = random.range(input.len(), 64);
            let part = input.get(moved.clone()).unwrap_or_default().to_vec();
            replace(input, moved, &[]);
            let at = random.below(input.len() + 1);
            replace(input, at..at, &part);
        }
    }
}

fn flip(random: &mut Random, input: &mut [u8]) {
    let at = random.below(input.len());
    if let Some(byte) = input.get_mut(at) {
        // One bit, or the case of a letter, or the next digit.
        *byte = match random.below(3) {
            0 => *byte ^ (1 << random.below(8)),
            1 => *byte ^ 0x20,
            _ => byte.wrapping_add(1),
        };
    }
}

fn part(random: &mut Random, of: &[u8], longest: usize) -> Vec<u8> {
    let range = random.range(of.len(), longest);
    of.get(range).unwrap_or_default().to_vec()
}

fn replace(input: &mut Vec<u8>, range: std::ops::Range<usize>, by: &[u8]) {
    input.splice(range, by.iter().copied());
}
