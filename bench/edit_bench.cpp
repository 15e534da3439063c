// Measures what an edit costs the control thread beside many zones, and in and beside a large one.
//
// SPDX-License-Identifier: Apache-2.0
#include <getopt.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "meridian/clock.h"
#include "server/runtime/status_board.h"
#include "server/runtime/status_keeper.h"
#include "server/sources/served_data.h"
#include "server/state/state_directory.h"

namespace {

using namespace meridian;
namespace fs = std::filesystem;

constexpr const char* kUsage =
    "usage: meridian_bench_edits [--zones N] [--records N] [--names N] [--library] [--edits N]\n"
    "                            [--what record|names|library|reload] [--keep FOLDER]\n"
    "  --zones    so many zones of --records records each, beside the zone of a record\n"
    "  --library  the zones are steered by the region of a library\n"
    "  --names    so many names in one more zone\n"
    "  --what     what is edited: the record, a record among the names, the region of the\n"
    "             library, or nothing, and all files are looked at\n"
    "  --keep     the folder of zones and state, for another start\n"
    "Prints an object of JSON. Seconds are processor time of all threads: until the new snapshot "
    "is\n"
    "there, and afterwards until all is shown, saved and freed. Wall seconds are those of a "
    "clock.\n";

struct Options {
    std::size_t zones = 0;
    std::size_t records = 10;
    std::size_t names = 0;
    bool library = false;
    std::size_t edits = 5;
    std::string what = "record";
    std::string keep;
};

double processor_seconds() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

double since(double& begin) {
    const double now = processor_seconds();
    return now - std::exchange(begin, now);
}

double resident_mb() {
    long pages = 0;
    std::FILE* const file = std::fopen("/proc/self/statm", "r");
    if (file == nullptr) { return 0; }
    const bool read = std::fscanf(file, "%*s %ld", &pages) == 1;
    std::fclose(file);
    return read ? static_cast<double>(pages * sysconf(_SC_PAGESIZE)) / 1e6 : 0;
}

/// The zone files and the state, gone at the end unless they are kept.
class Folder {
public:
    explicit Folder(const Options& options) : options_(options), path_(options.keep) {
        is_there_ = !path_.empty() && fs::exists(path_ + "/zones");
        if (path_.empty()) {
            std::string made = "/tmp/meridian_bench_edits.XXXXXX";
            path_ = mkdtemp(made.data());
        }
        fs::create_directories(path_ + "/zones");
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() {
        if (options_.keep.empty()) { fs::remove_all(path_); }
    }

    [[nodiscard]] std::string zones() const { return path_ + "/zones"; }
    [[nodiscard]] std::string state() const { return path_ + "/state"; }

    void fill() {
        if (is_there_) { return; }
        edit("record");
        if (options_.library) { edit("library"); }
        if (options_.names > 0) { edit("names"); }
        for (std::size_t i = 0; i < options_.zones; ++i) {
            const std::string apex = "zone" + std::to_string(i) + ".example";
            put(apex + ".toml", zone_text(apex, options_.library, options_.records, "10.0.0.1"));
        }
    }
    /// The path of what was changed.
    std::string edit(const std::string& what) {
        ++count_;
        const std::string address =
            "10." + std::to_string(count_ / 250 + 1) + "." + std::to_string(count_ % 250) + ".1";
        if (what == "names") { return put("many.example.zone", names_text(address)); }
        if (what == "library") {
            return put("shared.toml",
                       "[regions.one]\nat = [50.03, 8.56]\naddresses = [\"" + address + "\"]\n");
        }
        return put("plain.example.toml", zone_text("plain.example", false, 1, address));
    }

private:
    static std::string zone_text(const std::string& apex, bool library, std::size_t records,
                                 const std::string& address) {
        std::string text = "zone = \"" + apex + "\"\n";
        if (library) { text += "use = \"shared.toml\"\n"; }
        text += "nameservers = [\"ns1.example.net.\", \"ns2.example.net.\"]\n[records]\n";
        text += library ? "www.steer = \"nearest\"\n" : "www.a = \"" + address + "\"\n";
        for (std::size_t i = 1; i < records; ++i) {
            text += "host" + std::to_string(i) + ".a = \"10.0.0." + std::to_string(i % 250 + 1) +
                    "\"\n";
        }
        return text;
    }
    [[nodiscard]] std::string names_text(const std::string& address) const {
        std::string text =
            "$TTL 3600\n@ SOA ns1.example.net. hostmaster.example.net. 1 7200 900 1209600 60\n"
            "@ NS ns1.example.net.\n@ NS ns2.example.net.\nwww A " +
            address + "\n";
        for (std::size_t i = 0; i < options_.names; ++i) {
            text += "name" + std::to_string(i) + " A 10.0.0.1\n";
        }
        return text;
    }
    std::string put(const std::string& name, const std::string& text) const {
        const std::string path = zones() + "/" + name;
        const std::string beside = path_ + "/new";
        std::FILE* const file = std::fopen(beside.c_str(), "wb");
        if (file == nullptr || std::fwrite(text.data(), 1, text.size(), file) != text.size() ||
            std::fclose(file) != 0) {
            std::perror(beside.c_str());
            std::exit(1);
        }
        fs::rename(beside, path);
        return path;
    }

    const Options& options_;
    std::string path_;
    std::size_t count_ = 0;
    bool is_there_ = false;
};

/// The control thread, without the rest of the process.
class ControlThread {
public:
    explicit ControlThread(const Folder& folder)
        : data_({folder.zones(), {MERIDIAN_WORLD}},
                server::StateDirectory::open_to_write({folder.state()}), clock_),
          keeper_(data_, board_, clock_) {}

