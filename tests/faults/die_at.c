// Preloaded into a process: it is killed at its n-th call of those that change files, or of those that send. Of an even
// one, half is done before, where halves can be. VOLLEY_DIE_AT=disk:N or send:N.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static atomic_long calls;

// 1: this is the last call, 2: and half of it is done; 0: it goes on.
static int is_last(const char* kind) {
  const char* at = getenv("VOLLEY_DIE_AT");
  const size_t length = strlen(kind);
  if (!at || strncmp(at, kind, length) != 0 || at[length] != ':') return 0;
  const long last = atol(at + length + 1);
  if (atomic_fetch_add(&calls, 1) + 1 != last) return 0;
  return last % 2 ? 1 : 2;
}

static void die(void) {
  kill(getpid(), SIGKILL);
  for (;;) pause();
}

#define REAL(name) __typeof__(name)* real = (__typeof__(name)*)dlsym(RTLD_NEXT, #name)

#define WHOLE(name, parameters, arguments) \
  int name parameters {                    \
    REAL(name);                            \
    if (is_last("disk")) die();            \
    return real arguments;                 \
  }

WHOLE(fsync, (int file), (file))
WHOLE(fdatasync, (int file), (file))
WHOLE(rename, (const char* from, const char* to), (from, to))
WHOLE(unlink, (const char* path), (path))
WHOLE(mkdir, (const char* path, mode_t mode), (path, mode))
WHOLE(chmod, (const char* path, mode_t mode), (path, mode))
WHOLE(ftruncate, (int file, off_t size), (file, size))

ssize_t pwrite(int file, const void* bytes, size_t size, off_t place) {
  REAL(pwrite);
  const int last = is_last("disk");
  if (last == 2) real(file, bytes, size / 2, place);
  if (last) die();
  return real(file, bytes, size, place);
}

ssize_t send(int socket, const void* bytes, size_t size, int flags) {
  REAL(send);
  const int last = is_last("send");
  if (last == 2) real(socket, bytes, size / 2, flags);
  if (last) die();
  return real(socket, bytes, size, flags);
}

ssize_t sendmsg(int socket, const struct msghdr* what, int flags) {
  REAL(sendmsg);
  const int last = is_last("send");
  if (last == 2 && what->msg_iovlen > 0) send(socket, what->msg_iov[0].iov_base, what->msg_iov[0].iov_len / 2, flags);
  if (last) die();
  return real(socket, what, flags);
}
