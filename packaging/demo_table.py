#!/usr/bin/env python3
"""Prints which region clients on six continents get from a running server, and why.

SPDX-License-Identifier: Apache-2.0

dig asks the server, once per client subnet; `meridian why` says where the client is and how far
the regions are. Exits with 1 when the two disagree or an answer is missing.
"""
import argparse
import json
import subprocess
import sys

NAME = "www.beigel.example"
CLIENTS = [
    "46.114.0.0/24",
    "2003:0:2::/48",
    "81.2.69.0/24",
    "73.162.0.0/24",
    "24.48.0.0/24",
    "187.10.0.0/24",
    "181.43.0.0/24",
    "41.0.0.0/24",
    "197.210.0.0/24",
    "117.192.0.0/24",
    "2405:200::/48",
    "126.0.0.0/24",
    "1.128.0.0/24",
    "10.0.0.0/24",
]
COLUMNS = "{:<16} {:<7} {:<10} {:>9} {:>6}  {}"


def ask(options, client, record_type):
    """Addresses, TTL and ECS scope that the running server gives to a client."""
    command = ["dig", f"@{options.server}", "-p", str(options.port), "+tries=2", "+timeout=2",
               "+noall", "+comments", "+answer", f"+subnet={client}", NAME, record_type]
    output = subprocess.run(command, capture_output=True, text=True, timeout=20, check=True).stdout
    addresses, ttl, scope = [], None, None
    for line in output.splitlines():
        if "CLIENT-SUBNET:" in line:
            scope = line.rsplit("/", 1)[1]
        fields = line.split()
        if len(fields) == 5 and not line.startswith(";") and fields[3] == record_type:
            addresses.append(fields[4])
            ttl = fields[1]
    return addresses, ttl, scope


def explain(options, client, record_type):
    """What `meridian why` says about the same question."""
    command = [options.meridian, "why", NAME, "--client", client, "--type", record_type,
               "--resolver", options.server, "--json", "-c", options.config]
    run = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    if run.returncode != 0:
        sys.exit(f"{' '.join(command)}\n{run.stderr}")
    return json.loads(run.stdout)


def row(options, client):
    """Prints one client's line; false when the server and its explanation disagree."""
    record_type = "AAAA" if ":" in client else "A"
    addresses, ttl, scope = ask(options, client, record_type)
    verdict = explain(options, client, record_type)
    chosen = next(region for region in verdict["regions"] if region["chosen"])
    expected = {record.split()[-1] for record in verdict["answer"]}
    agree = bool(addresses) and set(addresses) == expected
    distance = f"{chosen['distance_km']:.0f} km" if "distance_km" in chosen else "-"
    print(COLUMNS.format(client, verdict["place"]["country"] or "-", chosen["name"], distance,
                         f"{ttl} s", f"/{scope}" + ("" if agree else "  `meridian why` disagrees")))
    return agree


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--server", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--meridian", required=True)
    parser.add_argument("--config", required=True)
    options = parser.parse_args()
    print(COLUMNS.format("client", "country", "region", "distance", "TTL", "ECS scope"))
    agreed = [row(options, client) for client in CLIENTS]
    sys.exit(0 if all(agreed) else 1)


if __name__ == "__main__":
    main()
