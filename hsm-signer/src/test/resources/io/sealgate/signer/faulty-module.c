/*
 * A PKCS#11 module in front of another that delays, hangs or fails the calls of chosen tokens.
 * CONTROL is a folder; a file in it named like a token's label orders what happens to that token:
 * a number of milliseconds before each signature, -1 to hang for as long as the file says so, -2 for
 * CKR_DEVICE_REMOVED. TARGET is the real module.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef unsigned long ulong;
typedef ulong (*call)();

enum { FUNCTIONS = 68, TOKEN_INFO = 6, OPEN_SESSION = 12, SIGN_INIT = 42, SIGN = 43 };
enum { SESSIONS = 4096, LABEL = 32, DEVICE_REMOVED = 0x32, GENERAL_ERROR = 5 };

struct list {
  unsigned char version[8];
  call functions[FUNCTIONS];
};

static struct list *real;
static struct list shown;
static char labels[SESSIONS][LABEL + 1];

static int order(const char *label) {
  char path[4096];
  int value = 0;
  snprintf(path, sizeof path, "%s/%s", CONTROL, label);
  FILE *file = fopen(path, "r");
  if (file != NULL) {
    if (fscanf(file, "%d", &value) != 1) value = 0;
    fclose(file);
  }
  return value;
}

static ulong obey(const char *label) {
  int what = order(label);
  while (what == -1) {
    usleep(2000);
    what = order(label);
  }
  if (what == -2) return DEVICE_REMOVED;
  if (what > 0) usleep(what * 1000);
  return 0;
}

static ulong open_session(ulong slot, ulong flags, void *app, void *notify, ulong *session) {
  unsigned char info[512];
  char label[LABEL + 1];
  ulong result = real->functions[TOKEN_INFO](slot, info);
  if (result != 0) return result;
  memcpy(label, info, LABEL);
  int end = LABEL;
  while (end > 0 && label[end - 1] == ' ') end--;
  label[end] = 0;
  if (order(label) == -2) return DEVICE_REMOVED;
  result = real->functions[OPEN_SESSION](slot, flags, app, notify, session);
  if (result == 0) strcpy(labels[*session % SESSIONS], label);
  return result;
}

static ulong sign_init(ulong session, void *mechanism, ulong key) {
  return order(labels[session % SESSIONS]) == -2
             ? DEVICE_REMOVED
             : real->functions[SIGN_INIT](session, mechanism, key);
}

static ulong sign(ulong session, void *data, ulong length, void *signature, ulong *bytes) {
  ulong failed = obey(labels[session % SESSIONS]);
  return failed != 0 ? failed : real->functions[SIGN](session, data, length, signature, bytes);
}

ulong C_GetFunctionList(struct list **out) {
  if (real == NULL) {
    void *library = dlopen(TARGET, RTLD_NOW | RTLD_LOCAL);
    call get = library == NULL ? NULL : (call)dlsym(library, "C_GetFunctionList");
    if (get == NULL || get(&real) != 0) return GENERAL_ERROR;
    shown = *real;
    shown.functions[OPEN_SESSION] = (call)open_session;
    shown.functions[SIGN_INIT] = (call)sign_init;
    shown.functions[SIGN] = (call)sign;
  }
  *out = &shown;
  return 0;
}
