// SPDX-License-Identifier: BSD-3-Clause
// Pipes within one process: more than they hold, two threads, poll and select, end of file, SIGPIPE,
// non-blocking ends.
// flags: -pthread
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static int pair[2];
static volatile int broken;
static void on_broken(int number) {
    (void)number;
    ++broken;
}

static void *write_much(void *argument) {
    uint8_t bytes[1000];
    for (int i = 0; i < 80; ++i) {
        for (int j = 0; j < 1000; ++j) bytes[j] = (uint8_t)(i * 7 + j);
        for (ssize_t done = 0; done < 1000;) {
            const ssize_t n = write(pair[1], bytes + done, 1000 - done);
            if (n > 0) done += n;
        }
    }
    close(pair[1]);
    return argument;
}

int main(void) {
    char text[64] = {0};
    pipe(pair);
    write(pair[1], "hello ", 6);
    struct iovec parts[] = {{"pipe", 4}, {"", 0}, {"line\n", 5}};
    writev(pair[1], parts, 3);
    printf("read %zd: %s", read(pair[0], text, sizeof text), text);
    struct stat info;
    fstat(pair[0], &info);
    printf("is a pipe: %d, seek: %ld %s\n", S_ISFIFO(info.st_mode), (long)lseek(pair[0], 0, SEEK_SET),
           strerror(errno));

    struct pollfd polls[] = {{pair[0], POLLIN, 0}, {pair[1], POLLOUT, 0}};
    printf("poll %d: %x %x\n", poll(polls, 2, 0), polls[0].revents, polls[1].revents);
    printf("empty: %d\n", poll(polls, 1, 5));
    write(pair[1], "x", 1);
    printf("poll %d: %x\n", poll(polls, 1, -1), polls[0].revents);
    fd_set set;
    FD_ZERO(&set);
    FD_SET(pair[0], &set);
    printf("select %d: %d\n", select(pair[0] + 1, &set, NULL, NULL, NULL), FD_ISSET(pair[0], &set) != 0);
    read(pair[0], text, 1);

    fcntl(pair[0], F_SETFL, O_NONBLOCK);
    printf("non-blocking read %zd %s\n", read(pair[0], text, 1), strerror(errno));
    fcntl(pair[0], F_SETFL, 0);

    pthread_t writer;
    pthread_create(&writer, NULL, write_much, NULL);
    uint64_t sum = 0, total = 0;
    uint8_t bytes[4321];
    for (ssize_t n; (n = read(pair[0], bytes, sizeof bytes)) > 0; total += (uint64_t)n)
        for (ssize_t i = 0; i < n; ++i) sum = sum * 31 + bytes[i];
    pthread_join(writer, NULL);
    printf("through the pipe: %llu bytes, %llx\n", (unsigned long long)total, (unsigned long long)sum);
    close(pair[0]);

    struct sigaction action = {.sa_handler = on_broken};
    sigaction(SIGPIPE, &action, NULL);
    pipe2(pair, O_CLOEXEC);
    const int spare = dup(pair[0]), wide = fcntl(pair[0], F_DUPFD, 100);
    close(pair[0]);
    printf("still a reader: %zd\n", write(pair[1], "y", 1));
    close(spare);
    close(wide);
    errno = 0;
    const ssize_t n = write(pair[1], "z", 1);
    printf("no reader: %zd %s, signals %d\n", n, strerror(errno), broken);
    printf("bad descriptor: %zd %s\n", read(777, text, 1), strerror(errno));
    return 0;
}
