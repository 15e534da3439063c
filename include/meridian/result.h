// Carries a value or the error that stands in its place.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <type_traits>
#include <utility>
#include <variant>

#include "meridian/assert.h"

namespace meridian {

/// Marks an error on its way into a Result: `return Failure{error};`.
template <typename E>
struct Failure {
    E error;
};
template <typename E>
Failure(E) -> Failure<E>;

/// A value of type T, or an error of type E; never both, never neither.
///
/// For what an operator or the system can get wrong (STYLE rule 9). To ask for the one that is not
/// there is our own mistake, so it asserts.
template <typename T, typename E>
class [[nodiscard]] Result {
public:
    Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
    template <typename F>
    Result(Failure<F> failure) : state_(std::in_place_index<1>, std::move(failure.error)) {}

    [[nodiscard]] bool ok() const { return state_.index() == 0; }
    explicit operator bool() const { return ok(); }

    [[nodiscard]] const T& value() const& {
        MERIDIAN_ASSERT(ok());
        return std::get<0>(state_);
    }
    [[nodiscard]] T& value() & {
        MERIDIAN_ASSERT(ok());
        return std::get<0>(state_);
    }
    [[nodiscard]] T value() && {
        MERIDIAN_ASSERT(ok());
        return std::get<0>(std::move(state_));
    }
    [[nodiscard]] const E& error() const& {
        MERIDIAN_ASSERT(!ok());
        return std::get<1>(state_);
    }
    [[nodiscard]] E error() && {
        MERIDIAN_ASSERT(!ok());
        return std::get<1>(std::move(state_));
    }

    const T* operator->() const { return &value(); }
    T* operator->() { return &value(); }
    const T& operator*() const& { return value(); }
    T& operator*() & { return value(); }

private:
    std::variant<T, E> state_;
};

/// No value: the Result only says whether an operation worked.
struct Unit {};

}  // namespace meridian
