// Writes small MaxMind DB files, sound or broken, for tests.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "meridian/ip_prefix.h"

namespace meridian::test {

/// Values in the encoding of the format, to be put together.
std::string mmdb_text(std::string_view text);
std::string mmdb_double(double value);
std::string mmdb_float(float value);
std::string mmdb_unsigned16(std::uint16_t value);
std::string mmdb_unsigned32(std::uint32_t value);
std::string mmdb_unsigned64(std::uint64_t value);
std::string mmdb_array(const std::vector<std::string>& elements);
std::string mmdb_map(const std::vector<std::pair<std::string, std::string>>& entries);

/// A record as MaxMind writes it.
std::string maxmind_record(std::string_view country, std::string_view subdivision,
                           std::string_view city, double latitude, double longitude);
/// A record as DB-IP's flat files have it.
std::string flat_record(std::string_view country, std::string_view state, std::string_view city,
                        float latitude, float longitude);

/// What goes into a file.
struct MmdbContent {
    std::uint16_t record_bits = 24;  ///< 24, 28 or 32
    std::uint16_t ip_version = 6;    ///< In 6, IPv4 prefixes lie under ::/96.
    std::string type = "Test-City";
    std::uint64_t build_epoch = 1'700'000'000;
    bool has_aliases = false;  ///< ::ffff:0:0/96, 2002::/16 and 2001::/32 point to the IPv4 tree.
    std::vector<std::pair<IpPrefix, std::string>> networks;  ///< Apart from each other.
};

std::vector<std::uint8_t> mmdb_octets(const MmdbContent& content);

/// A file below the test's temporary directory, removed with the object.
class TemporaryFile {
public:
    TemporaryFile(std::string_view name, const std::vector<std::uint8_t>& octets);
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    ~TemporaryFile();
    [[nodiscard]] const std::string& path() const { return path_; }
    /// Writes the file anew, in place.
    void overwrite(const std::vector<std::uint8_t>& octets) const;

private:
    std::string path_;
};

}  // namespace meridian::test
