// SPDX-License-Identifier: BSD-3-Clause
// Generates catalogues: sections, items with mixed content, entities, comments, instructions, several
// namespaces.
#include <iterator>

#include "inputs.hh"

namespace xalan {
namespace {

const char* const kWords[] = {"harbour",
                              "lantern",
                              "window",
                              "copper",
                              "river",
                              "garden",
                              "silver",
                              "market",
                              "winter",
                              "paper",
                              "engine",
                              "bridge",
                              "planet",
                              "cotton",
                              "mirror",
                              "signal",
                              "forest",
                              "candle",
                              "button",
                              "marble",
                              "ticket",
                              "island",
                              "Gr\xc3\xbc\xc3\x9f"
                              "e",
                              "caf\xc3\xa9",
                              "ma\xc3\xb1"
                              "ana",
                              "\xc3\xbc"
                              "ber",
                              "\xe2\x82\xac"
                              "uro",
                              "na\xc3\xaf"
                              "ve"};
const char* const kTags[] = {"new", "sale", "rare", "heavy", "fragile", "gift", "bulk"};
const char* const kCurrencies[] = {"EUR", "USD", "GBP", "JPY"};
const char* const kLanguages[] = {"en", "de", "fr", "en-GB"};

class Writer {
public:
    Writer(Random& random, int items) : random_(random), items_(items) {}

    string write(const char* encoding) {
        out_ = string("<?xml version=\"1.0\" encoding=\"") + encoding + "\"?>\n";
        out_ +=
            "<!DOCTYPE c:catalog [\n<!ENTITY house \"Harbour &amp; Sons\">\n"
            "<!ENTITY warning \"<m:note level='2'>handle &house; with care</m:note>\">\n"
            "<!ELEMENT c:item (c:title, (c:price|m:tag)*)>\n"
            "<!ATTLIST c:item currency CDATA \"EUR\" grade CDATA #IMPLIED>\n]>\n"
            "<?xml-stylesheet href=\"report.xsl\"?>\n"
            "<c:catalog xmlns:c=\"urn:catalog\" xmlns:m=\"urn:meta\" xmlns:xlink=\"urn:link\" "
             "xml:lang=\"en\" "
            "edition=\"" +
            std::to_string(random_.below(50) + 1) + "\">\n";
        while (made_ < items_)
            section(1);
        return out_ + "</c:catalog>\n<!-- end -->\n";
    }

private:
    void word() { out_ += kWords[random_.below(std::size(kWords))]; }
    void words(int count) {
        for (int i = 0; i < count; ++i) {
            if (i)
                out_ += ' ';
            word();
        }
    }
    void number(uint32_t value) { out_ += std::to_string(value); }

    void section(int depth) {
        out_ += "<c:section id=\"s";
        number(++sections_);
        out_ += "\" title=\"";
        words(2);
        out_ += "\">\n";
        int count = 1 + random_.below(3);
        for (int i = 0; i < count && made_ < items_; ++i)
            item();
        if (depth < 4 && made_ < items_ && random_.below(2))
            section(depth + 1);
        out_ += "</c:section>\n";
    }

    void item() {
        ++made_;
        out_ += "  <c:item id=\"i";
        number(made_);
        out_ += "\" stock='";
        number(random_.below(60));
        if (random_.below(2)) {
            out_ += "' currency='";
            out_ += kCurrencies[random_.below(std::size(kCurrencies))];
        }
        out_ += "'>\n    <c:title xml:lang=\"";
        out_ += kLanguages[random_.below(std::size(kLanguages))];
        out_ += "\">";
        words(1 + random_.below(3));
        out_ += "</c:title>\n    <c:price>";
        number(random_.below(400));
        out_ += '.';
        number(10 + random_.below(90));
        out_ += "</c:price>\n";
        for (uint32_t i = random_.below(4); i > 0; --i) {
            out_ += "    <m:tag>";
            out_ += kTags[random_.below(std::size(kTags))];
            out_ += "</m:tag>\n";
        }
        description();
        if (made_ > 1) {
            out_ += "    <c:see xlink:href=\"i";
            number(1 + random_.below(made_ - 1));
            out_ += "\"/>\n";
        }
        out_ += "  </c:item>\n";
    }

    void description() {
        out_ += "    <c:text>";
        words(3 + random_.below(5));
        switch (random_.below(6)) {
        case 0: out_ += " <c:em>very</c:em> &lt;fine&gt; &#233;&#xe4; "; break;
        case 1: out_ += " from &house; "; break;
        case 2: out_ += " <![CDATA[if (a < b && b > c)]]> "; break;
        case 3: out_ += " <!-- checked --><c:em>and <c:em>nested</c:em></c:em> "; break;
        case 4: out_ += " <?render fast?>&warning; "; break;
        default: out_ += " \"quoted\" &amp; 'single' "; break;
        }
        words(2 + random_.below(4));
        out_ += "</c:text>\n";
    }

    Random& random_;
    int items_, made_ = 0;
    int sections_ = 0;
    string out_;
};

}  // namespace

string make_catalogue(Random& random, Encoding encoding, int items) {
    static const char* const kNames[] = {"UTF-8", "ISO-8859-1", "UTF-16", "UTF-16"};
    string text = Writer(random, items).write(kNames[static_cast<int>(encoding)]);
    return encode(text, encoding);
}

}  // namespace xalan
