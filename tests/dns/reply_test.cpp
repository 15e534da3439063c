// Checks what is taken for a reply to a question, and which records are found in it.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/dns/reply.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace meridian::dns {
namespace {

using Octets = std::vector<std::uint8_t>;

constexpr std::size_t kFlags = 2;
constexpr std::size_t kRcode = 3;
constexpr std::size_t kQuestions = 5;
constexpr std::size_t kAnswers = 7;

Octets question() {
    return question_message(0x1234, Name::parse_absolute("WWW.beigel.example").value(), Type::A);
}

/// The question as a reply has it, with so many answers announced.
Octets reply(std::uint8_t answers = 0) {
    Octets octets = question();
    octets[kFlags] |= 0x80;
    octets[kAnswers] = answers;
    return octets;
}

/// A record whose owner is a pointer to the question.
void add_record(Octets& octets, Type type, const Octets& rdata, std::uint8_t qclass = 1) {
    const Octets head{0xc0, 12, 0, static_cast<std::uint8_t>(type),        0, qclass, 0, 0,
                      0,    60, 0, static_cast<std::uint8_t>(rdata.size())};
    octets.insert(octets.end(), head.begin(), head.end());
    octets.insert(octets.end(), rdata.begin(), rdata.end());
}

bool is_reply(const Octets& octets) {
    return ReplyReader(octets, question()).is_reply();
}

TEST(QuestionMessage, IsAPlainQuestionWithRecursionDesired) {
    const Octets octets = question();
    EXPECT_EQ(Octets(octets.begin(), octets.begin() + 12),
              (Octets{0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0}));
    EXPECT_EQ(Octets(octets.end() - 5, octets.end()), (Octets{0, 0, 1, 0, 1}));
}

TEST(ReplyReader, TakesARepliesOfTheSameQuestionInAnyCase) {
    Octets octets = reply();
    EXPECT_TRUE(is_reply(octets));
    octets[13] = 'w';
    EXPECT_TRUE(is_reply(octets));
}

TEST(ReplyReader, PassesOverWhatIsNoReplyToTheQuestion) {
    EXPECT_FALSE(is_reply({}));
    EXPECT_FALSE(is_reply(question())) << "QR is not set";
    const auto with = [](std::size_t at, std::uint8_t octet) {
        Octets octets = reply();
        octets[at] = octet;
        return octets;
    };
    EXPECT_FALSE(is_reply(with(1, 0x35))) << "another ID";
    EXPECT_FALSE(is_reply(with(kFlags, 0xa1))) << "NOTIFY";
    EXPECT_FALSE(is_reply(with(kQuestions, 2)));
    EXPECT_FALSE(is_reply(with(14, 'x'))) << "another name";
    EXPECT_FALSE(is_reply(with(question().size() - 3, 28))) << "another type";
    EXPECT_FALSE(is_reply(with(question().size() - 1, 3))) << "another class";
    Octets cut = reply();
    cut.pop_back();
    EXPECT_FALSE(is_reply(cut));
}

TEST(ReplyReader, TakesAnErrorWithoutTheQuestionAndNoOtherReply) {
    Octets octets = reply();
    octets.resize(12);
    octets[kQuestions] = 0;
    EXPECT_FALSE(is_reply(octets));
    octets[kRcode] = 1;
    EXPECT_TRUE(is_reply(octets));
    EXPECT_EQ(ReplyReader(octets, question()).rcode(), Rcode::FormErr);
    octets[kAnswers] = 1;
    EXPECT_FALSE(is_reply(octets));
}

TEST(ReplyReader, FindsTheRecordsOfTheAnswerSectionAlone) {
    Octets octets = reply(3);
    octets[kFlags] |= 2;
    add_record(octets, Type::CNAME, {1, 'a', 0});
    add_record(octets, Type::TXT, {1, 'x'}, 3);  // of class CH
    add_record(octets, Type::A, {192, 0, 2, 1});
    add_record(octets, Type::A, {192, 0, 2, 2});  // of the next section
    ReplyReader reader(octets, question());
    ASSERT_TRUE(reader.is_reply());
    EXPECT_TRUE(reader.is_truncated());
    EXPECT_EQ(reader.next()->type, Type::CNAME);
    const auto address = reader.next();
    ASSERT_TRUE(address);
    EXPECT_EQ(address->type, Type::A);
    EXPECT_EQ(Octets(address->rdata.begin(), address->rdata.end()), (Octets{192, 0, 2, 1}));
    EXPECT_FALSE(reader.next());
    EXPECT_FALSE(reader.is_malformed());
}

TEST(ReplyReader, EndsAtOctetsThatMakeNoRecord) {
    Octets whole = reply(1);
    const std::size_t begin = whole.size();
    add_record(whole, Type::A, {192, 0, 2, 1});
    for (std::size_t octets = begin; octets < whole.size(); ++octets) {
        SCOPED_TRACE(octets);
        const Octets cut(whole.begin(), whole.begin() + static_cast<long>(octets));
        ReplyReader reader(cut, question());
        EXPECT_FALSE(reader.next());
        EXPECT_TRUE(reader.is_malformed());
        EXPECT_FALSE(reader.next()) << "once more";
        EXPECT_TRUE(reader.is_malformed());
    }
    Octets bad_label = whole;
    bad_label[begin] = 0x40;
    ReplyReader reader(bad_label, question());
    EXPECT_FALSE(reader.next());
    EXPECT_TRUE(reader.is_malformed());
}

}  // namespace
}  // namespace meridian::dns
