#include <mujoco/mujoco.h>
#include <string.h>

#include "cmujoco.h"
#include "guard.h"

MuJoCoStatus mujoco_make_scratch(const mjModel *model, MuJoCoScratch *scratch) {
  mjData *volatile data = NULL;
  GUARDED(data = mj_makeData(model), return MuJoCoFailed);
  if (!data) {
    mujoco_set_error("out of memory");
    return MuJoCoFailed;
  }
  *scratch = (MuJoCoScratch){
    .data = data,
    .time = &data->time,
    .qpos = data->qpos,
    .qvel = data->qvel,
    .act = data->act,
    .ctrl = data->ctrl,
    .qacc_warmstart = data->qacc_warmstart,
  };
  return MuJoCoSucceeded;
}

void mujoco_free_scratch(MuJoCoScratch scratch) { mj_deleteData(scratch.data); }

/// An error leaves MuJoCo's stack half used; a reset makes the data fit for use again.
static MuJoCoStatus failed(const mjModel *model, mjData *data) {
  mj_resetData(model, data);
  return MuJoCoFailed;
}

MuJoCoStatus mujoco_reset(const mjModel *model, mjData *data) {
  GUARDED(mj_resetData(model, data), return MuJoCoFailed);
  return MuJoCoSucceeded;
}

MuJoCoStatus mujoco_forward(const mjModel *model, mjData *data) {
  GUARDED(mj_forward(model, data), return failed(model, data));
  return MuJoCoSucceeded;
}

MuJoCoWarnings mujoco_warnings(const mjData *data) {
  return (MuJoCoWarnings){
    .bad_qpos = data->warning[mjWARN_BADQPOS].number,
    .bad_qvel = data->warning[mjWARN_BADQVEL].number,
    .bad_qacc = data->warning[mjWARN_BADQACC].number,
    .bad_ctrl = data->warning[mjWARN_BADCTRL].number,
    .constraints_full = data->warning[mjWARN_CNSTRFULL].number,
    .contacts_full = data->warning[mjWARN_CONTACTFULL].number,
  };
}

static bool any(MuJoCoWarnings w) {
  return (w.bad_qpos | w.bad_qvel | w.bad_qacc | w.bad_ctrl | w.constraints_full
           | w.contacts_full)
    != 0;
}

MuJoCoStatus mujoco_step(const mjModel *model, mjData *data, int count) {
  // Bad numbers make MuJoCo reset the data on its own and go on: only the counts tell.
  memset(data->warning, 0, sizeof data->warning);
  GUARDED(for (int i = 0; i < count; i++) mj_step(model, data), return failed(model, data));
  return any(mujoco_warnings(data)) ? MuJoCoDiverged : MuJoCoSucceeded;
}
