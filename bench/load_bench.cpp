// Measures what loading a zone costs: processor time and memory of each step, for generated files.
//
// SPDX-License-Identifier: Apache-2.0
#include <getopt.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bench/zone_text.h"
#include "meridian/clock.h"
#include "meridian/limits.h"
#include "meridian/zones/compiler.h"
#include "meridian/zones/content_hash.h"
#include "server/sources/served_data.h"
#include "server/state/file_text.h"
#include "zones/language/zone/zone_parser.h"
#include "zones/model/checks.h"

namespace {

using namespace meridian;

constexpr std::array kSteps{"read", "parse", "check", "serial", "compile", "load"};
constexpr const char* kManyZones = "zones";
constexpr std::size_t kNamesPerZone = 100;

struct Options {
    std::string shape = "all";
    std::size_t records = 1'000'000;
    std::size_t toml_records = 100'000;
    std::size_t zones = 10'000;
    std::size_t runs = 5;
    bool once = false;
};

constexpr const char* kUsage =
    "usage: meridian_bench_load [--shape SHAPE] [--records N] [--toml-records N] [--zones N]\n"
    "                           [--runs N] [--once]\n"
    "  --shape  all, names (a master file of one A for each name), mixed (a master file as real\n"
    "           zones are), toml (one TOML file), zones (a directory of master files of 100\n"
    "           names each, through what `meridian serve` has), or the path of a zone file\n"
    "  --once   loads once in this process, for perf or callgrind\n";

/// The cost of one load.
struct Costs {
    std::array<double, kSteps.size()> seconds{};  ///< Processor time of the whole process.
    std::size_t records = 0;
    std::size_t names = 0;
    std::size_t snapshot_octets = 0;
    std::uint64_t content = 0;  ///< The content hash: equal in all runs.
    long reading_peak_kib = 0;  ///< Peak of memory until the file's text is freed.
    long peak_kib = 0;
    long resident_kib =
        0;  ///< Resident memory once all is loaded, less that before; where measured.

