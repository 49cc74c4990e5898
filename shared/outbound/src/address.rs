use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The blocks that are not globally reachable, by the IANA IPv4 Special-Purpose Address Registry (RFC 6890 and its
/// successors), with multicast (RFC 5771) and what is reserved.
const V4: [(Ipv4Addr, u32); 17] = [
    (Ipv4Addr::UNSPECIFIED, 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 31, 196, 0), 24),
    (Ipv4Addr::new(192, 52, 193, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(192, 175, 48, 0), 24),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 3),
];

/// Global unicast (RFC 4291): what is not in it is loopback, link-local, unique local, multicast, v4-mapped, NAT64 or
/// not assigned.
const V6_GLOBAL: (Ipv6Addr, u32) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);

/// The blocks of global unicast that are not globally reachable, or that embed an IPv4 address, by the IANA
/// IPv6 Special-Purpose Address Registry: protocol assignments with Teredo and benchmarking, documentation, 6to4, AS112.
const V6: [(Ipv6Addr, u32); 5] = [
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),
    (Ipv6Addr::new(0x2620, 0x4f, 0x8000, 0, 0, 0, 0, 0), 48),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
];

/// Whether an address is globally reachable: not private, loopback, link-local, shared, multicast, documentation, benchmarking
/// or reserved, and without an embedded IPv4 address.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => !V4.iter().any(|block| is_in_v4(address, *block)),
        IpAddr::V6(address) => {
            is_in_v6(address, V6_GLOBAL) && !V6.iter().any(|block| is_in_v6(address, *block))
        }
    }
}

fn is_in_v4(address: Ipv4Addr, (block, length): (Ipv4Addr, u32)) -> bool {
    (address.to_bits() ^ block.to_bits()) >> (32 - length) == 0
}

fn is_in_v6(address: Ipv6Addr, (block, length): (Ipv6Addr, u32)) -> bool {
    (address.to_bits() ^ block.to_bits()) >> (128 - length) == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(addresses: &[&str], public: bool) {
        for address in addresses {
            assert_eq!(is_public(address.parse().unwrap()), public, "{address}");
        }
    }

    #[test]
    fn public_addresses_are_public() {
        check(
            &[
                "1.1.1.1",
                "8.8.8.8",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "126.255.255.255",
                "128.0.0.0",
                "169.253.255.255",
                "172.15.255.255",
                "172.32.0.0",
                "192.0.1.0",
                "192.167.255.255",
                "192.169.0.0",
                "198.17.255.255",
                "198.20.0.0",
                "203.0.114.0",
                "223.255.255.255",
            ],
            true,
        );
        check(
            &[
                "2001:4860:4860::8888",
                "2606:4700::1111",
                "2001:200::",
                "2a00::",
                "3fff:1000::",
            ],
            true,
        );
    }

    #[test]
    fn every_other_class_is_refused() {
        check(
            &["0.0.0.0", "0.255.255.255", "10.0.0.0", "10.255.255.255"],
            false,
        );
        check(&["100.64.0.0", "100.127.255.255"], false); // shared, RFC 6598
        check(&["127.0.0.1", "127.255.255.255"], false);
        check(&["169.254.0.0", "169.254.169.254", "169.254.170.2"], false); // link-local, instance metadata
        check(
            &[
                "172.16.0.0",
                "172.31.255.255",
                "192.168.0.0",
                "192.168.255.255",
            ],
            false,
        );
        check(
            &["192.0.0.1", "192.0.0.192", "192.88.99.1", "192.175.48.1"],
            false,
        );
        check(&["192.31.196.1", "192.52.193.1"], false);
        check(&["192.0.2.1", "198.51.100.1", "203.0.113.1"], false); // documentation
        check(&["198.18.0.0", "198.19.255.255"], false); // benchmarking
        check(
            &[
                "224.0.0.1",
                "239.255.255.255",
                "240.0.0.1",
                "255.255.255.255",
            ],
            false,
        );
    }

    #[test]
    fn every_other_class_of_v6_is_refused() {
        check(&["::", "::1", "::7f00:1", "::8.8.8.8"], false);
        check(&["::ffff:127.0.0.1", "::ffff:8.8.8.8"], false); // v4-mapped
        check(&["64:ff9b::8.8.8.8", "64:ff9b:1::1", "100::1"], false); // NAT64, discard
        check(&["fe80::1", "febf::1", "fec0::1"], false); // link-local, site-local
        check(&["fc00::1", "fd00:ec2::254"], false); // unique local, instance metadata
        check(&["ff02::1", "ff0e::1"], false);
        check(&["2001::1", "2001:2::1", "2001:10::1", "2001:20::1"], false); // Teredo, benchmarking, ORCHID
        check(&["2001:db8::1", "3fff::1", "3fff:fff::1"], false);
        check(&["2002:7f00:1::", "2002:808:808::1"], false); // 6to4
        check(&["2620:4f:8000::1"], false);
        check(&["4000::1", "5f00::1", "1fff::1"], false);
    }

    proptest! {
        #[test]
        fn the_standard_library_agrees_on_what_it_knows(bits in any::<u32>()) {
            let address = Ipv4Addr::from_bits(bits);
            let known = address.is_private() || address.is_loopback() || address.is_link_local() || address.is_multicast()
                || address.is_broadcast() || address.is_documentation() || address.is_unspecified();
            prop_assert!(!known || !is_public(IpAddr::V4(address)));
        }

        #[test]
        fn no_v6_address_hides_a_v4_one_in_a_known_way(bits in any::<u32>()) {
            let v4 = Ipv4Addr::from_bits(bits);
            let [a, b, c, d] = v4.octets();
            let (high, low) = (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
            for hidden in [
                v4.to_ipv6_mapped(),
                v4.to_ipv6_compatible(),
                Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, high, low),
                Ipv6Addr::new(0x2002, high, low, 0, 0, 0, 0, 1),
                Ipv6Addr::new(0x2001, 0, high, low, 0, 0, 0, 1),
            ] {
                prop_assert!(!is_public(IpAddr::V6(hidden)));
            }
        }
    }
}
