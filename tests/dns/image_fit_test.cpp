// Tests how images are fitted into messages, whatever names stand there already.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/dns/image_fit.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "meridian/bytes.h"
#include "meridian/dns/message_name.h"
#include "tests/dns/packet.h"
#include "tests/support/seeds.h"

namespace meridian::dns {
namespace {

/// A message with a question, behind which images are written.
struct Message {
    explicit Message(std::string_view qname)
        : octets(header({}) + question(qname)),
          name{.octets = static_cast<std::uint8_t>(named(qname).octets())} {}

    /// The octets that the image became.
    Bytes append(const ImageBuffer& image, std::size_t owner_octets, std::size_t suffix_octets) {
        const Placement placement{name, static_cast<std::uint8_t>(owner_octets),
                                  static_cast<std::uint8_t>(suffix_octets)};
        view = image.view();
        begin = octets.size();
        octets.reserve(octets.size() + view.octets.size());
        const ImageFit fit(view, placement, octets, begin);
        octets.resize(begin + fit.octets());
        fit.write(std::span(octets).subspan(begin));
        for (const NamePointer place : target_pointers(view, Type::NS)) {
            places.push_back(place.is_somewhere() ? fit.offset_of(place) : 0);
        }
        return {octets.begin() + static_cast<std::ptrdiff_t>(begin), octets.end()};
    }

