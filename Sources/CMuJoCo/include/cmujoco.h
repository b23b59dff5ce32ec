/// The part of MuJoCo that this package uses, behind a guard.
///
/// MuJoCo ends the process on an error. Here an error comes back as a status and a message: every
/// call below may fail without harm, and jumps out of MuJoCo never cross Swift's frames. Warnings
/// print nothing and write no file; they are counted. MuJoCo's own headers stay out of sight.
#ifndef CMUJOCO_H
#define CMUJOCO_H

#include <stdbool.h>

#pragma clang assume_nonnull begin

/// MuJoCo's own types, opaque here.
typedef struct mjModel_ mjModel;
typedef struct mjData_ mjData;

typedef enum __attribute__((enum_extensibility(closed))) {
  MuJoCoSucceeded,
  /// MuJoCo raised an error; `mujoco_last_error` has its text and the data was reset.
  MuJoCoFailed,
  /// Numbers left their range or contacts and constraints their buffers; see the warnings.
  MuJoCoDiverged,
} MuJoCoStatus;

/// A model's numbers of positions, velocities, controls, actuator states and bodies.
typedef struct {
  int nq, nv, nu, na, nbody;
  /// Seconds of one `mj_step`.
  double timestep;
} MuJoCoSizes;

/// A simulation of a model and direct pointers to the values that make up its state.
typedef struct {
  const mjModel *model;
  mjData *data;
  double *time, *qpos, *qvel, *act, *ctrl, *qacc_warmstart;
  /// What the last evaluation of the dynamics gave: values of bodies (3, 3, 10, 6 and 6 each), of
  /// sites (3 each) and of degrees of freedom.
  const double *xpos, *xipos, *cinert, *cvel, *cfrc_ext, *site_xpos, *qfrc_actuator,
      *qfrc_constraint;
  /// The sensors' values, one after the other.
  const double *sensordata;
  /// Of each body.
  const double *body_mass;
} MuJoCoScratch;

/// How often MuJoCo raised each warning since the last `mujoco_step` or `mujoco_reset` began.
typedef struct {
  int bad_qpos, bad_qvel, bad_qacc, bad_ctrl, constraints_full, contacts_full;
} MuJoCoWarnings;

/// One of a model's numeric arrays: `count` values of C type `type` ("mjtNum", "int", "mjtByte"…).
typedef struct {
  const void *_Nullable values;
  const char *_Nullable type;
  long count;
} MuJoCoField;

/// Version of the loaded library, such as "2.2.2".
const char *mujoco_version(void);

/// What the last failed call of this thread said.
const char *mujoco_last_error(void);

/// Compiles MJCF of `length` bytes. Null on failure.
mjModel *_Nullable mujoco_load(const char *xml, long length);

/// Compiles the MJCF file at `path` and makes a simulation of it, to try it, in a process of its own,
/// with 20 s of processor time and 2 GB of memory: MuJoCo lets some files end the program, and some take
/// minutes or all memory that there is. Null on failure, and within a second once `is_cancelled`, asked
/// with `context`, says so.
mjModel *_Nullable mujoco_load_file(const char *path, bool (*is_cancelled)(const void *context),
  const void *context);

void mujoco_free(mjModel *model);

MuJoCoSizes mujoco_sizes(const mjModel *model);

/// Finds the array `name`: a field of mjModel, or of its parts with "opt_" or "stat_" before it.
bool mujoco_field(const mjModel *model, const char *name, MuJoCoField *field);

/// Allocates a simulation of `model`, which must outlive it. Null on failure.
MuJoCoScratch *_Nullable mujoco_make_scratch(const mjModel *model);

void mujoco_free_scratch(MuJoCoScratch *scratch);

/// Back to the model's initial state; clears controls, warm start and warnings.
MuJoCoStatus mujoco_reset(MuJoCoScratch *scratch);

/// Computes everything that follows from the state, the warm start included.
MuJoCoStatus mujoco_forward(MuJoCoScratch *scratch);

/// Takes `count` simulation steps with the controls as they stand; `cfrc_ext` follows if wanted.
MuJoCoStatus mujoco_step(MuJoCoScratch *scratch, int count, bool wants_contact_forces);

/// What a model has by name.
typedef enum __attribute__((enum_extensibility(closed))) {
  MuJoCoBody,
  MuJoCoJoint,
  MuJoCoSite,
  MuJoCoSensor,
  MuJoCoKeyframe,
} MuJoCoKind;

/// How many of a kind there are.
int mujoco_count(const mjModel *model, MuJoCoKind kind);

/// The index of the one called `name`; -1 if there is none.
int mujoco_index(const mjModel *model, MuJoCoKind kind, const char *name);

/// The name of the one with this index; empty if it has none.
const char *mujoco_name(const mjModel *model, MuJoCoKind kind, int index);

/// The floor that speeds are measured against: `count` environment steps of `frame_skip` bare
/// `mj_step`s each, with `nu` controls for each environment step, behind one guard.
MuJoCoStatus mujoco_replay(MuJoCoScratch *scratch, const double *controls, int count,
                           int frame_skip);

MuJoCoWarnings mujoco_warnings(const MuJoCoScratch *scratch);

#pragma clang assume_nonnull end

#endif
