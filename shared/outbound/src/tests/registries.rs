//! Which addresses are public, by the registries of IANA and not by the code that is tested: one table, the longest prefix wins.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use proptest::prelude::*;

use crate::is_public;

/// The IPv4 and the IPv6 Special-Purpose Address Registry with their column "Globally Reachable" ("N/A" is false), multicast, and
/// of the IPv6 Address Space registry what is Global Unicast.
const BLOCKS: [(&str, bool); 56] = [
    ("0.0.0.0/0", true),
    ("0.0.0.0/8", false),
    ("0.0.0.0/32", false),
    ("10.0.0.0/8", false),
    ("100.64.0.0/10", false),
    ("127.0.0.0/8", false),
    ("169.254.0.0/16", false),
    ("172.16.0.0/12", false),
    ("192.0.0.0/24", false),
    ("192.0.0.0/29", false),
    ("192.0.0.8/32", false),
    ("192.0.0.9/32", true),
    ("192.0.0.10/32", true),
    ("192.0.0.170/32", false),
    ("192.0.0.171/32", false),
    ("192.0.2.0/24", false),
    ("192.31.196.0/24", true),
    ("192.52.193.0/24", true),
    ("192.88.99.0/24", false),
    ("192.168.0.0/16", false),
    ("192.175.48.0/24", true),
    ("198.18.0.0/15", false),
    ("198.51.100.0/24", false),
    ("203.0.113.0/24", false),
    ("224.0.0.0/4", false),
    ("240.0.0.0/4", false),
    ("255.255.255.255/32", false),
    ("::/0", false),
    ("2000::/3", true),
    ("::/128", false),
    ("::1/128", false),
    ("::ffff:0:0/96", false),
    ("64:ff9b::/96", true),
    ("64:ff9b:1::/48", false),
    ("100::/64", false),
    ("100:0:0:1::/64", false),
    ("2001::/23", false),
    ("2001::/32", false),
    ("2001:1::1/128", true),
    ("2001:1::2/128", true),
    ("2001:1::3/128", true),
    ("2001:2::/48", false),
    ("2001:3::/32", true),
    ("2001:4:112::/48", true),
    ("2001:10::/28", false),
    ("2001:20::/28", true),
    ("2001:30::/28", true),
    ("2001:db8::/32", false),
    ("2002::/16", false),
    ("2620:4f:8000::/48", true),
    ("3fff::/20", false),
    ("5f00::/16", false),
    ("fc00::/7", false),
    ("fe80::/10", false),
    ("fec0::/10", false),
    ("ff00::/8", false),
];

/// A block: its first address, and how many addresses it has less one.
struct Block {
    text: &'static str,
    first: IpAddr,
    rest: u128,
    reachable: bool,
}

impl Block {
    fn of((text, reachable): (&'static str, bool)) -> Self {
        let (first, prefix) = text.split_once('/').unwrap();
        let first: IpAddr = first.parse().unwrap();
        let bits = if first.is_ipv4() { 32 } else { 128 };
        let hosts: u32 = bits - prefix.parse::<u32>().unwrap();
        Self {
            text,
            first,
            rest: 1_u128.checked_shl(hosts).unwrap_or(0).wrapping_sub(1),
            reachable,
        }
    }

    fn has(&self, address: IpAddr) -> bool {
        let is_same_kind = self.first.is_ipv4() == address.is_ipv4();
        let distance = bits(address).wrapping_sub(bits(self.first));
        is_same_kind && distance <= self.rest
    }

    /// Its first and its last address, and those beside them.
    fn edges(&self) -> [IpAddr; 4] {
        let first = bits(self.first);
        let last = first + self.rest;
        [first.wrapping_sub(1), first, last, last.wrapping_add(1)]
            .map(|bits| with_bits(self.first, bits))
    }
}

fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => address.to_bits().into(),
        IpAddr::V6(address) => address.to_bits(),
    }
}

fn with_bits(kind: IpAddr, bits: u128) -> IpAddr {
    match kind {
        IpAddr::V4(_) => {
            let [.., a, b, c, d] = bits.to_be_bytes();
            IpAddr::V4(Ipv4Addr::new(a, b, c, d))
        }
        IpAddr::V6(_) => IpAddr::V6(Ipv6Addr::from_bits(bits)),
    }
}

/// The smallest block with this address.
fn block_of(address: IpAddr) -> Block {
    let blocks = BLOCKS.into_iter().map(Block::of);
    let found = blocks.filter(|block| block.has(address));
    found.min_by_key(|block| block.rest).unwrap()
}

/// Whether the registries say that an address is reached from everywhere, and so one that is within it, if there is one.
pub(super) fn is_reachable(address: IpAddr) -> bool {
    let within = |v6: Ipv6Addr| {
        let nat64 = Block::of(("64:ff9b::/96", true));
        let [.., a, b, c, d] = v6.octets();
        nat64.has(IpAddr::V6(v6)).then(|| Ipv4Addr::new(a, b, c, d))
    };
    let embedded = match address {
        IpAddr::V4(_) => None,
        IpAddr::V6(address) => within(address),
    };
    block_of(address).reachable && embedded.is_none_or(|v4| is_reachable(IpAddr::V4(v4)))
}

/// Addresses of every kind: in the registries' blocks and beside them, of servers, and any.
pub(super) fn address() -> impl Strategy<Value = IpAddr> {
    let edge = (0..BLOCKS.len(), 0..4_usize);
    let edge = edge.prop_map(|(block, edge)| Block::of(BLOCKS[block]).edges()[edge]);
    let inside = (0..BLOCKS.len(), any::<u128>()).prop_map(|(block, bits_of)| {
        let block = Block::of(BLOCKS[block]);
        let within = block
            .rest
            .checked_add(1)
            .map_or(bits_of, |size| bits_of % size);
        with_bits(block.first, bits(block.first) + within)
    });
    let v4 = any::<u32>().prop_map(|bits| IpAddr::V4(Ipv4Addr::from_bits(bits)));
    let server = prop::sample::select(vec!["93.184.215.14", "8.8.8.8", "2606:4700::1111"]);
    let server = server.prop_map(|text| text.parse().unwrap());
    prop_oneof![edge, inside, v4, server]
}

/// Checks that the guard lets through only what the registries do, and all of that but for blocks of a special purpose.
fn check(address: IpAddr) {
    let (guard, registries) = (is_public(address), is_reachable(address));
    assert!(registries || !guard, "{address} is not reachable");
    let is_ordinary = ["0.0.0.0/0", "2000::/3"].contains(&block_of(address).text);
    assert!(guard || !registries || !is_ordinary, "{address} is refused");
}

#[test]
fn the_edges_of_every_block_are_on_its_side() {
    for address in BLOCKS.map(Block::of).iter().flat_map(Block::edges) {
        check(address);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn the_guard_agrees_with_the_registries(address in address()) {
        check(address);
    }
}
