// SPDX-License-Identifier: BSD-3-Clause
// Reads all of standard input by words and by lines, and says what it found.
// input: the quick brown fox\njumps over\n\nthe lazy dog 12 34 56\nno newline at the end
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(void) {
    char line[256], word[64];
    int lines = 0, words = 0, digits = 0;
    unsigned long hash = 5381;
    if (scanf("%63s", word) == 1) printf("first word %s\n", word);
    while (fgets(line, sizeof line, stdin)) {
        ++lines;
        for (const char *p = line; *p; ++p) {
            hash = hash * 33 + (unsigned char)*p;
            digits += isdigit((unsigned char)*p) != 0;
            words += !isspace((unsigned char)*p) && (p == line || isspace((unsigned char)p[-1]));
        }
    }
    printf("%d lines, %d words, %d digits, hash %lu, end %d\n", lines, words, digits, hash, feof(stdin) != 0);
    fprintf(stderr, "this goes to standard error\n");
    return lines;
}
