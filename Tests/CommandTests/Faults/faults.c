// Makes one write of a program fail: a library to preload (LD_PRELOAD) that counts the calls of one kind on files below
// a folder, over all processes that inherit the environment, and lets the Nth of them fail.
//
//   FAULT_ROOT    the folder; a canonical path
//   FAULT_KIND    create | write | torn | sync | rename | link | remove | truncate | folder
//                 torn: half of a write reaches the file, the rest of it fails, as on a disk that is full
//   FAULT_AT      which call fails, from 1; 0 for none
//   FAULT_ERRNO   the error's number
//   FAULT_STAYS   1: all later calls fail as well, but for what the program prints: a terminal is not on that disk
//   FAULT_RECORD  a file of 4096 bytes that all processes map: the count, and what failed
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

struct record {
  _Atomic unsigned long count;
  _Atomic int failed;
  char what[4000];
};

static struct record *record;
static const char *root, *kind;
static unsigned long at;
static int code, stays;
// A file of which a torn write has written the first half.
static _Atomic int torn = -1;

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

__attribute__((constructor)) static void begin(void) {
  const char *file = getenv("FAULT_RECORD");
  root = getenv("FAULT_ROOT");
  kind = getenv("FAULT_KIND");
  if (!file || !root || !kind) return;
  at = strtoul(getenv("FAULT_AT") ?: "0", NULL, 10);
  code = atoi(getenv("FAULT_ERRNO") ?: "5");
  stays = atoi(getenv("FAULT_STAYS") ?: "0");
  int number = REAL(open)(file, O_RDWR | O_CLOEXEC);
  if (number < 0) return;
  void *map = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, number, 0);
  close(number);
  if (map != MAP_FAILED) record = map;
}

static int is_below(const char *path) {
  size_t length = strlen(root);
  return strncmp(path, root, length) == 0 && (path[length] == '/' || path[length] == 0);
}

// Whether this call is to fail; errno is set then.
static int fails(const char *call, const char *path) {
  if (!is_below(path) || (stays && strstr(path, "/printed-"))) return 0;
  unsigned long count = atomic_fetch_add(&record->count, 1) + 1;
  if (at == 0 || (stays ? count < at : count != at)) return 0;
  if (atomic_exchange(&record->failed, 1) == 0) snprintf(record->what, sizeof record->what, "%s %s", call, path);
  errno = code;
  return 1;
}

static int counts(const char *name) { return record && strcmp(kind, name) == 0; }

static int path_fails(const char *name, const char *call, int folder, const char *path) {
  if (!counts(name)) return 0;
  char whole[2 * PATH_MAX] = "", link[64];
  if (path[0] != '/') {
    snprintf(link, sizeof link, folder == AT_FDCWD ? "/proc/self/cwd" : "/proc/self/fd/%d", folder);
    ssize_t length = readlink(link, whole, PATH_MAX);
    if (length < 0) return 0;
    whole[length] = '/';
    whole[length + 1] = 0;
  }
  strncat(whole, path, PATH_MAX - 1);
  return fails(call, whole);
}

static int file_fails(const char *name, const char *call, int number) {
  if (!counts(name)) return 0;
  char path[PATH_MAX], link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", number);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return fails(call, path);
}

// --- create

#define MODE(flags) \
  mode_t mode = 0; \
  if (flags & (O_CREAT | O_TMPFILE)) { \
    va_list rest; \
    va_start(rest, flags); \
    mode = va_arg(rest, mode_t); \
    va_end(rest); \
  }
#define WRITES(flags) ((flags & O_ACCMODE) != O_RDONLY || flags & O_CREAT)

