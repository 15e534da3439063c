// Frames a compiled copy, so that a copy that is cut, changed or foreign is recognised.
//
// SPDX-License-Identifier: Apache-2.0
//
// All integers are in the byte order of the machine that wrote them, since the copy is for the
// same machine's next start; the byte order mark shows when it is not.
//
//     0   "Meridian copy\n\0\0"   16 octets
//     16  byte order mark         u32, 0x0a0b0c0d
//     20  kind                    u32, what the copy is of
//     24  version of its form     u32
//     28  zero                    u32
//     32  key                     u64 high, u64 low: a hash of what it was made from
//     48  octets of the payload   u64
//     56  zero                    u64
//     64  checksum                u64 high, u64 low: XXH3 over all above and the payload
//     80  payload                 numbers of 64 bits, and arrays: their count, then the elements,
//                                 then zeros up to a multiple of 8 octets
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "meridian/digest.h"
#include "meridian/geo/copies/copy_source.h"
#include "meridian/octet_hash.h"
#include "meridian/result.h"

namespace meridian::geo {

/// The content of a copy: its kind, its form, and a hash of its sources.
struct CopyLabel {
    std::uint32_t kind = 0;
    std::uint32_t version = 0;
    std::optional<Digest> key;  ///< None, for reading: any sources.
};

/// A type that may be copied octet by octet: it has no padding, and any octets make a value.
template <typename T>
concept PlainOctets = std::is_trivially_copyable_v<T> &&
                      std::has_unique_object_representations_v<T> && !std::is_same_v<T, bool>;

/// Collects the payload of a copy behind its header.
class CopyWriter {
public:
    CopyWriter(const CopyLabel& label, std::size_t expected_octets);

    void add_number(std::uint64_t number) { append(&number, sizeof number); }
    template <PlainOctets T>
    void add_array(std::span<const T> elements) {
        add_number(elements.size());
        append(elements.data(), elements.size_bytes());
        pad();
    }
    void add_text(std::string_view text) { add_array(std::span(text.data(), text.size())); }

    /// The copy. The writer is spent.
    [[nodiscard]] std::vector<std::uint8_t> finish() &&;

private:
    void append(const void* from, std::size_t octets);
    void pad();

    std::vector<std::uint8_t> octets_;
};

/// Reads the payload of a copy. A read past the end gives zeros or an empty array and sets
/// `failed`, which stays set; a count is checked against the octets left before it is used. The
/// checksum is known to be right only once `finish` is true.
class CopyReader {
public:
    /// Reads and checks the header. A copy with another label is a failure.
    static Result<CopyReader, CopyFailure> open(CopySource source, const CopyLabel& label);

    std::uint64_t read_number();
    template <typename Elements>  // a vector with any allocator
        requires PlainOctets<typename Elements::value_type>
    Elements read_array() {
        using T = typename Elements::value_type;
        const std::uint64_t count = read_number();
        if (count > left_octets_ / sizeof(T)) { failed_ = true; }
        if (failed_) { return {}; }
        Elements elements(static_cast<std::size_t>(count));
        // Any octets make a value of such a type, so they may be written one by one.
        fill({reinterpret_cast<std::uint8_t*>(elements.data()), elements.size() * sizeof(T)});
        skip_padding();
        return elements;
    }
    std::string read_text();

    [[nodiscard]] bool failed() const { return failed_; }
    /// Whether all was read, nothing failed, and the checksum is right.
    [[nodiscard]] bool finish() const;

private:
    CopyReader(CopySource source, const Digest& checksum);
    void fill(std::span<std::uint8_t> into);
    void skip_padding();

    CopySource source_;
    std::uint64_t left_octets_;
    Digest checksum_;
    OctetHash hash_;
    bool failed_ = false;
};

/// The failure of a copy whose checksum is right and whose content is not.
CopyFailure damaged_copy();

}  // namespace meridian::geo
