// Checks which signed zones are refused, and which are served on without their signatures.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "meridian/clock.h"
#include "server/runtime/status_keeper.h"
#include "server/sources/library_shelf.h"
#include "server/sources/served_data.h"
#include "server/sources/zone_check.h"
#include "server/sources/zone_loader.h"
#include "tests/server/served_directory.h"
#include "tests/server/told.h"

namespace meridian::server {
namespace {

using test::told;
using testing::HasSubstr;
using testing::Not;

const std::string kSignature =
    "RRSIG SOA 13 2 3600 20301201000000 20261101000000 2642 a.example. AQID\n";
const std::string kError = "error: a.example. is signed, and signatures are not served yet";
const std::string kWarning = "warning: a.example. is signed, and served without its signatures";

std::string master_text(const std::string& more) {
    return "$TTL 1h\n@ SOA ns.example.net. admin 1 2h 15m 2w 1m\n  NS ns.example.net.\n"
           "  NS ns.example.com.\n" +
           more;
}

/// Servers that run one after the other over the same directories.
class SignedZones : public testing::Test {
protected:
    SignedZones() { directory_.write_zone("b.example.zone", master_text("")); }

    std::string write(const std::string& more, const std::string& file = "a.example.zone") {
        return directory_.write_zone(file, master_text(more));
    }
    LoadReport start() {
        data_ = nullptr;
        data_ = std::make_unique<ServedData>(directory_.data(), directory_.state(), clock_);
        LoadReport report = data_->load();
        if (report.snapshot) { keep(); }
        return report;
    }
    LoadReport reload() {
        LoadReport report = data_->reload(false);
        keep();
        return report;
    }
    void keep() {
        while (!*data_->save_state()) {}
    }
    /// As an old version did, which served signed zones without a warning and saved the serial.
    void serve_as_before(const std::string& file) {
        LibraryShelf shelf;
        const SerialStore none;
        const LoadedFile loaded = *load_zone(file, nullptr, {none}, shelf).loaded;
        SerialStore serials;
        serials.remember(
            {{loaded.zones.at(0).apex(), {loaded.contents.at(0), loaded.zones.at(0).serial()}}});
        ASSERT_TRUE(serials.save(directory_.state()));
    }

    test::ServedDirectory directory_;
    SystemClock clock_;
    std::unique_ptr<ServedData> data_;
};

TEST_F(SignedZones, AreAnErrorWhenTheFileIsNew) {
    const std::string file = write("@ " + kSignature);
    const LoadReport report = start();
    EXPECT_FALSE(report.snapshot);
    EXPECT_THAT(told(report.diagnostics), HasSubstr(file + ":5:3: " + kError));
    EXPECT_THAT(told(check_zone_files({file}).diagnostics), HasSubstr(kError));
}

TEST_F(SignedZones, AreAnErrorInTomlAndInFilesThatItNames) {
    const std::string head =
        "zone = \"a.example\"\nnameservers = [\"ns.example.net.\", \"ns.example.com.\"]\n";
    const std::string toml = directory_.write(
        "zones/a.toml", head +
                            "[records]\n\"@\".rrsig = \"SOA 13 2 3600 20301201000000 "
                            "20261101000000 2642 @ AQID\"\n");
    EXPECT_THAT(told(check_zone_files({toml}).diagnostics),
                HasSubstr("a.toml:4:5: error: records.\"@\".rrsig: "));
    directory_.write("zones/part", "@ 60 " + kSignature);
    const std::string both = directory_.write("zones/a.toml", head + "records_from = [\"part\"]\n");
    EXPECT_THAT(told(check_zone_files({both}).diagnostics), HasSubstr("zones/part:1:6: " + kError));
}

TEST_F(SignedZones, AreNotThoseWithKeysAlone) {
    const std::string file = write(
        "@ DNSKEY 257 3 13 AQID\n@ CDNSKEY 257 3 13 AQID\n@ CDS 0 0 0 00\n"
        "sub NS ns.example.net.\nsub DS 60485 5 1 2BB183AF5F22588179A53B0A98631FAD1A292118\n"
        "@ NSEC3PARAM 1 0 0 -\nsub " +
        kSignature);
    EXPECT_EQ(told(check_zone_files({file}).diagnostics), "");
    EXPECT_TRUE(start().snapshot);
}

TEST_F(SignedZones, DoNotReplaceAnUnsignedVersionThatRuns) {
    write("www A 192.0.2.1\n");
    ASSERT_TRUE(start().snapshot);
    const std::string file = write("www A 192.0.2.2\n@ " + kSignature);
    for (int round = 0; round < 2; ++round) {
        const LoadReport report = round == 0 ? reload() : start();
        EXPECT_THAT(told(report.diagnostics), HasSubstr(kError));
        EXPECT_THAT(report.files_with_errors(), testing::ElementsAre(file));
        EXPECT_FALSE(data_->files().at(file)->zones.at(0).is_signed());
    }
}

TEST_F(SignedZones, ThatWereServedBeforeAreServedOnWithAWarning) {
    const std::string file = write("@ " + kSignature);
    serve_as_before(file);
    for (int round = 0; round < 2; ++round) {
        const LoadReport report = start();
        ASSERT_TRUE(report.snapshot) << told(report.diagnostics);
        EXPECT_THAT(told(report.diagnostics), HasSubstr(file + ":5:3: " + kWarning)) << round;
    }
    write("www A 192.0.2.2\n@ " + kSignature);
    EXPECT_THAT(told(reload().diagnostics), HasSubstr(kWarning)) << "changed while it runs";
    write("www A 192.0.2.3\n@ " + kSignature);
    const LoadReport changed = start();
    EXPECT_THAT(told(changed.diagnostics), HasSubstr(kWarning)) << "changed between two runs";
    EXPECT_TRUE(changed.files_with_errors().empty());

    StatusBoard board;
    StatusKeeper keeper(*data_, board, clock_);
    keeper.note_start(changed);
    ASSERT_EQ(board.latest()->zones.size(), 2U);
    EXPECT_THAT(board.latest()->zones[0].warning, HasSubstr("without its signatures"));
    EXPECT_EQ(board.latest()->zones[1].warning, "");

    write("www A 192.0.2.4\n");
    EXPECT_THAT(told(reload().diagnostics), Not(HasSubstr("signed")));
    write("@ " + kSignature);
    EXPECT_THAT(told(reload().diagnostics), HasSubstr(kError)) << "it was unsigned in between";
}

TEST_F(SignedZones, KnownByNameAloneAreNew) {
    const std::string file = write("www A 192.0.2.1\n");
    serve_as_before(file);
    write("@ " + kSignature);
    EXPECT_THAT(told(start().diagnostics), HasSubstr(kError));
}

}  // namespace
}  // namespace meridian::server
