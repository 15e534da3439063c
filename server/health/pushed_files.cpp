// Knows what files of states say, and which probes ask them.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/health/pushed_files.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

#include "server/probing/network_text.h"

namespace meridian::server {

PushedVerdict PushedFiles::ask(const zones::HealthCheck& check, const IpAddress& address) const {
    const auto read = readings_.find(path_of(check.file));
    if (read == readings_.end()) { return {}; }  // it is about to be read
    return judge_pushed(read->second, check, address, clock_.wall());
}

std::vector<Prober::Number> PushedFiles::replace(std::span<const ProbeTarget> targets,
                                                 std::span<const Prober::Number> numbers) {
    const auto before = std::exchange(users_, {});
    for (std::size_t i = 0; i < targets.size(); ++i) {
        for (const zones::HealthCheck& check : targets[i].checks) {
            if (check.kind != zones::CheckKind::File) { continue; }
            Users& users = users_[path_of(check.file)];
            users.numbers.insert(numbers[i]);
            for (std::string& key : keys_of(check.place, targets[i].address)) {
                users.keys.insert(std::move(key));
            }
        }
    }
    std::erase_if(readings_, [&](const auto& read) { return !users_.contains(read.first); });
    std::vector<Prober::Number> fresh;
    for (const auto& [file, reading] : readings_) {
        const auto known = before.find(file);
        for (const Prober::Number target : users_.at(file).numbers) {
            const bool is_new = known == before.end() || !known->second.numbers.contains(target);
            if (is_new) { fresh.push_back(target); }
        }
    }
    return fresh;
}

std::vector<StateFilePath> PushedFiles::asked() const {
    std::vector<StateFilePath> files;
    for (const auto& [file, users] : users_) {
        files.push_back(file);
    }
    return files;
}

std::set<Prober::Number> PushedFiles::take(const StateFilePath& file, StateFileReading reading) {
    const auto users = users_.find(file);
    if (users == users_.end()) { return {}; }  // asked no more
    readings_.insert_or_assign(file, std::move(reading));
    return users->second.numbers;
}

std::vector<std::string> PushedFiles::warnings() const {
    constexpr std::size_t kShown = 3;
    std::vector<std::string> texts;
    for (const auto& [file, reading] : readings_) {
        if (reading.state == nullptr) { continue; }
        const std::vector<std::string> others = reading.state->keys_beside(users_.at(file).keys);
        if (others.empty()) { continue; }
        std::string text = file.named_by + ": " + file.name + " states what no check asks for: ";
        for (std::size_t i = 0; i < std::min(kShown, others.size()); ++i) {
            text += (i == 0 ? "" : ", ") + network_text(others[i]);
        }
        if (others.size() > kShown) {
            text += " and " + std::to_string(others.size() - kShown) + " more";
        }
        texts.push_back(std::move(text));
    }
    return texts;
}

}  // namespace meridian::server
