/*
 * A PKCS#11 module in front of another, TARGET, whose signatures take MICROS longer: as long as
 * those of a network HSM. Asking for a signature's length, which modules answer by themselves, does
 * not wait.
 */
#include <dlfcn.h>
#include <sys/prctl.h>
#include <time.h>

typedef unsigned long ulong;
typedef ulong (*call)();

enum { FUNCTIONS = 68, SIGN = 43, GENERAL_ERROR = 5 };

struct list {
  unsigned char version[8];
  call functions[FUNCTIONS];
};

static struct list *real;
static struct list shown;

static ulong sign(ulong session, void *data, ulong length, void *signature, ulong *bytes) {
  if (signature != 0) {
    struct timespec wait = {0, MICROS * 1000L};
    prctl(PR_SET_TIMERSLACK, 1000UL);
    nanosleep(&wait, 0);
  }
  return real->functions[SIGN](session, data, length, signature, bytes);
}

ulong C_GetFunctionList(struct list **out) {
  if (real == 0) {
    void *library = dlopen(TARGET, RTLD_NOW | RTLD_LOCAL);
    call get = library == 0 ? 0 : (call)dlsym(library, "C_GetFunctionList");
    if (get == 0 || get(&real) != 0) return GENERAL_ERROR;
    shown = *real;
    shown.functions[SIGN] = (call)sign;
  }
  *out = &shown;
  return 0;
}