int open(const char *path, int flags, ...) {
  MODE(flags)
  if (WRITES(flags) && path_fails("create", "open", AT_FDCWD, path)) return -1;
  return REAL(open)(path, flags, mode);
}
int open64(const char *path, int flags, ...) {
  MODE(flags)
  if (WRITES(flags) && path_fails("create", "open", AT_FDCWD, path)) return -1;
  return REAL(open64)(path, flags, mode);
}
int openat(int folder, const char *path, int flags, ...) {
  MODE(flags)
  if (WRITES(flags) && path_fails("create", "openat", folder, path)) return -1;
  return REAL(openat)(folder, path, flags, mode);
}
int openat64(int folder, const char *path, int flags, ...) {
  MODE(flags)
  if (WRITES(flags) && path_fails("create", "openat", folder, path)) return -1;
  return REAL(openat64)(folder, path, flags, mode);
}
int mkstemp(char *path) { return path_fails("create", "mkstemp", AT_FDCWD, path) ? -1 : REAL(mkstemp)(path); }
int mkstemp64(char *path) { return path_fails("create", "mkstemp", AT_FDCWD, path) ? -1 : REAL(mkstemp64)(path); }
int mkostemp(char *path, int flags) {
  return path_fails("create", "mkostemp", AT_FDCWD, path) ? -1 : REAL(mkostemp)(path, flags);
}
FILE *fopen(const char *path, const char *mode) {
  if (mode[0] != 'r' && path_fails("create", "fopen", AT_FDCWD, path)) return NULL;
  return REAL(fopen)(path, mode);
}
FILE *fopen64(const char *path, const char *mode) {
  if (mode[0] != 'r' && path_fails("create", "fopen", AT_FDCWD, path)) return NULL;
  return REAL(fopen64)(path, mode);
}

// --- write and torn

// 1: fail now. 2: write half, then fail.
static int write_fails(const char *call, int number) {
  if (!counts("torn")) return file_fails("write", call, number);
  int expected = number;
  if (atomic_compare_exchange_strong(&torn, &expected, -1)) {
    errno = code;
    return 1;
  }
  if (!file_fails("torn", call, number)) return 0;
  atomic_store(&torn, number);
  return 2;
}

ssize_t write(int number, const void *bytes, size_t count) {
  int failure = write_fails("write", number);
  if (failure == 1) return -1;
  return REAL(write)(number, bytes, failure == 2 ? (count + 1) / 2 : count);
}
ssize_t pwrite(int number, const void *bytes, size_t count, off_t offset) {
  int failure = write_fails("pwrite", number);
  if (failure == 1) return -1;
  return REAL(pwrite)(number, bytes, failure == 2 ? (count + 1) / 2 : count, offset);
}
ssize_t pwrite64(int number, const void *bytes, size_t count, off64_t offset) {
  int failure = write_fails("pwrite", number);
  if (failure == 1) return -1;
  return REAL(pwrite64)(number, bytes, failure == 2 ? (count + 1) / 2 : count, offset);
}
ssize_t writev(int number, const struct iovec *parts, int count) {
  return file_fails("write", "writev", number) ? -1 : REAL(writev)(number, parts, count);
}

// --- the others

int fsync(int number) { return file_fails("sync", "fsync", number) ? -1 : REAL(fsync)(number); }
int fdatasync(int number) { return file_fails("sync", "fdatasync", number) ? -1 : REAL(fdatasync)(number); }
int rename(const char *from, const char *to) {
  return path_fails("rename", "rename", AT_FDCWD, to) ? -1 : REAL(rename)(from, to);
}
int renameat(int a, const char *from, int b, const char *to) {
  return path_fails("rename", "renameat", b, to) ? -1 : REAL(renameat)(a, from, b, to);
}
int renameat2(int a, const char *from, int b, const char *to, unsigned flags) {
  return path_fails("rename", "renameat2", b, to) ? -1 : REAL(renameat2)(a, from, b, to, flags);
}
int link(const char *from, const char *to) {
  return path_fails("link", "link", AT_FDCWD, to) ? -1 : REAL(link)(from, to);
}
int linkat(int a, const char *from, int b, const char *to, int flags) {
  return path_fails("link", "linkat", b, to) ? -1 : REAL(linkat)(a, from, b, to, flags);
}
int unlink(const char *path) { return path_fails("remove", "unlink", AT_FDCWD, path) ? -1 : REAL(unlink)(path); }
int unlinkat(int folder, const char *path, int flags) {
  return path_fails("remove", "unlinkat", folder, path) ? -1 : REAL(unlinkat)(folder, path, flags);
}
int ftruncate(int number, off_t length) {
  return file_fails("truncate", "ftruncate", number) ? -1 : REAL(ftruncate)(number, length);
}
int ftruncate64(int number, off64_t length) {
  return file_fails("truncate", "ftruncate", number) ? -1 : REAL(ftruncate64)(number, length);
}
int mkdir(const char *path, mode_t mode) {
  return path_fails("folder", "mkdir", AT_FDCWD, path) ? -1 : REAL(mkdir)(path, mode);
}
int mkdirat(int folder, const char *path, mode_t mode) {
  return path_fails("folder", "mkdirat", folder, path) ? -1 : REAL(mkdirat)(folder, path, mode);
}
