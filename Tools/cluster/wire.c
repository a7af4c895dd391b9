// A switch between network namespaces, with the rate and the delay of a network.
//
//   wire MBIT MICROSECONDS NAMESPACE…
//
// Makes a device eth0 in every namespace and writes a line when all are there. A frame leaves its
// host at the rate, takes the delay, and arrives at the rate. The number of a host is the last byte
// of its address, from 1 on. Kernels without netem need it.
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

// A frame has a header of this size in front, which says how the kernel may cut it.
enum { header = 10, largest = 1 << 17, most_hosts = 16 };

typedef struct frame {
  struct frame *next;
  int64_t arrival;
  ssize_t size;
  unsigned char bytes[];
} frame;

static struct {
  int device;
  // When its links are free again, nanoseconds.
  int64_t sends, receives;
  frame *first, **last;
} hosts[most_hosts];

static int host_count;
static double nanoseconds_per_byte;
static int64_t delay;

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static int64_t later(int64_t one, int64_t other) { return one > other ? one : other; }

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static int make_device(const char *namespace) {
  char path[256];
  snprintf(path, sizeof path, "/run/netns/%s", namespace);
  int entry = open(path, O_RDONLY);
  if (entry < 0 || setns(entry, CLONE_NEWNET))
    fail(path);
  close(entry);
  int device = open("/dev/net/tun", O_RDWR | O_NONBLOCK);
  struct ifreq request = {.ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR};
  strcpy(request.ifr_name, "eth0");
  // The kernel hands over large frames, which no link would carry in one piece: fewer to move.
  if (device < 0 || ioctl(device, TUNSETIFF, &request) ||
      ioctl(device, TUNSETOFFLOAD, TUN_F_CSUM | TUN_F_TSO4))
    fail("/dev/net/tun");
  return device;
}

static void queue(const unsigned char *bytes, ssize_t size, int64_t left, int to) {
  frame *copy = malloc(sizeof *copy + size);
  if (!copy)
    fail("malloc");
  copy->next = NULL;
  copy->size = size;
  int64_t takes = (int64_t)((size - header) * nanoseconds_per_byte);
  copy->arrival = hosts[to].receives = later(left + delay, hosts[to].receives + takes);
  memcpy(copy->bytes, bytes, size);
  *hosts[to].last = copy;
  hosts[to].last = &copy->next;
}

static void take(int from) {
  static unsigned char bytes[largest];
  ssize_t size;
  while ((size = read(hosts[from].device, bytes, sizeof bytes)) > header) {
    int64_t takes = (int64_t)((size - header) * nanoseconds_per_byte);
    int64_t left = hosts[from].sends = later(now(), hosts[from].sends) + takes;
    int to = bytes[header + 5] - 1;
    int is_known = !(bytes[header] & 1) && to >= 0 && to < host_count;
    for (int host = 0; host < host_count; host++) {
      if (host != from && (!is_known || host == to))
        queue(bytes, size, left, host);
    }
  }
}

static void give(int to, int64_t time) {
  frame *frame;
  while ((frame = hosts[to].first) && frame->arrival <= time) {
    // A device that is down loses it, as a network would.
    if (write(hosts[to].device, frame->bytes, frame->size) < 0) {
    }
    hosts[to].first = frame->next;
    if (!frame->next)
      hosts[to].last = &hosts[to].first;
    free(frame);
  }
}

int main(int count, char **words) {
  host_count = count - 3;
  if (host_count < 1 || host_count > most_hosts) {
    fprintf(stderr, "usage: wire MBIT MICROSECONDS NAMESPACE…\n");
    return 64;
  }
  nanoseconds_per_byte = 8000 / atof(words[1]);
  delay = (int64_t)(atof(words[2]) * 1000);
  struct pollfd waiting[most_hosts];
  for (int host = 0; host < host_count; host++) {
    hosts[host].device = make_device(words[host + 3]);
    hosts[host].last = &hosts[host].first;
    waiting[host] = (struct pollfd){.fd = hosts[host].device, .events = POLLIN};
  }
  // Otherwise the kernel lets it sleep 50 microseconds longer.
  prctl(PR_SET_TIMERSLACK, 1);
  puts("ready");
  fflush(stdout);
  for (;;) {
    int64_t time = now(), next = time + 1000000000;
    for (int host = 0; host < host_count; host++) {
      give(host, time);
      if (hosts[host].first && hosts[host].first->arrival < next)
        next = hosts[host].first->arrival;
    }
    int64_t rest = later(0, next - now());
    struct timespec limit = {rest / 1000000000, rest % 1000000000};
    if (ppoll(waiting, host_count, &limit, NULL) < 1)
      continue;
    for (int host = 0; host < host_count; host++) {
      if (waiting[host].revents)
        take(host);
    }
  }
}
