import pytest

from helpdesk.lib.public_addresses import is_public


@pytest.mark.parametrize(
    "address",
    ["1.1.1.1", "8.8.8.8", "93.184.215.14", "172.15.0.1", "172.32.0.1", "100.63.255.255", "100.128.0.0",
     "223.255.255.255", "2606:4700::1111", "2a00:1450:4001::200e", "2400:3200::1", "2001:4860:4860::8888"],
)  # fmt: skip
def test_out_in_the_world(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    ("address", "because"),
    [
        ("127.0.0.1", "this machine"),
        ("127.255.255.254", "this machine"),
        ("0.0.0.0", "any address of this machine"),
        ("0.1.2.3", "this network"),
        ("10.0.0.1", "private"),
        ("172.16.0.1", "private"),
        ("172.31.255.255", "private"),
        ("192.168.1.1", "private"),
        ("169.254.169.254", "the cloud's metadata"),
        ("168.63.129.16", "a cloud's service for its own machines"),
        ("100.64.0.1", "behind a carrier's NAT"),
        ("100.100.100.200", "another cloud's metadata"),
        ("192.0.0.192", "protocols of their own"),
        ("192.0.2.1", "documentation"),
        ("198.51.100.7", "documentation"),
        ("203.0.113.9", "documentation"),
        ("192.88.99.1", "6to4 relay"),
        ("198.18.0.1", "benchmarks"),
        ("224.0.0.1", "multicast"),
        ("239.255.255.250", "multicast"),
        ("240.0.0.1", "reserved"),
        ("255.255.255.255", "everybody here"),
        ("::", "any address of this machine"),
        ("::1", "this machine"),
        ("::ffff:127.0.0.1", "IPv4 in other clothes"),
        ("::ffff:8.8.8.8", "IPv4 in other clothes, even a public one"),
        ("::127.0.0.1", "IPv4 in old clothes"),
        ("64:ff9b::7f00:1", "NAT64 of 127.0.0.1"),
        ("64:ff9b:1::a00:1", "local NAT64"),
        ("2002:7f00:1::", "6to4 of 127.0.0.1"),
        ("2002:a9fe:a9fe::", "6to4 of the metadata"),
        ("2001:0:4136:e378:8000:63bf:3fff:fdd2", "Teredo"),
        ("2001:db8::1", "documentation"),
        ("3fff::1", "documentation"),
        ("fc00::1", "unique local"),
        ("fd00:ec2::254", "a cloud's metadata"),
        ("fe80::1", "link-local"),
        ("fe80::1%eth0", "link-local with its link"),
        ("2606:4700::1111%eth0", "with a link"),
        ("fec0::1", "site-local"),
        ("ff02::1", "multicast"),
        ("100::1", "discard"),
        ("5f00::1", "segment routing"),
        ("", "nothing"),
        ("localhost", "a name"),
        ("0x7f.1", "no address as a resolver writes it"),
        ("2130706433", "a number"),
    ],
)
def test_not_called(address: str, because: str) -> None:
    assert not is_public(address), because
