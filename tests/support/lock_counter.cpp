// Replaces the functions that lock by functions that count.
//
// SPDX-License-Identifier: Apache-2.0
#include <dlfcn.h>
#include <pthread.h>

#include "tests/support/call_counters.h"

namespace {

thread_local std::uint64_t calls = 0;

}  // namespace

std::uint64_t meridian::lock_count() {
    return calls;
}

#ifdef MERIDIAN_SANITIZED

const bool meridian::kCountsLocks = false;

#else

const bool meridian::kCountsLocks = true;

namespace {

/// The library's own function, which ours hides.
template <typename Function>
Function* next(const char* name) {
    return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" {

int pthread_mutex_lock(pthread_mutex_t* mutex) {
    static auto* const lock = next<int(pthread_mutex_t*)>("pthread_mutex_lock");
    ++calls;
    return lock(mutex);
}

int pthread_mutex_trylock(pthread_mutex_t* mutex) {
    static auto* const lock = next<int(pthread_mutex_t*)>("pthread_mutex_trylock");
    ++calls;
    return lock(mutex);
}

int pthread_rwlock_rdlock(pthread_rwlock_t* rwlock) {
    static auto* const lock = next<int(pthread_rwlock_t*)>("pthread_rwlock_rdlock");
    ++calls;
    return lock(rwlock);
}

int pthread_rwlock_wrlock(pthread_rwlock_t* rwlock) {
    static auto* const lock = next<int(pthread_rwlock_t*)>("pthread_rwlock_wrlock");
    ++calls;
    return lock(rwlock);
}

}  // extern "C"

#endif
