"""Makes RDATA in presentation form, the same text for a master file and for TOML.

SPDX-License-Identifier: Apache-2.0

No text holds a single quote, so that TOML's literal strings can carry all of them.
"""
import base64

DIGEST = "0123456789abcdef" * 4
PLAIN_TYPES = ["A", "AAAA", "MX", "TXT", "SRV", "PTR", "CAA", "NAPTR", "SSHFP", "TLSA", "HINFO",
               "LOC", "SVCB", "HTTPS", "URI", "RP", "AFSDB", "KX", "CERT", "EUI48", "EUI64", "SPF",
               "OPENPGPKEY", "DHCID", "TYPE65534"]


def quoted_string(random):
    size = random.choice([0, 1, 5, 20, 60, 255])
    octets = [random.choice([65, 97, 32, 59, 34, 92, 0, 200, 46]) for _ in range(size)]
    return '"' + "".join(chr(o) if o in (65, 97, 32, 46) else f"\\{o:03}" for o in octets) + '"'


def octets_in_base64(random, size):
    return base64.b64encode(bytes(random.randrange(256) for _ in range(size))).decode()


def service_parameters(random, target):
    if random.random() < 0.3:
        return f"0 {target()}"
    choices = ["alpn=h2,h3", "port=8443", "ipv4hint=192.0.2.7", "ipv6hint=2001:db8::7"]
    chosen = [each for each in choices if random.random() < 0.5]
    return " ".join([str(random.randint(1, 9)), target(), *chosen])


def make_rdata(random, record_type, target):
    """`target` makes the text of a name that the record may point to."""
    number = random.randrange(65536)
    if record_type == "A":
        return f"192.0.2.{number % 256}"
    if record_type == "AAAA":
        return f"2001:db8::{max(number, 1):x}"
    if record_type in ("NS", "CNAME", "DNAME", "PTR"):
        return target()
    if record_type in ("MX", "AFSDB", "KX"):
        return f"{number % 7} {target()}"
    if record_type in ("TXT", "SPF"):
        return " ".join(quoted_string(random) for _ in range(random.choice([1, 1, 2, 5])))
    if record_type == "SRV":
        return f"{number % 3} {number % 5} {number} {target()}"
    if record_type == "RP":
        return f"{target()} {target()}"
    if record_type == "NAPTR":
        return f'{number % 9} 10 "u" "E2U+sip" "!^.*$!sip:a@b!" {target()}'
    if record_type in ("SVCB", "HTTPS"):
        return service_parameters(random, target)
    if record_type == "CAA":
        return f'{random.choice([0, 128])} issue "ca{number % 9}.example"'
    if record_type == "SSHFP":
        return f"{1 + number % 4} 2 {DIGEST}"
    if record_type == "TLSA":
        return f"3 {number % 2} 1 {DIGEST}"
    if record_type == "DS":
        return f"{number} 13 2 {DIGEST}"
    if record_type == "HINFO":
        return f"{quoted_string(random)} {quoted_string(random)}"
    if record_type == "LOC":
        return f"{number % 90} 2 3.000 N {number % 180} 5 6.000 E {number % 99}.00m 1m 10000m 10m"
    if record_type == "URI":
        return f'{number % 5} 1 "https://a{number % 9}.example/"'
    if record_type == "CERT":
        return f"1 {number} 8 {octets_in_base64(random, 30)}"
    if record_type == "EUI48":
        return f"00-00-5e-00-53-{number % 256:02x}"
    if record_type == "EUI64":
        return f"00-00-5e-ef-10-00-00-{number % 256:02x}"
    if record_type in ("OPENPGPKEY", "DHCID"):
        return octets_in_base64(random, 40 + number % 200)
    size = number % 40
    return f"\\# {size} {''.join(f'{random.randrange(256):02x}' for _ in range(size))}".rstrip()
