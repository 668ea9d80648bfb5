// SPDX-License-Identifier: BSD-3-Clause
// Embeds Debian's Python whatever PYTHONHOME, pyenv or the locale say.
#include "python/interpreter.hh"
#include <fcntl.h>
#include <pybind11/embed.h>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include "python/binding.hh"

namespace sim {
namespace {

namespace fs = std::filesystem;
constexpr const char *kHelp =
    "Skipahead: an execution-driven simulator of RISC-V processor cores.\n"
    "\n"
    "usage: sim SCRIPT [ARGUMENT]...   run a Python script that builds machines\n"
    "       sim -i [ARGUMENT]...       open a Python prompt with the model library imported\n"
    "       sim --version | --help\n"
    "\n"
    "scripts to start with, each with --help:\n"
    "       configs/cgooo.py --bench=spec       the bundled suite on the CG-OoO core\n"
    "       configs/run.py --core=ooo --bench=PROGRAM -- ARGUMENT...\n"
    "       configs/compare.py --bench=spec     three cores side by side\n"
    "In a script or at the prompt, help(NAME) describes a component; configs/REFERENCE.md describes them "
    "all.\n";

// Where a standard stream is closed, the next file that is opened would take its place. Standard input is empty then,
// and what goes to standard output fails.
void hold_standard_streams() {
    for (int stream = 0; stream < 3; ++stream)
        if (fcntl(stream, F_GETFD) < 0 && errno == EBADF && open("/dev/null", stream == 2 ? O_WRONLY : O_RDONLY) < 0) return;
}

int show(const char *text) {
    if (std::fputs(text, stdout) >= 0 && std::fflush(stdout) == 0) return 0;
    if (errno != EPIPE) std::fprintf(stderr, "standard output: %s\n", std::strerror(errno));
    return kConfigStatus;
}

// The checkout: the nearest folder above the executable that holds configs/machines.py; empty where there is
// none.
fs::path checkout() {
    std::error_code error;
    for (fs::path p = fs::read_symlink("/proc/self/exe", error).parent_path(); p.has_relative_path();
         p = p.parent_path())
        if (fs::exists(p / "configs" / "machines.py", error)) return p;
    return {};
}

bool start_interpreter(int argc, char **argv) {
    PyPreConfig before;
    PyPreConfig_InitIsolatedConfig(&before);
    before.utf8_mode = 1;
    PyConfig config;
    PyStatus status = Py_PreInitialize(&before);
    PyConfig_InitIsolatedConfig(&config);
    config.install_signal_handlers = 1;
    config.parse_argv = 0;
    config.write_bytecode = 0;   // Python 3.11 leaves half of a file where the disk is full, and fails on it ever after
    if (!PyStatus_Exception(status))
        status = PyConfig_SetString(&config, &config.program_name, L"/usr/bin/python3");
    if (!PyStatus_Exception(status)) status = PyConfig_SetBytesArgv(&config, argc, argv);
    if (!PyStatus_Exception(status)) status = Py_InitializeFromConfig(&config);
    PyConfig_Clear(&config);
    if (PyStatus_Exception(status))
        std::fprintf(stderr, "sim: Python does not start: %s; install Debian's libpython3.11\n",
                     status.err_msg ? status.err_msg : "no reason given");
    return !PyStatus_Exception(status);
}

// "script.py:12: " for the script's line that led to the error, or the innermost one where none is the
// script's.
std::string location(const py::error_already_set &e, const std::string &script) {
    std::string here;
    bool in_script = false;
    for (py::object t = e.trace(); t && !t.is_none(); t = t.attr("tb_next")) {
        const std::string file = py::str(t.attr("tb_frame").attr("f_code").attr("co_filename"));
        if (in_script && file != script) continue;
        in_script = file == script;
        here = file + ":" + std::string(py::str(t.attr("tb_lineno"))) + ": ";
    }
    return here;
}

int system_exit_status(const py::object &code) {
    if (code.is_none()) return 0;
    if (py::isinstance<py::int_>(code)) return int(PyLong_AsLong(code.ptr()) & 0xff);
    py::print(code, py::arg("file") = py::module_::import("sys").attr("stderr"));
    return kConfigStatus;
}

int report(py::error_already_set &e, const std::string &script) {
    const py::module_ sim = py::module_::import("sim");
    if (e.matches(PyExc_SystemExit)) return system_exit_status(e.value().attr("code"));
    py::object error_stream = py::module_::import("sys").attr("stderr");
    const auto line = [&](const std::string &text, const py::object &message) {
        py::print(python_text(text) + py::str(message), py::arg("file") = error_stream);
    };
    if (e.matches(PyExc_KeyboardInterrupt)) {
        line("interrupted", py::str(""));
        return kInterruptedStatus;
    }
    if (e.matches(sim.attr("ConfigError"))) {
        line(location(e, script), e.value());
        return kConfigStatus;
    }
    if (e.matches(sim.attr("GuestError"))) {
        line("", e.value());
        return kGuestStatus;
    }
    const bool is_bug = e.matches(sim.attr("SimulatorBug"));
    e.restore();
    PyErr_Print();
    if (is_bug)
        line("this is a bug in the simulator; please report it with the command and the lines above",
             py::str(""));
    return is_bug ? kBugStatus : kConfigStatus;
}

void prepare(const std::string &script) {
    py::list path = py::module_::import("sys").attr("path");
    const fs::path root = checkout();
    py::module_::import("sim").attr("root") = python_text(root.string());
    if (!root.empty()) path.insert(0, python_text((root / "configs").string()));
    std::error_code error;
    if (!script.empty())
        path.insert(0, python_text(fs::absolute(fs::path(script), error).parent_path().string()));
}

void run_script(const std::string &script) {
    const py::module_ builtins = py::module_::import("builtins");
    const py::dict scope = py::module_::import("__main__").attr("__dict__");
    const py::object name = python_text(script);
    scope["__file__"] = name;
    const py::object file = builtins.attr("open")(name, "rb");
    const py::object source = file.attr("read")();
    file.attr("close")();
    if (py::cast<std::string>(source).find('\0') != std::string::npos)
        throw ConfigError(script + ": is no Python script; a program to simulate is named by --bench of configs/run.py");
    builtins.attr("exec")(builtins.attr("compile")(source, name, "exec"), scope);
}

void run_prompt() {
    const py::dict scope = py::module_::import("__main__").attr("__dict__");
    py::exec("import readline, rlcompleter\nfrom sim import *\n", scope);
    py::module_::import("code").attr("interact")(
        py::arg("local") = scope, py::arg("exitmsg") = "",
        py::arg("banner") = "Skipahead. help(NAME) describes a component.");
}

int flush_streams(int status) {
    const py::object out = py::module_::import("sys").attr("stdout");
    if (out.is_none()) return status;   // the script gave it up, with a message of its own
    try {
        out.attr("flush")();
    } catch (py::error_already_set &e) {
        if (!e.matches(PyExc_BrokenPipeError))
            std::fprintf(stderr, "standard output: %s\n",
                         std::string(py::str(py::getattr(e.value(), "strerror", e.value()))).c_str());
        py::module_::import("sys").attr("stdout") = py::none();
        return status == 0 ? kConfigStatus : status;
    }
    return status;
}

int run_guarded(const std::string &script) {
    int status = 0;
    try {
        prepare(script);
        if (script.empty()) run_prompt();
        else run_script(script);
    } catch (py::error_already_set &e) {
        status = report(e, script);
    } catch (const ConfigError &e) {
        std::fprintf(stderr, "sim: %s\n", e.what());
        status = kConfigStatus;
    }
    return flush_streams(status);
}

}  // namespace

int run_python(int argc, char **argv) {
    hold_standard_streams();
    const std::string first = argc > 1 ? argv[1] : "";
    if (first.empty() || first == "--help" || first == "-h") {
        return show(kHelp);
    }
    if (first == "--version") {
        return show("Skipahead, Python " PY_VERSION ", g++ " __VERSION__ "\n");
    }
    const bool is_prompt = first == "-i";
    if (first.front() == '-' && !is_prompt) {
        std::fprintf(stderr, "sim: no option '%s'; it takes -i, --version, --help, or a script first\n",
                     argv[1]);
        return kConfigStatus;
    }
    std::error_code error;
    if (!is_prompt && !fs::is_regular_file(first, error) && !fs::is_fifo(first, error)) {
        std::fprintf(stderr, "sim: no script '%s'; give the path of a Python file\n", argv[1]);
        return kConfigStatus;
    }
    if (!start_interpreter(argc - 1, argv + 1)) return kConfigStatus;
    const int status = run_guarded(is_prompt ? "" : first);
    py::finalize_interpreter();
    return status;
}

}  // namespace sim
