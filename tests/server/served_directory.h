// Gives a test a directory to serve from: zones, a world without places, state.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

#include "meridian/geo/world.h"
#include "server/sources/served_data.h"
#include "tests/server/temporary_directory.h"

namespace meridian::test {

inline std::string text_of(const std::string& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

class ServedDirectory : public TemporaryDirectory {
public:
    ServedDirectory() { write_world(0); }

    /// Puts another world in the place of the one that is there.
    void write_world(std::uint64_t build_epoch) const {
        geo::AtlasBuilder builder;
        builder.info().build_epoch = build_epoch;
        const auto octets = geo::write_world(std::move(builder).build(), {});
        write("test.world", std::string(octets.begin(), octets.end()));
    }
    /// Returns the path of the file; likewise below.
    std::string write_zone(std::string_view file, std::string_view text) const {
        return write("zones/" + std::string(file), text);
    }
    [[nodiscard]] std::string zone_path(std::string_view file) const {
        return path("zones/" + std::string(file));
    }

    [[nodiscard]] server::DataPaths data() const { return {path("zones"), {path("test.world")}}; }
    [[nodiscard]] server::StateDirectory state() const {
        return server::StateDirectory::open_to_write({path("state")});
    }
};

}  // namespace meridian::test
