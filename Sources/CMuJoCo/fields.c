#include <mujoco/mujoco.h>
#include <mujoco/mjxmacro.h>
#include <string.h>

#include "cmujoco.h"

#define FOUND(ctype, name_, pointer, size)                                                   \
  if (strcmp(name, name_) == 0) {                                                            \
    *field = (MuJoCoField){.values = (pointer), .type = ctype, .count = (long)(size)};        \
    return true;                                                                             \
  }

// The newer headers mark arrays that drawing does not need with another macro.
#ifndef XNV
#define XNV X
#endif

static bool array(const mjModel *model, const char *name, MuJoCoField *field) {
  MJMODEL_POINTERS_PREAMBLE(model)
  (void)nq, (void)nv, (void)na, (void)nu, (void)nmocap, (void)nuser_body, (void)nuser_jnt;
  (void)nuser_geom, (void)nuser_site, (void)nuser_cam, (void)nuser_tendon;
  (void)nuser_actuator, (void)nuser_sensor;
#undef MJ_M
#define MJ_M(n) n
#define X(type, field_, rows, columns) \
  FOUND(#type, #field_, model->field_, (long)model->rows * (long)(columns))
  MJMODEL_POINTERS
#undef X
  return false;
}

static bool option(const mjModel *model, const char *name, MuJoCoField *field) {
  const mjOption *opt = &model->opt;
#define NUMBER(field_) FOUND("mjtNum", #field_, &opt->field_, 1)
#define VECTOR(field_) FOUND("mjtNum", #field_, opt->field_, sizeof opt->field_ / sizeof(mjtNum))
#define INTEGER(field_) FOUND("int", #field_, &opt->field_, 1)
  NUMBER(timestep)
  NUMBER(impratio)
  NUMBER(tolerance)
  NUMBER(noslip_tolerance)
  NUMBER(density)
  NUMBER(viscosity)
  NUMBER(o_margin)
  VECTOR(gravity)
  VECTOR(wind)
  VECTOR(magnetic)
  VECTOR(o_solref)
  VECTOR(o_solimp)
  INTEGER(integrator)
  INTEGER(cone)
  INTEGER(jacobian)
  INTEGER(solver)
  INTEGER(iterations)
  INTEGER(noslip_iterations)
  INTEGER(disableflags)
  INTEGER(enableflags)
#if mjVERSION_HEADER < 300
  NUMBER(apirate)
  NUMBER(mpr_tolerance)
  INTEGER(mpr_iterations)
  INTEGER(collision)
#endif
  return false;
}

static bool statistic(const mjModel *model, const char *name, MuJoCoField *field) {
  const mjStatistic *stat = &model->stat;
  FOUND("mjtNum", "meaninertia", &stat->meaninertia, 1)
  FOUND("mjtNum", "meanmass", &stat->meanmass, 1)
  FOUND("mjtNum", "meansize", &stat->meansize, 1)
  FOUND("mjtNum", "extent", &stat->extent, 1)
  FOUND("mjtNum", "center", stat->center, 3)
  return false;
}

static bool size(const mjModel *model, const char *name, MuJoCoField *field) {
#define SIZE(field_) \
  FOUND(sizeof model->field_ == sizeof(int) ? "int" : "mjtSize", #field_, &model->field_, 1)
  SIZE(nq)
  SIZE(nv)
  SIZE(nu)
  SIZE(na)
  SIZE(nbody)
  SIZE(njnt)
  SIZE(ngeom)
  SIZE(neq)
  SIZE(npair)
  SIZE(nexclude)
  SIZE(nM)
  SIZE(nmocap)
  SIZE(nconmax)
  SIZE(njmax)
  SIZE(ncam)
  SIZE(nsite)
  SIZE(ntendon)
  SIZE(nwrap)
  SIZE(nsensor)
  return false;
}

bool mujoco_field(const mjModel *model, const char *name, MuJoCoField *field) {
  if (strncmp(name, "opt_", 4) == 0) return option(model, name + 4, field);
  if (strncmp(name, "stat_", 5) == 0) return statistic(model, name + 5, field);
  return size(model, name, field) || array(model, name, field);
}
