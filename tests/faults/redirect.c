// Preloaded into workers: connections over loopback TCP go to a proxy, which is told first, by a datagram, the port
// that a connection comes from and the one that it was meant for. VOLLEY_FAULT_PROXY=PORT:PATH says where both are.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int connect(int fd, const struct sockaddr* to, socklen_t size) {
  int (*real)(int, const struct sockaddr*, socklen_t) = dlsym(RTLD_NEXT, "connect");
  const struct sockaddr_in* meant = (const struct sockaddr_in*)to;
  const char* proxy = getenv("VOLLEY_FAULT_PROXY");
  struct sockaddr_un teller = {.sun_family = AF_UNIX};
  int port;
  if (to->sa_family != AF_INET || !proxy || sscanf(proxy, "%d:%100s", &port, teller.sun_path) != 2)
    return real(fd, to, size);
  struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof at;
  if (bind(fd, (struct sockaddr*)&at, sizeof at) != 0) return -1;
  if (getsockname(fd, (struct sockaddr*)&at, &length) != 0) return -1;
  char text[32];
  const int bytes = snprintf(text, sizeof text, "%d %d", ntohs(at.sin_port), ntohs(meant->sin_port));
  const int tells = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  sendto(tells, text, (size_t)bytes, 0, (struct sockaddr*)&teller, sizeof teller);
  close(tells);
  at.sin_port = htons((unsigned short)port);
  return real(fd, (struct sockaddr*)&at, sizeof at);
}
