// Keeps octets on pages of their own, which go back to the system as soon as they are not needed.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "meridian/assert.h"
#include "meridian/large_allocator.h"

namespace meridian::dns {

/// A queue of octets, empty at most times. What is kept for a thousand clients that never read
/// comes to a hundred megabytes; on the heap all of it would stay with the process for good,
/// because something small that lives longer lies behind it. For one thread.
class PageBuffer {
public:
    PageBuffer() = default;
    PageBuffer(const PageBuffer&) = delete;
    PageBuffer& operator=(const PageBuffer&) = delete;
    ~PageBuffer() { clear(); }

    [[nodiscard]] bool empty() const { return begin_ == end_; }
    [[nodiscard]] std::span<const std::uint8_t> octets() const {
        return {memory_ + begin_, end_ - begin_};
    }

    /// Returns false, and keeps what it had, when there is no memory.
    [[nodiscard]] bool append(std::span<const std::uint8_t> octets) {
        if (octets.empty()) { return true; }
        if (end_ + octets.size() > capacity_ && !make_room(octets.size())) { return false; }
        std::memcpy(memory_ + end_, octets.data(), octets.size());
        end_ += octets.size();
        return true;
    }

    /// Expects that there are `count` octets.
    void drop_front(std::size_t count) {
        MERIDIAN_ASSERT(count <= end_ - begin_);
        begin_ += count;
        if (empty()) { clear(); }
    }

    void clear() {
        if (memory_ != nullptr) { munmap(memory_, capacity_); }
        memory_ = nullptr;
        capacity_ = begin_ = end_ = 0;
    }

private:
    bool make_room(std::size_t more_octets) {
        if (begin_ > 0) {
            std::memmove(memory_, memory_ + begin_, end_ - begin_);
            end_ -= begin_;
            begin_ = 0;
        }
        if (end_ + more_octets <= capacity_) { return true; }
        // Whole pages, and no spare ones beyond: an answer waits as it is, and grows no more.
        const std::size_t wanted = whole_pages(end_ + more_octets);
        void* const memory = memory_ == nullptr
                                 ? mmap(nullptr, wanted, PROT_READ | PROT_WRITE,
                                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0)
                                 : mremap(memory_, capacity_, wanted, MREMAP_MAYMOVE);
        if (memory == MAP_FAILED) { return false; }
        memory_ = static_cast<std::uint8_t*>(memory);
        capacity_ = wanted;
        return true;
    }

    std::uint8_t* memory_ = nullptr;
    std::size_t capacity_ = 0;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

}  // namespace meridian::dns
