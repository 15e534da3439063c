// Reads the location in a record of a MaxMind DB file, in any vendor's layout.
//
// SPDX-License-Identifier: Apache-2.0
#include "geo/database/mmdb_record.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <system_error>

#include "geo/generated_tables.h"

namespace meridian::geo {
namespace {

bool equals_ignoring_case(std::string_view one, std::string_view other) {
    return std::ranges::equal(one, other, [](char a, char b) {
        const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c; };
        return lower(a) == lower(b);
    });
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && text.front() == ' ') {
        text.remove_prefix(1);
    }
    while (!text.empty() && text.back() == ' ') {
        text.remove_suffix(1);
    }
    return text;
}

// What vendors write for an unknown value.
bool is_placeholder(std::string_view text) {
    constexpr std::array<std::string_view, 9> kPlaceholders{"",    "-",    "--",      "?",  "none",
                                                            "n/a", "null", "unknown", "nil"};
    return std::ranges::any_of(kPlaceholders, [text](std::string_view placeholder) {
        return equals_ignoring_case(text, placeholder);
    });
}

// A number, or none; `is_odd` where the value is neither a number nor one of the words above.
struct Reading {
    std::optional<double> number;
    bool is_odd = false;
};

Reading number_in(std::string_view text) {
    text = trimmed(text);
    if (is_placeholder(text)) { return {}; }
    if (text.front() == '+') { text.remove_prefix(1); }
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) { return {{}, true}; }
    return {number, false};
}

// Latitude or longitude.
struct Axis {
    Reading reading;
    bool is_there = false;
};

// Code and name of a country or a continent.
struct Named {
    std::string_view code;
    std::string_view name;
};

class RecordReader {
public:
    explicit RecordReader(MmdbData& data) : data_(data) {}

    MmdbRecord read(std::uint32_t offset) {
        data_.for_each(data_.record(offset),
                       [&](std::string_view key, const MmdbValue& value) { take(key, value); });
        choose_country();
        choose_continent();
        choose_place();
        return record_;
    }

private:
    void take(std::string_view key, const MmdbValue& value);
    bool take_place(std::string_view key, const MmdbValue& value);
    void take_subdivision(std::string_view key, const MmdbValue& value);
    void take_pair(const MmdbValue& value);
    void take_number(const MmdbValue& value, Axis& axis);
    void take_named(const MmdbValue& value, Named& named);
    MmdbValue english_name(const MmdbValue& place);
    std::string_view code_of(const MmdbValue& place);
    Reading number_of(const MmdbValue& value);
    void choose_country();
    void choose_continent();
    void choose_place();

    MmdbData& data_;
    MmdbRecord record_;
    Named country_;  // of a map, or a text that is either
    Named registered_;
    Named continent_;
    std::string_view country_code_;  // beside it
    std::string_view country_name_;
    std::string_view continent_code_;
    std::string_view continent_name_;
    Continent continent_of_country_{};  // of "EU" or "AP" in place of a country
    Axis latitude_;
    Axis longitude_;
};

MmdbValue RecordReader::english_name(const MmdbValue& place) {
    MmdbValue name;
    data_.for_each(place, [&](std::string_view key, const MmdbValue& value) {
        if (key != "names") { return; }
        data_.for_each(value, [&](std::string_view language, const MmdbValue& text) {
            if (language == "en") { name = text; }
        });
    });
    return name;
}

std::string_view RecordReader::code_of(const MmdbValue& place) {
    std::string_view code;
    data_.for_each(place, [&](std::string_view key, const MmdbValue& value) {
        if (key == "iso_code" || key == "code") { code = data_.text(value); }
    });
    return code;
}

void RecordReader::take_named(const MmdbValue& value, Named& named) {
    if (value.type == MmdbType::Map) {
        named = {code_of(value), data_.text(english_name(value))};
        return;
    }
    const std::string_view text = data_.text(value);
    named = text.size() == 2 ? Named{text, {}} : Named{{}, text};
}

Reading RecordReader::number_of(const MmdbValue& value) {
    switch (value.type) {
        case MmdbType::Double:
        case MmdbType::Float:
            return {data_.number(value), false};
        case MmdbType::Signed32:
            return {data_.signed_integer(value), false};
        case MmdbType::Unsigned16:
        case MmdbType::Unsigned32:
        case MmdbType::Unsigned64: {
            const auto number = data_.integer(value);
            return {number ? std::optional(static_cast<double>(*number)) : std::nullopt, false};
        }
        case MmdbType::Text:
            return number_in(data_.text(value));
        default:
            return {{}, true};
    }
}

void RecordReader::take_number(const MmdbValue& value, Axis& axis) {
    axis = {number_of(value), true};
}

// "35.68,139.69"
void RecordReader::take_pair(const MmdbValue& value) {
    const std::string_view text = data_.text(value);
    if (value.type == MmdbType::Text && is_placeholder(trimmed(text))) { return; }
    const std::size_t comma = text.find(',');
    const bool is_pair = value.type == MmdbType::Text && comma != std::string_view::npos;
    latitude_ = {is_pair ? number_in(text.substr(0, comma)) : Reading{{}, true}, true};
    longitude_ = {is_pair ? number_in(text.substr(comma + 1)) : Reading{{}, true}, true};
}

