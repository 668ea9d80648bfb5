// SPDX-License-Identifier: BSD-3-Clause
// xalan_like: an XSLT processor after SPEC CPU2006 483.xalancbmk. It parses generated XML in four encodings,
// runs five compiled stylesheets and a set of XPath queries over each tree and serializes the results.
#include <cstdio>
#include <cstring>

#include "inputs.hh"
#include "xslt.hh"

namespace {

using namespace xalan;

struct Totals {
    uint64_t checksum = 0xcbf29ce484222325ull;
    uint64_t documents = 0, nodes = 0, bytes_in = 0, bytes_out = 0, queries = 0;
    void mix(string_view text) {
        for (char c : text)
            checksum = (checksum ^ static_cast<uint8_t>(c)) * 0x100000001b3ull;
    }
};

class Processor {
public:
    Processor() {
        for (int i = 0; i < kStylesheetCount; ++i)
            sheets_.push_back(std::make_unique<Stylesheet>(kStylesheets[i], names_));
        sources_ = make_queries();
        queries_.resize(sources_.size());
    }

    void process(string_view bytes, Totals& totals, int number) {
        ++totals.documents;
        totals.bytes_in += bytes.size();
        document_.clear();
        DomBuilder builder(document_, names_.intern("", "id", "")->expanded);
        SpaceStripper stripper(builder);
        parse_document(bytes, names_, stripper);
        totals.nodes += document_.nodes;
        for (const auto& sheet : sheets_)
            transform(*sheet, totals);
        query(totals, number);
    }

private:
    void transform(const Stylesheet& sheet, Totals& totals) {
        result_.clear();
        auto serializer = make_serializer(sheet.method, sheet.encoding, result_);
        uint32_t messages;
        if (sheet.indent) {
            Indenter indenter(*serializer);
            messages = sheet.transform(document_, indenter);
        } else {
            messages = sheet.transform(document_, *serializer);
        }
        totals.bytes_out += result_.size();
        totals.mix(result_);
        totals.mix(std::to_string(messages));
    }

    // Every item answers a different share of the queries.
    void query(Totals& totals, int number) {
        size_t next = static_cast<size_t>(number) * 37 % queries_.size();
        for (const auto& [id, element] : document_.ids) {
            if (element->local_name() != "item")
                continue;
            Context context;
            context.node = context.current = element;
            for (int i = 0; i < 18; ++i) {
                result_.clear();
                compiled(next).text(context, result_);
                totals.mix(result_);
                next = (next + 1) % queries_.size();
                ++totals.queries;
            }
        }
    }

    // Compiled when first asked for: short runs use few of them.
    const Expression& compiled(size_t index) {
        if (!queries_[index])
            queries_[index] = compile_expression(sources_[index], scope_);
        return *queries_[index];
    }

    NamePool names_;
    Scope scope_{names_, {{"c", "urn:catalog"}, {"m", "urn:meta"}, {"xlink", "urn:link"}}, {}};
    std::vector<std::unique_ptr<Stylesheet>> sheets_;
    std::vector<string> sources_;
    std::vector<ExpressionPtr> queries_;
    Document document_;
    string result_;
};

int usage() {
    std::fprintf(stderr, "usage: xalan_like test|train|ref\n");
    return 2;
}

void run(int documents, Totals& totals) {
    Processor processor;
    Random random(483);
    for (int i = 0; i < documents; ++i) {
        auto encoding = static_cast<Encoding>(i % 4);
        string bytes = make_catalogue(random, encoding, 1 + random.below(4));
        processor.process(bytes, totals, i);
    }
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2)
        return usage();
    int documents = !std::strcmp(argv[1], "test") ? 1 : !std::strcmp(argv[1], "train") ? 120
                    : !std::strcmp(argv[1], "ref") ? 2400 : 0;
    if (documents == 0)
        return usage();
    Totals totals;
    try {
        run(documents, totals);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "xalan_like: %s\n", error.what());
        return 1;
    }
    std::printf("documents %llu nodes %llu\n", (unsigned long long)totals.documents,
                (unsigned long long)totals.nodes);
    std::printf("bytes in %llu bytes out %llu queries %llu\n", (unsigned long long)totals.bytes_in,
                (unsigned long long)totals.bytes_out, (unsigned long long)totals.queries);
    std::printf("checksum 0x%016llx\n", (unsigned long long)totals.checksum);
    return 0;
}
