// Stores octets on pages of their own, which are unmapped as soon as they are not needed.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "meridian/assert.h"
#include "meridian/huge_pages.h"

namespace meridian::dns {

/// A queue of octets, empty at most times. The answers that a thousand clients never read come to a
/// hundred megabytes. On the heap that memory would stay with the process, because small objects
/// that live longer lie behind it. For one thread.
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

    /// Returns false, and does not change the queue, when there is no memory.
    [[nodiscard]] bool append(std::span<const std::uint8_t> octets) {
        if (octets.empty()) { return true; }
        if (end_ + octets.size() > capacity_ && !make_room(octets.size())) { return false; }
        MERIDIAN_ASSERT(memory_ != nullptr);
        std::memcpy(memory_ + end_, octets.data(), octets.size());
        end_ += octets.size();
        return true;
    }

    /// Expects at least `count` octets.
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
        // Whole pages and none to spare: an answer that waits does not grow.
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
