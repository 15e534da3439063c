// Owns a file descriptor.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <unistd.h>

#include <utility>

namespace meridian {

/// Closes its descriptor at the end of its life; -1 stands for none.
class FileDescriptor {
public:
    FileDescriptor() = default;
    explicit FileDescriptor(int descriptor) : descriptor_(descriptor) {}
    FileDescriptor(FileDescriptor&& other) noexcept
        : descriptor_(std::exchange(other.descriptor_, -1)) {}
    FileDescriptor& operator=(FileDescriptor&& other) noexcept {
        std::swap(descriptor_, other.descriptor_);
        return *this;
    }
    ~FileDescriptor() { reset(); }

    [[nodiscard]] int get() const { return descriptor_; }
    [[nodiscard]] bool valid() const { return descriptor_ >= 0; }
    /// Gives the descriptor up to the caller, who closes it.
    [[nodiscard]] int release() { return std::exchange(descriptor_, -1); }
    void reset() {
        if (valid()) { close(std::exchange(descriptor_, -1)); }
    }

private:
    int descriptor_ = -1;
};

}  // namespace meridian
