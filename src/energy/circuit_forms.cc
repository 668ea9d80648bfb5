// SPDX-License-Identifier: BSD-3-Clause
// The fitted forms, and how one is evaluated.
//
// Source: non-negative least squares on the relative error against CACTI 7.0 runs at 22, 28, 32, 45 and 90 nm
// (itrs-hp cells, 350 K, conservative semi-global wires, optimised for energy x delay^2);
// traces/energy/README.md has the data and its conventions, tests/energy the errors. Coefficients hold at 22
// nm; a node's factor scales the whole sum.
#include "energy/circuit_forms.hh"
#include <algorithm>
#include <cmath>
#include <string_view>

namespace sim {
namespace {

// Names of the quantities, in the order of quantities().
constexpr std::string_view kNames[] = {"N", "W",  "P", "S", "k", "A",       "sets",
                                       "B", "KB", "w", "h", "L", "log2(N)", "log2(B)"};
constexpr u32 kQuantities = std::size(kNames);

std::array<double, kQuantities> quantities(const ArrayShape &s) {
    return {s.words,
            s.bits,
            s.ports,
            s.search_ports,
            s.key_bits,
            s.ways,
            s.sets,
            s.capacity_bits,
            s.kibibytes,
            s.cell_width,
            s.cell_height,
            s.side,
            std::log2(s.words),
            std::log2(s.capacity_bits)};
}

// coefficient x product of quantities, written as in the fit: "W*sqrt(N*h)". Parsed by the compiler: a
// misspelt quantity does not compile.
struct Term {
    double coefficient = 0;
    std::string_view product;
    std::array<u8, kQuantities> half_powers{};   // twice the exponent of each quantity

    constexpr Term() = default;
    consteval Term(double c, const char *text) : coefficient(c), product(text) {
        std::string_view rest = text;
        while (!rest.empty()) {
            const bool is_root = rest.starts_with("sqrt(");
            if (is_root) rest.remove_prefix(5);
            const auto end = is_root ? rest.find(')') : factor_end(rest);
            add(rest.substr(0, end), is_root ? 1 : 2);
            rest.remove_prefix(std::min(rest.size(), end + (is_root ? 2 : 1)));
        }
    }

