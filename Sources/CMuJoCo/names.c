#include <mujoco/mujoco.h>

#include "cmujoco.h"

static mjtObj object(MuJoCoKind kind) {
  switch (kind) {
    case MuJoCoBody: return mjOBJ_BODY;
    case MuJoCoJoint: return mjOBJ_JOINT;
    case MuJoCoSite: return mjOBJ_SITE;
    case MuJoCoSensor: return mjOBJ_SENSOR;
    case MuJoCoKeyframe: return mjOBJ_KEY;
  }
  return mjOBJ_UNKNOWN;
}

int mujoco_count(const mjModel *model, MuJoCoKind kind) {
  switch (kind) {
    case MuJoCoBody: return (int)model->nbody;
    case MuJoCoJoint: return (int)model->njnt;
    case MuJoCoSite: return (int)model->nsite;
    case MuJoCoSensor: return (int)model->nsensor;
    case MuJoCoKeyframe: return (int)model->nkey;
  }
  return 0;
}

int mujoco_index(const mjModel *model, MuJoCoKind kind, const char *name) {
  return mj_name2id(model, object(kind), name);
}

const char *mujoco_name(const mjModel *model, MuJoCoKind kind, int index) {
  const char *name = mj_id2name(model, object(kind), index);
  return name ? name : "";
}
