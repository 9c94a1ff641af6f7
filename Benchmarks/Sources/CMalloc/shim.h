// glibc's malloc_trim, which Swift's Glibc module does not show.
#if defined(__linux__)
#include <malloc.h>
#endif
