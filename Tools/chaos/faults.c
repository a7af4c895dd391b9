// Counts the file operations of a process below one folder and does harm at one of them.
//
// Loaded with LD_PRELOAD. Environment:
//   CHAOS_ROOT    the folder, as realpath has it
//   CHAOS_ONLY    count only paths that contain this
//   CHAOS_SKIP    count no paths that contain this
//   CHAOS_ACT     kill, signal, stop, once, always: what happens at the operation; cut: kill, but
//                 only fsync is counted
//   CHAOS_AT      its number, from 1
//   CHAOS_NUMBER  of the error or the signal
//   CHAOS_LOG     file that gets a line per operation
//   CHAOS_SHADOW  folder that gets what fsync has made durable: f<inode> is the content of a file,
//                 d<inode> the entries of a folder
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum outcome { PROCEED, FAIL, HALF };

static char root[4096], skip[256], only[256], act[16];
static const char *shadow;
static long at, number;
static int journal = -1;
static long count;
static int torn;

static void copy(char *to, size_t size, const char *name) {
  const char *value = getenv(name);
  snprintf(to, size, "%s", value ? value : "");
}

__attribute__((constructor)) static void begin(void) {
  copy(root, sizeof root, "CHAOS_ROOT");
  copy(skip, sizeof skip, "CHAOS_SKIP");
  copy(only, sizeof only, "CHAOS_ONLY");
  copy(act, sizeof act, "CHAOS_ACT");
  at = atol(getenv("CHAOS_AT") ? getenv("CHAOS_AT") : "0");
  number = atol(getenv("CHAOS_NUMBER") ? getenv("CHAOS_NUMBER") : "0");
  shadow = getenv("CHAOS_SHADOW");
  const char *log = getenv("CHAOS_LOG");
  if (log)
    journal = (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND, 0644);
}

// MARK: Which operations count

static void path_of_descriptor(int descriptor, char *path) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t length = readlink(link, path, 4095);
  path[length < 0 ? 0 : length] = 0;
}

static void absolute(int folder, const char *name, char *path) {
  char base[4096] = "";
  if (name[0] != '/') {
    if (folder != AT_FDCWD)
      path_of_descriptor(folder, base);
    else if (!getcwd(base, sizeof base))
      base[0] = 0;
  }
  snprintf(path, 4096, "%.2000s%s%.2000s", base, base[0] ? "/" : "", name);
}

static int counts(const char *path) {
  size_t length = strlen(root);
  return length && !strncmp(path, root, length) && (path[length] == '/' || !path[length]) &&
         !(skip[0] && strstr(path, skip)) && !(only[0] && !strstr(path, only));
}

/// What is to become of an operation on a path.
static enum outcome before(const char *kind, const char *path) {
  if (!counts(path))
    return PROCEED;
  if (journal >= 0) {
    char line[4200];
    int length = snprintf(line, sizeof line, "%s %s\n", kind, path + strlen(root));
    syscall(SYS_write, journal, line, length);
  }
  int is_cut = !strcmp(act, "cut");
  if (is_cut && strcmp(kind, "fsync"))
    return PROCEED;
  long current = __atomic_add_fetch(&count, 1, __ATOMIC_RELAXED);
  if (!at || current < at)
    return PROCEED;
  int is_write = !strcmp(kind, "write");
  if (current == at) {
    if (!strcmp(act, "stop"))
      kill(getpid(), SIGSTOP);
    if (!strcmp(act, "signal"))
      kill(getpid(), (int)number);
    if (is_cut || (!strcmp(act, "kill") && !is_write))
      kill(getpid(), SIGKILL);
    if (!strcmp(act, "kill"))
      return HALF;
  }
  int fails = !strcmp(act, "always") || (!strcmp(act, "once") && (current == at || torn));
  if (!fails)
    return PROCEED;
  // A full disk takes a part of the bytes before it refuses the rest.
  if (is_write && !torn) {
    torn = 1;
    return HALF;
  }
  if (!strcmp(act, "once"))
    torn = 0;
  errno = (int)number;
  return FAIL;
}

static enum outcome before_at(const char *kind, int folder, const char *name) {
  char path[4096];
  absolute(folder, name, path);
  return before(kind, path);
}

static enum outcome before_descriptor(const char *kind, int descriptor) {
  char path[4096];
  path_of_descriptor(descriptor, path);
  return before(kind, path);
}

// MARK: What is durable

