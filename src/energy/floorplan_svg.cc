// SPDX-License-Identifier: BSD-3-Clause
// A floorplan as a picture: blocks coloured by the component they belong to, small ones named in a list beside it.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include "energy/floorplan.hh"

namespace sim {
namespace {

constexpr double kPicture = 800;   // pixels of the longer side of the outline
constexpr double kMargin = 40, kLineHeight = 15, kListWidth = 330;
constexpr double kCharacter = 0.6;   // width of a character in font sizes
constexpr const char *kColours[] = {"#a6cee3", "#b2df8a", "#fdbf6f", "#cab2d6", "#fb9a99", "#ffff99",
                                    "#8dd3c7", "#d9d9d9", "#fccde5", "#bc80bd", "#80b1d3", "#ccebc5"};

template <class... Values> std::string format(const char *text, Values... values) {
    char buffer[400];
    std::snprintf(buffer, sizeof buffer, text, values...);
    return buffer;
}

std::string escaped(const std::string &text) {
    std::string made;
    for (char c : text) made += c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '&' ? "&amp;" : std::string(1, c);
    return made;
}

// "core.l1d.data" belongs to "core.l1d".
std::string owner(const std::string &name) {
    const std::size_t dot = name.rfind('.');
    return dot == std::string::npos ? name : name.substr(0, dot);
}
std::string last_word(const std::string &name) { return name.substr(name.rfind('.') + 1); }

// The largest of 1, 2 and 5 times a power of ten that is at most a third of the width.
double bar_length(double width) {
    double bar = 1e-6;
    for (u32 step = 0; bar * (step % 3 == 1 ? 2.5 : 2) <= width / 3; ++step) bar *= step % 3 == 1 ? 2.5 : 2;
    return bar;
}

class Picture {
  public:
    explicit Picture(const Floorplan &plan)
        : plan_(plan), scale_(kPicture / std::max({plan.width, plan.height, 1e-9})) {
        for (const FloorplanBlock &block : plan.blocks) colours_.try_emplace(owner(block.name), 0);
        u32 next = 0;
        for (auto &[name, colour] : colours_) colour = next++ % std::size(kColours);
    }

    std::string drawn(const std::string &title, const std::vector<FloorplanNet> &nets) {
        std::string body;
        for (u32 i = 0; i < plan_.places.size(); ++i) body += block(i);
        for (const FloorplanNet &net : nets) body += wire(net);
        body += scale_bar();
        body += list();
        const double width = plan_.width * scale_ + 2 * kMargin + (listed_.empty() ? 0 : kListWidth);
        const double height = std::max(plan_.height * scale_ + 2 * kMargin + 30,
                                       kMargin + kLineHeight * double(listed_.size() + 2));
        return format("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\" "
                      "viewBox=\"0 0 %.0f %.0f\" font-family=\"sans-serif\">\n"
                      "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n",
                      width, height, width, height) +
               format("<text x=\"%.0f\" y=\"25\" font-size=\"16\">", kMargin) + escaped(title) +
               format("</text>\n<rect x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\" fill=\"#f5f5f5\" "
                      "stroke=\"black\"/>\n",
                      kMargin, kMargin, plan_.width * scale_, plan_.height * scale_) +
               body + "</svg>\n";
    }

  private:
    double left(double x) const { return kMargin + x * scale_; }
    double top(double y) const { return kMargin + (plan_.height - y) * scale_; }   // SVG's y points down

    std::string block(u32 i) {
        const PlacedBlock &p = plan_.places[i];
        const std::string &name = plan_.blocks[i].name;
        const double width = p.width * scale_, height = p.height * scale_;
        return format("<rect x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\" fill=\"%s\" stroke=\"#444\" "
                      "stroke-width=\"0.7\"><title>",
                      left(p.x), top(p.y + p.height), width, height, kColours[colours_[owner(name)]]) +
               escaped(name) +
               format(": %.4g mm2, %.4g x %.4g mm at %.4g, %.4g</title></rect>\n", plan_.blocks[i].area_mm2, p.width,
                      p.height, p.x, p.y) +
               label(i, width, height);
    }

