// SPDX-License-Identifier: BSD-3-Clause
// Sorts the page's tables and draws its plots as SVG: tooltips on every mark, series that can be switched off.
"use strict";
(() => {
    const data = JSON.parse(document.getElementById("data").textContent);
    const tip = document.getElementById("tip");
    const width = 900, height = 360, left = 70, right = 15, top = 14;   // of a plot's drawing, in its own units
    const dashes = ["", "6 3", "2 3", "8 3 2 3"];
    const shapes = [   // of points, which tell series apart without colour too; r: half their width
        (x, y, r) => `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`,
        (x, y, r) => `M${x - r} ${y - r}h${2 * r}v${2 * r}h${-2 * r}z`,
        (x, y, r) => `M${x} ${y - 1.3 * r}L${x + 1.2 * r} ${y + r}H${x - 1.2 * r}z`,
        (x, y, r) => `M${x} ${y - 1.4 * r}L${x + 1.4 * r} ${y}L${x} ${y + 1.4 * r}L${x - 1.4 * r} ${y}z`,
    ];

    // ---- tables -----------------------------------------------------------------------------------------------

    function key(row, column) {
        const text = row.cells[column].textContent.trim();
        const number = Number(text);
        return text === "" ? null : Number.isNaN(number) ? text : number;
    }

    function order(a, b) {   // numbers before texts; what was not measured comes last in either direction
        if (typeof a === "number" && typeof b === "number") return a - b;
        if (typeof a === typeof b) return String(a).localeCompare(String(b));
        return typeof a === "number" ? -1 : 1;
    }

    function sort(table, head, column) {
        const sign = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
        const keyed = [...table.tBodies[0].rows].map(row => [key(row, column), row]);
        keyed.sort(([a], [b]) => a === null || b === null ? (a === null) - (b === null) : sign * order(a, b));
        for (const other of head.parentNode.cells) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", sign > 0 ? "ascending" : "descending");
        table.tBodies[0].append(...keyed.map(([, row]) => row));
    }

    for (const table of document.querySelectorAll("table.data"))
        [...table.tHead.rows[0].cells].forEach((head, column) =>
            head.querySelector("button").addEventListener("click", () => sort(table, head, column)));

    const only = document.getElementById("only-differences");
    if (only) {
        const apply = () => document.getElementById("table-machines").classList.toggle("only-differences", only.checked);
        only.addEventListener("change", apply);
        apply();
    }

    // ---- plots ------------------------------------------------------------------------------------------------

    function element(name, attributes, text) {
        const made = document.createElementNS("http://www.w3.org/2000/svg", name);
        for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
        if (text !== undefined) made.textContent = text;
        return made;
    }

    function steps(low, high, most) {   // round numbers between low and high
        const rough = (high - low) / most || 1, power = 10 ** Math.floor(Math.log10(rough));
        const step = [1, 2, 5, 10].map(n => n * power).find(n => n >= rough * 0.999);
        const found = [];
        for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; ++i)
            found.push(Number((i * step).toPrecision(12)));
        return found;
    }

    function scale(low, high, from, to, isLog) {
        const f = isLog ? Math.log2 : x => x;
        return x => from + (f(x) - f(low)) / (f(high) - f(low) || 1) * (to - from);
    }

    function isBars(plot) { return plot.kind === "bars" || plot.kind === "stacked"; }

    function range(values, share) {
        let low = Math.min(...values), high = Math.max(...values);
        const margin = (high - low || Math.abs(high) || 1) * share;
        return [low - margin, high + margin];
    }

    // Categories, scales and ticks of what is on show.
    function axes(plot, shown) {
        const points = shown.flatMap(series => series.points);
        const everyX = plot.series.flatMap(series => series.points.map(p => p.x));
        const isNumeric = !isBars(plot) && everyX.every(x => typeof x === "number");
        const names = isNumeric ? null : [...new Set(everyX)];
        const sums = new Map();
        for (const p of points) sums.set(p.x, (sums.get(p.x) || 0) + Math.max(p.y, 0));
        let ys = plot.kind === "stacked" ? [...sums.values()] : points.map(p => p.y);
        ys = ys.concat(plot.levels.map(([, y]) => y));
        if (plot.from_zero || isBars(plot)) ys.push(0);
        let [low, high] = range(ys.length ? ys : [0, 1], 0.05);
        if (low < 0 && Math.min(...ys, 0) === 0) low = 0;
        const isTilted = names !== null && names.join("").length > 90;
        const bottom = height + (isTilted ? 55 : 0);
        const y = scale(low, high, height, top);
        if (names) {
            const step = (width - left - right) / names.length;
            return {names, step, y, low, high, bottom, isTilted, x: name => left + (names.indexOf(name) + 0.5) * step};
        }
        let ends = everyX.length ? range(everyX, plot.log_x ? 0 : 0.06) : [0, 1];
        if (plot.x_from_zero) ends[0] = 0;
        if (plot.log_x) ends = [ends[0] / 1.15, ends[1] * 1.15];
        const ticks = plot.log_x ? [...new Set(everyX)].sort((a, b) => a - b) : steps(...ends, 9);
        return {ticks, ends, y, low, high, bottom, isTilted, x: scale(...ends, left, width - right, plot.log_x)};
    }

    function frame(svg, plot, a) {
        for (const tick of steps(a.low, a.high, 7)) {
            svg.append(element("line", {x1: left, x2: width - right, y1: a.y(tick), y2: a.y(tick), stroke: "#ddd"}),
                       element("text", {x: left - 6, y: a.y(tick) + 4, "text-anchor": "end"}, tick));
        }
        for (const at of a.names || a.ticks) {
            const x = a.x(at);
            const place = a.isTilted ? {transform: `translate(${x + 4} ${height + 14}) rotate(-35)`, "text-anchor": "end"}
                                     : {x, y: height + 16, "text-anchor": "middle"};
            svg.append(element("text", place, at));
        }
        svg.append(element("line", {x1: left, x2: width - right, y1: height, y2: height, stroke: "#444"}),
                   element("text", {x: (left + width - right) / 2, y: a.bottom + 36, "text-anchor": "middle"}, plot.x_title),
                   element("text", {transform: `translate(14 ${height / 2}) rotate(-90)`, "text-anchor": "middle"},
                           plot.y_title));
        for (const [text, points] of plot.curves) curve(svg, a, text, points);
        for (const [text, y] of plot.levels)
            svg.append(element("line", {x1: left, x2: width - right, y1: a.y(y), y2: a.y(y), stroke: "#555",
                                        "stroke-dasharray": "5 4"}),
                       element("text", {x: left + 4, y: a.y(y) - 4}, text));
    }

    function curve(svg, a, text, points) {
        const inside = points.filter(([x, y]) => a.ends && x >= a.ends[0] && x <= a.ends[1] && y >= a.low && y <= a.high);
        if (!inside.length) return;
        const path = inside.map(([x, y]) => `${a.x(x)},${a.y(y)}`).join(" ");
        const [x, y] = inside[inside.length - 1];
        svg.append(element("polyline", {points: path, fill: "none", stroke: "#999", "stroke-width": 0.8}),
                   element("text", {x: Math.min(a.x(x), width - right - 4), y: a.y(y) - 3, "text-anchor": "end"}, text));
    }

    function mark(shape, attributes, series, point) {
        const made = element(shape, {...attributes, class: "mark", tabindex: 0, "data-series": series.name,
                                     "data-x": point.x, "data-y": point.y});
        const text = `${point.label === undefined ? "" : point.label + "\n"}${series.name}\n${point.x}: ${point.y}`;
        made.append(element("title", {}, text));
        const show = event => {
            const box = made.getBoundingClientRect();
            tip.textContent = text;
            tip.hidden = false;
            tip.style.left = `${(event.pageX || box.x + scrollX) + 12}px`;
            tip.style.top = `${(event.pageY || box.y + scrollY) + 12}px`;
        };
        for (const kind of ["mousemove", "focus"]) made.addEventListener(kind, show);
        for (const kind of ["mouseleave", "blur"]) made.addEventListener(kind, () => { tip.hidden = true; });
        return made;
    }

    function bars(svg, plot, a, shown) {
        const share = plot.kind === "stacked" ? 1 : shown.length;
        const wide = a.step * 0.8 / share, heights = new Map();
        shown.forEach((series, index) => {
            for (const p of series.points) {
                const base = plot.kind === "stacked" ? heights.get(p.x) || 0 : 0;
                heights.set(p.x, base + p.y);
                const x = a.x(p.x) - a.step * 0.4 + (plot.kind === "stacked" ? 0 : index * wide);
                const [low, high] = [a.y(base), a.y(base + p.y)];
                svg.append(mark("rect", {x, y: Math.min(low, high), width: wide, height: Math.abs(low - high),
                                         fill: series.colour, stroke: "#fff", "stroke-width": 0.6}, series, p));
            }
        });
    }

    function lines(svg, plot, a, shown) {
        for (const series of shown) {
            const at = series.points.map(p => [a.x(p.x), a.y(p.y)]);
            if (plot.kind === "lines")
                svg.append(element("polyline", {points: at.map(p => p.join(",")).join(" "), fill: "none",
                                                stroke: series.colour, "stroke-width": 2, "stroke-dasharray": series.dash}));
            series.points.forEach((p, i) => {
                svg.append(mark("path", {d: series.shape(...at[i], 4.5), fill: series.colour}, series, p));
                if (p.label !== undefined)
                    svg.append(element("text", {x: at[i][0] + 7, y: at[i][1] - 5, "font-size": 11}, p.label));
            });
        }
    }

    function draw(figure, plot) {
        const shown = plot.series.filter(series => !series.isOff);
        const a = axes(plot, shown);
        const svg = element("svg", {viewBox: `0 0 ${width} ${a.bottom + 44}`, role: "img"});
        svg.append(element("title", {}, plot.title));
        frame(svg, plot, a);
        (isBars(plot) ? bars : lines)(svg, plot, a, shown);
        const old = figure.querySelector("svg");
        if (old) old.replaceWith(svg); else figure.append(svg);
    }

    function legend(figure, plot) {
        const list = document.createElement("div");
        list.className = "legend";
        for (const series of plot.series) {
            const label = document.createElement("label"), box = document.createElement("input");
            const swatch = document.createElement("span");
            box.type = "checkbox";
            box.checked = true;
            swatch.className = "swatch";
            swatch.style.background = series.colour;
            box.addEventListener("change", () => {
                series.isOff = !box.checked;
                label.classList.toggle("off", series.isOff);
                draw(figure, plot);
            });
            label.append(box, swatch, series.name);
            list.append(label);
        }
        figure.append(list);
    }

    for (const plot of data.plots) {
        const figure = document.getElementById(`plot-${plot.name}`);
        plot.series.forEach((series, index) => {
            series.colour = data.colours[index % data.colours.length];
            series.shape = shapes[index % shapes.length];
            series.dash = dashes[Math.floor(index / data.colours.length) % dashes.length];
        });
        if (plot.series.length > 1) legend(figure, plot);
        draw(figure, plot);
    }
})();