    bool start() {
        const server::LoadReport report = data_.load();
        for (const zones::Diagnostic& diagnostic : report.all_diagnostics()) {
            std::fprintf(stderr, "%s\n", zones::to_line(diagnostic).c_str());
        }
        if (!report.snapshot) { return false; }
        keeper_.note_start(report);
        return true;
    }
    /// Reads the file, or looks at all of them where that is not enough. False where it was not.
    bool read(const std::string& path, bool all) {
        auto edited = all ? std::nullopt : data_.reload_files({path});
        report_ = edited ? std::move(*edited) : data_.reload();
        return edited.has_value();
    }
    void finish() {
        keeper_.note_reload(report_, std::chrono::milliseconds(0));
        save();
        report_ = {};
    }
    void save() {
        for (auto saved = data_.save_state(); !saved || !*saved; saved = data_.save_state()) {
            if (saved) { continue; }
            std::fprintf(stderr, "%s\n", saved.error().c_str());
            std::exit(1);
        }
        data_.give_back_memory();
        (void)data_.save_copies();
    }
    void stop() { (void)data_.write_journaled(); }
    [[nodiscard]] std::size_t rows() const { return board_.latest()->zones.size(); }

private:
    SystemClock clock_;
    server::StatusBoard board_;
    server::ServedData data_;
    server::StatusKeeper keeper_;
    server::LoadReport report_;
};

void print(const char* name, std::vector<double> values) {
    std::ranges::sort(values);
    std::printf(", \"%s\": [%.5f, %.5f, %.5f]", name, values[values.size() / 2], values.front(),
                values.back());
}

int run(const Options& options) {
    Folder folder(options);
    folder.fill();
    const auto begin = std::chrono::steady_clock::now();
    double mark = processor_seconds();
    ControlThread thread(folder);
    if (!thread.start()) { return 1; }
    const double start = since(mark);
    const std::chrono::duration<double> start_wall = std::chrono::steady_clock::now() - begin;
    thread.save();
    const double saving = since(mark);
    const double resident = resident_mb();

    std::vector<double> live;
    std::vector<double> live_wall;
    std::vector<double> after;
    std::size_t short_ways = 0;
    for (std::size_t i = 0; i < options.edits; ++i) {
        const bool all = options.what == "reload";
        const std::string path = all ? std::string() : folder.edit(options.what);
        (void)since(mark);
        const auto edited = std::chrono::steady_clock::now();
        short_ways += thread.read(path, all) ? 1U : 0U;
        const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - edited;
        live.push_back(since(mark));
        live_wall.push_back(wall.count());
        thread.finish();
        after.push_back(since(mark));
    }
    const std::size_t rows = thread.rows();
    const double status = since(mark);
    thread.stop();
    std::printf(
        "{\"zones\": %zu, \"names\": %zu, \"start_seconds\": %.3f, "
        "\"start_wall_seconds\": %.3f, \"first_saving_seconds\": %.3f, "
        "\"resident_mb\": %.1f, \"status_seconds\": %.4f, \"stop_seconds\": %.4f, "
        "\"rows\": %zu, \"short_ways\": %zu",
        options.zones, options.names, start, start_wall.count(), saving, resident, status,
        since(mark), rows, short_ways);
    if (!live.empty()) {
        print("live_seconds", live);
        print("live_wall_seconds", live_wall);
        print("after_seconds", after);
    }
    std::printf("}\n");
    return 0;
}

std::optional<Options> parse(int argument_count, char** arguments) {
    static const std::array<option, 8> long_options{{{"zones", required_argument, nullptr, 'z'},
                                                     {"records", required_argument, nullptr, 'r'},
                                                     {"names", required_argument, nullptr, 'n'},
                                                     {"library", no_argument, nullptr, 'l'},
                                                     {"edits", required_argument, nullptr, 'e'},
                                                     {"what", required_argument, nullptr, 'w'},
                                                     {"keep", required_argument, nullptr, 'k'},
                                                     {nullptr, 0, nullptr, 0}}};
    Options options;
    for (int found = 0; (found = getopt_long(argument_count, arguments, "", long_options.data(),
                                             nullptr)) != -1;) {
        const auto number = [] { return std::strtoull(optarg, nullptr, 10); };
        switch (found) {
            case 'z':
                options.zones = number();
                break;
            case 'r':
                options.records = number();
                break;
            case 'n':
                options.names = number();
                break;
            case 'l':
                options.library = true;
                break;
            case 'e':
                options.edits = number();
                break;
            case 'w':
                options.what = optarg;
                break;
            case 'k':
                options.keep = optarg;
                break;
            default:
                return {};
        }
    }
    const std::set<std::string> known{"record", "names", "library", "reload"};
    if (optind != argument_count || !known.contains(options.what)) { return {}; }
    return options;
}

}  // namespace

int main(int argument_count, char** arguments) {
    const auto options = parse(argument_count, arguments);
    if (!options) {
        std::fputs(kUsage, stderr);
        return 2;
    }
    return run(*options);
}