    // The whole name, or its last word, along the longer side; a number and a line in the list where neither fits.
    std::string label(u32 i, double width, double height) {
        const bool upright = height > 1.5 * width;
        const double along = upright ? height : width, across = upright ? width : height;
        for (const std::string &text : {plan_.blocks[i].name, last_word(plan_.blocks[i].name)}) {
            const double size = std::min({14.0, across * 0.8, along * 0.92 / kCharacter / double(text.size())});
            if (size >= 7) return text_at(i, text, size, upright);
        }
        listed_.push_back(i);
        const double size = std::clamp(std::min(width, height) * 0.7, 4.0, 9.0);
        return text_at(i, std::to_string(listed_.size()), size, false);
    }

    std::string text_at(u32 i, const std::string &text, double size, bool upright) const {
        const PlacedBlock &p = plan_.places[i];
        const double x = left(p.x + p.width / 2), y = top(p.y + p.height / 2);
        return format("<text x=\"%.2f\" y=\"%.2f\" font-size=\"%.1f\" text-anchor=\"middle\" "
                      "dominant-baseline=\"central\"%s>",
                      x, y, size, upright ? format(" transform=\"rotate(-90 %.2f %.2f)\"", x, y).c_str() : "") +
               escaped(text) + "</text>\n";
    }

    std::string wire(const FloorplanNet &net) const {
        const PlacedBlock &a = plan_.places[net.from], &b = plan_.places[net.to];
        return format("<line x1=\"%.2f\" y1=\"%.2f\" x2=\"%.2f\" y2=\"%.2f\" stroke=\"#b00\" stroke-width=\"%.2f\" "
                      "stroke-opacity=\"0.6\"/>\n",
                      left(a.x + a.width / 2), top(a.y + a.height / 2), left(b.x + b.width / 2),
                      top(b.y + b.height / 2),
                      std::clamp(0.4 + std::log2(1 + net.weight) / 6, 0.4, 2.5));
    }

    std::string scale_bar() const {
        const double bar = bar_length(plan_.width), y = kMargin + plan_.height * scale_ + 18;
        return format("<path d=\"M%.2f %.2f v8 h%.2f v-8\" fill=\"none\" stroke=\"black\" stroke-width=\"1.5\"/>\n"
                      "<text x=\"%.2f\" y=\"%.2f\" font-size=\"13\">%.4g mm</text>\n",
                      kMargin, y, bar * scale_, kMargin + bar * scale_ + 8, y + 8, bar) +
               format("<text x=\"%.2f\" y=\"%.2f\" font-size=\"13\" text-anchor=\"end\">%.3f x %.3f mm, %.1f %% unused"
                      "</text>\n",
                      kMargin + plan_.width * scale_, y + 8, plan_.width, plan_.height, 100 * plan_.dead_space());
    }

    std::string list() const {
        std::string made;
        const double x = plan_.width * scale_ + 2 * kMargin;
        for (std::size_t i = 0; i < listed_.size(); ++i)
            made += format("<text x=\"%.2f\" y=\"%.2f\" font-size=\"11\">%zu  ", x,
                           kMargin + kLineHeight * double(i + 1), i + 1) +
                    escaped(plan_.blocks[listed_[i]].name) + "</text>\n";
        return made;
    }

    const Floorplan &plan_;
    double scale_;                          // pixels a mm
    std::map<std::string, u32> colours_;    // by owner
    std::vector<u32> listed_;               // blocks too small for their names
};

}  // namespace

std::string Floorplan::svg(const std::string &title, const std::vector<FloorplanNet> &nets) const {
    return Picture(*this).drawn(title, nets);
}

}  // namespace sim
