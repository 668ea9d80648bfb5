// SPDX-License-Identifier: BSD-3-Clause
// The data sets: prose, program text, records, a picture, noise and long repetitions, all made by code.
#include <stdio.h>
#include <string.h>
#include "bzip.h"

enum { WORDS = 600, LONGEST_WORD = 12 };

static uint32_t random_below(uint64_t *seed, uint32_t bound) {
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return (uint32_t)((*seed >> 32) * bound >> 32);
}

static size_t append(uint8_t *data, size_t at, size_t length, const char *text) {
    size_t count = strlen(text);
    if (count > length - at) count = length - at;
    memcpy(data + at, text, count);
    return at + count;
}

// Small numbers are drawn far more often than large ones, as words of a language are.
static uint32_t random_skewed(uint64_t *seed, uint32_t bound) {
    const uint32_t a = random_below(seed, 4096), b = random_below(seed, 4096);
    return (uint32_t)((uint64_t)a * a / 4096 * b / 4096 * bound / 4096);
}

static void make_words(char words[][LONGEST_WORD + 1], int count, uint64_t *seed) {
    static const char vowels[] = "eeeaaoiiu", consonants[] = "ttnnsshrrdlcmwfgpbvk";
    for (int i = 0; i < count; i++) {
        const int length = 2 + (int)random_below(seed, i < 40 ? 3 : LONGEST_WORD - 2);
        for (int j = 0; j < length; j++) {
            const bool vowel = (j + i) % 2 == 0 || random_below(seed, 6) == 0;
            words[i][j] = vowel ? vowels[random_below(seed, 9)] : consonants[random_below(seed, 20)];
        }
        words[i][length] = 0;
    }
}

static void make_prose(uint8_t *data, size_t length, uint64_t *seed) {
    static char words[WORDS][LONGEST_WORD + 1];
    make_words(words, WORDS, seed);
    size_t at = 0;
    uint32_t previous = 0, column = 0;
    bool capital = true;
    while (at < length) {
        // A word depends on the one before it half of the time, which gives the text phrases.
        const uint32_t word = random_below(seed, 2) ? random_skewed(seed, WORDS)
                                                    : (previous * 7 + random_below(seed, 3)) % WORDS;
        const size_t start = at;
        at = append(data, at, length, words[word]);
        if (capital && start < length) data[start] = (uint8_t)(data[start] - 32);
        const uint32_t mark = random_below(seed, 14);
        capital = mark == 0;
        column += (uint32_t)(at - start) + 1;
        at = append(data, at, length, mark == 0 ? ". " : mark == 1 ? ", " : column > 70 ? "\n" : " ");
        if (column > 70) column = 0;
        previous = word;
    }
}

static void make_program(uint8_t *data, size_t length, uint64_t *seed) {
    static const char *const shapes[] = {
        "    if (%s_%s > %d) {\n        %s->%s = %d;\n    }\n",
        "    for (int i = 0; i < %s_%s; i += %d) %s[%s] += %d;\n",
        "static int %s_%s(int value)\n{\n    return value * %d + %s.%s - %d;\n}\n\n",
        "    %s = call_%s(%d, &%s_%s, %d);\n",
        "#define %s_%s_LIMIT %d   // %s of the %s, %d bytes\n",
    };
    static const char *const names[] = {"node",  "list",  "index", "count",  "buffer", "state",
                                        "next",  "table", "entry", "offset", "symbol", "length",
                                        "queue", "cache", "line",  "frame"};
    char text[256];
    size_t at = 0;
    while (at < length) {
        const char *name[4];
        for (int i = 0; i < 4; i++) name[i] = names[random_skewed(seed, 16)];
        const int first = (int)random_skewed(seed, 1000), second = (int)random_below(seed, 64);
        snprintf(text, sizeof text, shapes[random_below(seed, 5)], name[0], name[1], first, name[2], name[3],
                 second);
        at = append(data, at, length, text);
    }
}

// Records of 16 bytes: a counter, a slowly changing reading, flags and a label.
static void make_records(uint8_t *data, size_t length, uint64_t *seed) {
    uint32_t counter = 1000, reading = 1 << 20;
    for (size_t at = 0; at < length; at += 16) {
        uint8_t record[16] = {0};
        counter += 1 + random_below(seed, 3);
        reading += random_below(seed, 257) - 128;
        memcpy(record + 8, "LBL", 3);
        for (int i = 0; i < 4; i++) {
            record[i] = (uint8_t)(counter >> (24 - 8 * i));
            record[4 + i] = (uint8_t)(reading >> (24 - 8 * i));
        }
        record[11] = (uint8_t)('A' + random_skewed(seed, 26));
        record[12] = (uint8_t)(1u << random_below(seed, 4));
        record[15] = (uint8_t)(random_below(seed, 16) == 0 ? random_below(seed, 256) : 0);
        memcpy(data + at, record, length - at < 16 ? length - at : 16);
    }
}

// A picture of 256 columns: smooth shading with edges and a little grain.
static void make_picture(uint8_t *data, size_t length, uint64_t *seed) {
    for (size_t at = 0; at < length; at++) {
        const uint32_t x = (uint32_t)(at & 255), y = (uint32_t)(at >> 8);
        uint32_t shade = (x * x + y * 3 * x) / 512 + y / 2;
        if (((x >> 5) + (y >> 4)) % 3 == 0) shade += 60;
        if ((at & 3) == 0) shade += random_below(seed, 4);
        data[at] = (uint8_t)shade;
    }
}

static void make_noise(uint8_t *data, size_t length, uint64_t *seed) {
    for (size_t at = 0; at < length; at++) data[at] = (uint8_t)random_below(seed, 256);
}

// Long repetitions with rare changes: bad for comparing rotations, good for run coding.
static void make_repetition(uint8_t *data, size_t length, uint64_t *seed) {
    static const char phrase[] = "all work and no play makes a dull block ";
    size_t at = 0;
    while (at < length) {
        if (random_below(seed, 8) == 0) {
            const uint8_t byte = (uint8_t)('a' + random_below(seed, 3));
            for (uint32_t run = 20 + random_below(seed, 700); run > 0 && at < length; run--)
                data[at++] = byte;
        } else {
            for (uint32_t times = 1 + random_below(seed, 40); times > 0; times--) {
                at = append(data, at, length, phrase);
            }
        }
    }
}

const DataSet data_sets[] = {
    {"prose", make_prose},     {"program", make_program}, {"records", make_records},
    {"picture", make_picture}, {"noise", make_noise},     {"repetition", make_repetition},
};
const size_t data_set_count = sizeof data_sets / sizeof data_sets[0];
