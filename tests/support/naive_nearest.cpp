// Finds the nearest region straight from a database file, without any of our geo code.
//
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/naive_nearest.h"

#include <arpa/inet.h>
#include <maxminddb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <initializer_list>
#include <optional>
#include <utility>

#include "meridian/assert.h"
#include "tests/support/naive_routes.h"

namespace meridian::test {

struct NaiveNearest::Database {
    MMDB_s file{};
};

namespace {

std::optional<MMDB_entry_data_s> value_of(MMDB_entry_s entry,
                                          std::initializer_list<const char*> path) {
    std::array<const char*, 4> terminated{};
    std::copy(path.begin(), path.end(), terminated.begin());
    MMDB_entry_data_s value;
    if (MMDB_aget_value(&entry, &value, terminated.data()) != MMDB_SUCCESS || !value.has_data) {
        return {};
    }
    return value;
}

std::optional<double> number_of(const MMDB_entry_s& entry, const char* name) {
    for (const auto& value : {value_of(entry, {"location", name}), value_of(entry, {name})}) {
        if (value && value->type == MMDB_DATA_TYPE_DOUBLE) { return value->double_value; }
        if (value && value->type == MMDB_DATA_TYPE_FLOAT) {
            return static_cast<double>(value->float_value);
        }
    }
    return {};
}

// Coordinates, or the place that stands for the country.
std::optional<geo::Coordinates> place_in(const MMDB_entry_s& entry) {
    const auto latitude = number_of(entry, "latitude");
    const auto longitude = number_of(entry, "longitude");
    if (latitude && longitude) { return geo::Coordinates{*latitude, *longitude}; }
    for (const auto& code :
         {value_of(entry, {"country", "iso_code"}), value_of(entry, {"country_code"})}) {
        if (!code || code->type != MMDB_DATA_TYPE_UTF8_STRING) { continue; }
        const auto parsed = geo::CountryCode::parse({code->utf8_string, code->data_size});
        const geo::Country* country = parsed ? geo::find_country(*parsed) : nullptr;
        if (country != nullptr) { return country->at; }
    }
    return {};
}

MMDB_lookup_result_s look_up(const MMDB_s& file, const IpAddress& address) {
    const auto octets = address.octets();
    int error = MMDB_SUCCESS;
    MMDB_lookup_result_s result{};
    if (address.is_v4()) {
        sockaddr_in socket_address{};
        socket_address.sin_family = AF_INET;
        std::memcpy(&socket_address.sin_addr, octets.data(), 4);
        result =
            MMDB_lookup_sockaddr(&file, reinterpret_cast<const sockaddr*>(&socket_address), &error);
        if (file.metadata.ip_version == 6) {
            result.netmask =
                static_cast<std::uint16_t>(std::max(result.netmask, std::uint16_t{96}));
            result.netmask = static_cast<std::uint16_t>(result.netmask - 96);
        }
    } else {
        sockaddr_in6 socket_address{};
        socket_address.sin6_family = AF_INET6;
        std::memcpy(&socket_address.sin6_addr, octets.data(), 16);
        result =
            MMDB_lookup_sockaddr(&file, reinterpret_cast<const sockaddr*>(&socket_address), &error);
    }
    MERIDIAN_ASSERT(error == MMDB_SUCCESS);
    return result;
}

// Draws `count` of all located networks below a node, every one as likely (Vitter's algorithm R).
class Drawing {
public:
    Drawing(Random& random, Family family, std::size_t count)
        : random_(random), family_(family), count_(count) {}

    void walk(const MMDB_s& file) {
        std::uint64_t root = 0;
        if (family_ == Family::V4 && file.metadata.ip_version == 6) {
            for (unsigned i = 0; i < 96 && root < file.metadata.node_count; ++i) {
                MMDB_search_node_s node;
                MMDB_read_node(&file, static_cast<std::uint32_t>(root), &node);
                root = node.left_record;
            }
        }
        if (root < file.metadata.node_count) { walk(file, root, {}, 0); }
    }
    std::vector<IpPrefix> drawn;

private:
    void walk(const MMDB_s& file, std::uint64_t number, std::array<std::uint64_t, 2> path,
              unsigned bits) {
        if (bits == width_bits(family_)) { return; }
        MMDB_search_node_s node;
        MMDB_read_node(&file, static_cast<std::uint32_t>(number), &node);
        visit(file, node.left_record, node.left_record_type, path, bits + 1);
        path[bits / 64] |= std::uint64_t{1} << (63 - bits % 64);
        visit(file, node.right_record, node.right_record_type, path, bits + 1);
    }
    void visit(const MMDB_s& file, std::uint64_t record, std::uint8_t type,
               std::array<std::uint64_t, 2> path, unsigned bits) {
        if (type == MMDB_RECORD_TYPE_SEARCH_NODE) { walk(file, record, path, bits); }
        if (type != MMDB_RECORD_TYPE_DATA) { return; }
        const IpPrefix network{IpAddress::left_aligned(family_, path[0], path[1]),
                               static_cast<std::uint8_t>(bits)};
        if (!is_of_a_place(network)) { return; }
        ++seen_;
        if (drawn.size() < count_) {
            drawn.push_back(network);
        } else if (const std::uint64_t slot = below(random_, seen_); slot < count_) {
            drawn[slot] = network;
        }
    }
    [[nodiscard]] bool is_of_a_place(const IpPrefix& network) const {
        const auto overlaps = [&](const IpPrefix& block) {
            return block.contains(network.address) || network.contains(block.address);
        };
        return std::ranges::none_of(geo::placeless_blocks(family_), overlaps) &&
               std::ranges::none_of(geo::embedding_blocks(), overlaps);
    }

