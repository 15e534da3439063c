// Saves what is served for the next start, and logs a warning where that fails.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/state_saver.h"

#include <boost/asio/post.hpp>
#include <exception>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "meridian/digest.h"
#include "server/runtime/reload_log.h"
#include "server/state/state_directory.h"

namespace meridian::server {

namespace {

/// A problem without the name of a text, which is a digest: a full disk is one problem for all.
std::string without_text_name(std::string problem) {
    const std::string folder = "/" + std::string(kLastGoodFolder) + "/";
    const std::size_t at = problem.find(folder);
    if (at != std::string::npos) { problem.erase(at + folder.size(), Digest().to_text().size()); }
    return problem;
}

/// The value of `save`, which returns a Result whose error is in words. None where that failed;
/// then `problem` says why. A problem is logged once, for as long as it lasts.
template <typename Save>
auto try_to_save(const Save& save, const std::string& consequence, std::string& problem, Log& log) {
    std::optional<std::decay_t<decltype(*save())>> outcome;
    const std::string before = std::exchange(problem, {});
    try {
        const auto saved = save();
        if (saved) {
            outcome = *saved;
        } else {
            problem = saved.error();
        }
    } catch (const std::exception& error) {  // no memory for it
        problem = std::string("nothing was saved: ") + error.what();
    }
    if (!problem.empty() && without_text_name(problem) != without_text_name(before)) {
        log.warning(problem + "; " + consequence);
    }
    return outcome;
}

constexpr const char* kStateConsequence =
    "the next start would serve what was saved before, and serials may fall back";

/// False where there is more.
bool save_some_state(ServedData& data, std::string& problem, Log& log) {
    const auto is_all =
        try_to_save([&] { return data.save_state(); }, kStateConsequence, problem, log);
    for (const zones::Diagnostic& warning : zones::summarised(data.take_state_warnings())) {
        log_diagnostic(warning, log);
    }
    return is_all.value_or(true);
}

}  // namespace

void save_state(ServedData& data, Log& log) {
    std::string problem;
    while (!save_some_state(data, problem, log)) {}
    (void)try_to_save([&] { return data.write_journaled(); }, kStateConsequence, problem, log);
}

void StateSaver::save_bit_by_bit() {
    const bool is_all = save_some_state(data_, state_problem_, log_);
    note_problem();
    if (is_all || is_queued_) { return; }
    is_queued_ = true;
    boost::asio::post(context_, [this] {
        const Background::Work in_background(background_);
        is_queued_ = false;
        save_bit_by_bit();
    });
}

void StateSaver::write_journaled() {
    (void)try_to_save([this] { return data_.write_journaled(); }, kStateConsequence, state_problem_,
                      log_);
    note_problem();
}

void StateSaver::save_copies() {
    (void)try_to_save([&] { return data_.save_copies(); },
                      "the next start compiles the database anew", copies_problem_, log_);
    note_problem();
}

std::string StateSaver::problem() const {
    return state_problem_.empty() ? copies_problem_ : state_problem_;
}

/// Without a change of a file nothing else would try again, and the operator mends a full disk.
void StateSaver::note_problem() {
    keeper_.note_state(problem());
    again_.cancel();
    if (problem().empty()) { return; }
    again_.expires_after(try_again_after_);
    again_.async_wait([this](boost::system::error_code stopped) {
        if (stopped) { return; }
        const Background::Work in_background(background_);
        save_bit_by_bit();
        save_copies();
    });
}

}  // namespace meridian::server
