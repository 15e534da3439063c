// Gives random tests their seeds, and says which one failed.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

namespace meridian::test {

/// `count` seeds, fresh on every run. MERIDIAN_SEED=N repeats a run that failed with N alone.
inline std::vector<std::uint64_t> seeds(std::size_t count) {
    if (const char* fixed = std::getenv("MERIDIAN_SEED"); fixed != nullptr) {
        return {std::strtoull(fixed, nullptr, 10)};
    }
    std::random_device device;
    std::vector<std::uint64_t> result(count);
    for (std::uint64_t& seed : result) {
        seed = device();
    }
    return result;
}

/// For SCOPED_TRACE.
inline std::string seed_note(std::uint64_t seed) {
    return "repeat with MERIDIAN_SEED=" + std::to_string(seed);
}

}  // namespace meridian::test
