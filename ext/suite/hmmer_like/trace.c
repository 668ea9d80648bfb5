// SPDX-License-Identifier: BSD-3-Clause
// Recovers the best path from a full Viterbi matrix, last state first, and re-scores it as a check.
#include "hmm.h"

static void push(Trace *trace, State state, int node, int position)
{
    Step *step = &trace->step[trace->steps++];
    step->state = (uint8_t)state;
    step->node = (int16_t)node;
    step->position = (int16_t)position;
}

typedef struct {
    const Model *model;
    const Sequence *sequence;
    const Matrix *matrix;
} Problem;

static int cell(const Problem *problem, int position, int node)
{
    return position * problem->matrix->stride + node;
}

static State before_match(const Problem *problem, int node, int position)
{
    const Model *model = problem->model;
    const Matrix *matrix = problem->matrix;
    const int here = matrix->match[cell(problem, position, node)];
    const int wanted = here - model->match[problem->sequence->letters[position - 1]][node];
    const int from = cell(problem, position - 1, node - 1);
    if (wanted == matrix->match[from] + model->transition[kMM][node - 1])
        return kInMatch;
    if (wanted == matrix->insert[from] + model->transition[kIM][node - 1])
        return kInInsert;
    if (wanted == matrix->delete[from] + model->transition[kDM][node - 1])
        return kInDelete;
    return kInBegin;
}

static State before_insert(const Problem *problem, int node, int position)
{
    const Model *model = problem->model;
    const int here = problem->matrix->insert[cell(problem, position, node)];
    const int wanted = here - model->insert[problem->sequence->letters[position - 1]][node];
    const int from = problem->matrix->match[cell(problem, position - 1, node)];
    return wanted == from + model->transition[kMI][node] ? kInMatch : kInInsert;
}

static State before_delete(const Problem *problem, int node, int position)
{
    const int here = problem->matrix->delete[cell(problem, position, node)];
    const int from = problem->matrix->match[cell(problem, position, node - 1)];
    return here == from + problem->model->transition[kMD][node - 1] ? kInMatch : kInDelete;
}

static int best_exit(const Problem *problem, int position)
{
    const int end = problem->matrix->special[position][kSpecialE];
    const int *match = problem->matrix->match + position * problem->matrix->stride;
    int node = problem->model->nodes;
    while (node > 1 && match[node] + problem->model->end[node] != end)
        --node;
    return node;
}

// Whether C or J was reached from itself, by emitting a letter.
static int stays(const Problem *problem, State state, int position)
{
    const int index = state == kInC ? kSpecialC : kSpecialJ;
    const int loop = state == kInC ? problem->model->c_loop : problem->model->j_loop;
    int(*special)[kSpecials] = problem->matrix->special;
    return position > 0 && special[position][index] == special[position - 1][index] + loop;
}

int trace_back(const Model *model, const Sequence *sequence, const Matrix *matrix, Trace *trace)
{
    const Problem problem = {model, sequence, matrix};
    int position = sequence->length, node = 0, domains = 0;
    State state = kInC;
    trace->steps = 0;
    for (;;) {
        push(trace, state, node, position);
        const int *special = matrix->special[position];
        switch (state) {
        case kInC:
        case kInJ:
            if (stays(&problem, state, position))
                --position;
            else
                state = kInEnd;
            break;
        case kInEnd:
            ++domains;
            node = best_exit(&problem, position);
            state = kInMatch;
            break;
        case kInMatch:
            state = before_match(&problem, node, position);
            --position;
            node = state == kInBegin ? 0 : node - 1;
            break;
        case kInInsert:
            state = before_insert(&problem, node, position);
            --position;
            break;
        case kInDelete:
            state = before_delete(&problem, node, position);
            --node;
            break;
        case kInBegin:
            state = special[kSpecialB] == special[kSpecialN] + model->n_move ? kInN : kInJ;
            break;
        case kInN:
            if (position == 0)
                return domains;
            --position;
            break;
        }
    }
}

// The score of moving between two states of the path, with what the later one emits.
static int step_score(const Model *model, const Sequence *sequence, const Step *from, const Step *to)
{
    static const uint8_t kMove[3][3] = {{kMM, kMI, kMD}, {kIM, kII, kTransitions}, {kDM, kTransitions, kDD}};
    int score = 0;
    if (to->state == kInMatch)
        score = model->match[sequence->letters[to->position - 1]][to->node];
    else if (to->state == kInInsert)
        score = model->insert[sequence->letters[to->position - 1]][to->node];
    if (from->state <= kInDelete && to->state <= kInDelete)
        return score + model->transition[kMove[from->state][to->state]][from->node];
    switch (from->state) {
    case kInBegin: return score + model->begin[to->node];
    case kInN: return to->state == kInN ? model->n_loop : model->n_move;
    case kInJ: return to->state == kInJ ? model->j_loop : model->j_move;
    case kInC: return model->c_loop;
    case kInEnd: return to->state == kInJ ? model->e_loop : model->e_move;
    default: return model->end[from->node];
    }
}

int trace_score(const Model *model, const Sequence *sequence, const Trace *trace)
{
    int score = model->c_move;
    for (int step = trace->steps - 1; step > 0; --step)
        score += step_score(model, sequence, &trace->step[step], &trace->step[step - 1]);
    return score;
}
