// SPDX-License-Identifier: BSD-3-Clause
// sim.ese in Python: encoder, decoder, reference and times of a job, from and to numpy arrays.
#include <pybind11/numpy.h>
#include <pybind11/stl.h>
#include "accel/ese.hh"
#include "accel/ese_encoder.hh"
#include "accel/ese_reference.hh"
#include "python/binding.hh"

namespace sim {
namespace {

template <class T> using Array = py::array_t<T, py::array::c_style>;

constexpr const char *kMatrices[] = {"ix", "ir", "fx", "fr", "cx", "cr", "ox", "or", "ym"};
static_assert(std::size(kMatrices) == ESE_MATRICES);

struct Shift {
    const char *name;
    u32 EseLstm::*of;
};
constexpr Shift kShifts[] = {{"peephole_shift", &EseLstm::peephole_shift}, {"sigmoid_shift", &EseLstm::sigmoid_shift},
                             {"tanh_shift", &EseLstm::tanh_shift},         {"cell_tanh_shift", &EseLstm::cell_tanh_shift},
                             {"state_fraction", &EseLstm::state_fraction}, {"y_shift", &EseLstm::y_shift}};

[[noreturn]] void refuse(const std::string &what) { throw ConfigError("sim.ese: " + what); }

py::object item(const py::dict &given, const char *name) {
    if (!given.contains(name)) refuse(std::string("an LSTM needs '") + name + "'; see sim.ese.encode");
    return given[name];
}

template <class T> Array<T> array(const py::object &object, const std::string &name, u32 dimensions) {
    if (!py::isinstance<Array<T>>(object)) {
        const char *type = sizeof(T) == 4 ? "int32" : "int16";
        refuse(name + " must be a C-ordered numpy array of " + type);
    }
    auto made = py::reinterpret_borrow<Array<T>>(object);
    if (made.ndim() != py::ssize_t(dimensions)) refuse(name + " must have " + std::to_string(dimensions) + " dimensions");
    return made;
}

template <class T> std::vector<T> numbers(const py::object &object, const std::string &name) {
    const auto made = array<T>(object, name, 1);
    return {made.data(), made.data() + made.size()};
}

void check_names(const py::dict &given) {
    std::vector<std::string> known = {"bias", "peepholes", "shifts", "sigmoid", "tanh"};
    for (const char *name : kMatrices) known.emplace_back(name);
    for (const Shift &shift : kShifts) known.emplace_back(shift.name);
    for (const auto &[key, value] : given) {
        const std::string name = py::str(key);
        if (std::find(known.begin(), known.end(), name) == known.end()) refuse("an LSTM has no '" + name + "'");
    }
}

EseLstm given_lstm(const py::dict &given) {
    check_names(given);
    EseLstm lstm;
    const auto shifts = item(given, "shifts").cast<std::vector<u32>>();
    if (shifts.size() != ESE_MATRICES) refuse("shifts are 9, one a matrix");
    for (u32 m = 0; m < ESE_MATRICES; ++m) {
        const auto weights = array<i16>(item(given, kMatrices[m]), kMatrices[m], 2);
        lstm.matrices[m] = {u32(weights.shape(0)), u32(weights.shape(1)), shifts[m],
                            {weights.data(), weights.data() + weights.size()}};
    }
    lstm.inputs = lstm.matrices[ESE_IX].columns;
    lstm.cells = lstm.matrices[ESE_IX].rows;
    lstm.outputs = lstm.matrices[ESE_YM].rows;
    const py::list bias(item(given, "bias")), peepholes(item(given, "peepholes"));
    if (bias.size() != 4 || peepholes.size() != 3) refuse("there are 4 biases (i, f, g, o) and 3 peepholes (i, f, o)");
    for (u32 i = 0; i < 4; ++i) lstm.bias[i] = numbers<i32>(bias[i], "a bias");
    for (u32 i = 0; i < 3; ++i) lstm.peepholes[i] = numbers<i16>(peepholes[i], "a peephole");
    lstm.sigmoid = numbers<i16>(item(given, "sigmoid"), "sigmoid");
    lstm.tanh = numbers<i16>(item(given, "tanh"), "tanh");
    for (const Shift &shift : kShifts) lstm.*shift.of = item(given, shift.name).cast<u32>();
    return lstm;
}

template <class T> py::array made_array(const std::vector<T> &from, std::vector<py::ssize_t> shape) {
    Array<T> made(std::move(shape));
    std::copy(from.begin(), from.end(), made.mutable_data());
    return made;
}
template <class T> py::array made_array(const std::vector<T> &from) { return made_array(from, {py::ssize_t(from.size())}); }

std::span<const u8> view(const py::bytes &bytes) {
    const std::string_view text = bytes;
    return {reinterpret_cast<const u8 *>(text.data()), text.size()};
}

py::dict decode(const py::bytes &bytes) {
    const EseLstm lstm = decode_ese(view(bytes));
    py::dict made;
    py::list shifts, bias, peepholes;
    for (u32 m = 0; m < ESE_MATRICES; ++m) {
        const EseMatrix &matrix = lstm.matrices[m];
        made[kMatrices[m]] = made_array(matrix.weights, {matrix.rows, matrix.columns});
        shifts.append(matrix.shift);
    }
    for (const auto &of : lstm.bias) bias.append(made_array(of));
    for (const auto &of : lstm.peepholes) peepholes.append(made_array(of));
    made["shifts"] = shifts;
    made["bias"] = bias;
    made["peepholes"] = peepholes;
    made["sigmoid"] = made_array(lstm.sigmoid);
    made["tanh"] = made_array(lstm.tanh);
    for (const Shift &shift : kShifts) made[shift.name] = lstm.*shift.of;
    return made;
}

// One dictionary a section: what lies in the model.
py::list sections(const py::bytes &bytes) {
    EseModel model;
    if (const auto fault = read_ese(model, {view(bytes).begin(), view(bytes).end()}); !fault.empty()) refuse(fault);
    py::list made;
    for (u32 m = 0; m < ESE_MATRICES; ++m)
        for (u32 i = model.matrices[m].first_section; i < model.matrices[m].first_section + model.matrices[m].sections; ++i) {
            const ese_section_header &header = model.sections[i];
            const EseSection section = model.section(i);
            Array<u16> pointers({py::ssize_t(header.columns) + 1, py::ssize_t(model.header.pes)});
            Array<u16> entries({py::ssize_t(header.words), py::ssize_t(model.header.pes)});
            for (u32 pe = 0; pe < model.header.pes; ++pe) {
                for (u32 c = 0; c <= header.columns; ++c) pointers.mutable_at(c, pe) = u16(section.pointer(pe, c));
                for (u32 w = 0; w < header.words; ++w) entries.mutable_at(w, pe) = section.entry(pe, w);
            }
            py::dict row;
            row["matrix"] = kMatrices[m];
            row["first_column"] = header.first_column;
            row["columns"] = header.columns;
            row["words"] = header.words;
            row["entries"] = header.entries;
            row["pointer_lanes"] = pointers;
            row["entry_lanes"] = entries;
            made.append(row);
        }
    return made;
}

py::array reference(const py::dict &given, const py::object &x) {
    const EseLstm lstm = given_lstm(given);
    encode_ese(lstm, {1, 65535, 65535});   // refuses what is out of range
    const auto inputs = array<i16>(x, "x", 3);   // steps, channels, inputs
    if (inputs.shape(2) != py::ssize_t(lstm.inputs)) refuse("x has not one number an input");
    const u32 steps = u32(inputs.shape(0)), channels = u32(inputs.shape(1));
    Array<i16> made({py::ssize_t(steps), py::ssize_t(channels), py::ssize_t(lstm.outputs)});
    for (u32 channel = 0; channel < channels; ++channel) {
        std::vector<i16> of(u64(steps) * lstm.inputs);
        for (u32 step = 0; step < steps; ++step)
            std::copy_n(inputs.data(step, channel, 0), lstm.inputs, of.begin() + std::ptrdiff_t(u64(step) * lstm.inputs));
        const auto outputs = ese_reference(lstm, of);
        for (u32 step = 0; step < steps; ++step)
            std::copy_n(outputs.begin() + std::ptrdiff_t(u64(step) * lstm.outputs), lstm.outputs,
                        made.mutable_data(step, channel, 0));
    }
    return made;
}

Ese &ese_of(Component &component) {
    auto *ese = dynamic_cast<Ese *>(&component);
    if (!ese) refuse(std::string(component.type_name()) + " is no Ese");
    return *ese;
}

py::list times(Component &engine) {
    py::list made;
    for (const EseTimes &t : ese_of(engine).times()) {
        py::dict row;
        row["step"] = t.step;
        row["matrix"] = kMatrices[t.matrix];
        row["load_begin"] = t.load_begin;
        row["load_end"] = t.load_end;
        row["begin"] = t.begin;
        row["end"] = t.end;
        row["load_wait"] = t.load_wait;
        row["element_wait"] = t.element_wait;
        row["cycles"] = t.count.cycles;
        row["weights"] = t.count.weights;
        row["fillers"] = t.count.fillers;
        row["empty_columns"] = t.count.empty_columns;
        row["broadcasts"] = t.count.broadcasts;
        row["zero_columns"] = t.count.zero_columns;
        made.append(row);
    }
    return made;
}

py::bytes encode(const py::dict &lstm, u32 pes, u32 most_words, u32 most_columns) {
    const auto model = encode_ese(given_lstm(lstm), {pes, most_words, most_columns});
    return py::bytes(reinterpret_cast<const char *>(model.data()), model.size());
}

}  // namespace

void bind_ese(py::module_ &sim) {
    auto module = sim.def_submodule("ese", "ESE's compressed LSTMs: encoder, decoder, reference, times.");
    module.attr("LOAD") = u32(ESE_LOAD);
    module.attr("RUN") = u32(ESE_RUN);
    module.attr("TABLE") = u32(ESE_TABLE);
    module.def("encode", &encode, py::arg("lstm"), py::kw_only(), py::arg("pes") = 32, py::arg("most_words") = 4096,
               py::arg("most_columns") = 2047,
               "A model, as bytes, of an LSTM given as a dictionary: ix, ir, fx, fr, cx, cr, ox, or, ym (int16, rows x "
               "columns, -2048 to 2047, 0 pruned), shifts (9), bias (4 of int32), peepholes (3 of int16), sigmoid and tanh "
               "(2048 of int16), peephole_shift, sigmoid_shift, tanh_shift, cell_tanh_shift, state_fraction, y_shift.");
    module.def("decode", &decode, py::arg("model"), "The LSTM that encode() was given.");
    module.def("sections", &sections, py::arg("model"), "Pointers and entries by lane (PE), section by section.");
    module.def("reference", &reference, py::arg("lstm"), py::arg("x"),
               "y of every step (steps x channels x outputs) for x (steps x channels x inputs), from the dense matrices.");
    module.def("times", &times, py::arg("engine"), "When every matrix of every step of the last job was loaded and used.");
    module.def("fault", [](Component &engine) { return python_text(ese_of(engine).fault()); }, py::arg("engine"),
               "What was wrong with the last job, in words; empty where nothing was.");
}

}  // namespace sim
