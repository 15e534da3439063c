// Opens a MaxMind DB file as a private copy that no process can change.
//
// SPDX-License-Identifier: Apache-2.0
#include "geo/database/mmdb_file.h"

#include <fcntl.h>
#include <maxminddb.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>
#include <vector>

#include "geo/database/mmdb_data.h"
#include "meridian/assert.h"
#include "meridian/file_descriptor.h"
#include "meridian/file_reader.h"
#include "meridian/limits.h"

namespace meridian::geo {
namespace {

constexpr std::size_t kMetadataOctets = 128 * 1024;  // the format puts it in the last 128 KiB
constexpr std::string_view kMetadataMarker("\xab\xcd\xefMaxMind.com", 14);
constexpr unsigned kMaxMetadataNesting = 8;  // description and languages need 2
constexpr const char* kNoMetadata =
    "is not a MaxMind DB file, or cut short: no sound metadata at its end";
constexpr unsigned kV4RootBits = 96;

std::string system_error_text() {
    return std::generic_category().message(errno);
}

// Copies `size` octets into memory and seals it. Returns what went wrong, if anything.
std::optional<std::string> copy_and_seal(int from, int to, std::size_t size) {
    for (std::size_t left = size; left > 0;) {
        const ssize_t copied = ::sendfile(to, from, nullptr, left);
        if (copied < 0 && errno == EINTR) { continue; }
        if (copied < 0) { return "cannot be read: " + system_error_text(); }
        if (copied == 0) { return "became shorter while it was read"; }
        left -= static_cast<std::size_t>(copied);
    }
    if (::fcntl(to, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) != 0) {
        return "cannot be sealed in memory: " + system_error_text();
    }
    return {};
}

// The octets behind the last marker of the file; none when there is no marker.
std::vector<std::uint8_t> read_metadata(int file, std::size_t size) {
    std::vector<std::uint8_t> tail(std::min(size, kMetadataOctets));
    const auto start = static_cast<off_t>(size - tail.size());
    const ssize_t got = ::pread(file, tail.data(), tail.size(), start);
    if (got != static_cast<ssize_t>(tail.size())) { return {}; }
    const auto* const marker = reinterpret_cast<const std::uint8_t*>(kMetadataMarker.data());
    const auto found =
        std::find_end(tail.begin(), tail.end(), marker, marker + kMetadataMarker.size());
    if (found == tail.end()) { return {}; }
    return {found + static_cast<std::ptrdiff_t>(kMetadataMarker.size()), tail.end()};
}

// What the metadata says about the tree; none when the metadata is broken.
struct TreeShape {
    std::uint64_t node_count = 0;
    std::uint64_t record_bits = 0;
    [[nodiscard]] std::uint64_t octets() const { return node_count * record_bits * 2 / 8; }
};

// Checked before libmaxminddb 1.7 opens the file: it follows metadata by recursion without a limit,
// and multiplies nodes by their size in 32 bits, so that it reads far behind the file. It also
// leaks memory at a description or a language that is no text.
std::optional<TreeShape> read_tree_shape(std::span<const std::uint8_t> metadata) {
    MmdbData data(metadata);
    TreeShape shape;
    bool stands_twice = false;  // the library takes the first, others the last
    bool has_odd_texts = false;
    const MmdbValue top = data.record(0);
    data.for_each(top, [&](std::string_view key, const MmdbValue& value) {
        if (key == "description" || key == "languages") {
            has_odd_texts |= !data.holds_only_texts(value);
        }
        std::uint64_t* const field = key == "node_count"    ? &shape.node_count
                                     : key == "record_size" ? &shape.record_bits
                                                            : nullptr;
        if (field == nullptr) { return; }
        stands_twice |= *field != 0;
        *field = data.integer(value).value_or(0);
    });
    const bool is_known_size =
        shape.record_bits == 24 || shape.record_bits == 28 || shape.record_bits == 32;
    const bool is_sound = !data.failed() && !stands_twice && !has_odd_texts && is_known_size &&
                          shape.node_count > 0 && shape.node_count <= UINT32_MAX;
    if (!is_sound) { return {}; }
    (void)data.record(0);  // resets the count of values
    if (!data.is_small_tree(0, kMaxMetadataNesting)) { return {}; }
    return shape;
}

}  // namespace

struct MmdbFile::Handle {
    MMDB_s database{};
    bool is_open = false;
};

void MmdbFile::HandleDeleter::operator()(Handle* handle) const {
    if (handle->is_open) { MMDB_close(&handle->database); }
    delete handle;
}

MmdbFile::MmdbFile(std::unique_ptr<Handle, HandleDeleter> handle) : handle_(std::move(handle)) {
    const MMDB_s& database = handle_->database;
    node_count_ = database.metadata.node_count;
    record_bits_ = database.metadata.record_size;
    const std::size_t tree_octets = std::size_t{node_count_} * record_bits_ / 4;
    tree_ = {database.file_content, tree_octets + kSeparatorOctets};
    data_section_ = {database.data_section, database.data_section_size};
}

Result<MmdbFile, std::string> MmdbFile::open(const std::string& path) {
    const auto fail = [](std::string words) { return Failure{std::move(words)}; };
    auto file = FileReader::open(path, kMaxDatabaseOctets);
    if (!file) { return fail("cannot be read: " + file.error().reason); }
    const auto size = static_cast<std::size_t>(file->octets());
    if (size == 0) { return fail("is empty"); }
    if (read_metadata(file->descriptor(), size).empty()) { return fail(kNoMetadata); }

    const FileDescriptor sealed(::memfd_create("meridian-geo", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    if (!sealed.valid()) { return fail("no memory to copy it to: " + system_error_text()); }
    if (const auto problem = copy_and_seal(file->descriptor(), sealed.get(), size)) {
        return fail(*problem);
    }
    const auto shape = read_tree_shape(read_metadata(sealed.get(), size));
    if (!shape) { return fail(kNoMetadata); }
    if (shape->octets() + kSeparatorOctets > size) {
        return fail("is cut short: its search tree is longer than the file");
    }

    std::unique_ptr<Handle, HandleDeleter> handle(new Handle);
    const std::string sealed_path = "/proc/self/fd/" + std::to_string(sealed.get());
    const int status_code = MMDB_open(sealed_path.c_str(), MMDB_MODE_MMAP, &handle->database);
    if (status_code != MMDB_SUCCESS) {
        return fail(std::string("cannot be used: ") + MMDB_strerror(status_code));
    }
    handle->is_open = true;
    const MMDB_s& database = handle->database;
    if (database.metadata.ip_version != 4 && database.metadata.ip_version != 6) {
        return fail("is of an unknown IP version");
    }
    if (database.metadata.node_count != shape->node_count ||
        database.metadata.record_size != shape->record_bits) {
        return fail("has metadata that says two things");
    }
    return MmdbFile(std::move(handle));
}

Family MmdbFile::family() const {
    return handle_->database.metadata.ip_version == 4 ? Family::V4 : Family::V6;
}

std::string_view MmdbFile::type() const {
    const char* type = handle_->database.metadata.database_type;
    return type == nullptr ? std::string_view() : type;
}

std::uint64_t MmdbFile::build_epoch() const {
    return handle_->database.metadata.build_epoch;
}

std::uint64_t MmdbFile::v4_root() const {
    std::uint64_t record = 0;
    for (unsigned bits = 0; bits < kV4RootBits && record < node_count(); ++bits) {
        record = node(static_cast<std::uint32_t>(record)).left;
    }
    return record;
}

}  // namespace meridian::geo
