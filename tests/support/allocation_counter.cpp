// Replaces the global allocation functions by ones that count.
//
// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdlib>
#include <new>

#include "tests/support/call_counters.h"

namespace {

thread_local std::uint64_t calls = 0;

void* allocate(std::size_t octets) {
    ++calls;
    return std::malloc(octets == 0 ? 1 : octets);
}

void* allocate_aligned(std::size_t octets, std::align_val_t alignment) {
    ++calls;
    const auto step = static_cast<std::size_t>(alignment);
    // aligned_alloc wants a multiple of the alignment.
    return std::aligned_alloc(step, octets == 0 ? step : (octets + step - 1) / step * step);
}

void* or_throw(void* memory) {
    if (memory == nullptr) { throw std::bad_alloc(); }
    return memory;
}

}  // namespace

std::uint64_t meridian::allocation_count() {
    return calls;
}

void* operator new(std::size_t octets) {
    return or_throw(allocate(octets));
}
void* operator new[](std::size_t octets) {
    return or_throw(allocate(octets));
}
void* operator new(std::size_t octets, const std::nothrow_t&) noexcept {
    return allocate(octets);
}
void* operator new[](std::size_t octets, const std::nothrow_t&) noexcept {
    return allocate(octets);
}
void* operator new(std::size_t octets, std::align_val_t alignment) {
    return or_throw(allocate_aligned(octets, alignment));
}
void* operator new[](std::size_t octets, std::align_val_t alignment) {
    return or_throw(allocate_aligned(octets, alignment));
}
void* operator new(std::size_t octets, std::align_val_t alignment, const std::nothrow_t&) noexcept {
    return allocate_aligned(octets, alignment);
}
void* operator new[](std::size_t octets, std::align_val_t alignment,
                     const std::nothrow_t&) noexcept {
    return allocate_aligned(octets, alignment);
}

void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete[](void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
    std::free(memory);
}
void operator delete(void* memory, const std::nothrow_t&) noexcept {
    std::free(memory);
}
void operator delete[](void* memory, const std::nothrow_t&) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
    std::free(memory);
}
void operator delete[](void* memory, std::align_val_t) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
    std::free(memory);
}
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::align_val_t, const std::nothrow_t&) noexcept {
    std::free(memory);
}
void operator delete[](void* memory, std::align_val_t, const std::nothrow_t&) noexcept {
    std::free(memory);
}
