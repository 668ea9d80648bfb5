// SPDX-License-Identifier: BSD-3-Clause
// perl_like: a script interpreter after SPEC CPU2006 400.perlbench. Five embedded scripts (mail scoring, text
// munging, reports, algorithms, a calculator) run over generated mails; each script is compiled again every
// few mails.
#include <cstdio>
#include <cstring>

#include "nodes.hh"
#include "scripts.hh"

namespace {

using namespace script;

struct Totals {
    uint64_t checksum = 0xcbf29ce484222325ull;
    uint64_t lines = 0, output_bytes = 0, operations = 0;
    void mix(const string& text) {
        for (char c : text)
            checksum = (checksum ^ static_cast<uint8_t>(c)) * 0x100000001b3ull;
        output_bytes += text.size();
    }
};

void run(int mails, int scripts, Totals& totals) {
    constexpr int kMailsPerCompile = 8;
    Random random(400);
    std::vector<std::unique_ptr<Interpreter>> interpreters(scripts);
    for (int i = 0; i < mails; ++i) {
        std::vector<string> mail = make_mail(random, 1 + static_cast<int>(random.below(4)));
        totals.lines += mail.size();
        for (int s = 0; s < scripts; ++s) {
            // Scripts are renewed in turn, so that compiling and running alternate.
            if (!interpreters[s] || i % kMailsPerCompile == s) {
                interpreters[s] = std::make_unique<Interpreter>();
                compile_script(kScripts[s], *interpreters[s]);
            }
            Interpreter& in = *interpreters[s];
            in.input = mail;
            in.next_line = 0;
            in.output.clear();
            uint64_t before = in.operations;
            in.call(find_sub(in, "main"), {});
            totals.operations += in.operations - before;
            totals.mix(in.output);
        }
    }
}

int usage() {
    std::fprintf(stderr, "usage: perl_like test|train|ref\n");
    return 2;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2)
        return usage();
    int mails = !std::strcmp(argv[1], "test") ? 1 : !std::strcmp(argv[1], "train") ? 60
                : !std::strcmp(argv[1], "ref") ? 800 : 0;
    if (mails == 0)
        return usage();
    Totals totals;
    try {
        run(mails, mails > 1 ? kScriptCount : 3, totals);   // compiling all five takes longer than a test may
    } catch (const std::exception& error) {
        std::fprintf(stderr, "perl_like: %s\n", error.what());
        return 1;
    }
    std::printf("mails %d lines %llu output %llu bytes\n", mails, (unsigned long long)totals.lines,
                (unsigned long long)totals.output_bytes);
    std::printf("operations %llu\n", (unsigned long long)totals.operations);
    std::printf("checksum 0x%016llx\n", (unsigned long long)totals.checksum);
    return 0;
}
