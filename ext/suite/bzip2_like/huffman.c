// SPDX-License-Identifier: BSD-3-Clause
// Huffman codes of limited length, in canonical order.
#include "bzip.h"

typedef struct {
    uint32_t weight[2 * MAX_SYMBOLS];
    int parent[2 * MAX_SYMBOLS];
    int heap[MAX_SYMBOLS + 1];   // from 1; the lightest node at the top
    int heap_size;
} Tree;

// Equal weights are ordered by number, so that every machine builds the same tree.
static bool is_lighter(const Tree *tree, int a, int b) {
    return tree->weight[a] != tree->weight[b] ? tree->weight[a] < tree->weight[b] : a < b;
}

static void heap_push(Tree *tree, int node) {
    int place = ++tree->heap_size;
    for (; place > 1 && is_lighter(tree, node, tree->heap[place / 2]); place /= 2) {
        tree->heap[place] = tree->heap[place / 2];
    }
    tree->heap[place] = node;
}

static int heap_pop(Tree *tree) {
    const int top = tree->heap[1], moved = tree->heap[tree->heap_size--];
    int place = 1;
    for (;;) {
        int child = 2 * place;
        if (child > tree->heap_size) break;
        if (child < tree->heap_size && is_lighter(tree, tree->heap[child + 1], tree->heap[child])) child++;
        if (!is_lighter(tree, tree->heap[child], moved)) break;
        tree->heap[place] = tree->heap[child];
        place = child;
    }
    tree->heap[place] = moved;
    return top;
}

static int build_tree(Tree *tree, int symbols, uint8_t *length) {
    int nodes = symbols, longest = 0;
    tree->heap_size = 0;
    for (int i = 0; i < symbols; i++) heap_push(tree, i);
    while (tree->heap_size > 1) {
        const int a = heap_pop(tree), b = heap_pop(tree);
        tree->weight[nodes] = tree->weight[a] + tree->weight[b];
        tree->parent[a] = tree->parent[b] = nodes;
        heap_push(tree, nodes++);
    }
    tree->parent[nodes - 1] = -1;
    for (int i = 0; i < symbols; i++) {
        int depth = 0;
        for (int node = i; tree->parent[node] >= 0; node = tree->parent[node]) depth++;
        length[i] = (uint8_t)depth;
        if (depth > longest) longest = depth;
    }
    return longest;
}

// When a code comes out too long, flatter weights are tried until all fit. There are always two symbols or
// more.
void make_code_lengths(const uint32_t *frequency, int symbols, uint8_t *length) {
    Tree tree;
    for (int i = 0; i < symbols; i++) tree.weight[i] = frequency[i] == 0 ? 1 : frequency[i] * 4;
    while (build_tree(&tree, symbols, length) > MAX_CODE_LENGTH) {
        for (int i = 0; i < symbols; i++) tree.weight[i] = tree.weight[i] / 2 + 1;
    }
}

void assign_codes(const uint8_t *length, int symbols, uint32_t *code) {
    uint32_t next = 0;
    for (int bits = 1; bits <= MAX_CODE_LENGTH; bits++) {
        for (int i = 0; i < symbols; i++) {
            if (length[i] == bits) code[i] = next++;
        }
        next <<= 1;
    }
}
