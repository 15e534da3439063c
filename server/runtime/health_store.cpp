// Saves what is known of health in the state directory, and reads it at the next start.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/health_store.h"

#include <cstddef>
#include <string_view>
#include <utility>

#include "server/runtime/override_store.h"
#include "server/runtime/verdict_store.h"

namespace meridian::server {
namespace {

struct SavedList {
    std::string_view file;
    std::size_t limit_octets = 0;
    std::string_view consequence;  ///< Of its being unreadable.
    bool is_by_operators = false;  ///< So its loss is an error, not a warning.
};

constexpr SavedList kVerdicts{kVerdictsFile, kMaxVerdictsOctets,
                              "all addresses count as up until they are checked"};
constexpr SavedList kOverrides{kOverridesFile, kMaxOverridesOctets,
                               "what was drained or forced by hand is so no more", true};

void note_loss(const SavedList& list, const std::string& text, Log& log, std::string* loss) {
    if (loss != nullptr) { *loss = text; }
    if (list.is_by_operators) { return log.error(text); }
    log.warning(text);
}

/// What the file holds; nothing, and a line of the log, where it cannot be used.
template <typename Entry>
std::vector<Entry> saved(const StateDirectory& state, const SavedList& list,
                         Result<std::vector<Entry>, std::string> (*parse)(std::string_view),
                         Log& log, std::string* loss = nullptr) {
    const auto file = state.read(list.file, list.limit_octets);
    if (!file) {
        if (file.error().kind != FileFailure::Missing) {
            note_loss(list, file.error().text, log, loss);
        }
        return {};
    }
    auto entries = parse(file->text);
    if (entries) { return std::move(entries).value(); }
    note_loss(list,
              "cannot use " + state.path() + "/" + std::string(list.file) + ": " + entries.error() +
                  "; " + std::string(list.consequence),
              log, loss);
    return {};
}

}  // namespace

Result<Unit, std::string> save_verdicts(const StateDirectory& state,
                                        const std::vector<SavedVerdict>& verdicts) {
    if (!state.saves()) { return Unit{}; }
    return state.write(kVerdictsFile, verdicts_text(verdicts));
}

std::vector<SavedVerdict> saved_verdicts(const StateDirectory& state, Log& log) {
    return saved(state, kVerdicts, parse_verdicts, log);
}

Result<Unit, std::string> save_overrides(const StateDirectory& state,
                                         const std::vector<Override>& overrides) {
    if (!state.saves()) { return Failure{std::string("there is no state directory")}; }
    return state.write(kOverridesFile, overrides_text(overrides));
}

std::vector<Override> saved_overrides(const StateDirectory& state, Log& log, std::string& loss) {
    return saved(state, kOverrides, parse_overrides, log, &loss);
}

}  // namespace meridian::server
