/* What would be on the disk if the power went? Preloaded into the daemon, it writes down each change below a folder.
 *
 * MAILD_CHANGES names the log, MAILD_CHANGES_UNDER the folder. A record is the header below, a path (of a RENAME two,
 * with a NUL between) and the octets of a write. A SYNC counts for what was logged before it began, which is `at`.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { DATA = 1, SIZE, SYNC, NAME, RENAME, UNLINK };
struct header {
    uint64_t time, kind, inode, at, path_length, length;
};

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static const char *under;
static int changes = -1;
static uint64_t *records; /* shared with the processes that are forked later, which take turns */

static __attribute__((constructor)) void begin(void)
{
    const char *path = getenv("MAILD_CHANGES");
    under = getenv("MAILD_CHANGES_UNDER");
    records = mmap(NULL, sizeof *records, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (path && under && records != MAP_FAILED)
        changes = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
}

static uint64_t note(uint64_t kind, uint64_t inode, uint64_t at, const char *path, size_t path_length, const void *data,
                     size_t length)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    struct header header = {now.tv_sec * 1000000000ull + now.tv_nsec, kind, inode, at, path_length, length};
    struct iovec parts[] = {{&header, sizeof header}, {(void *)path, path_length}, {(void *)data, length}};
    pthread_mutex_lock(&turn);
    if (writev(changes, parts, 3) != (ssize_t)(sizeof header + path_length + length))
        abort();
    uint64_t number = ++*records;
    pthread_mutex_unlock(&turn);
    return number;
}

static int is_ours(const char *path)
{
    return changes >= 0 && strncmp(path, under, strlen(under)) == 0 && !strstr(path, "-shm");
}

/* The inode of an open file below the folder, or 0. */
static uint64_t inode_of(int file)
{
    char link[64], path[PATH_MAX];
    struct stat found;
    if (changes < 0 || file == changes)
        return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0)
        return 0;
    path[length] = 0;
    return is_ours(path) && fstat(file, &found) == 0 ? found.st_ino : 0;
}

#define REAL(result, name, ...)                                  \
    static result (*real)(__VA_ARGS__);                          \
    if (!real)                                                   \
        real = (result(*)(__VA_ARGS__))dlsym(RTLD_NEXT, name);

ssize_t write(int file, const void *data, size_t size)
{
    REAL(ssize_t, "write", int, const void *, size_t)
    ssize_t done = real(file, data, size);
    uint64_t inode = done > 0 ? inode_of(file) : 0;
    if (inode)
        note(DATA, inode, lseek(file, 0, SEEK_CUR) - done, "", 0, data, done);
    return done;
}

#define PWRITE(name, offset)                                                      \
    ssize_t name(int file, const void *data, size_t size, offset at)              \
    {                                                                             \
        REAL(ssize_t, #name, int, const void *, size_t, offset)                   \
        ssize_t done = real(file, data, size, at);                                \
        uint64_t inode = done > 0 ? inode_of(file) : 0;                           \
        if (inode)                                                                \
            note(DATA, inode, at, "", 0, data, done);                             \
        return done;                                                              \
    }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

#define FTRUNCATE(name, offset)                                                   \
    int name(int file, offset size)                                               \
    {                                                                             \
        REAL(int, #name, int, offset)                                             \
        int failed = real(file, size);                                            \
        uint64_t inode = failed ? 0 : inode_of(file);                             \
        if (inode)                                                                \
            note(SIZE, inode, size, "", 0, NULL, 0);                              \
        return failed;                                                            \
    }
FTRUNCATE(ftruncate, off_t)
FTRUNCATE(ftruncate64, off64_t)

#define FSYNC(name)                                                               \
    int name(int file)                                                            \
    {                                                                             \
        REAL(int, #name, int)                                                     \
        uint64_t inode = inode_of(file), before = __atomic_load_n(records, __ATOMIC_SEQ_CST); \
        int failed = real(file);                                                  \
        if (inode && !failed)                                                     \
            note(SYNC, inode, before, "", 0, NULL, 0);                            \
        return failed;                                                            \
    }
FSYNC(fsync)
FSYNC(fdatasync)

static void made(const char *path)
{
    struct stat found;
    if (stat(path, &found) == 0)
        note(NAME, found.st_ino, S_ISDIR(found.st_mode), path, strlen(path), NULL, 0);
}

#define OPEN(name)                                                                \
    int name(const char *path, int flags, ...)                                    \
    {                                                                             \
        REAL(int, #name, const char *, int, ...)                                  \
        va_list more;                                                             \
        va_start(more, flags);                                                    \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0;   \
        va_end(more);                                                             \
        int is_new = is_ours(path) && flags & O_CREAT && access(path, F_OK) != 0; \
        int file = real(path, flags, mode);                                       \
        if (is_new && file >= 0)                                                  \
            made(path);                                                           \
        else if (file >= 0 && flags & O_TRUNC && is_ours(path))                   \
            note(SIZE, inode_of(file), 0, "", 0, NULL, 0);                        \
        return file;                                                              \
    }
OPEN(open)
OPEN(open64)

int mkdir(const char *path, mode_t mode)
{
    REAL(int, "mkdir", const char *, mode_t)
    int failed = real(path, mode);
    if (!failed && is_ours(path))
        made(path);
    return failed;
}

/* A link is taken for a rename: who makes one unlinks the old name next. */
#define RENAMES(name)                                                             \
    int name(const char *from, const char *to)                                    \
    {                                                                             \
        REAL(int, #name, const char *, const char *)                              \
        int failed = real(from, to);                                              \
        if (!failed && is_ours(to)) {                                             \
            char both[2 * PATH_MAX];                                              \
            int length = snprintf(both, sizeof both, "%s%c%s", from, 0, to);      \
            note(RENAME, 0, 0, both, length, NULL, 0);                            \
        }                                                                         \
        return failed;                                                            \
    }
RENAMES(rename)
RENAMES(link)

int unlink(const char *path)
{
    REAL(int, "unlink", const char *)
    int failed = real(path);
    if (!failed && is_ours(path))
        note(UNLINK, 0, 0, path, strlen(path), NULL, 0);
    return failed;
}
