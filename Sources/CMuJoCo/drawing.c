#include <math.h>
#include <mujoco/mujoco.h>
#include <stdlib.h>
#include <string.h>

#include "cmujoco_drawing.h"
#include "guard.h"

enum { kGeometryCapacity = 2000, kCameraCount = 2 };

struct MuJoCoDrawing {
  mjModel *model;
  mjData *data;
  mjvScene scene;
  mjrContext context;
  mjvOption option;
  mjvCamera cameras[kCameraCount];
  /// How far panning has moved the tracking camera away from what it tracks.
  mjtNum panned[3];
  bool has_scene, has_context;
  /// mjFB_OFFSCREEN or mjFB_WINDOW.
  int buffer;
  /// Room for velocities between two positions.
  mjtNum *velocity;
};

/// What is looked at lies this far ahead of a model's own free camera, in its extents.
static const double kFreeCameraReach = 1;

/// Points a camera that can be moved in the direction of one that the model has.
static void aim(mjvCamera *camera, const mjModel *model, const mjData *data, int own) {
  // A camera looks along its negative z axis.
  const mjtNum *axes = data->cam_xmat + 9 * own;
  const mjtNum ahead[3] = {-axes[2], -axes[5], -axes[8]};
  camera->azimuth = atan2(ahead[1], ahead[0]) * 180 / mjPI;
  camera->elevation = asin(mju_clip(ahead[2], -1, 1)) * 180 / mjPI;
  const mjtNum *position = data->cam_xpos + 3 * own;
  if (camera->type == mjCAMERA_TRACKING) {
    camera->distance = mju_dist3(position, data->subtree_com + 3 * camera->trackbodyid);
  } else {
    camera->distance = kFreeCameraReach * model->stat.extent;
    mju_addScl3(camera->lookat, position, ahead, camera->distance);
  }
}

/// Cameras that can be moved, placed as the model's own "track" and "free" are at its start.
static void set_cameras(MuJoCoDrawing *drawing) {
  mju_zero3(drawing->panned);
  const mjModel *model = drawing->model;
  mj_resetData(model, drawing->data);
  mj_fwdPosition(model, drawing->data);
  mjvCamera *tracking = &drawing->cameras[MuJoCoTrackingCamera];
  mjvCamera *free = &drawing->cameras[MuJoCoFreeCamera];
  mjv_defaultFreeCamera(model, free);
  *tracking = *free;
  const int track = mj_name2id(model, mjOBJ_CAMERA, "track");
  if (model->nbody > 1) {
    tracking->type = mjCAMERA_TRACKING;
    tracking->trackbodyid = track >= 0 && model->cam_bodyid[track] > 0 ? model->cam_bodyid[track] : 1;
  }
  if (track >= 0) aim(tracking, model, drawing->data, track);
  const int own = mj_name2id(model, mjOBJ_CAMERA, "free");
  if (own >= 0) aim(free, model, drawing->data, own);
}

/// Planes carry without end, so they are drawn without end.
static void make_planes_endless(mjModel *model) {
  for (int i = 0; i < model->ngeom; i++) {
    if (model->geom_type[i] == mjGEOM_PLANE) model->geom_size[3 * i] = model->geom_size[3 * i + 1] = 0;
  }
}

static void make(MuJoCoDrawing *drawing, const mjModel *model, MuJoCoDrawingSettings settings) {
  drawing->model = mj_copyModel(NULL, model);
  // The OpenGL context takes its buffers' sizes from the model.
  mjVisual *visual = &drawing->model->vis;
  visual->global.offwidth = settings.width > 0 ? settings.width : 1;
  visual->global.offheight = settings.height > 0 ? settings.height : 1;
  visual->quality.offsamples = settings.samples;
  visual->quality.shadowsize = settings.shadow_size;
  make_planes_endless(drawing->model);
  drawing->data = mj_makeData(drawing->model);
  drawing->velocity = calloc(drawing->model->nv + 1, sizeof *drawing->velocity);
  if (!drawing->velocity) mju_error("out of memory");
  set_cameras(drawing);

  mjv_defaultOption(&drawing->option);
  mjv_makeScene(drawing->model, &drawing->scene, kGeometryCapacity);
  drawing->has_scene = true;
  drawing->scene.flags[mjRND_SHADOW] = settings.shadow_size > 0;
  drawing->scene.flags[mjRND_REFLECTION] = settings.has_reflections;

  drawing->has_context = true;
  mjr_makeContext(drawing->model, &drawing->context, settings.font_scale);
  drawing->buffer = settings.width > 0 ? mjFB_OFFSCREEN : mjFB_WINDOW;
  mjr_setBuffer(drawing->buffer, &drawing->context);
  if (drawing->context.currentBuffer != drawing->buffer) {
    mju_error("OpenGL has no such buffer to draw in");
  }
}

MuJoCoDrawing *mujoco_make_drawing(const mjModel *model, MuJoCoDrawingSettings settings) {
  mujoco_set_error("out of memory");
  MuJoCoDrawing *drawing = calloc(1, sizeof *drawing);
  if (!drawing) return NULL;
  mjv_defaultScene(&drawing->scene);
  mjr_defaultContext(&drawing->context);
  GUARDED(make(drawing, model, settings), {
    mujoco_free_drawing(drawing);
    return NULL;
  });
  return drawing;
}

static void release(MuJoCoDrawing *drawing) {
  if (drawing->has_context) mjr_freeContext(&drawing->context);
  if (drawing->has_scene) mjv_freeScene(&drawing->scene);
}