static int shadow_file(char kind, ino_t inode) {
  char path[4096];
  snprintf(path, sizeof path, "%.4000s/%c%lu", shadow, kind, (unsigned long)inode);
  return (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
}

/// Remembers what a descriptor refers to as it is now.
static void remember(int descriptor) {
  char path[4096], link[64], block[65536];
  path_of_descriptor(descriptor, path);
  struct stat status;
  if (!shadow || strncmp(path, root, strlen(root)) || fstat(descriptor, &status))
    return;
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  if (S_ISREG(status.st_mode)) {
    int to = shadow_file('f', status.st_ino);
    int from = (int)syscall(SYS_openat, AT_FDCWD, link, O_RDONLY);
    ssize_t size;
    while ((size = read(from, block, sizeof block)) > 0) {
      syscall(SYS_write, to, block, size);
    }
    close(from);
    close(to);
  } else if (S_ISDIR(status.st_mode)) {
    int to = shadow_file('d', status.st_ino);
    DIR *folder = opendir(link);
    struct dirent *entry;
    while (folder && (entry = readdir(folder))) {
      if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
        continue;
      char target[4096] = "";
      ssize_t length = readlinkat(dirfd(folder), entry->d_name, target, sizeof target - 1);
      target[length < 0 ? 0 : length] = 0;
      dprintf(to, "%c\t%lu\t%s\t%s\n",
              entry->d_type == DT_DIR   ? 'd'
              : entry->d_type == DT_LNK ? 'l'
                                        : 'f',
              (unsigned long)entry->d_ino, entry->d_name, target);
    }
    if (folder)
      closedir(folder);
    close(to);
  }
}

/// Keeps the number of a new file from being given to another one.
static void pin(int descriptor) {
  if (!shadow || descriptor < 0)
    return;
  char path[4096], link[64];
  path_of_descriptor(descriptor, path);
  if (strncmp(path, root, strlen(root)))
    return;
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  syscall(SYS_openat, AT_FDCWD, link, O_PATH | O_CLOEXEC);
}

// MARK: The operations

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static int opened(int folder, const char *name, int flags, mode_t mode) {
  int writes = (flags & O_ACCMODE) != O_RDONLY || flags & (O_CREAT | O_TRUNC);
  if (writes && before_at("open", folder, name) == FAIL)
    return -1;
  int descriptor = (int)syscall(SYS_openat, folder, name, flags, mode);
  if (writes)
    pin(descriptor);
  return descriptor;
}

#define MODE(flags)                                                                                \
  mode_t mode = 0;                                                                                 \
  if ((flags) & (O_CREAT | __O_TMPFILE)) {                                                         \
    va_list arguments;                                                                             \
    va_start(arguments, flags);                                                                    \
    mode = va_arg(arguments, mode_t);                                                              \
    va_end(arguments);                                                                             \
  }

int open(const char *path, int flags, ...) {
  MODE(flags)
  return opened(AT_FDCWD, path, flags, mode);
}
int open64(const char *path, int flags, ...) {
  MODE(flags)
  return opened(AT_FDCWD, path, flags, mode);
}
int openat(int folder, const char *path, int flags, ...) {
  MODE(flags)
  return opened(folder, path, flags, mode);
}

ssize_t write(int descriptor, const void *bytes, size_t size) {
  enum outcome outcome = before_descriptor("write", descriptor);
  if (outcome == FAIL)
    return -1;
  if (outcome == HALF)
    size -= size / 2;
  ssize_t written = syscall(SYS_write, descriptor, bytes, size);
  if (outcome == HALF && !strcmp(act, "kill"))
    kill(getpid(), SIGKILL);
  return written;
}

int fsync(int descriptor) {
  if (before_descriptor("fsync", descriptor) == FAIL)
    return -1;
  remember(descriptor);
  return 0;
}
int fdatasync(int descriptor) { return fsync(descriptor); }

#define ONE_PATH(name, kind, parameters, folder, path, ...)                                        \
  int name parameters {                                                                            \
    if (before_at(kind, folder, path) == FAIL)                                                     \
      return -1;                                                                                   \
    return REAL(name)(__VA_ARGS__);                                                                \
  }

ONE_PATH(rename, "rename", (const char *a, const char *b), AT_FDCWD, b, a, b)
ONE_PATH(renameat, "rename", (int f, const char *a, int g, const char *b), g, b, f, a, g, b)
ONE_PATH(unlink, "unlink", (const char *a), AT_FDCWD, a, a)
ONE_PATH(rmdir, "rmdir", (const char *a), AT_FDCWD, a, a)
ONE_PATH(mkdir, "mkdir", (const char *a, mode_t mode), AT_FDCWD, a, a, mode)
ONE_PATH(symlink, "symlink", (const char *a, const char *b), AT_FDCWD, b, a, b)
ONE_PATH(link, "link", (const char *a, const char *b), AT_FDCWD, b, a, b)
ONE_PATH(truncate, "truncate", (const char *a, off_t size), AT_FDCWD, a, a, size)

int ftruncate(int descriptor, off_t size) {
  if (before_descriptor("truncate", descriptor) == FAIL)
    return -1;
  return (int)syscall(SYS_ftruncate, descriptor, size);
}
