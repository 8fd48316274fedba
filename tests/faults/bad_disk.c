/* A disk that takes no more, or that can't make lasting what it took: preloaded into the daemon (see bad_disk.py).
 *
 * MAILD_BAD_DISK names a file of five numbers, mapped and shared with the test; MAILD_BAD_DISK_UNDER the folder whose
 * files are on that disk. Kind 1: from the n-th call on that would take room, ENOSPC, until there is room again.
 * Kind 2: the n-th fsync or fdatasync gives EIO, once, as Linux reports a lost page once.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

enum { NONE, FULL, LOSES };
struct control {
    volatile long kind, at, seen, hits, last; /* last: the descriptor that was hit */
};

static struct control *control;
static const char *under;

static __attribute__((constructor)) void begin(void)
{
    const char *path = getenv("MAILD_BAD_DISK");
    under = getenv("MAILD_BAD_DISK_UNDER");
    int file = path && under ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (file < 0)
        return;
    void *shared = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (shared != MAP_FAILED)
        control = shared;
}

static int is_on_disk(int file)
{
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    return length > 0 && strncmp(path, under, strlen(under)) == 0;
}

static int is_turn(void)
{
    return __atomic_add_fetch(&control->seen, 1, __ATOMIC_SEQ_CST) >= control->at;
}

static int is_full(void)
{
    if (!is_turn())
        return 0;
    __atomic_add_fetch(&control->hits, 1, __ATOMIC_SEQ_CST);
    errno = ENOSPC;
    return 1;
}

static int takes_no_more(int file)
{
    return control && control->kind == FULL && is_on_disk(file) && is_full();
}

static int is_lost(int file)
{
    if (!control || control->kind != LOSES || !is_on_disk(file) || !is_turn())
        return 0;
    control->kind = NONE;
    control->last = file;
    __atomic_add_fetch(&control->hits, 1, __ATOMIC_SEQ_CST);
    errno = EIO;
    return 1;
}

#define REAL(result, name, ...)                                  \
    static result (*real)(__VA_ARGS__);                          \
    if (!real)                                                   \
        real = (result(*)(__VA_ARGS__))dlsym(RTLD_NEXT, name);

ssize_t write(int file, const void *data, size_t size)
{
    REAL(ssize_t, "write", int, const void *, size_t)
    return takes_no_more(file) ? -1 : real(file, data, size);
}

ssize_t pwrite(int file, const void *data, size_t size, off_t at)
{
    REAL(ssize_t, "pwrite", int, const void *, size_t, off_t)
    return takes_no_more(file) ? -1 : real(file, data, size, at);
}

ssize_t pwrite64(int file, const void *data, size_t size, off64_t at)
{
    REAL(ssize_t, "pwrite64", int, const void *, size_t, off64_t)
    return takes_no_more(file) ? -1 : real(file, data, size, at);
}

int fallocate64(int file, int mode, off64_t at, off64_t size)
{
    REAL(int, "fallocate64", int, int, off64_t, off64_t)
    return takes_no_more(file) ? -1 : real(file, mode, at, size);
}

static int makes_no_file(const char *path, int flags)
{
    return control && control->kind == FULL && flags & O_CREAT && strncmp(path, under, strlen(under)) == 0 &&
           access(path, F_OK) != 0 && is_full();
}

#define OPEN(name)                                               \
    int name(const char *path, int flags, ...)                   \
    {                                                            \
        REAL(int, #name, const char *, int, ...)                 \
        va_list more;                                            \
        va_start(more, flags);                                   \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0; \
        va_end(more);                                            \
        return makes_no_file(path, flags) ? -1 : real(path, flags, mode); \
    }

OPEN(open)
OPEN(open64)

int fsync(int file)
{
    REAL(int, "fsync", int)
    return is_lost(file) ? -1 : real(file);
}

int fdatasync(int file)
{
    REAL(int, "fdatasync", int)
    return is_lost(file) ? -1 : real(file);
}
