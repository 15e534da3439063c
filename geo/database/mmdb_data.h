// Decodes the data section of a MaxMind DB file within its bounds.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace meridian::geo {

/// Types of the MaxMind DB file format, version 2.0.
enum class MmdbType : std::uint8_t {
    Extended = 0,
    Pointer = 1,
    Text = 2,
    Double = 3,
    Octets = 4,
    Unsigned16 = 5,
    Unsigned32 = 6,
    Map = 7,
    Signed32 = 8,
    Unsigned64 = 9,
    Unsigned128 = 10,
    Array = 11,
    Boolean = 14,
    Float = 15,
    None = 255,  ///< A value that cannot be read.
};

/// Whether other values follow such a value's header.
constexpr bool is_container(MmdbType type) {
    return type == MmdbType::Map || type == MmdbType::Array;
}

/// A value whose header has been read.
struct MmdbValue {
    MmdbType type = MmdbType::None;
    std::uint32_t size = 0;     ///< Octets; entries of a map; elements of an array.
    std::uint32_t payload = 0;  ///< Offset of what follows the header.
};

/// Reads values of a data section, which may be broken or hostile.
///
/// libmaxminddb 1.7 decodes by recursion without a limit, so values are decoded here, by loops, and
/// no record may hold more than kMaxValuesPerRecord values. A broken value has type None and sets
/// `failed`, which stays set, so that a caller may read a whole record and check once.
class MmdbData {
public:
    explicit MmdbData(std::span<const std::uint8_t> section) : section_(section) {}

    [[nodiscard]] bool failed() const { return failed_; }

    /// The value at `offset`, or the one that a pointer there leads to. Begins a new record, which
    /// may have kMaxValuesPerRecord values again.
    MmdbValue record(std::uint32_t offset);

    /// Calls `visit(std::string_view key, const MmdbValue& value)` for each entry of a map; does
    /// nothing for any other value.
    template <typename Visit>  // std::function would allocate for each record
    void for_each(const MmdbValue& map, Visit&& visit) {
        if (map.type != MmdbType::Map) { return; }
        std::uint32_t offset = map.payload;
        for (std::uint32_t i = 0; i < map.size && !failed_; ++i) {
            const Header key = header(offset);
            const std::string_view name = text(key_of(key));
            offset = behind(key);
            const Header found = header(offset);
            const MmdbValue value = pointed_at(found);
            if (failed_) { return; }
            visit(name, value);
            offset = behind(found);
        }
    }

    /// The first element of an array; None where `array` is empty or no array.
    MmdbValue first_element(const MmdbValue& array);

    /// Empty for a value that is no text.
    [[nodiscard]] std::string_view text(const MmdbValue& value) const;
    /// A double or a float; nothing for another type.
    [[nodiscard]] std::optional<double> number(const MmdbValue& value) const;
    /// An unsigned integer of up to 64 bits; nothing for another type.
    [[nodiscard]] std::optional<std::uint64_t> integer(const MmdbValue& value) const;
    /// A signed integer of 32 bits; nothing for another type.
    [[nodiscard]] std::optional<double> signed_integer(const MmdbValue& value) const;

    /// Whether the value at `offset` and all it holds, pointers followed, is sound and small. The
    /// metadata must be, before libmaxminddb may open the file.
    bool is_small_tree(std::uint32_t offset, unsigned nesting_left);
    /// Whether all elements of an array, or all keys and values of a map, are texts, pointers
    /// followed.
    bool holds_only_texts(const MmdbValue& container);

private:
    struct Header {
        MmdbValue value;
        std::uint32_t next = 0;     // behind a scalar; the first child of a map or an array
        std::uint32_t pointee = 0;  // of a pointer
    };

    Header header(std::uint32_t offset);
    /// The value of a header; for a pointer, the value that it points to.
    MmdbValue pointed_at(const Header& found) {
        return found.value.type == MmdbType::Pointer ? at_pointer(found.pointee) : found.value;
    }
    MmdbValue at_pointer(std::uint32_t pointee);
    /// The same for a key. Records share the texts of their keys, so a few of these are cached.
    MmdbValue key_of(const Header& found) {
        if (found.value.type != MmdbType::Pointer) { return found.value; }
        KnownKey& known = known_keys_[found.pointee % known_keys_.size()];
        if (known.value.type == MmdbType::None || known.pointee != found.pointee) {
            known = {found.pointee, at_pointer(found.pointee)};
        }
        return known.value;
    }
    MmdbValue follow(std::uint32_t offset) { return pointed_at(header(offset)); }
    /// Keys and values of a map, elements of an array.
    static std::uint64_t child_count(const MmdbValue& value) {
        if (value.type == MmdbType::Map) { return std::uint64_t{2} * value.size; }
        return value.type == MmdbType::Array ? value.size : 0;
    }
    /// Where the value behind this one begins.
    std::uint32_t behind(const Header& found) {
        return is_container(found.value.type) ? behind_all(found) : found.next;
    }
    std::uint32_t behind_all(const Header& container);
    std::uint32_t skip(std::uint32_t offset) { return behind(header(offset)); }
    std::uint64_t big_endian(std::uint64_t offset, unsigned octets);

    struct KnownKey {
        std::uint32_t pointee = 0;
        MmdbValue value;
    };

    std::span<const std::uint8_t> section_;
    std::array<KnownKey, 64> known_keys_{};
    std::uint32_t values_left_ = 0;
    bool failed_ = false;
};

}  // namespace meridian::geo
