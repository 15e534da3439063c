// Finds places by code or by city and country, however they are spelled.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/geo/places.h"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <optional>
#include <vector>

#include "geo/generated_tables.h"
#include "meridian/geo/distance.h"

namespace meridian::geo {
namespace {

constexpr std::size_t kMaxSpellingOctets = 100;  // no city has a longer name; bounds the search

// The letters without accents of U+00C0 to U+017F, two octets each in UTF-8; '?' has none.
constexpr std::string_view kPlainLetters =
    "AAAAAAACEEEEIIII"   // U+00C0
    "DNOOOOO?OUUUUY?s"   // U+00D0
    "aaaaaaaceeeeiiii"   // U+00E0
    "dnooooo?ouuuuy?y"   // U+00F0
    "AaAaAaCcCcCcCcDd"   // U+0100
    "DdEeEeEeEeEeGgGg"   // U+0110
    "GgGgHhHhIiIiIiIi"   // U+0120
    "IiIiJjKkkLlLlLlL"   // U+0130
    "lLlNnNnNnnNnOoOo"   // U+0140
    "OoOoRrRrRrSsSsSs"   // U+0150
    "SsTtTtTtUuUuUuUu"   // U+0160
    "UuUuWwYyYZzZzZzs";  // U+0170
static_assert(kPlainLetters.size() == 0x0180 - 0x00c0);

char lower(char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

unsigned octet(char letter) {
    return static_cast<unsigned char>(letter);
}

// One letter of UTF-8 without its accent, in lower case, and how many octets it takes.
struct PlainLetter {
    char letter = 0;  // 0: no letter, such as a combining accent
    std::size_t octets = 1;
};

PlainLetter plain_letter(std::string_view text) {
    const unsigned first = octet(text[0]);
    const unsigned second = text.size() > 1 ? octet(text[1]) : 0;
    if ((first != 0xc3 && first != 0xc4 && first != 0xc5 && first != 0xc8 && first != 0xcc &&
         first != 0xcd && first != 0xe2) ||
        (second & 0xc0) != 0x80) {
        return {.letter = lower(text[0]), .octets = 1};
    }
    const unsigned code_point = ((first & 0x1fu) << 6) | (second & 0x3fu);
    if (first == 0xcc || (first == 0xcd && second < 0xb0)) { return {.letter = 0, .octets = 2}; }
    if (first == 0xc8 && second >= 0x98 && second <= 0x9b) {  // Romanian S and T with a comma
        return {.letter = second <= 0x99 ? 's' : 't', .octets = 2};
    }
    if (first == 0xe2 && text.size() > 2 && second == 0x80 &&
        (octet(text[2]) == 0x98 || octet(text[2]) == 0x99)) {  // a typographer's apostrophe
        return {.letter = '\'', .octets = 3};
    }
    if (code_point >= 0x00c0 && code_point < 0x0180 && kPlainLetters[code_point - 0x00c0] != '?') {
        return {.letter = lower(kPlainLetters[code_point - 0x00c0]), .octets = 2};
    }
    return {.letter = text[0], .octets = 1};
}

// Lower case, without accents, and with single spaces only.
std::string fold(std::string_view text) {
    std::string folded;
    folded.reserve(text.size());
    while (!text.empty()) {
        const PlainLetter plain = plain_letter(text);
        text.remove_prefix(std::min(plain.octets, text.size()));
        const bool space = plain.letter == ' ' || plain.letter == '\t';
        if (plain.letter == 0 || (space && (folded.empty() || folded.back() == ' '))) { continue; }
        folded.push_back(space ? ' ' : plain.letter);
    }
    if (!folded.empty() && folded.back() == ' ') { folded.pop_back(); }
    return folded;
}

// "DE" or "Germany".
std::optional<CountryCode> read_country(std::string_view text) {
    const std::string folded = fold(text);
    if (const auto code = CountryCode::parse(folded)) { return code; }
    for (const Country& country : country_table()) {
        if (fold(country.name) == folded) { return country.code; }
    }
    return {};
}

// How many letters were left out, added, changed or swapped with their neighbour, or more than
// `limit`. The usual table, of which three rows are in memory.
std::size_t edit_distance(std::string_view from, std::string_view to, std::size_t limit) {
    const std::size_t gap = std::max(from.size(), to.size()) - std::min(from.size(), to.size());
    if (gap > limit) { return limit + 1; }
    std::vector<std::size_t> before_last(to.size() + 1);
    std::vector<std::size_t> last(to.size() + 1);
    std::vector<std::size_t> row(to.size() + 1);
    for (std::size_t j = 0; j <= to.size(); ++j) {
        last[j] = j;
    }
    for (std::size_t i = 1; i <= from.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= to.size(); ++j) {
            const std::size_t changed = last[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
            row[j] = std::min({changed, last[j] + 1, row[j - 1] + 1});
            if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1]) {
                row[j] = std::min(row[j], before_last[j - 2] + 1);
            }
        }
        std::swap(before_last, last);
        std::swap(last, row);
    }
    return last[to.size()];
}

// Keeps the nearest spelling seen; of equally near ones the first.
class NearestSpelling {
public:
    explicit NearestSpelling(std::string_view wanted) : wanted_(wanted) {}

