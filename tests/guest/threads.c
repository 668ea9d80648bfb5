// SPDX-License-Identifier: BSD-3-Clause
// POSIX threads: mutexes, condition variables with timeouts, barriers, semaphores, thread-local storage,
// cancellation, signals to a thread, and a loop that only ends because the hart is taken away from it.
#define _GNU_SOURCE
// flags: -pthread
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { kThreads = 4, kRounds = 2000 };
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static pthread_barrier_t barrier;
static sem_t semaphore;
static long counter, produced, consumed, queue[8], queued;
static atomic_int go, arrived, handled;
static __thread long mine = 100;

static void *count(void *argument) {
    for (int i = 0; i < kRounds; ++i) {
        pthread_mutex_lock(&mutex);
        ++counter;
        pthread_mutex_unlock(&mutex);
        mine += (long)argument;
        if (i % 500 == 0) sched_yield();
    }
    pthread_barrier_wait(&barrier);
    return (void *)mine;
}
static void *produce(void *argument) {
    (void)argument;
    for (long i = 1; i <= 500; ++i) {
        pthread_mutex_lock(&mutex);
        while (queued == 8) pthread_cond_wait(&changed, &mutex);
        queue[queued++] = i;
        produced += i;
        pthread_cond_broadcast(&changed);
        pthread_mutex_unlock(&mutex);
    }
    return NULL;
}
static void *consume(void *argument) {
    (void)argument;
    for (int i = 0; i < 250; ++i) {
        pthread_mutex_lock(&mutex);
        while (queued == 0) pthread_cond_wait(&changed, &mutex);
        consumed += queue[--queued];
        pthread_cond_broadcast(&changed);
        pthread_mutex_unlock(&mutex);
    }
    return NULL;
}
static void *spin(void *argument) {
    (void)argument;
    atomic_fetch_add(&arrived, 1);
    while (!atomic_load(&go)) {
    }   // no system call in here
    return NULL;
}
static void *sleep_forever(void *argument) {
    (void)argument;
    for (;;) pause();
    return argument;
}
static void on_signal(int number) {
    (void)number;
    atomic_fetch_add(&handled, 1);
}
static void *wait_for_post(void *argument) {
    while (sem_wait(&semaphore) != 0) {
    }
    return argument;
}

int main(void) {
    pthread_t threads[kThreads];
    void *result;
    long total = 0;
    pthread_barrier_init(&barrier, NULL, kThreads);
    for (long i = 0; i < kThreads; ++i) pthread_create(&threads[i], NULL, count, (void *)i);
    for (int i = 0; i < kThreads; ++i) pthread_join(threads[i], &result), total += (long)result;
    printf("counter %ld, thread-local %ld, here %ld\n", counter, total, mine);

    pthread_create(&threads[0], NULL, produce, NULL);
    pthread_create(&threads[1], NULL, consume, NULL);
    pthread_create(&threads[2], NULL, consume, NULL);
    for (int i = 0; i < 3; ++i) pthread_join(threads[i], NULL);
    printf("produced %ld consumed %ld\n", produced, consumed);

    pthread_create(&threads[0], NULL, spin, NULL);
    pthread_create(&threads[1], NULL, spin, NULL);
    while (atomic_load(&arrived) < 2) {
    }
    atomic_store(&go, 1);
    for (int i = 0; i < 2; ++i) pthread_join(threads[i], NULL);
    printf("spinners ended\n");

    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += 2000000;
    if (until.tv_nsec >= 1000000000) ++until.tv_sec, until.tv_nsec -= 1000000000;
    pthread_mutex_lock(&mutex);
    const int waited = pthread_cond_timedwait(&changed, &mutex, &until);
    pthread_mutex_unlock(&mutex);
    printf("timed wait: %s\n", strerror(waited));

    pthread_create(&threads[0], NULL, sleep_forever, NULL);
    usleep(1000);
    pthread_cancel(threads[0]);
    pthread_join(threads[0], &result);
    printf("cancelled: %d\n", result == PTHREAD_CANCELED);

    struct sigaction action = {.sa_handler = on_signal};
    sigaction(SIGUSR1, &action, NULL);
    sem_init(&semaphore, 0, 0);
    pthread_create(&threads[0], NULL, wait_for_post, &total);
    usleep(1000);
    pthread_kill(threads[0], SIGUSR1);
    while (!atomic_load(&handled)) usleep(100);
    sem_post(&semaphore);
    pthread_join(threads[0], &result);
    printf("signalled and posted: %d\n", result == &total);
    return 0;
}
