// Reduces an atlas to blocks of addresses on a grid of places.
//
// SPDX-License-Identifier: Apache-2.0
#include "geo/database/world_grid.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>
#include <utility>

#include "geo/address_range.h"
#include "meridian/assert.h"

namespace meridian::geo {
namespace {

using CellId = std::uint32_t;
constexpr CellId kUnknownCell = 0;  // the first location of an atlas is the unknown place

// What lies in one square of the grid and one country.
struct Cell {
    CountryCode country;
    bool has_place = false;
    double weight = 0;
    double latitude_sum = 0;
    double longitude_sum = 0;
    std::uint64_t run_count = 0;

    [[nodiscard]] std::optional<Coordinates> mean() const {
        if (!has_place || weight == 0) { return {}; }
        return Coordinates{latitude_sum / weight, longitude_sum / weight};
    }
};

struct CellRun {
    std::uint64_t block_count = 0;
    CellId cell = 0;
};

// The cells of a family and, in address order, the runs of blocks in them.
struct Cells {
    std::vector<Cell> cells;
    std::vector<CellId> of_location;
    std::vector<CellRun> runs;
};

void assign_cells(const Atlas& atlas, double grid_degrees, Cells& found) {
    std::map<std::tuple<CountryCode, bool, int, int>, CellId> ids;
    found.of_location.reserve(atlas.locations().size());
    for (const Location& location : atlas.locations()) {
        const auto square = [grid_degrees](double degrees) {
            return static_cast<int>(std::floor(degrees / grid_degrees));
        };
        const bool placed = location.has_coordinates;
        const auto key =
            std::tuple(location.country, placed, placed ? square(location.at.latitude + 90) : 0,
                       placed ? square(location.at.longitude + 180) : 0);
        const auto [known, is_new] = ids.emplace(key, static_cast<CellId>(found.cells.size()));
        if (is_new) { found.cells.push_back({.country = location.country, .has_place = placed}); }
        found.of_location.push_back(known->second);
    }
}

void weigh(const Atlas& atlas, Family family, Cells& found) {
    Atlas::Cursor cursor(atlas, family);
    for (AtlasLeaf leaf; cursor.next(leaf);) {
        const Location& location = atlas.location(leaf.location);
        Cell& cell = found.cells[found.of_location[leaf.location]];
        const double weight = family == Family::V4 ? std::ldexp(1.0, 32 - leaf.prefix.bits) : 1.0;
        cell.weight += weight;
        cell.latitude_sum += weight * location.at.latitude;
        cell.longitude_sum += weight * location.at.longitude;
    }
}

// Walks the leaves of a family and joins them to whole blocks.
class BlockWriter {
public:
    BlockWriter(std::uint8_t block_bits, std::vector<CellRun>& runs)
        : block_bits_(block_bits), runs_(runs) {}

    void take(const IpPrefix& prefix, CellId cell) {
        if (prefix.bits <= block_bits_) {
            append(std::uint64_t{1} << (block_bits_ - prefix.bits), cell);
            return;
        }
        share(cell) += span_of(prefix.bits) + 1;
        const AddressBits behind = last_of(prefix) + 1;
        if ((behind & span_of(block_bits_)) == 0) { finish_block(); }
    }

private:
    AddressBits& share(CellId cell) {
        const auto known = std::ranges::find(shares_, cell, &Share::cell);
        if (known != shares_.end()) { return known->addresses; }
        return shares_.emplace_back(Share{cell, 0}).addresses;
    }
    void finish_block() {
        // Unknown addresses count only where a block has no others. Of equal shares the first wins,
        // so that the same database gives the same world.
        if (shares_.size() > 1) {
            std::erase_if(shares_, [](const Share& share) { return share.cell == kUnknownCell; });
        }
        append(1, std::ranges::max_element(shares_, {}, &Share::addresses)->cell);
        shares_.clear();
    }
    void append(std::uint64_t block_count, CellId cell) {
        if (!runs_.empty() && runs_.back().cell == cell) {
            runs_.back().block_count += block_count;
        } else {
            runs_.push_back({block_count, cell});
        }
    }