    Random& random_;
    Family family_;
    std::size_t count_;
    std::uint64_t seen_ = 0;
};

}  // namespace

NaiveNearest::NaiveNearest(const std::vector<std::string>& paths,
                           std::vector<geo::Coordinates> regions, std::size_t default_region)
    : regions_(std::move(regions)), default_region_(default_region) {
    for (const std::string& path : paths) {
        databases_.push_back(std::make_unique<Database>());
        const int status = MMDB_open(path.c_str(), MMDB_MODE_MMAP, &databases_.back()->file);
        MERIDIAN_ASSERT(status == MMDB_SUCCESS);
    }
}

NaiveNearest::~NaiveNearest() {
    for (const auto& database : databases_) {
        MMDB_close(&database->file);
    }
}

std::vector<IpPrefix> NaiveNearest::draw_networks(Random& random, Family family,
                                                  std::size_t count) const {
    for (const auto& database : databases_) {
        if (family == Family::V6 && database->file.metadata.ip_version == 4) { continue; }
        Drawing drawing(random, family, count);
        drawing.walk(database->file);
        if (!drawing.drawn.empty()) { return drawing.drawn; }
    }
    return {};
}

NaiveNearest::Part NaiveNearest::part_at(const IpAddress& address) const {
    std::uint8_t finest_bits = 0;
    for (const auto& database : databases_) {
        const MMDB_s& file = database->file;
        if (file.metadata.ip_version == 4 && !address.is_v4()) { continue; }
        const MMDB_lookup_result_s result = look_up(file, address);
        const auto bits = static_cast<std::uint8_t>(result.netmask);
        finest_bits = std::max(finest_bits, bits);
        const auto place = result.found_entry ? place_in(result.entry) : std::nullopt;
        if (place) { return {{address.masked(bits), bits}, true, *place}; }
    }
    return {{address.masked(finest_bits), finest_bits}, false, {}};
}

std::vector<NaiveNearest::Part> NaiveNearest::parts_of(const IpPrefix& block) const {
    std::vector<Part> parts;
    IpAddress address = block.address;
    while (block.contains(address)) {
        Part part = part_at(address);
        if (part.prefix.bits < block.bits) { part.prefix = block; }
        parts.push_back(part);
        const IpAddress last = last_address(part.prefix);
        const std::uint64_t step = address.is_v4() ? std::uint64_t{1} << 32 : 1;
        const std::uint64_t high =
            address.is_v4() ? last.high() + step : last.high() + (last.low() + 1 == 0 ? 1 : 0);
        const std::uint64_t low = address.is_v4() ? 0 : last.low() + 1;
        address = IpAddress::left_aligned(address.family(), high, low);
        if (high == 0 && low == 0) { break; }
    }
    return parts;
}

bool NaiveNearest::is_nearest_for_most(const IpPrefix& block, std::size_t region) const {
    std::vector<double> addresses_of(regions_.size(), 0);
    double addresses_as_near = 0;  // for which `region` is nearest, or tied with it
    for (const Part& part : parts_of(block)) {
        const double addresses = std::exp2(block.address.width() - part.prefix.bits);
        if (!part.is_located) { continue; }  // abstains
        std::vector<double> distances;
        for (const geo::Coordinates& at : regions_) {
            distances.push_back(haversine_km(part.at, at));
        }
        const auto nearest = std::ranges::min_element(distances);
        addresses_of[static_cast<std::size_t>(nearest - distances.begin())] += addresses;
        if (distances[region] <= *nearest + kTieKm) { addresses_as_near += addresses; }
    }
    const double most = *std::ranges::max_element(addresses_of);
    return most > 0 ? addresses_as_near >= most : region == default_region_;
}

std::string NaiveNearest::describe(const IpPrefix& block) const {
    std::string text = block.to_string() + ":";
    for (const Part& part : parts_of(block)) {
        text += " " + part.prefix.to_string() + " at " + std::to_string(part.at.latitude) + "," +
                std::to_string(part.at.longitude);
    }
    return text;
}

}  // namespace meridian::test