    void offer(const std::string& folded, std::size_t limit, const std::string& spelling) {
        if (limit >= best_) { limit = best_ - 1; }
        const std::size_t distance = edit_distance(wanted_, folded, limit);
        if (distance <= limit) {
            best_ = distance;
            spelling_ = spelling;
        }
    }
    [[nodiscard]] bool exact() const { return best_ == 0; }
    [[nodiscard]] const std::string& spelling() const { return spelling_; }

private:
    std::string_view wanted_;
    std::size_t best_ = std::numeric_limits<std::size_t>::max();
    std::string spelling_;
};

// One letter in four may be wrong, three at most: a guess beyond that does not help the operator.
std::size_t allowed_edits(std::size_t letters) {
    return std::min<std::size_t>(3, letters / 4);
}

}  // namespace

std::string city_and_country(const Place& place) {
    return std::string(place.city) + ", " + std::string(place.country.text());
}

std::span<const Place> places() {
    return place_table();
}

const Place* find_place(std::string_view text) {
    if (text.size() > kMaxSpellingOctets) { return nullptr; }
    const auto comma = text.rfind(',');
    if (comma == std::string_view::npos) {
        const std::string code = fold(text);
        if (code.size() != 3) { return nullptr; }
        const auto row =
            std::ranges::find_if(places(), [&](const Place& p) { return fold(p.iata) == code; });
        return row == places().end() ? nullptr : &*row;
    }
    const auto country = read_country(text.substr(comma + 1));
    const std::string city = fold(text.substr(0, comma));
    if (!country || city.empty()) { return nullptr; }
    const auto row = std::ranges::find_if(
        places(), [&](const Place& p) { return p.country == *country && fold(p.city) == city; });
    return row == places().end() ? nullptr : &*row;
}

NearestPlace nearest_place(Coordinates at) {
    // Made once: ten thousand zones with regions of their own look up a hundred thousand places.
    static const std::vector<UnitVector> vectors = [] {
        std::vector<UnitVector> made;
        made.reserve(places().size());
        for (const Place& place : places()) {
            made.push_back(unit_vector(place.at));
        }
        return made;
    }();
    const UnitVector here = unit_vector(at);
    const auto nearest = std::ranges::max_element(vectors, {}, [&](const UnitVector& there) {
        return here.x * there.x + here.y * there.y + here.z * there.z;
    });
    const Place& place = places()[static_cast<std::size_t>(nearest - vectors.begin())];
    return {&place, distance_km(here, *nearest)};
}

std::string nearest_place_spelling(std::string_view text) {
    if (text.size() > kMaxSpellingOctets) { return {}; }
    const std::string wanted = fold(text);
    if (wanted.empty()) { return {}; }
    const auto comma = wanted.rfind(',');
    const bool has_country = comma != std::string::npos;
    const std::string wanted_city = fold(std::string_view(wanted).substr(0, comma));

    // Right in the city, wrong in the country, or without one: "Frankfurt, GE", "Frankfurt".
    for (const Place& place : places()) {
        if (fold(place.city) == wanted_city) { return city_and_country(place); }
    }
    NearestSpelling nearest(wanted);
    NearestSpelling nearest_city(wanted_city);
    for (const Place& place : places()) {
        const std::string city = fold(place.city);
        if (has_country) {
            const std::string spelling = city_and_country(place);
            nearest.offer(fold(spelling), allowed_edits(wanted.size()), spelling);
        } else {
            nearest_city.offer(city, allowed_edits(city.size()), city_and_country(place));
            if (!place.iata.empty() && wanted.size() <= 4) {
                nearest.offer(fold(place.iata), 1, std::string(place.iata));
            }
        }
    }
    return nearest.spelling().empty() ? nearest_city.spelling() : nearest.spelling();
}

}  // namespace meridian::geo
