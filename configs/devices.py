# SPDX-License-Identifier: BSD-3-Clause
"""Accelerators beside a core: what --device names, where they are attached, and what they report."""
import sim
import report
from overrides import near

# Of the papers: EIE 800 MHz (section V), SCNN 1 GHz (section IV), ESE's FPGA 200 MHz (section 6.1).
CLOCKS = {"eie": "800MHz", "scnn": "1GHz", "ese": "200MHz"}


def engines():
    """{"eie": class} of everything that can stand behind a command queue."""
    return {name.lower().removesuffix("engine"): made for name, made in sim.components.items() if made.offers == "Engine"}


def bus_of(core):
    """The bus before the core's memory; a core without caches gets one that nobody shares."""
    level = getattr(core, "l1d", None)
    while level is not None and not isinstance(level, sim.Bus):
        level = getattr(level, "next", None)
    return level or sim.Bus(next=sim.Dram())


def accelerator(name, memory, clock=None, **dma):
    """The device of that name, with its DMA port at `memory`."""
    known = engines()
    if name not in known:
        raise sim.ConfigError(f"--device={name}: is none of the devices{near(name, known)}")
    return sim.Accelerator(engine=known[name](), dma=sim.DmaEngine(memory=memory, **dma), clock=clock or CLOCKS.get(name, "800MHz"))


def beside(core, names, clock=None, **dma):
    """{"accel0": ...} for Machine: the devices of that names at the core's bus."""
    if len(names) > 4:
        raise sim.ConfigError(f"--device={','.join(names)}: a machine has room for 4 devices, not {len(names)}")
    memory = bus_of(core)
    return {f"accel{n}": accelerator(name, memory, clock, **dma) for n, name in enumerate(names)}


def add_options(parser):
    parser.add_argument("--device", default="loopback", metavar="NAME[,NAME]...",
                        help=f"of {', '.join(sorted(engines()))}; becomes /dev/accel0 and on; default: loopback")
    parser.add_argument("--device-clock", metavar="FREQUENCY", help="of all devices, such as 800MHz; default: the paper's")
    parser.add_argument("--incoherent", action="store_true", help="DMA that does not ask the caches")
    parser.add_argument("--timeline", type=report.output_file, metavar="FILE",
                        help="what the devices did when, for chrome://tracing or ui.perfetto.dev")


def measures(stats):
    """{"accel0": {...}} of the devices' statistics, their engines' and DMA's among them."""
    return {name: values for name, values in stats.as_dict().items() if name.startswith("accel")}


def described(found):
    """Lines about each device."""
    lines = []
    for name, s in found.items():
        dma = s["dma"]
        lines.append(f"{name}: {s['jobs']} jobs ({s['failed_jobs'] + s['cancelled_jobs']} failed), "
                     f"busy {100 * s['utilisation']:.1f} % of the time, {s['occupancy']:.2f} jobs in the queue on average")
        lines.append(f"  device cycles: load {s['load_cycles']}, compute {s['compute_cycles']}, store {s['store_cycles']}; "
                     f"interrupts {s['interrupts']}, stalled for {s['stalled_cycles']} core cycles")
        lines.append(f"  DMA: {dma['bytes_read']} bytes read, {dma['bytes_written']} written, {dma['bytes_per_cycle']:.2f} bytes "
                     f"a busy core cycle; {dma['snoop_writebacks']} dirty lines snooped, {dma['snoop_invalidations']} invalidated")
    return lines