    struct Share {
        CellId cell = 0;
        AddressBits addresses = 0;
    };
    std::uint8_t block_bits_;
    std::vector<CellRun>& runs_;
    std::vector<Share> shares_;  // of the block that is cut into longer prefixes
};

Cells find_cells(const Atlas& atlas, Family family, std::uint8_t block_bits, double grid_degrees) {
    Cells found;
    assign_cells(atlas, grid_degrees, found);
    weigh(atlas, family, found);
    BlockWriter writer(block_bits, found.runs);
    Atlas::Cursor cursor(atlas, family);
    for (AtlasLeaf leaf; cursor.next(leaf);) {
        writer.take(leaf.prefix, found.of_location[leaf.location]);
    }
    for (const CellRun& run : found.runs) {
        ++found.cells[run.cell].run_count;
    }
    return found;
}

// The countries that occur, the ones with most runs first.
std::vector<CountryCode> sorted_countries(const std::array<Cells, 2>& families) {
    std::map<CountryCode, std::uint64_t> run_counts;
    for (const Cells& family : families) {
        for (const Cell& cell : family.cells) {
            if (cell.run_count != 0) { run_counts[cell.country] += cell.run_count; }
        }
    }
    std::vector<CountryCode> sorted;
    for (const auto& [country, count] : run_counts) {
        sorted.push_back(country);
    }
    std::ranges::sort(sorted, {}, [&](CountryCode country) {
        return std::pair(~run_counts.at(country), country);  // the most runs first
    });
    return sorted;
}

// Names cells by their country and their rank in it.
WorldFamily name_cells(const Cells& found, const std::vector<CountryCode>& countries,
                       std::uint8_t block_bits) {
    std::map<CountryCode, std::uint32_t> country_index;
    for (const CountryCode country : countries) {
        country_index.emplace(country, static_cast<std::uint32_t>(country_index.size()));
    }
    std::vector<CellId> by_frequency;
    for (CellId id = 0; id < found.cells.size(); ++id) {
        if (found.cells[id].run_count != 0) { by_frequency.push_back(id); }
    }
    std::ranges::sort(by_frequency, {},
                      [&](CellId id) { return std::pair(~found.cells[id].run_count, id); });

    WorldFamily family{.block_bits = block_bits, .places = {}, .runs = {}};
    family.places.resize(countries.size());
    std::vector<WorldRun> names(found.cells.size());
    for (const CellId id : by_frequency) {
        const std::uint32_t country = country_index.at(found.cells[id].country);
        std::vector<WorldPlace>& places = family.places[country];
        names[id] = {.block_count = 0,
                     .country = country,
                     .place = static_cast<std::uint32_t>(places.size())};
        places.push_back(world_place(found.cells[id].mean()));
    }
    family.runs.reserve(found.runs.size());
    for (const CellRun& run : found.runs) {
        family.runs.push_back({run.block_count, names[run.cell].country, names[run.cell].place});
    }
    return family;
}

}  // namespace

WorldPlace world_place(const std::optional<Coordinates>& at) {
    if (!at) { return {kNoPlace, kNoPlace}; }
    return {static_cast<std::uint16_t>(std::lround((at->latitude + 90) * 100)),
            static_cast<std::uint16_t>(std::lround((at->longitude + 180) * 100))};
}

std::optional<Coordinates> coordinates_of(WorldPlace place) {
    if (place.latitude == kNoPlace && place.longitude == kNoPlace) { return {}; }
    return Coordinates{place.latitude / 100.0 - 90, place.longitude / 100.0 - 180};
}

WorldGrid reduce_to_grid(const Atlas& atlas, const WorldOptions& options) {
    MERIDIAN_ASSERT(options.v4_bits >= 1 && options.v4_bits <= 32);
    MERIDIAN_ASSERT(options.v6_bits >= 1 && options.v6_bits <= 63);
    const std::array<Cells, 2> families{
        find_cells(atlas, Family::V4, options.v4_bits, options.v4_grid_degrees),
        find_cells(atlas, Family::V6, options.v6_bits, options.v6_grid_degrees)};
    WorldGrid grid;
    grid.countries = sorted_countries(families);
    grid.families = {name_cells(families[0], grid.countries, options.v4_bits),
                     name_cells(families[1], grid.countries, options.v6_bits)};
    return grid;
}

}  // namespace meridian::geo
