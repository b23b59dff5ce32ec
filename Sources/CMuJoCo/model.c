#include <mujoco/mujoco.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmujoco.h"
#include "guard.h"

enum { kErrorCapacity = 1024 };

static const char kFileName[] = "model.xml";

/// Structs are laid out by the headers: another library would read them wrongly.
bool mujoco_library_fits(void) {
  if (mj_version() == mjVERSION_HEADER) return true;
  char text[kErrorCapacity];
  snprintf(text, sizeof text, "built with the headers of MuJoCo %d but MuJoCo %d (%s) was loaded",
    mjVERSION_HEADER, mj_version(), mj_versionString());
  mujoco_set_error(text);
  return false;
}

mjModel *mujoco_compile(const char *path, const mjVFS *files) {
  char error[kErrorCapacity] = "";
  mjModel *volatile model = NULL;
  volatile bool failed = false;
  pthread_mutex_lock(&mujoco_compiling);
  GUARDED(model = mj_loadXML(path, files, error, sizeof error), failed = true);
  pthread_mutex_unlock(&mujoco_compiling);
  if (!model && !failed) mujoco_set_error(error);
  return model;
}

static int add_file(mjVFS *files, const char *text, int length) {
#if mjVERSION_HEADER < 320
  int failure = mj_makeEmptyFileVFS(files, kFileName, length);
  if (!failure) memcpy(files->filedata[mj_findFileVFS(files, kFileName)], text, length);
  return failure;
#else
  return mj_addBufferVFS(files, kFileName, text, length);
#endif
}

/// Compiles a text through a virtual file system, which is too large for the stack before 3.2.
static mjModel *load_text(const char *text, int length) {
  mjVFS *files = malloc(sizeof *files);
  if (!files) {
    mujoco_set_error("out of memory");
    return NULL;
  }
  mj_defaultVFS(files);
  mjModel *model = NULL;
  if (add_file(files, text, length) == 0) {
    model = mujoco_compile(kFileName, files);
  } else {
    mujoco_set_error("out of memory");
  }
  mj_deleteVFS(files);
  free(files);
  return model;
}

#if mjVERSION_HEADER < 300

mjModel *mujoco_load(const char *xml, long length) {
  return mujoco_library_fits() ? load_text(xml, (int)length) : NULL;
}

#else

/// MuJoCo 3 has no `collision="predefined"`. Where no pair is predefined it meant "no contacts",
/// which a flag says in every version (but not without changing the model compiled by 2.x).
mjModel *mujoco_load(const char *xml, long length) {
  static const char predefined[] = "collision=\"predefined\"";
  if (!mujoco_library_fits()) return NULL;
  char *text = malloc((size_t)length + 1);
  if (!text) {
    mujoco_set_error("out of memory");
    return NULL;
  }
  memcpy(text, xml, (size_t)length);
  text[length] = 0;
  char *option = strstr(text, "<option");
  char *end = option ? strchr(option, '>') : NULL;
  char *found = end ? strstr(option, predefined) : NULL;
  bool contact_free = found && found < end;
  if (contact_free) memset(found, ' ', sizeof predefined - 1);
  mjModel *model = load_text(text, (int)length);
  free(text);
  if (!model || !contact_free) return model;
  if (model->npair > 0) {
    mujoco_set_error("MuJoCo 3 cannot restrict collisions to the predefined pairs");
    mj_deleteModel(model);
    return NULL;
  }
  model->opt.disableflags |= mjDSBL_CONTACT;
  return model;
}

#endif

void mujoco_free(mjModel *model) { mj_deleteModel(model); }

MuJoCoSizes mujoco_sizes(const mjModel *model) {
  return (MuJoCoSizes){
    .nq = (int)model->nq,
    .nv = (int)model->nv,
    .nu = (int)model->nu,
    .na = (int)model->na,
    .nbody = (int)model->nbody,
    .timestep = model->opt.timestep,
  };
}
