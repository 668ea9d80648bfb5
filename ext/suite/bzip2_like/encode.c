// SPDX-License-Identifier: BSD-3-Clause
// From the sorted block to bits: move-to-front, run coding, and Huffman coding with several tables.
#include <string.h>
#include "bzip.h"

enum { REFINEMENTS = 4 };

typedef struct {
    int alphabet, tables;
    size_t groups;
    uint8_t length[MAX_TABLES][MAX_SYMBOLS];
    uint32_t code[MAX_TABLES][MAX_SYMBOLS];
} Coder;

static void put_run(Work *work, size_t run) {
    // Bijective base two, least significant digit first: the digits are worth 1 and 2.
    for (; run > 0; run = (run - 1) / 2) work->symbol[work->symbol_count++] = run & 1 ? RUN_A : RUN_B;
}

// Returns the number of symbols of the alphabet. The list starts with the bytes that occur, in order.
static int move_to_front(Work *work, bool *used) {
    uint8_t list[256];
    int count = 0;
    size_t run = 0;
    memset(used, 0, 256 * sizeof *used);
    for (size_t i = 0; i < work->length; i++) used[work->block[i]] = true;
    for (int byte = 0; byte < 256; byte++) {
        if (used[byte]) list[count++] = (uint8_t)byte;
    }
    work->symbol_count = 0;
    for (size_t i = 0; i < work->length; i++) {
        const uint8_t byte = work->last[i];
        if (list[0] == byte) {
            run++;
            continue;
        }
        put_run(work, run);
        run = 0;
        int place = 0;
        uint8_t carried = list[0];
        do {
            const uint8_t next = list[++place];
            list[place] = carried;
            carried = next;
        } while (carried != byte);
        list[0] = byte;
        work->symbol[work->symbol_count++] = (uint16_t)(place + 1);
    }
    put_run(work, run);
    work->symbol[work->symbol_count++] = (uint16_t)(count + 1);   // end of block
    return count + 2;
}

static int table_count(size_t symbols) {
    return symbols < 200 ? 2 : symbols < 600 ? 3 : symbols < 1200 ? 4 : symbols < 2400 ? 5 : MAX_TABLES;
}

// The first guess gives each table a share of the alphabet with about the same number of occurrences.
static void guess_tables(const Work *work, Coder *coder) {
    uint32_t frequency[MAX_SYMBOLS] = {0};
    for (size_t i = 0; i < work->symbol_count; i++) frequency[work->symbol[i]]++;
    size_t rest = work->symbol_count;
    int from = 0;
    for (int table = 0; table < coder->tables; table++) {
        const size_t share = rest / (size_t)(coder->tables - table);
        size_t sum = 0;
        int to = from;
        while (to < coder->alphabet && (sum < share || table == coder->tables - 1)) sum += frequency[to++];
        for (int i = 0; i < coder->alphabet; i++) coder->length[table][i] = i >= from && i < to ? 0 : 15;
        rest -= sum;
        from = to;
    }
}

static size_t group_end(const Work *work, size_t start) {
    return start + GROUP_SIZE < work->symbol_count ? start + GROUP_SIZE : work->symbol_count;
}

// Gives each group the table that codes it in the fewest bits, then fits the tables to their groups.
static void refine_tables(Work *work, Coder *coder) {
    uint32_t frequency[MAX_TABLES][MAX_SYMBOLS];
    memset(frequency, 0, sizeof frequency);
    coder->groups = 0;
    for (size_t start = 0; start < work->symbol_count; start += GROUP_SIZE) {
        uint32_t cost[MAX_TABLES] = {0};
        const size_t end = group_end(work, start);
        for (size_t i = start; i < end; i++) {
            for (int table = 0; table < coder->tables; table++)
                cost[table] += coder->length[table][work->symbol[i]];
        }
        int best = 0;
        for (int table = 1; table < coder->tables; table++) {
            if (cost[table] < cost[best]) best = table;
        }
        work->selector[coder->groups++] = (uint8_t)best;
        for (size_t i = start; i < end; i++) frequency[best][work->symbol[i]]++;
    }
    for (int table = 0; table < coder->tables; table++) {
        make_code_lengths(frequency[table], coder->alphabet, coder->length[table]);
    }
}

static void write_used(const bool *used, BitStream *out) {
    for (int row = 0; row < 16; row++) {
        uint32_t bits = 0;
        for (int i = 0; i < 16; i++) bits = bits << 1 | used[16 * row + i];
        put_bits(out, 1, bits != 0);
        if (bits != 0) put_bits(out, 16, bits);
    }
}

static void write_selectors(const Work *work, const Coder *coder, BitStream *out) {
    uint8_t list[MAX_TABLES];
    for (int i = 0; i < MAX_TABLES; i++) list[i] = (uint8_t)i;
    for (size_t group = 0; group < coder->groups; group++) {
        int place = 0;
        for (; list[place] != work->selector[group]; place++) put_bits(out, 1, 1);
        put_bits(out, 1, 0);
        for (; place > 0; place--) list[place] = list[place - 1];
        list[0] = work->selector[group];
    }
}

static void write_lengths(const Coder *coder, int table, BitStream *out) {
    int current = coder->length[table][0];
    put_bits(out, 5, (uint32_t)current);
    for (int i = 0; i < coder->alphabet; i++) {
        for (; current < coder->length[table][i]; current++) put_bits(out, 2, 2);
        for (; current > coder->length[table][i]; current--) put_bits(out, 2, 3);
        put_bits(out, 1, 0);
    }
}

void write_block(Work *work, size_t origin, BitStream *out, Statistics *statistics) {
    static Coder coder;
    bool used[256];
    for (size_t i = 0; i < work->length; i++) {
        work->last[i] = work->block[work->order[i] + work->length - 1];
    }
    coder.alphabet = move_to_front(work, used);
    coder.tables = table_count(work->symbol_count);
    guess_tables(work, &coder);
    for (int i = 0; i < REFINEMENTS; i++) refine_tables(work, &coder);
    put_bits(out, 24, (uint32_t)origin);
    write_used(used, out);
    put_bits(out, 3, (uint32_t)coder.tables);
    put_bits(out, 24, (uint32_t)coder.groups);
    write_selectors(work, &coder, out);
    for (int table = 0; table < coder.tables; table++) {
        write_lengths(&coder, table, out);
        assign_codes(coder.length[table], coder.alphabet, coder.code[table]);
    }
    for (size_t i = 0; i < work->symbol_count; i++) {
        const int table = work->selector[i / GROUP_SIZE], symbol = work->symbol[i];
        put_bits(out, coder.length[table][symbol], coder.code[table][symbol]);
    }
    statistics->symbols += work->symbol_count;
    statistics->tables += (uint64_t)coder.tables;
}