  private:
    static constexpr std::size_t factor_end(std::string_view text) {
        return std::min(text.find('*'), text.size());
    }
    constexpr void add(std::string_view product, u8 half_power) {
        while (!product.empty()) {
            const auto end = factor_end(product);
            const std::string_view name = product.substr(0, end);
            if (name != "1") {
                u32 i = 0;
                while (kNames[i] != name) ++i;   // beyond the last name: not a constant expression
                half_powers[i] += half_power;
            }
            product.remove_prefix(std::min(product.size(), end + 1));
        }
    }
};

struct Form {
    CircuitClass circuit;
    Target target;
    double node_scale[4];   // at 28, 32, 45 and 90 nm; 1 at 22 nm
    Term terms[7];
};

// clang-format off
constexpr Form kForms[] = {
    {CircuitClass::MultiPortRam, Target::Read, {1.5476, 1.94, 3.6213, 11.7072},
     {{0.0019265, "W"}, {5.544e-05, "W*P"}, {7.66e-07, "W*N*h"}, {1.7611e-06, "W*W*w"}, {0.013948,
      "log2(N)"}}},
    {CircuitClass::MultiPortRam, Target::Write, {1.5726, 1.9906, 3.7432, 12.3989},
     {{0.001786, "W"}, {8.785e-05, "W*P"}, {2.1176e-05, "W*N"}, {1.0787e-06, "W*N*h"}, {8.4371e-07,
      "W*W*w"}, {0.0081698, "log2(N)"}, {2.8586e-06, "W*sqrt(N*W*w*h)"}}},
    {CircuitClass::MultiPortRam, Target::Leakage, {1.5154, 1.9111, 6.15, 2.1436},
     {{0.0010248, "1"}, {1.7322e-05, "N*W"}, {4.9895e-06, "N*W*P"}, {1.6722e-06, "W*P"}, {1.3497e-07,
      "P*N"}, {4.3339e-08, "W*W*w"}, {5.1455e-06, "W*P*P"}}},
    {CircuitClass::MultiPortRam, Target::Area, {1.6031, 2.0975, 4.0928, 16.3671},
     {{6.2343e-10, "N*W*w*h"}, {2.0468e-09, "W*w*W*P"}, {5.01e-07, "W*P"}, {2.1533e-08, "N*h"},
      {3.7767e-08, "W*w"}, {4.3157e-08, "P*P*W"}, {2.3868e-08, "N*P*h"}}},
    {CircuitClass::MultiPortRam, Target::Access, {1.3314, 1.542, 2.0668, 5.0169},
     {{0.0077744, "log2(N)"}, {0.00029786, "sqrt(W*w)"}, {1.6624e-05, "sqrt(N*h*W*w)"}}},
    {CircuitClass::Cam, Target::Search, {1.5992, 2.1066, 4.0971, 13.4947},
     {{0.096993, "1"}, {0.0028359, "k"}, {0.0060052, "N"}, {9.4368e-06, "N*k*h"}, {5.4922e-06, "N*k*w"},
      {1.1308e-06, "k*k*w"}}},
    {CircuitClass::Cam, Target::Write, {1.5269, 1.8883, 3.4157, 11.2908},
     {{0.02339, "1"}, {0.00041024, "k"}, {2.5991e-06, "k*N*h"}, {6.4195e-06, "k*k*w"}}},
    {CircuitClass::Cam, Target::Leakage, {1.4587, 1.7924, 5.6084, 1.9874},
     {{1.3136e-05, "N*k"}, {1.0353e-05, "N*k*P"}, {4.0368e-05, "N*k*S"}, {0.0003778, "N"}, {2.9236e-05,
      "N*S*S"}, {0.00054988, "k"}, {0.0001271, "k*S*S"}}},
    {CircuitClass::Cam, Target::Area, {1.5915, 2.0738, 4.0544, 16.2764},
     {{0.00017327, "1"}, {7.6909e-10, "N*k*w*h"}, {3.1762e-06, "N*S"}, {1.6956e-07, "N*k*S"}, {4.2854e-07,
      "N*S*S"}, {3.6573e-07, "k*S*w"}, {1.5523e-09, "k*k*w*w"}}},
    {CircuitClass::Cam, Target::Access, {1.3509, 1.571, 2.1121, 5.0841},
     {{0.0037006, "1"}, {0.0086554, "log2(N)"}, {6.186e-06, "N*h"}, {1.7102e-05, "k*w"}}},
    {CircuitClass::OnePortSram, Target::Read, {1.5503, 1.9401, 3.5175, 11.2719},
     {{0.20485, "L"}, {0.00086601, "L*L"}, {0.00019016, "W*L*L"}, {1.4017e-05, "W*W"}, {0.020404,
      "sqrt(W)*L"}}},
    {CircuitClass::OnePortSram, Target::Write, {1.6144, 2.0992, 4.0901, 13.4397},
     {{0.00063011, "W"}, {0.09363, "L"}, {0.0052302, "W*L"}, {0.0011685, "log2(B)"}, {0.01563,
      "sqrt(W*L)"}}},
    {CircuitClass::OnePortSram, Target::Leakage, {1.5682, 2.0448, 6.7449, 2.3936},
     {{0.14838, "KB"}, {0.020953, "L"}, {8.1206e-05, "W"}}},
    {CircuitClass::OnePortSram, Target::Area, {1.599, 2.0619, 3.9767, 15.7667},
     {{0.00077284, "KB"}, {7.6462e-05, "L"}, {2.8418e-07, "W"}, {2.2944e-08, "W*W"}}},
    {CircuitClass::OnePortSram, Target::Access, {1.325, 1.5305, 2.1008, 5.0971},
     {{0.073089, "1"}, {0.018197, "L"}, {0.00045436, "L*L"}}},
    {CircuitClass::TwoPortSram, Target::Read, {1.5761, 1.9271, 3.4941, 10.9623},
     {{0.16674, "L"}, {0.0080171, "L*L"}, {0.00011077, "W*L*L"}, {2.2108e-05, "W*W"}, {0.014371,
      "sqrt(W)*L"}}},
    {CircuitClass::TwoPortSram, Target::Write, {1.5995, 2.0619, 3.8872, 12.7868},
     {{0.0021135, "W"}, {0.08337, "L"}, {0.0051037, "W*L"}, {0.0020354, "L*L"}, {0.002578, "log2(B)"},
      {0.0021861, "sqrt(W*L)"}}},
    {CircuitClass::TwoPortSram, Target::Leakage, {1.5626, 2.0352, 6.7251, 2.3719},
     {{0.18032, "KB"}, {0.018428, "L"}, {0.00012627, "W"}}},
    {CircuitClass::TwoPortSram, Target::Area, {1.5684, 2.0294, 3.8973, 15.4502},
     {{0.001569, "KB"}, {0.00012044, "L"}, {1.0646e-06, "W"}, {6.5869e-08, "W*W"}}},
    {CircuitClass::TwoPortSram, Target::Access, {1.3328, 1.4839, 2.0017, 4.692},
     {{0.072033, "1"}, {0.019569, "L"}, {0.00020218, "L*L"}}},
    {CircuitClass::ByteTable, Target::Read, {1.4846, 1.9498, 3.5939, 10.576},
     {{0.16566, "L"}, {0.068473, "L*L"}}},
    {CircuitClass::ByteTable, Target::Write, {1.6979, 2.3082, 4.4506, 14.3982},
     {{0.15495, "L"}, {0.0018744, "log2(B)"}}},
    {CircuitClass::ByteTable, Target::Area, {1.5807, 2.0665, 3.9955, 16.1844},
     {{2.1959e-05, "1"}, {0.00080697, "KB"}, {4.2254e-05, "L"}}},
    {CircuitClass::TargetBuffer, Target::Read, {1.5386, 1.901, 3.5012, 10.7707},
     {{0.46322, "1"}, {0.073267, "L"}, {0.13167, "L*L"}, {0.2044, "A"}}},
    {CircuitClass::TargetBuffer, Target::Write, {1.6296, 2.1833, 4.2705, 14.3245},
     {{0.33447, "1"}, {0.52321, "L"}, {0.019263, "A"}, {0.054197, "A*L"}}},
    {CircuitClass::TargetBuffer, Target::Area, {1.6212, 2.1089, 4.2203, 21.9636},
     {{0.00084875, "1"}, {0.0011162, "KB"}, {0.00053757, "L"}}},
    {CircuitClass::TargetBuffer, Target::Leakage, {1.5671, 2.0477, 6.7306, 2.3507},
     {{0.20232, "KB"}, {0.044613, "L"}, {0.0091301, "A"}}},
    {CircuitClass::TargetBuffer, Target::Access, {1.3667, 1.5931, 2.1853, 5.2938},
     {{0.0027285, "1"}, {0.0166, "L"}, {0.0039948, "A"}, {0.0046484, "log2(B)"}}},
    {CircuitClass::FullyAssociative, Target::Search, {1.5756, 2.0547, 3.9672, 13.076},
     {{0.47237, "1"}, {0.020247, "N"}, {0.22957, "S"}, {0.0011062, "N*S*S"}}},
    {CircuitClass::FullyAssociative, Target::Write, {1.5394, 1.8864, 3.4262, 11.3461},
     {{0.43216, "1"}, {0.0063227, "N"}, {0.38914, "S"}, {0.00058817, "N*S*S"}}},
    {CircuitClass::FullyAssociative, Target::Leakage, {1.4841, 1.8117, 5.8197, 2.0386},
     {{0.0046105, "N"}, {0.12291, "S"}, {0.00052752, "N*S*S"}}},
    {CircuitClass::FullyAssociative, Target::Area, {1.5596, 2.0389, 3.9937, 16.0309},
     {{3.1773e-05, "N*S"}, {0.0029362, "S"}, {3.2225e-06, "N*S*S"}}},
    {CircuitClass::FullyAssociative, Target::Access, {1.3575, 1.604, 2.1708, 5.5319},
     {{0.12535, "1"}, {0.00065091, "N"}, {0.014838, "S"}, {4.2832e-05, "N*S*S"}}},
    {CircuitClass::ParallelCache, Target::Read, {1.6695, 2.1303, 4.048, 12.5383},
     {{0.26458, "L"}, {0.0030953, "W*L"}, {0.023024, "L*L"}, {0.0014595, "W*A"}, {0.00012586, "A*A*W"}}},
    {CircuitClass::ParallelCache, Target::Write, {1.62, 2.147, 4.0861, 13.5427},
     {{0.26509, "1"}, {0.13773, "L"}, {0.0052408, "W*L"}, {0.0014451, "W*A"}, {0.016136, "A*L"}}},
    {CircuitClass::ParallelCache, Target::Leakage, {1.5625, 2.0488, 6.7107, 2.3807},
     {{0.14258, "KB"}, {0.073851, "L"}, {0.018187, "A"}}},
    {CircuitClass::ParallelCache, Target::Area, {1.4851, 1.9674, 3.9269, 15.6539},
     {{0.0011041, "KB"}, {2.6338e-05, "L"}, {3.3643e-06, "W*L"}, {2.6054e-07, "W*A"}}},
    {CircuitClass::ParallelCache, Target::Access, {1.2265, 1.4033, 1.8391, 4.1525},
     {{0.049005, "1"}, {0.01532, "L"}, {0.0024068, "log2(B)"}, {0.00065527, "L*L"}, {3.4143e-05, "W*A"}}},
    // All ways read out whole lines of 64 bytes, 4 KB to 8 MB: our fit to the same runs, the same way; seven
    // eighths of the points fitted, the rest predicted as well (tests/energy).
    {CircuitClass::WholeLineCache, Target::Read, {1.5498, 1.9169, 3.3219, 10.2207},
     {{1.475, "L"}, {0.01881, "L*L"}, {3.388, "A"}, {0.3052, "A*A"}}},
    {CircuitClass::WholeLineCache, Target::Write, {1.5985, 1.9204, 3.4859, 10.6334},
     {{0.6866, "1"}, {2.855, "L"}, {0.0005357, "L*L"}, {1.557, "A"}, {0.3357, "A*A"}}},
    {CircuitClass::WholeLineCache, Target::Leakage, {1.57, 2.0417, 6.7314, 2.3391},
     {{0.1361, "KB"}, {0.0909, "L"}, {0.003908, "A"}, {0.004678, "A*A"}}},
    {CircuitClass::WholeLineCache, Target::Area, {1.6206, 2.1575, 4.103, 15.7511},
     {{0.006109, "1"}, {0.001068, "KB"}, {0.0002635, "A"}, {0.001035, "A*A"}}},
    {CircuitClass::WholeLineCache, Target::Access, {1.1744, 1.2962, 1.7121, 3.2699},
     {{0.03988, "1"}, {0.02467, "L"}, {0.04827, "A"}, {0.0004928, "A*A"}}},
    {CircuitClass::SequentialCache, Target::Read, {1.5441, 1.9137, 3.5423, 11.0944},
     {{0.0021734, "W"}, {0.25051, "L"}, {0.002169, "W*L"}, {0.03783, "L*L"}, {0.057089, "A"}}},
    {CircuitClass::SequentialCache, Target::Write, {1.5938, 2.1356, 4.0286, 13.1481},
     {{0.20663, "1"}, {0.0053078, "W*L"}, {0.14711, "A"}, {0.02158, "sqrt(W)*L"}}},
    {CircuitClass::SequentialCache, Target::Access, {1.3046, 1.494, 2.0067, 4.7276},
     {{0.14716, "1"}, {0.022974, "L"}, {0.00057409, "L*L"}}},
    {CircuitClass::LargeCache, Target::Read, {1.586, 1.8978, 3.4207, 10.765},
     {{2.2743, "L"}, {0.011887, "L*L"}, {0.0032068, "A*L"}}},
    {CircuitClass::LargeCache, Target::Write, {1.5598, 1.9254, 3.5351, 11.1793},
     {{14.472, "1"}, {2.3698, "L"}, {0.0060716, "L*L"}, {0.12357, "A"}, {0.021794, "A*L"}}},
    {CircuitClass::LargeCache, Target::Leakage, {1.5743, 2.0489, 6.7595, 2.3562},
     {{0.35017, "1"}, {0.13596, "KB"}, {0.087839, "L"}, {0.058971, "A"}}},
    {CircuitClass::LargeCache, Target::Area, {1.616, 2.145, 3.8099, 15.6226},
     {{0.0010799, "KB"}, {0.0030406, "L"}}},
    {CircuitClass::LargeCache, Target::Access, {1.1877, 1.3079, 1.6651, 3.2639},
     {{0.026541, "L"}, {0.075081, "sqrt(L)"}}},
    {CircuitClass::Tags, Target::Read, {1.6259, 2.1404, 4.3001, 13.8775},
     {{0.027041, "1"}, {0.0066194, "A"}, {0.015795, "sqrt(sets*A)"}, {5.4306e-05, "sets"}, {0.0081651,
      "A*sqrt(sets)"}}},
};
// clang-format on

// In the order of CircuitClass and Target.
constexpr std::string_view kClassNames[] = {
    "multi-port RAM",     "CAM",            "one-port macro",   "two-port macro",   "byte table",  "target buffer",
    "translation buffer", "parallel cache", "whole-line cache", "sequential cache", "large cache", "tags"};
constexpr std::string_view kTargetNames[] = {"read_pj",    "write_pj", "search_pj",
                                             "leakage_mw", "area_mm2", "access_ns"};

// Below 22 nm there are no runs: factors of 16 nm on those of 22 nm. Energy goes as F V^2 at the same nominal
// voltage (0.727), area as F^2; delay and, at the same current per width of a transistor, leakage as F.
double factor_of_16nm(Target target) {
    constexpr double kFeature = 16.0 / 22.0;
    return target == Target::Area ? kFeature * kFeature : kFeature;
}

double node_factor(const Form &form, u32 nanometres) {
    switch (nanometres) {
        case 16: return factor_of_16nm(form.target);
        case 28: return form.node_scale[0];
        case 32: return form.node_scale[1];
        case 45: return form.node_scale[2];
        case 90: return form.node_scale[3];
        default: return 1;
    }
}

}  // namespace

double evaluate_form(CircuitClass circuit, Target wanted, const ArrayShape &shape, u32 nanometres,
                     std::vector<FormTerm> *terms) {
    const auto values = quantities(shape);
    for (const Form &form : kForms) {
        if (form.circuit != circuit || form.target != wanted) continue;
        const double scale = node_factor(form, nanometres);
        double sum = 0;
        for (const Term &term : form.terms) {
            double product = term.coefficient;
            for (u32 i = 0; i < kQuantities; ++i)
                if (term.half_powers[i]) product *= std::pow(values[i], term.half_powers[i] / 2.0);
            sum += product * scale;
            if (terms && term.coefficient > 0)
                terms->push_back({kClassNames[u32(circuit)], kTargetNames[u32(wanted)], term.product, product * scale});
        }
        return sum;
    }
    return 0;
}

}  // namespace sim
