/*
 * Makes writes and flushes of the store fail while a file says so:
 * FAULT_FILE names it; its text is "full" (ENOSPC on write), "eio" (EIO on flush) or "tight" (ENOSPC on writes that
 * make a file longer, as long as the reserve of the store is there).
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

static int says(const char *fault) {
  const char *file = getenv("FAULT_FILE");
  char text[8] = {0};
  int fd = file == NULL ? -1 : open(file, O_RDONLY);
  if (fd < 0) return 0;
  ssize_t size = read(fd, text, sizeof text - 1);
  close(fd);
  return size > 0 && strncmp(text, fault, strlen(fault)) == 0;
}

static int is_store(int fd) {
  char link[64], path[512];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t size = readlink(link, path, sizeof path - 1);
  if (size < 0) return 0;
  path[size] = 0;
  return strstr(path, "store.sqlite") != NULL;
}

static int fails(int fd, const char *fault, int error) {
  if (!is_store(fd) || !says(fault)) return 0;
  errno = error;
  return 1;
}

static int is_tight(int fd, off_t end) {
  char link[64], path[512];
  struct stat status;
  if (!is_store(fd) || !says("tight") || fstat(fd, &status) != 0 || end <= status.st_size) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t size = readlink(link, path, sizeof path - 1);
  if (size < 0) return 0;
  path[size] = 0;
  strcpy(strstr(path, "store.sqlite"), "reserve");
  if (access(path, F_OK) != 0) return 0;
  errno = ENOSPC;
  return 1;
}

ssize_t pwrite64(int fd, const void *data, size_t size, off_t at) {
  static ssize_t (*real)(int, const void *, size_t, off_t);
  if (real == NULL) real = dlsym(RTLD_NEXT, "pwrite64");
  return fails(fd, "full", ENOSPC) || is_tight(fd, at + (off_t)size) ? -1 : real(fd, data, size, at);
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t at) { return pwrite64(fd, data, size, at); }

ssize_t write(int fd, const void *data, size_t size) {
  static ssize_t (*real)(int, const void *, size_t);
  if (real == NULL) real = dlsym(RTLD_NEXT, "write");
  return fails(fd, "full", ENOSPC) ? -1 : real(fd, data, size);
}

int fsync(int fd) {
  static int (*real)(int);
  if (real == NULL) real = dlsym(RTLD_NEXT, "fsync");
  return fails(fd, "eio", EIO) ? -1 : real(fd);
}

int fdatasync(int fd) {
  static int (*real)(int);
  if (real == NULL) real = dlsym(RTLD_NEXT, "fdatasync");
  return fails(fd, "eio", EIO) ? -1 : real(fd);
}