    Bytes octets;
    MessageName name;
    Image view;
    std::size_t begin = 0;
    std::vector<std::uint16_t> places;  ///< Where targets of NS lie.
};

ImageBuffer nameservers(std::string_view suffix, const std::vector<std::string_view>& targets) {
    RecordSet set{Type::NS, 60, {}};
    for (std::string_view target : targets) {
        set.records.push_back(wire(target));
    }
    return make_image(set, wire(suffix)).value();
}

Bytes to(std::size_t place) {
    return {static_cast<std::uint8_t>(0xc0 | place >> 8), static_cast<std::uint8_t>(place)};
}

TEST(ImageFit, PointersLeadToTheSuffixWhereverItIs) {
    const ImageBuffer image = nameservers("cut.test", {"ns.cut.test", "x.ns.cut.test", "a.test"});
    for (std::string_view front : {"", "a.", "a.bcd."}) {
        Message message(std::string(front) + "cut.test.");
        const std::size_t cut = 12 + front.size();
        const std::size_t start = message.octets.size();
        EXPECT_EQ(message.append(image, 10, 10),
                  record(to(cut), Type::NS, label("ns") + to(cut)) +
                      record(to(cut), Type::NS, label("x") + to(start + 12)) +
                      record(to(cut), Type::NS, label("a") + to(cut + 4)));
        EXPECT_EQ(message.places,
                  (std::vector<std::uint16_t>{static_cast<std::uint16_t>(start + 12),
                                              static_cast<std::uint16_t>(start + 29),
                                              static_cast<std::uint16_t>(start + 45)}));
    }
}

TEST(ImageFit, LabelsInFrontOfTheSuffixArePointedToAsWell) {
    const ImageBuffer image =
        nameservers("cut.test", {"a.cut.test", "b.ns.cut.test", "c.b.ns.cut.test", "ns.cut.test"});
    // QNAME is one of the nameservers' names, or lies below it.
    for (std::string_view front : {"ns.", "NS.", "z.ns.", "b.ns.", "z.b.ns."}) {
        Message message(std::string(front) + "cut.test.");
        const std::size_t cut = 12 + front.size();
        const bool has_b = front.find("b.") != front.npos;
        const Bytes reply = message.append(image, 10, 10);
        const std::size_t ns = cut - 3;
        const std::size_t b_ns = has_b ? cut - 5 : message.begin + 28;
        EXPECT_EQ(reply, record(to(cut), Type::NS, label("a") + to(cut)) +
                             record(to(cut), Type::NS, has_b ? to(b_ns) : label("b") + to(ns)) +
                             record(to(cut), Type::NS, label("c") + to(b_ns)) +
                             record(to(cut), Type::NS, to(ns)))
            << front;
        EXPECT_EQ(message.places.at(1), b_ns);
        EXPECT_EQ(message.places.at(3), ns);
    }
}

TEST(ImageFit, NamesThatPointToWhatWasCutOffAreCutInTheirTurn) {
    const ImageBuffer image =
        nameservers("cut.test", {"ns.cut.test", "a.ns.cut.test", "b.a.ns.cut.test", "x.cut.test"});
    Message message("b.a.ns.cut.test.");
    EXPECT_EQ(message.append(image, 10, 10),
              record(to(19), Type::NS, to(16)) + record(to(19), Type::NS, to(14)) +
                  record(to(19), Type::NS, to(12)) + record(to(19), Type::NS, label("x") + to(19)));
    EXPECT_EQ(message.places, (std::vector<std::uint16_t>{
                                  16, 14, 12, static_cast<std::uint16_t>(message.begin + 54)}));
}

TEST(ImageFit, OctetsThatOnlyLookLikeALabelAreNoneToPointTo) {
    const ImageBuffer image = nameservers("cut.test", {"ns.cut.test"});
    Message message("x\\002ns.cut.test.");
    EXPECT_EQ(message.append(image, 10, 10), record(to(17), Type::NS, label("ns") + to(17)));
}

TEST(ImageFit, AWildcardsNamesMayBeTheOneThatIsAskedFor) {
    const ImageBuffer image = nameservers("w.test", {"*.w.test", "a.b.w.test"});
    Message star("*.w.test.");
    EXPECT_EQ(star.append(image, 10, 8),
              record(to(12), Type::NS, to(12)) +
                  record(to(12), Type::NS, label("a") + label("b") + to(14)));
    Message covered("a.b.w.test.");
    EXPECT_EQ(covered.append(image, 12, 8),
              record(to(12), Type::NS, label("*") + to(16)) + record(to(12), Type::NS, to(12)));
}

TEST(ImageFit, UnderTheRootWholeNamesAreFound) {
    const ImageBuffer image = nameservers(".", {"a.root.net", "b.root.net", "net"});
    Message message("x.net.");
    const Bytes reply = message.append(image, 1, 1);
    EXPECT_EQ(reply, record(to(18), Type::NS, label("a") + label("root") + to(14)) +
                         record(to(18), Type::NS, label("b") + to(message.begin + 14)) +
                         record(to(18), Type::NS, to(14)));
}

TEST(ImageFit, TheRootIsAnOwnerWithoutAPointer) {
    const Bytes root{0};
    const Bytes numbers(20, 1);
    const ImageBuffer image = make_image({Type::SOA, 60, {wire("a.net") + wire("b.net") + numbers}},
                                         wire("."), ImageOwner::Root)
                                  .value();
    Message message("a.net.");
    EXPECT_EQ(message.append(image, 1, 1),
              record(root, Type::SOA, to(12) + label("b") + to(14) + numbers));
}

/// A name of few labels of few kinds, so that names often share labels.
std::string random_front(std::mt19937_64& random) {
    static const std::vector<std::string> kLabels{"a", "b", "ns", "NS", "\\001a", "*"};
    std::string text;
    for (auto count = random() % 4; count > 0; --count) {
        text += kLabels[random() % kLabels.size()] + ".";
    }
    return text;
}

TEST(ImageFit, EveryNameReadsAsItWasAndNoneIsLongerThanTheImagesOwn) {
    for (const std::uint64_t seed : test::seeds(400)) {
        SCOPED_TRACE(test::seed_note(seed));
        std::mt19937_64 random(seed);
        const std::string suffix = random() % 8 == 0 ? "." : "cut.test.";
        const std::string end = suffix == "." ? "" : suffix;
        const auto any_name = [&](const std::string& top) {
            const std::string text = random_front(random) + top;
            return text.empty() ? "." : text;
        };
        std::vector<std::string> targets;
        for (auto count = 1 + random() % 6; count > 0; --count) {
            targets.push_back(any_name(random() % 4 == 0 ? "test." : end));
        }
        const ImageBuffer image =
            nameservers(suffix, std::vector<std::string_view>(targets.begin(), targets.end()));
        Message message(any_name(end));
        const std::size_t suffix_octets = named(suffix).octets();
        const Bytes written = message.append(image, suffix_octets, suffix_octets);
        EXPECT_LE(written.size(), image.octets.size());
        std::size_t at = message.begin;
        for (std::size_t i = 0; i < targets.size(); ++i) {
            EXPECT_EQ(name_at(message.octets, at), named(suffix));
            at += 10;
            const std::size_t rdata_at = at;
            EXPECT_EQ(name_at(message.octets, at), named(targets[i]));
            EXPECT_EQ(load_u16(message.octets, rdata_at - 2), at - rdata_at);
            std::size_t place = message.places[i];
            EXPECT_EQ(name_at(message.octets, place), named(targets[i]));
        }
        EXPECT_EQ(at, message.octets.size());
    }
}

TEST(MessageName, IsReadThroughPointers) {
    // 0: a.test. 8: b + pointer to 0. 12: a pointer to 8.
    const Bytes message = wire("a.test") + label("b") + to(0) + to(8);
    EXPECT_EQ(offset_in_name(message, 0, 0), 0u);
    EXPECT_EQ(offset_in_name(message, 12, 0), 8u);
    EXPECT_EQ(offset_in_name(message, 12, 2), 0u);
    EXPECT_EQ(offset_in_name(message, 12, 4), 2u);
    EXPECT_EQ(offset_in_name(message, 12, 9), 7u);
    Bytes front(4);
    copy_front_of_name(message, 12, front);
    EXPECT_EQ(front, label("b") + label("a"));

    const Bytes names = message + wire("B.A.test") + wire("a") + wire("b.a.tes");
    EXPECT_TRUE(is_same_name_at(names, 12, 14));
    EXPECT_TRUE(is_same_name_at(names, 8, 12));
    EXPECT_FALSE(is_same_name_at(names, 0, 14));
    EXPECT_FALSE(is_same_name_at(names, 0, 24));
    EXPECT_FALSE(is_same_name_at(names, 12, 27));

    const Bytes labels = label("x") + label("ns") + label("a");
    EXPECT_EQ(shared_label_octets(labels, labels), labels.size());
    EXPECT_EQ(shared_label_octets(labels, label("NS") + label("A")), 5u);
    EXPECT_EQ(shared_label_octets(label("a"), labels), 2u);
    EXPECT_EQ(shared_label_octets(labels, label("b")), 0u);
    EXPECT_EQ(shared_label_octets({}, labels), 0u);
}

}  // namespace
}  // namespace meridian::dns