void mujoco_free_drawing(MuJoCoDrawing *drawing) {
  GUARDED(release(drawing), (void)0);
  if (drawing->data) mj_deleteData(drawing->data);
  if (drawing->model) mj_deleteModel(drawing->model);
  free(drawing->velocity);
  free(drawing);
}

static void place(MuJoCoDrawing *drawing, const double *from, const double *to, double fraction) {
  const mjModel *model = drawing->model;
  mjData *data = drawing->data;
  // Positions may hold quaternions, between which lies a rotation and no straight line.
  mju_copy(data->qpos, from, (int)model->nq);
  if (fraction > 0) {
    mj_differentiatePos(model, drawing->velocity, 1, from, to);
    mj_integratePos(model, data->qpos, drawing->velocity, fraction);
  }
  mj_fwdPosition(model, data);
}

MuJoCoStatus mujoco_place(MuJoCoDrawing *drawing, const double *from, const double *to,
                          double fraction) {
  GUARDED(place(drawing, from, to, fraction), return MuJoCoFailed);
  return MuJoCoSucceeded;
}

/// Moves a camera in the plane it looks at, so that what it looks at goes along with the mouse.
/// MuJoCo moves none that tracks, and others in planes of the world.
static void pan(MuJoCoDrawing *drawing, MuJoCoCamera kind, double x, double y) {
  mjvCamera *camera = &drawing->cameras[kind];
  const double azimuth = camera->azimuth * mjPI / 180, elevation = camera->elevation * mjPI / 180;
  const mjtNum right[3] = {sin(azimuth), -cos(azimuth), 0};
  const mjtNum up[3] = {-sin(elevation) * cos(azimuth), -sin(elevation) * sin(azimuth),
                        cos(elevation)};
  const double height =
    2 * camera->distance * tan(drawing->model->vis.global.fovy * mjPI / 360);
  mjtNum *moved = camera->type == mjCAMERA_TRACKING ? drawing->panned : camera->lookat;
  mju_addToScl3(moved, right, -x * height);
  mju_addToScl3(moved, up, y * height);
}

static void move_camera(MuJoCoDrawing *drawing, MuJoCoCamera camera, MuJoCoCameraMotion motion,
                        double x, double y) {
  if (motion == MuJoCoPan) {
    pan(drawing, camera, x, y);
  } else {
    mjv_moveCamera(drawing->model, motion == MuJoCoOrbit ? mjMOUSE_ROTATE_V : mjMOUSE_ZOOM, x, y,
                   &drawing->scene, &drawing->cameras[camera]);
  }
}

MuJoCoStatus mujoco_move_camera(MuJoCoDrawing *drawing, MuJoCoCamera camera,
                                MuJoCoCameraMotion motion, double x, double y) {
  GUARDED(move_camera(drawing, camera, motion, x, y), return MuJoCoFailed);
  return MuJoCoSucceeded;
}

static mjrRect rect(MuJoCoRectangle r) {
  return (mjrRect){.left = r.left, .bottom = r.bottom, .width = r.width, .height = r.height};
}

static void draw(MuJoCoDrawing *drawing, MuJoCoCamera kind, MuJoCoRectangle rectangle) {
  mjvCamera *camera = &drawing->cameras[kind];
  mjvCamera placed = *camera;
  if (camera->type == mjCAMERA_TRACKING) {
    // By itself a tracking camera lags behind, by more where fewer pictures are drawn.
    mju_add3(placed.lookat, drawing->data->subtree_com + 3 * camera->trackbodyid, drawing->panned);
    placed.type = mjCAMERA_FREE;
  }
  // Endless planes are laid around where the scene's camera is, which would still be the last picture's.
  mjv_updateCamera(drawing->model, drawing->data, &placed, &drawing->scene);
  mjv_updateScene(drawing->model, drawing->data, &drawing->option, NULL, &placed, mjCAT_ALL,
                  &drawing->scene);
  mjr_setBuffer(drawing->buffer, &drawing->context);
  mjr_render(rect(rectangle), &drawing->scene, &drawing->context);
}

MuJoCoStatus mujoco_draw(MuJoCoDrawing *drawing, MuJoCoCamera camera, MuJoCoRectangle rectangle) {
  GUARDED(draw(drawing, camera, rectangle), return MuJoCoFailed);
  return MuJoCoSucceeded;
}

MuJoCoStatus mujoco_draw_text(MuJoCoDrawing *drawing, MuJoCoCorner corner,
                              MuJoCoRectangle rectangle, const char *left, const char *right) {
  static const int positions[] = {
    [MuJoCoTopLeft] = mjGRID_TOPLEFT,
    [MuJoCoTopRight] = mjGRID_TOPRIGHT,
    [MuJoCoBottomLeft] = mjGRID_BOTTOMLEFT,
    [MuJoCoBottomRight] = mjGRID_BOTTOMRIGHT,
  };
  GUARDED(mjr_overlay(mjFONT_NORMAL, positions[corner], rect(rectangle), left, right,
                      &drawing->context),
          return MuJoCoFailed);
  return MuJoCoSucceeded;
}

MuJoCoStatus mujoco_read_pixels(MuJoCoDrawing *drawing, MuJoCoRectangle rectangle,
                                unsigned char *pixels) {
  GUARDED(mjr_readPixels(pixels, NULL, rect(rectangle), &drawing->context), return MuJoCoFailed);
  return MuJoCoSucceeded;
}