    [[nodiscard]] double whole() const {
        double sum = 0;
        for (const double step : seconds) {
            sum += step;
        }
        return sum;
    }
};

double processor_seconds() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

/// Ends a step when the next one begins.
class StepClock {
public:
    explicit StepClock(Costs& costs) : costs_(costs), begin_(processor_seconds()) {}
    void end(std::size_t step) {
        const double now = processor_seconds();
        costs_.seconds[step] = now - begin_;
        begin_ = now;
    }

private:
    Costs& costs_;
    double begin_;
};

std::size_t count_records(const zones::Zone& zone) {
    std::size_t count = 1 + zone.nameservers.size();
    for (const zones::Owner& owner : zone.owners) {
        for (const zones::OwnedSet& set : owner.sets) {
            count += set.records.records.size();
        }
    }
    return count;
}

/// Returns nothing, after an error on standard error, when the file does not load.
std::nullopt_t complain(const zones::Diagnostics& diagnostics) {
    for (const zones::Diagnostic& diagnostic : diagnostics) {
        std::fprintf(stderr, "%s\n", zones::to_line(diagnostic).c_str());
    }
    return std::nullopt;
}

/// Loads a file as the loader and the reloader do.
std::optional<Costs> load(const std::string& path) {
    Costs costs;
    StepClock clock(costs);
    auto file = server::read_file(path, kMaxMasterFileOctets);
    if (!file) {
        std::fprintf(stderr, "%s\n", file.error().text.c_str());
        return {};
    }
    const std::uint64_t hash = std::hash<std::string>{}(file->text);
    clock.end(0);
    zones::ZoneText source{.file = path, .text = std::move(file->text)};
    source.default_serial = static_cast<std::uint32_t>(hash);
    auto opened = zones::open_zone_file(source);
    if (!opened) { return complain(opened.error()); }
    auto parsed = zones::parse_zone(source, opened->apexes.front(), *opened);
    clock.end(1);
    if (parsed) {
        zones::check_names(parsed->zone, parsed->index, parsed->positions, opened->findings);
        if (parsed->policies_sound) { zones::check_policies(parsed->zone, opened->findings); }
    }
    const zones::Diagnostics diagnostics = opened->findings.take();
    if (!parsed || zones::has_errors(diagnostics)) { return complain(diagnostics); }
    zones::CompileInput input;
    input.zones = {std::make_shared<const zones::Zone>(std::move(parsed->zone))};
    costs.records = count_records(*input.zones.front());
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    costs.reading_peak_kib = usage.ru_maxrss;
    parsed.reset();  // read_zone has freed all of that by now
    opened->document = {};
    source.text = {};
    clock.end(2);
    costs.content = zones::content_hash(*input.zones.front()).digest.low;
    clock.end(3);
    const auto snapshot = zones::compile(input);
    if (!snapshot) { return complain(snapshot.error()); }
    clock.end(4);
    const zones::SnapshotInfo info = (*snapshot)->info();
    costs.names = info.name_count;
    costs.snapshot_octets = info.name_octets;
    return costs;
}

long resident_kib() {
    long pages = 0;
    std::FILE* const file = std::fopen("/proc/self/statm", "r");
    if (file == nullptr) { return 0; }
    const bool read = std::fscanf(file, "%*s %ld", &pages) == 1;
    std::fclose(file);
    return read ? pages * (sysconf(_SC_PAGESIZE) / 1024) : 0;
}

/// Loads a directory as a server does, in one step.
std::optional<Costs> load_directory(const std::string& path) {
    Costs costs;
    server::DataPaths paths{path, {MERIDIAN_WORLD}};
    const SystemClock clock;
    const long before_kib = resident_kib();
    server::ServedData data(std::move(paths), server::StateDirectory(), clock);
    StepClock steps(costs);
    const server::LoadReport report = data.load();
    steps.end(kSteps.size() - 1);
    if (report.snapshot == nullptr) { return complain(report.all_diagnostics()); }
    data.give_back_memory();
    costs.resident_kib = resident_kib() - before_kib;
    const zones::SnapshotInfo info = report.snapshot->info();
    costs.names = info.name_count;
    costs.records = info.name_count;
    costs.snapshot_octets = info.name_octets;
    return costs;
}

using Load = std::optional<Costs> (*)(const std::string& path);

/// Calls `load` in a process of its own, so that the peak of memory is that of one load.
std::optional<Costs> load_apart(Load load, const std::string& path) {
    std::array<int, 2> channel{};
    if (pipe(channel.data()) != 0) { return {}; }
    const pid_t child = fork();
    if (child == 0) {
        const auto costs = load(path);
        const bool sent = costs && write(channel[1], &*costs, sizeof *costs) == sizeof *costs;
        _exit(sent ? 0 : 1);
    }
    close(channel[1]);
    Costs costs;
    const bool heard = read(channel[0], &costs, sizeof costs) == sizeof costs;
    close(channel[0]);
    int status = 0;
    rusage usage{};
    const bool ended = child > 0 && wait4(child, &status, 0, &usage) == child;
    if (!heard || !ended || status != 0) { return {}; }
    costs.peak_kib = usage.ru_maxrss;
    return costs;
}

double median(std::vector<double> values) {
    std::ranges::sort(values);
    return values[values.size() / 2];
}

void print(const std::string& shape, const std::vector<Costs>& runs) {
    const Costs& first = runs.front();
    const auto records = static_cast<double>(first.records);
    std::printf("%-8s %zu records, %zu names\n", shape.c_str(), first.records, first.names);
    const auto line = [&](const char* step, auto seconds_of) {
        std::vector<double> seconds;
        for (const Costs& costs : runs) {
            seconds.push_back(seconds_of(costs));
        }
        const auto [best, worst] = std::ranges::minmax(seconds);
        const double middle = median(std::move(seconds));
        std::printf("  %-8s %6.3f s (best %.3f, worst %.3f)  %6.0f ns a record\n", step, middle,
                    best, worst, middle / records * 1e9);
    };
    for (std::size_t i = 0; i < kSteps.size(); ++i) {
        if (first.seconds[i] == 0) { continue; }  // not measured alone
        line(kSteps[i], [i](const Costs& costs) { return costs.seconds[i]; });
    }
    line("whole", [](const Costs& costs) { return costs.whole(); });
    const auto peak_of = [&](long Costs::* kib) {
        std::vector<double> peaks;
        for (const Costs& costs : runs) {
            peaks.push_back(static_cast<double>(costs.*kib) * 1024);
        }
        return median(std::move(peaks));
    };
    const double peak = peak_of(&Costs::peak_kib);
    std::printf(
        "  memory   peak %.0f MB, %.0f until the text is let go; %.0f octets a record; snapshot "
        "%.0f octets a name\n",
        peak / 1e6, peak_of(&Costs::reading_peak_kib) / 1e6, peak / records,
        static_cast<double>(first.snapshot_octets) / static_cast<double>(first.names));
    if (first.resident_kib > 0) {
        const double resident = peak_of(&Costs::resident_kib);
        std::printf("           %.0f MB stay, with those of the geo database\n", resident / 1e6);
    }
}

bool measure(Load way, const std::string& shape, const std::string& path, const Options& options) {
    std::vector<Costs> runs;
    for (std::size_t i = 0; i < (options.once ? 1 : options.runs); ++i) {
        const auto costs = options.once ? way(path) : load_apart(way, path);
        if (!costs) { return false; }
        runs.push_back(*costs);
    }
    print(shape, runs);
    return true;
}

/// A folder that is removed with all its files; file names are zone names.
class TemporaryFolder {
public:
    TemporaryFolder() : made_(mkdtemp(path_.data()) != nullptr) {}
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder() {
        for (const std::string& file : files_) {
            unlink(file.c_str());
        }
        if (made_) { rmdir(path_.c_str()); }
    }

