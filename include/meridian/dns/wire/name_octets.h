// Stores the octets of one domain name, without the heap where they are few.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <utility>

#include "meridian/assert.h"
#include "meridian/limits.h"

namespace meridian::dns {

/// 1 to 255 octets; at first one zero, the root. A moved-from value is the root, too. Zones of a
/// million names are made of these, and most names fit without the heap.
class NameOctets {
public:
    NameOctets() = default;
    explicit NameOctets(std::span<const std::uint8_t> octets) {
        MERIDIAN_ASSERT(!octets.empty() && octets.size() <= kMaxNameOctets);
        storage_.count = static_cast<std::uint8_t>(octets.size());
        std::memcpy(is_elsewhere() ? make_room() : storage_.octets.data(), octets.data(),
                    octets.size());
    }
    NameOctets(const NameOctets& other) : storage_(other.storage_) {
        if (is_elsewhere()) { std::memcpy(make_room(), other.elsewhere(), size()); }
    }
    NameOctets(NameOctets&& other) noexcept : storage_(other.storage_) {
        other.storage_.become_root();
    }
    NameOctets& operator=(const NameOctets& other) {
        NameOctets copy(other);
        std::swap(storage_, copy.storage_);
        return *this;
    }
    NameOctets& operator=(NameOctets&& other) noexcept {
        std::swap(storage_, other.storage_);
        return *this;
    }
    ~NameOctets() {
        if (is_elsewhere()) { delete[] elsewhere(); }
    }

    [[nodiscard]] std::size_t size() const { return storage_.count; }
    [[nodiscard]] std::span<const std::uint8_t> octets() const {
        return {is_elsewhere() ? elsewhere() : storage_.octets.data(), size()};
    }

private:
    static constexpr std::size_t kInlineOctets = 39;

    struct Storage {  // in one piece, so that it is copied like a number
        std::array<std::uint8_t, kInlineOctets> octets;  // of the name, or of its address
        std::uint8_t count;
        void become_root() {
            octets[0] = 0;
            count = 1;
        }
    };

    [[nodiscard]] bool is_elsewhere() const { return size() > kInlineOctets; }
    [[nodiscard]] std::uint8_t* elsewhere() const {
        std::uint8_t* octets = nullptr;
        std::memcpy(static_cast<void*>(&octets), storage_.octets.data(), sizeof octets);
        return octets;
    }
    std::uint8_t* make_room() {
        auto* const octets = new std::uint8_t[size()];
        std::memcpy(storage_.octets.data(), static_cast<const void*>(&octets), sizeof octets);
        return octets;
    }

    Storage storage_{{}, 1};
};

}  // namespace meridian::dns
