// SPDX-License-Identifier: BSD-3-Clause
// One floating-point instruction of the host with the exceptions it raised, rounding to nearest even.
#pragma once
#include "isa/float_format.hh"

namespace sim {

#if defined(__x86_64__)
inline constexpr bool kHostHasFlags = true;

// The whole sequence is one asm statement: the compiler can move nothing in between, and no other operation's
// flags are seen. It leaves the host's default mode (round to nearest, all exceptions masked) as it found it.
// Needs the variables a (operand and result), status and clear.
#define HOST_SEQUENCE(instruction, ...) \
    asm volatile("ldmxcsr %[clear]\n\t" instruction "\n\tstmxcsr %[status]" \
                 : [a] "+x"(a), [status] "=m"(status) : [clear] "m"(clear), __VA_ARGS__)
#define HOST_OPERATION(operation, single, twofold) \
    template <class T> \
    inline T operation(T a, T b, u8 &flags) { \
        u32 status; \
        const u32 clear = kHostDefault; \
        if constexpr (sizeof(T) == 4) HOST_SEQUENCE(single " %[b], %[a]", [b] "x"(b)); \
        else HOST_SEQUENCE(twofold " %[b], %[a]", [b] "x"(b)); \
        flags |= raised(status); \
        return a; \
    }

inline constexpr u32 kHostDefault = 0x1f80;   // MXCSR: exceptions masked, none pending, round to nearest even

// MXCSR's invalid, (denormal), divide, overflow, underflow, precision bits in the order of fflags.
constexpr u8 raised(u32 status) {
    return u8((status & 1) << 4 | (status & 4) << 1 | (status & 8) >> 1 | (status & 16) >> 3 |
              (status & 32) >> 5);
}

HOST_OPERATION(host_add, "addss", "addsd")
HOST_OPERATION(host_multiply, "mulss", "mulsd")
HOST_OPERATION(host_divide, "divss", "divsd")
HOST_OPERATION(host_square_root, "sqrtss", "sqrtsd")   // of b; a is not used

inline float host_narrow(double b, u8 &flags) {
    u32 status;
    const u32 clear = kHostDefault;
    float a = 0;
    HOST_SEQUENCE("cvtsd2ss %[b], %[a]", [b] "x"(b));
    flags |= raised(status);
    return a;
}

// The root without looking at flags (std::sqrt sets errno).
template <class T>
inline T host_root(T a) {
    if constexpr (sizeof(T) == 4) asm("sqrtss %[a], %[a]" : [a] "+x"(a));
    else asm("sqrtsd %[a], %[a]" : [a] "+x"(a));
    return a;
}

// Only where host_multiplies_and_adds(). a = a * b + c, rounded once.
template <class T>
inline T host_multiply_add(T a, T b, T c, u8 &flags) {
    u32 status;
    const u32 clear = kHostDefault;
    if constexpr (sizeof(T) == 4) HOST_SEQUENCE("vfmadd213ss %[c], %[b], %[a]", [b] "x"(b), [c] "x"(c));
    else HOST_SEQUENCE("vfmadd213sd %[c], %[b], %[a]", [b] "x"(b), [c] "x"(c));
    flags |= raised(status);
    return a;
}
// The same without looking at flags.
template <class T>
inline T host_fused(T a, T b, T c) {
    if constexpr (sizeof(T) == 4) asm("vfmadd213ss %[c], %[b], %[a]" : [a] "+x"(a) : [b] "x"(b), [c] "x"(c));
    else asm("vfmadd213sd %[c], %[b], %[a]" : [a] "+x"(a) : [b] "x"(b), [c] "x"(c));
    return a;
}
#undef HOST_OPERATION
#undef HOST_SEQUENCE

inline const bool kHostMultipliesAndAdds = __builtin_cpu_supports("fma");
inline bool host_multiplies_and_adds() { return kHostMultipliesAndAdds; }

#else   // every operation in software
inline constexpr bool kHostHasFlags = false;
template <class T> T host_add(T, T, u8 &) { return {}; }
template <class T> T host_multiply(T, T, u8 &) { return {}; }
template <class T> T host_divide(T, T, u8 &) { return {}; }
template <class T> T host_square_root(T, T, u8 &) { return {}; }
template <class T> T host_multiply_add(T, T, T, u8 &) { return {}; }
template <class T> T host_fused(T, T, T) { return {}; }
template <class T> T host_root(T) { return {}; }
inline float host_narrow(double, u8 &) { return 0; }
inline bool host_multiplies_and_adds() { return false; }
#endif

}  // namespace sim
