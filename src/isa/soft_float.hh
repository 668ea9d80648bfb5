// SPDX-License-Identifier: BSD-3-Clause
// Floating-point arithmetic on integers, exact in every rounding mode, for what the host cannot do.
#pragma once
#include "isa/float_format.hh"

namespace sim {

// Each takes and gives bits of the format, and ORs exceptions into flags. NaN results are canonical.
template <class F> typename F::Bits soft_add(typename F::Bits a, typename F::Bits b, u8 rounding, u8 &flags);
template <class F>
typename F::Bits soft_multiply(typename F::Bits a, typename F::Bits b, u8 rounding, u8 &flags);
template <class F>
typename F::Bits soft_divide(typename F::Bits a, typename F::Bits b, u8 rounding, u8 &flags);
template <class F> typename F::Bits soft_square_root(typename F::Bits a, u8 rounding, u8 &flags);
// a * b + c with one rounding.
template <class F>
typename F::Bits soft_multiply_add(typename F::Bits a, typename F::Bits b, typename F::Bits c, u8 rounding,
                                   u8 &flags);

template <class F> typename F::Bits soft_from_integer(bool negative, u64 magnitude, u8 rounding, u8 &flags);
// Saturates with kInvalid outside [-least, greatest] (least = 0: unsigned); NaN gives greatest.
template <class F> u64 soft_to_integer(typename F::Bits a, u64 least, u64 greatest, u8 rounding, u8 &flags);
u32 soft_narrow(u64 a, u8 rounding, u8 &flags);   // double to single

}  // namespace sim
