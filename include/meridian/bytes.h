// Reads and writes big-endian integers within checked bounds.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <endian.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "meridian/assert.h"

// MERIDIAN_VECTORS: code may use the vector instructions of x86-64. A plain path with the same
// result stands beside each use: for other processors, and for the build that tests it on this one
// (MERIDIAN_PLAIN, packaging/cmake/hardening.cmake).
#if defined(__SSE4_2__) && !defined(MERIDIAN_PLAIN)
#define MERIDIAN_VECTORS 1
#include <immintrin.h>
#endif

namespace meridian {

/// Reads a block of the size of `Word` at `offset`, in the machine's own order: for copying,
/// comparing and hashing several octets at once. Expects the block to lie inside `bytes`.
template <typename Word>
Word load_word(std::span<const std::uint8_t> bytes, std::size_t offset) {
    MERIDIAN_ASSERT(offset + sizeof(Word) <= bytes.size());
    Word word;
    std::memcpy(&word, bytes.data() + offset, sizeof word);
    return word;
}

template <typename Word>
void store_word(std::span<std::uint8_t> bytes, std::size_t offset, const Word& word) {
    MERIDIAN_ASSERT(offset + sizeof(Word) <= bytes.size());
    std::memcpy(bytes.data() + offset, &word, sizeof word);
}

// Network order, a word at a time: compilers do not always combine single octets into a word.

/// The integer in network order at `offset`. Expects it to lie inside `bytes`.
inline std::uint16_t load_u16(std::span<const std::uint8_t> bytes, std::size_t offset) {
    return be16toh(load_word<std::uint16_t>(bytes, offset));
}

inline std::uint32_t load_u32(std::span<const std::uint8_t> bytes, std::size_t offset) {
    return be32toh(load_word<std::uint32_t>(bytes, offset));
}

inline std::uint64_t load_u64(std::span<const std::uint8_t> bytes, std::size_t offset) {
    return be64toh(load_word<std::uint64_t>(bytes, offset));
}

inline void store_u16(std::span<std::uint8_t> bytes, std::size_t offset, std::uint16_t value) {
    store_word<std::uint16_t>(bytes, offset, htobe16(value));
}

inline void store_u32(std::span<std::uint8_t> bytes, std::size_t offset, std::uint32_t value) {
    store_word<std::uint32_t>(bytes, offset, htobe32(value));
}

inline void store_u64(std::span<std::uint8_t> bytes, std::size_t offset, std::uint64_t value) {
    store_word<std::uint64_t>(bytes, offset, htobe64(value));
}

/// Copies all of `from` to the front of `to`. Expects room, and no overlap.
///
/// Meant for the few dozen octets of a record or a name, where a call of memcpy would cost more
/// than the copy. It copies sixteen octets at a time; the last sixteen overlap those before, so
/// that no octet is copied alone and none beyond the end is touched.
inline void copy_octets(std::span<const std::uint8_t> from, std::span<std::uint8_t> to) {
    struct Sixteen {
        std::uint64_t halves[2];
    };
    MERIDIAN_ASSERT(from.size() <= to.size());
    const std::size_t count = from.size();
    // `count` proves both within bounds: a check for each step would cost as much as the step.
    const auto copy = [&]<typename Word>(std::size_t at, Word word) {
        std::memcpy(&word, from.data() + at, sizeof word);
        std::memcpy(to.data() + at, &word, sizeof word);
    };
    if (count >= sizeof(Sixteen)) {
        const std::size_t last = count - sizeof(Sixteen);
        for (std::size_t at = 0; at < last; at += sizeof(Sixteen)) {
            copy(at, Sixteen());
        }
        copy(last, Sixteen());
    } else if (count >= 8) {
        copy(0, std::uint64_t{});
        copy(count - 8, std::uint64_t{});
    } else {
        std::copy(from.begin(), from.end(), to.begin());
    }
}

/// Whether two pieces of a few dozen octets are equal. Compares overlapping words as `copy_octets`
/// does, and without a branch for each step.
inline bool same_octets(std::span<const std::uint8_t> left, std::span<const std::uint8_t> right) {
    if (left.size() != right.size()) { return false; }
    const std::size_t count = left.size();
#ifdef MERIDIAN_VECTORS
    if (count >= 16) {
        // `count` proves both within bounds: a check for each step would cost as much as the step.
        const auto difference = [&](std::size_t at) {
            return _mm_xor_si128(
                _mm_loadu_si128(reinterpret_cast<const __m128i_u*>(left.data() + at)),
                _mm_loadu_si128(reinterpret_cast<const __m128i_u*>(right.data() + at)));
        };
        __m128i different = difference(count - 16);
        for (std::size_t at = 0; at + 16 < count; at += 16) {
            different = _mm_or_si128(different, difference(at));
        }
        return _mm_testz_si128(different, different) != 0;
    }
#endif
    if (count < 4) { return std::equal(left.begin(), left.end(), right.begin()); }
    if (count < 8) {
        return load_word<std::uint32_t>(left, 0) == load_word<std::uint32_t>(right, 0) &&
               load_word<std::uint32_t>(left, count - 4) ==
                   load_word<std::uint32_t>(right, count - 4);
    }
    const auto difference = [&](std::size_t at) {
        return load_word<std::uint64_t>(left, at) ^ load_word<std::uint64_t>(right, at);
    };
    std::uint64_t different = difference(count - 8);
    for (std::size_t at = 0; at + 8 < count; at += 8) {
        different |= difference(at);
    }
    return different == 0;
}

/// Walks over octets that came from outside. A read past the end gives zero and sets `failed`,
/// which stays set, so a parser may read a whole structure and check once.
class ByteReader {
public:
    explicit ByteReader(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

    [[nodiscard]] bool failed() const { return failed_; }
    [[nodiscard]] std::size_t position() const { return position_; }
    [[nodiscard]] std::size_t remaining() const { return bytes_.size() - position_; }

    std::uint8_t read_u8() {
        const auto field = read(1);
        return field.empty() ? std::uint8_t{0} : field[0];
    }
    std::uint16_t read_u16() {
        const auto field = read(2);
        return field.empty() ? std::uint16_t{0} : load_u16(field, 0);
    }
    std::uint32_t read_u32() {
        const auto field = read(4);
        return field.empty() ? std::uint32_t{0} : load_u32(field, 0);
    }
    /// The next `count` octets, or an empty span when fewer are left.
    std::span<const std::uint8_t> read(std::size_t count) {
        if (count > remaining()) {
            failed_ = true;
            return {};
        }
        const auto field = bytes_.subspan(position_, count);
        position_ += count;
        return field;
    }
    void skip(std::size_t count) { (void)read(count); }

private:
    std::span<const std::uint8_t> bytes_;
    std::size_t position_ = 0;
    bool failed_ = false;
};

}  // namespace meridian
