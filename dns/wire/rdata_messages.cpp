// Makes errors of the messages about RDATA.
//
// SPDX-License-Identifier: Apache-2.0
#include "dns/wire/rdata_messages.h"

#include <span>
#include <string>
#include <utility>

#include "meridian/assert.h"
#include "meridian/filled.h"

namespace meridian::dns {

RdataError refused(const RdataMessage& message, std::size_t column,
                   std::initializer_list<std::string_view> values) {
    std::span<const std::string_view> left(values.begin(), values.size());
    std::string text = filled(message.text, left);
    std::string hint = filled(message.hint, left);
    MERIDIAN_ASSERT(left.empty());
    return {message.code, std::move(text), std::move(hint), column};
}

const RdataMessage& name_message(NameError error) {
    switch (error) {
        case NameError::Empty:
            return messages::kNameEmpty;
        case NameError::EmptyLabel:
            return messages::kLabelEmpty;
        case NameError::LabelTooLong:
            return messages::kLabelTooLong;
        case NameError::NameTooLong:
            return messages::kNameTooLong;
        case NameError::BadEscape:
            return messages::kNameEscape;
        case NameError::Space:
            return messages::kNameSpace;
        case NameError::NotAscii:
            return messages::kNameNotAscii;
    }
    MERIDIAN_ASSERT(false);
}

}  // namespace meridian::dns
