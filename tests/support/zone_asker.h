// Compiles zone models, queries them, and returns answers as text.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "meridian/geo/atlas.h"
#include "meridian/limits.h"
#include "meridian/zones/answer.h"
#include "meridian/zones/compiler.h"
#include "tests/support/message_builder.h"
#include "tests/support/message_decoder.h"
#include "tests/support/model_zone.h"

namespace meridian::test {

/// A world without any place: every client gets the default order.
inline std::shared_ptr<const geo::Atlas> empty_atlas() {
    return std::make_shared<geo::Atlas>(geo::AtlasBuilder().build());
}

inline zones::CompileInput input_of(const std::vector<ModelZone>& models) {
    zones::CompileInput input;
    for (const ModelZone& model : models) {
        input.zones.push_back(model.shared());
    }
    input.atlas = empty_atlas();
    return input;
}

/// "NOERROR aa" and the like.
inline std::string head_of(const tests::DecodedMessage& message) {
    return tests::rcode_name(message.rcode) + (message.authoritative ? " aa" : "") +
           (message.truncated ? " tc" : "");
}

inline std::vector<std::string> texts_of(const std::vector<tests::DecodedRecord>& records) {
    std::vector<std::string> texts;
    for (const tests::DecodedRecord& record : records) {
        texts.push_back(record.text());
    }
    return texts;
}

class ZoneAsker {
public:
    explicit ZoneAsker(std::shared_ptr<const zones::Snapshot> snapshot)
        : serving_(std::move(snapshot)) {}
    explicit ZoneAsker(zones::Serving serving, const zones::BatchContext& context = {})
        : serving_(std::move(serving)), context_(context) {}
    explicit ZoneAsker(const std::vector<ModelZone>& models)
        : ZoneAsker(zones::compile(input_of(models)).value()) {}

    tests::DecodedMessage ask(std::string_view name, dns::Type type,
                              const tests::QueryOptions& options = {}) {
        return send(name, type, options, false);
    }
    tests::DecodedMessage ask_over_tcp(std::string_view name, dns::Type type) {
        return send(name, type, {}, true);
    }
    /// Of the last reply.
    [[nodiscard]] std::size_t last_octets() const { return last_octets_; }

private:
    tests::DecodedMessage send(std::string_view name, dns::Type type,
                               const tests::QueryOptions& options, bool over_stream) {
        const auto query = tests::build_query(name, type, options);
        std::copy(query.begin(), query.end(), buffer_.begin());
        dns::Request request{
            buffer_, query.size(), {IpAddress::v4(0xc0000235), 5353}, over_stream, 0};
        zones::answer(serving_, context_, {&request, 1}, *state_);
        last_octets_ = request.reply_octets;
        return tests::decode_message(std::span(buffer_).first(last_octets_));
    }

    zones::Serving serving_;
    zones::BatchContext context_;
    std::unique_ptr<zones::AnswerState> state_ = std::make_unique<zones::AnswerState>();
    std::size_t last_octets_ = 0;
    std::vector<std::uint8_t> buffer_ = std::vector<std::uint8_t>(kMaxTcpOctets);
};

}  // namespace meridian::test
