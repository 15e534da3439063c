// Registers every scenario as a test of its own, played in process.
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <exception>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/scenario.h"
#include "tests/support/scenario_runner.h"

namespace meridian::tests {
namespace {

class PlayedScenario : public ::testing::Test {
public:
    PlayedScenario(const ScenarioFile& file, const Scenario& scenario)
        : file_(file), scenario_(scenario) {}

    void TestBody() override {
        ScenarioRunner runner(file_, SCENARIO_FOLDER, WORLD_FOLDER);
        for (const std::string& complaint : runner.play(scenario_)) {
            ADD_FAILURE_AT(file_.path.c_str(), static_cast<int>(scenario_.line))
                << scenario_.title << "\n    " << complaint;
        }
    }

private:
    const ScenarioFile& file_;
    const Scenario& scenario_;
};

/// "A wildcard is no answer." becomes AWildcardIsNoAnswer.
std::string test_name(const std::string& title) {
    std::string name;
    bool starts_word = true;
    for (const char character : title) {
        if (std::isalnum(static_cast<unsigned char>(character)) == 0) {
            starts_word = true;
            continue;
        }
        const int letter = static_cast<unsigned char>(character);
        name += static_cast<char>(starts_word ? std::toupper(letter) : letter);
        starts_word = false;
    }
    return name;
}

std::vector<std::unique_ptr<const ScenarioFile>> read_all(const std::filesystem::path& folder) {
    std::vector<std::unique_ptr<const ScenarioFile>> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().extension() != ".scenario") { continue; }
        files.push_back(std::make_unique<const ScenarioFile>(read_scenarios(entry.path())));
    }
    return files;
}

void register_scenarios(const ScenarioFile& file) {
    const std::string suite = "Scenario_" + std::filesystem::path(file.path).stem().string();
    for (const Scenario& scenario : file.scenarios) {
        ::testing::RegisterTest(suite.c_str(), test_name(scenario.title).c_str(), nullptr, nullptr,
                                file.path.c_str(), static_cast<int>(scenario.line),
                                [&]() { return new PlayedScenario(file, scenario); });
    }
}

}  // namespace
}  // namespace meridian::tests

int main(int argc, char** argv) {
    ::testing::InitGoogleTest(&argc, argv);
    try {
        const auto files = meridian::tests::read_all(SCENARIO_FOLDER);
        for (const auto& file : files) {
            meridian::tests::register_scenarios(*file);
        }
        return RUN_ALL_TESTS();
    } catch (const std::exception& error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
}
