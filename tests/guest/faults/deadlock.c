// SPDX-License-Identifier: BSD-3-Clause
// Two threads that lock two mutexes in opposite order.
// flags: -pthread
// status: 126
// error: all threads of the program wait for something that cannot happen any more \(deadlock\)
#include <pthread.h>
#include <unistd.h>
static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;
static void *other(void *argument) {
    pthread_mutex_lock(&b);
    usleep(1000);
    pthread_mutex_lock(&a);
    return argument;
}
int main(void) {
    pthread_t thread;
    pthread_create(&thread, 0, other, 0);
    pthread_mutex_lock(&a);
    usleep(1000);
    pthread_mutex_lock(&b);
    return 0;
}