    [[nodiscard]] const std::string& path() const { return path_; }
    /// The path of a new file; empty when it could not be written.
    std::string write(std::string_view name, std::string_view text) {
        const std::string path = path_ + "/" + std::string(name);
        std::FILE* const file = made_ ? std::fopen(path.c_str(), "wb") : nullptr;
        if (file == nullptr) { return {}; }
        files_.push_back(path);
        const bool written = std::fwrite(text.data(), 1, text.size(), file) == text.size();
        return std::fclose(file) == 0 && written ? path : std::string();
    }

private:
    std::string path_ = "/tmp/meridian_bench_load.XXXXXX";
    bool made_;
    std::vector<std::string> files_;
};

bool measure_many_zones(const Options& options) {
    TemporaryFolder folder;
    bool written = true;
    bench::make_many_zones(options.zones, kNamesPerZone, [&](const auto& name, const auto& text) {
        written = written && !folder.write(name, text).empty();
    });
    return written && measure(load_directory, kManyZones, folder.path(), options);
}

int run(const Options& options) {
    if (options.shape.find('/') != std::string::npos) {
        return measure(load, options.shape, options.shape, options) ? 0 : 1;
    }
    TemporaryFolder folder;
    bool found = false;
    for (const bench::ZoneShape& shape : bench::zone_shapes()) {
        if (options.shape != "all" && options.shape != shape.name) { continue; }
        found = true;
        const std::size_t records = shape.is_toml ? options.toml_records : options.records;
        const std::string path = folder.write(shape.file, shape.make(records));
        if (path.empty() || !measure(load, shape.name, path, options)) { return 1; }
    }
    if (options.shape == "all" || options.shape == kManyZones) {
        found = true;
        if (!measure_many_zones(options)) { return 1; }
    }
    if (!found) { std::fprintf(stderr, "there is no shape \"%s\"\n", options.shape.c_str()); }
    return found ? 0 : 2;
}

std::optional<Options> parse(int argument_count, char** arguments) {
    static const option long_options[] = {{"shape", required_argument, nullptr, 's'},
                                          {"records", required_argument, nullptr, 'n'},
                                          {"toml-records", required_argument, nullptr, 't'},
                                          {"zones", required_argument, nullptr, 'z'},
                                          {"runs", required_argument, nullptr, 'r'},
                                          {"once", no_argument, nullptr, 'o'},
                                          {nullptr, 0, nullptr, 0}};
    Options options;
    for (int key = 0;
         (key = getopt_long(argument_count, arguments, "", long_options, nullptr)) != -1;) {
        switch (key) {
            case 's':
                options.shape = optarg;
                break;
            case 'n':
                options.records = std::strtoull(optarg, nullptr, 10);
                break;
            case 't':
                options.toml_records = std::strtoull(optarg, nullptr, 10);
                break;
            case 'z':
                options.zones = std::strtoull(optarg, nullptr, 10);
                break;
            case 'r':
                options.runs = std::strtoull(optarg, nullptr, 10);
                break;
            case 'o':
                options.once = true;
                break;
            default:
                return {};
        }
    }
    const bool good = optind == argument_count && options.runs > 0 && options.records > 0;
    return good ? std::optional(options) : std::nullopt;
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
