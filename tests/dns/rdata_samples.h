// Holds RDATA of every type, as text beside its wire form.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

namespace meridian::dns {

/// Relative names continue with kSampleOrigin.
struct RdataSample {
    std::string_view type;
    std::string_view text;
    std::string_view wire;  ///< Hexadecimal.
};

constexpr std::string_view kSampleOrigin = "beigel.example.";

std::span<const RdataSample> rdata_samples();

}  // namespace meridian::dns
