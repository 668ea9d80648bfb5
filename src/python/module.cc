// SPDX-License-Identifier: BSD-3-Clause
// The module `sim` as scripts import it.
#include <pybind11/embed.h>
#include "core/machine.hh"
#include "python/binding.hh"

namespace sim {
namespace {

// Messages may hold file names that are not UTF-8.
void raise(const py::handle &type, const char *what) {
    PyErr_SetObject(type.ptr(), python_text(std::string_view(what)).ptr());
}

py::handle new_exception(py::module_ &module, const char *name, PyObject *base, const char *doc) {
    const std::string full = std::string("sim.") + name;
    py::handle made = PyErr_NewExceptionWithDoc(full.c_str(), doc, base, nullptr);
    module.attr(name) = made;
    return made;
}

}  // namespace

PYBIND11_EMBEDDED_MODULE(sim, module) {
    module.doc() = "Components of processors, and the machines that they make up.";
    static const py::handle config = new_exception(module, "ConfigError", PyExc_ValueError,
                                                   "the script, an option or an input file is wrong");
    static const py::handle guest =
        new_exception(module, "GuestError", PyExc_RuntimeError, "the guest program faulted or cannot run");
    static const py::handle bug = new_exception(module, "SimulatorBug", PyExc_RuntimeError,
                                                "an invariant of the simulator does not hold");
    py::register_exception_translator([](std::exception_ptr thrown) {
        try {
            if (thrown) std::rethrow_exception(thrown);
        } catch (const ConfigError &e) {
            raise(config, e.what());
        } catch (const GuestError &e) {
            raise(guest, e.what());
        } catch (const SimulatorBug &e) {
            raise(bug, e.what());
        }
    });
    bind_components(module);
    bind_machine(module);
    bind_statistics(module);
    bind_blocks(module);
    bind_prices(module);
    bind_floorplan(module);
    bind_engine(module);
    bind_eie(module);
    bind_ese(module);
    bind_scnn(module);
}

}  // namespace sim
