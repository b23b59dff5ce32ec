#include <mujoco/mujoco.h>
#include <stdlib.h>
#include <string.h>

#include "cmujoco.h"
#include "guard.h"

static mjData *make_data(const mjModel *model) {
  mjData *volatile data = NULL;
  GUARDED(data = mj_makeData(model), return NULL);
  return data;
}

MuJoCoScratch *mujoco_make_scratch(const mjModel *model) {
  mujoco_set_error("out of memory");
  MuJoCoScratch *scratch = malloc(sizeof *scratch);
  if (!scratch) return NULL;
  mjData *data = make_data(model);
  if (!data) {
    free(scratch);
    return NULL;
  }
  *scratch = (MuJoCoScratch){
    .model = model,
    .data = data,
    .time = &data->time,
    .qpos = data->qpos,
    .qvel = data->qvel,
    .act = data->act,
    .ctrl = data->ctrl,
    .qacc_warmstart = data->qacc_warmstart,
    .xpos = data->xpos,
    .xipos = data->xipos,
    .cinert = data->cinert,
    .cvel = data->cvel,
    .cfrc_ext = data->cfrc_ext,
    .site_xpos = data->site_xpos,
    .qfrc_actuator = data->qfrc_actuator,
    .qfrc_constraint = data->qfrc_constraint,
    .sensordata = data->sensordata,
    .body_mass = model->body_mass,
  };
  return scratch;
}

void mujoco_free_scratch(MuJoCoScratch *scratch) {
  mj_deleteData(scratch->data);
  free(scratch);
}

/// An error leaves MuJoCo's stack half used; a reset makes the data fit for use again.
static MuJoCoStatus failed(MuJoCoScratch *scratch) {
  mj_resetData(scratch->model, scratch->data);
  return MuJoCoFailed;
}

MuJoCoStatus mujoco_reset(MuJoCoScratch *scratch) {
  GUARDED(mj_resetData(scratch->model, scratch->data), return MuJoCoFailed);
  return MuJoCoSucceeded;
}

MuJoCoStatus mujoco_forward(MuJoCoScratch *scratch) {
  GUARDED(mj_forward(scratch->model, scratch->data), return failed(scratch));
  return MuJoCoSucceeded;
}

MuJoCoWarnings mujoco_warnings(const MuJoCoScratch *scratch) {
  const mjWarningStat *warning = scratch->data->warning;
  return (MuJoCoWarnings){
    .bad_qpos = warning[mjWARN_BADQPOS].number,
    .bad_qvel = warning[mjWARN_BADQVEL].number,
    .bad_qacc = warning[mjWARN_BADQACC].number,
    .bad_ctrl = warning[mjWARN_BADCTRL].number,
    .constraints_full = warning[mjWARN_CNSTRFULL].number,
    .contacts_full = warning[mjWARN_CONTACTFULL].number,
  };
}

static bool any(MuJoCoWarnings w) {
  return w.bad_qpos || w.bad_qvel || w.bad_qacc || w.bad_ctrl || w.constraints_full
    || w.contacts_full;
}

MuJoCoStatus mujoco_step(MuJoCoScratch *scratch, int count, bool wants_contact_forces) {
  const mjModel *const model = scratch->model;
  mjData *const data = scratch->data;
  // Bad numbers make MuJoCo reset the data on its own and go on: only the counts tell.
  memset(data->warning, 0, sizeof data->warning);
  GUARDED(for (int i = 0; i < count; i++) mj_step(model, data), return failed(scratch));
  if (wants_contact_forces) {
    GUARDED(mj_rnePostConstraint(model, data), return failed(scratch));
  }
  return any(mujoco_warnings(scratch)) ? MuJoCoDiverged : MuJoCoSucceeded;
}

static void replay(const mjModel *model, mjData *data, const double *controls, int count,
                   int frame_skip) {
  for (int step = 0; step < count; step++) {
    memcpy(data->ctrl, controls + (size_t)step * model->nu, sizeof(double) * model->nu);
    for (int i = 0; i < frame_skip; i++) mj_step(model, data);
  }
}

MuJoCoStatus mujoco_replay(MuJoCoScratch *scratch, const double *controls, int count,
                           int frame_skip) {
  GUARDED(replay(scratch->model, scratch->data, controls, count, frame_skip),
          return failed(scratch));
  return MuJoCoSucceeded;
}
