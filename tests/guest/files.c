// SPDX-License-Identifier: BSD-3-Clause
// Files and folders: create, write, seek, read back, append, truncate, rename, link resolution, listing,
// removal, errors.
// writable: yes
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static void report(const char *what, long result) {
    if (result < 0) printf("%s: %s\n", what, strerror(errno));
    else printf("%s: %ld\n", what, result);
}

int main(void) {
    report("no such file", open("missing.txt", O_RDONLY));
    const int fd = open("data.bin", O_RDWR | O_CREAT | O_EXCL, 0644);
    report("exists already", open("data.bin", O_RDWR | O_CREAT | O_EXCL, 0644));
    for (int i = 0; i < 1000; ++i) write(fd, &i, sizeof i);
    report("position", lseek(fd, 0, SEEK_CUR));
    int value = 0;
    lseek(fd, 4 * 500, SEEK_SET);
    read(fd, &value, sizeof value);
    report("value", value);
    report("pread", pread(fd, &value, sizeof value, 4 * 700));
    report("value", value);
    value = -1;
    report("pwrite", pwrite(fd, &value, sizeof value, 4 * 701));
    int more[3];
    struct iovec parts[] = {{&more[0], 4}, {&more[1], 8}};
    lseek(fd, 4 * 700, SEEK_SET);
    report("readv", readv(fd, parts, 2));
    printf("values %d %d %d\n", more[0], more[1], more[2]);
    report("truncate", ftruncate(fd, 1234));
    struct stat info;
    fstat(fd, &info);
    printf("size %ld, regular %d, mode %o\n", (long)info.st_size, S_ISREG(info.st_mode), info.st_mode & 0600);
    report("beyond the end", lseek(fd, 100, SEEK_END));
    report("end of file", read(fd, &value, 4));
    const int *mapped = mmap(NULL, 1234, PROT_READ, MAP_PRIVATE, fd, 0);
    printf("mapped %d %d\n", mapped[0], mapped[300]);
    report("close", close(fd));
    report("closed", write(fd, "x", 1));

    FILE *text = fopen("text.txt", "w");
    for (int i = 0; i < 100; ++i) fprintf(text, "line %d of the file\n", i);
    fclose(text);
    text = fopen("text.txt", "a");
    fprintf(text, "appended\n");
    fclose(text);
    char line[64];
    int lines = 0;
    text = fopen("text.txt", "r");
    while (fgets(line, sizeof line, text)) ++lines;
    printf("lines %d, last %s", lines, line);
    fclose(text);

    report("mkdir", mkdir("folder", 0755));
    report("mkdir again", mkdir("folder", 0755));
    report("rename", rename("text.txt", "folder/b.txt"));
    close(open("folder/a.txt", O_WRONLY | O_CREAT, 0644));
    mkdir("folder/c", 0755);
    report("access", access("folder/b.txt", R_OK | W_OK));
    report("no access", access("text.txt", F_OK));
    report("execute", access("folder/b.txt", X_OK));
    struct dirent **names;
    const int found = scandir("folder", &names, NULL, alphasort);
    for (int i = 0; i < found; ++i) printf("entry %s %d\n", names[i]->d_name, names[i]->d_type == DT_DIR);
    report("chdir", chdir("folder"));
    char *where = getcwd(NULL, 0);
    printf("in %s\n", strrchr(where, '/'));
    report("stat up", stat("../data.bin", &info));
    report("remove", unlink("a.txt"));
    report("folder is not empty", rmdir("../folder"));
    report("not a folder", open("b.txt/x", O_RDONLY));
    const int folder = open("..", O_RDONLY | O_DIRECTORY);
    report("openat", openat(folder, "data.bin", O_RDONLY) >= 0 ? 0 : -1);
    report("is a folder", open("..", O_WRONLY));
    report("bad pointer", open((const char *)8, O_RDONLY));
    report("outside", open("/proc/../etc/../../nowhere/file", O_RDONLY));
    const int copy = dup2(1, 40);
    report("dup2", write(copy, "through the copy\n", 17));
    unlink("b.txt");
    rmdir("c");
    chdir("..");
    report("rmdir", rmdir("folder"));
    report("unlink", unlink("data.bin"));
    report("null", write(open("/dev/null", O_WRONLY), "x", 1));
    return 0;
}