/// Takes a value of a coordinate's key; false for any other key.
bool RecordReader::take_place(std::string_view key, const MmdbValue& value) {
    if (key == "latitude" || key == "lat") {
        take_number(value, latitude_);
    } else if (key == "longitude" || key == "lon" || key == "lng") {
        take_number(value, longitude_);
    } else if (key == "accuracy_radius" || key == "radius") {
        const double accuracy = number_of(value).number.value_or(0);
        if (accuracy > 0 && accuracy < UINT16_MAX) {
            record_.accuracy_km = static_cast<std::uint64_t>(accuracy);
        } else if (accuracy >= UINT16_MAX) {
            record_.accuracy_km = UINT16_MAX;
        }
    } else if (key == "loc") {
        take_pair(value);
    } else {
        return false;
    }
    return true;
}

void RecordReader::take_subdivision(std::string_view key, const MmdbValue& value) {
    if (key == "subdivisions") {
        const MmdbValue first = data_.first_element(value);
        record_.subdivision_code = code_of(first);
        record_.subdivision_name = english_name(first);
    } else if (key == "state1" || key == "region") {
        record_.subdivision_name = value;
    } else if (key == "region_code") {
        record_.subdivision_code = data_.text(value);
    }
}

void RecordReader::take(std::string_view key, const MmdbValue& value) {
    if (take_place(key, value)) { return; }
    if (key == "country") { return take_named(value, country_); }
    if (key == "registered_country") { return take_named(value, registered_); }
    if (key == "continent") { return take_named(value, continent_); }
    if (key == "location") {
        if (value.type != MmdbType::Map) { return take_pair(value); }
        return data_.for_each(value, [&](std::string_view inner, const MmdbValue& number) {
            take_place(inner, number);
        });
    }
    if (key == "city") {
        record_.city = value.type == MmdbType::Text ? value : english_name(value);
        return;
    }
    std::string_view* const text = key == "country_code"     ? &country_code_
                                   : key == "country_name"   ? &country_name_
                                   : key == "continent_code" ? &continent_code_
                                   : key == "continent_name" ? &continent_name_
                                                             : nullptr;
    if (text == nullptr) { return take_subdivision(key, value); }
    *text = data_.text(value);
}

const Country* country_called(std::string_view name) {
    if (is_placeholder(trimmed(name))) { return nullptr; }
    const auto countries = country_table();
    const auto found = std::ranges::find_if(countries, [name](const Country& country) {
        return equals_ignoring_case(country.name, trimmed(name));
    });
    return found == countries.end() ? nullptr : &*found;
}

void RecordReader::choose_country() {
    const auto take_code = [&](std::string_view text) {
        if (record_.country.known()) { return; }
        const auto code = CountryCode::parse(trimmed(text));
        if (!code) { return; }
        // Of no country in particular: MaxMind's "EU" and "AP", and what ISO 3166 leaves to users.
        if (code->text() == "EU" || code->text() == "AP") {
            continent_of_country_ = code->text() == "EU" ? Continent::EU : Continent::AS;
        } else if (code->text() != "ZZ" && code->text() != "XX") {
            record_.country = *code;
        }
    };
    const auto take_name = [&](std::string_view name) {
        if (record_.country.known()) { return; }
        const Country* const country = country_called(name);
        if (country != nullptr) { record_.country = country->code; }
    };
    take_code(country_.code);
    take_code(country_code_);
    take_name(country_.name);
    take_name(country_name_);
    if (continent_of_country_ != Continent::Unknown) {
        return;
    }  // the country of registration says less
    record_.has_unread_country =
        !record_.country.known() &&
        (!is_placeholder(trimmed(country_.name)) || !is_placeholder(trimmed(country_name_)));
    take_code(registered_.code);
    take_name(registered_.name);
}

void RecordReader::choose_continent() {
    for (const std::string_view text :
         {continent_.code, continent_code_, continent_.name, continent_name_}) {
        if (record_.continent != Continent::Unknown) { return; }
        record_.continent = find_continent(trimmed(text));
    }
    if (record_.continent == Continent::Unknown) { record_.continent = continent_of_country_; }
}

void RecordReader::choose_place() {
    if (!latitude_.is_there && !longitude_.is_there) { return; }
    const auto latitude = latitude_.reading.number;
    const auto longitude = longitude_.reading.number;
    if (latitude && longitude) {
        // 0 N 0 E, in the ocean, is what a vendor writes for an unknown place.
        if (*latitude == 0 && *longitude == 0) { return; }
        // Written so that NaN is refused as well.
        if (std::abs(*latitude) <= 90 && std::abs(*longitude) <= 180) {
            record_.at = Coordinates{*latitude, *longitude};
            return;
        }
    }
    const bool are_placeholders =
        !latitude && !longitude && !latitude_.reading.is_odd && !longitude_.reading.is_odd;
    record_.has_unread_coordinates = !are_placeholders;
}

}  // namespace

MmdbRecord read_mmdb_record(MmdbData& data, std::uint32_t offset) {
    return RecordReader(data).read(offset);
}

}  // namespace meridian::geo
