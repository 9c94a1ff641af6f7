// What Swift's Glibc module does not show: glibc's malloc_trim, and the cores that a thread may use.
#if defined(__linux__)
#include <malloc.h>
#include <sys/syscall.h>
#include <unistd.h>

/// As many bits as the largest kernels have cores.
typedef struct { unsigned long words[128]; } kith_cores;

/// The cores that the calling thread may use, one bit each; none if the system does not say.
static inline kith_cores kith_own_cores(void) {
  kith_cores cores = {{0}};
  syscall(SYS_sched_getaffinity, 0, sizeof cores, &cores);
  return cores;
}

/// Lets a thread use some cores only.
static inline void kith_confine(int thread, kith_cores cores) {
  syscall(SYS_sched_setaffinity, thread, sizeof cores, &cores);
}

/// The first of some cores, alone.
static inline kith_cores kith_first_core(kith_cores cores) {
  kith_cores first = {{0}};
  for (int word = 0; word < 128; word++) {
    if (cores.words[word] == 0) continue;
    first.words[word] = cores.words[word] & -cores.words[word];
    break;
  }
  return first;
}
#endif
