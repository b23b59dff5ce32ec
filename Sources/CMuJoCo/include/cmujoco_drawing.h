/// MuJoCo's drawing of a simulation with OpenGL, behind the same guard.
///
/// Every call needs the OpenGL context that was current when the drawing was made.
#ifndef CMUJOCO_DRAWING_H
#define CMUJOCO_DRAWING_H

#include "cmujoco.h"

#pragma clang assume_nonnull begin

/// A model's scene, cameras and OpenGL objects. It has a copy of the model, so that what is drawn
/// never touches what is simulated.
typedef struct MuJoCoDrawing MuJoCoDrawing;

typedef struct {
  /// Size of the buffer off screen, pixels; 0 draws to the current window.
  int width, height;
  /// Pixels along a side of the shadow map; 0 for no shadows.
  int shadow_size;
  /// Samples a pixel, against jagged edges; 0 for one. Off screen only.
  int samples;
  bool has_reflections;
  /// Height of the letters, percent of MuJoCo's normal: 50, 100, 150, …, 300.
  int font_scale;
} MuJoCoDrawingSettings;

typedef enum __attribute__((enum_extensibility(closed))) {
  /// Goes along with the body of the model's camera "track", or with its first body.
  MuJoCoTrackingCamera,
  /// Stays where the model's camera "free" is, or where it sees the whole model.
  MuJoCoFreeCamera,
} MuJoCoCamera;

typedef enum __attribute__((enum_extensibility(closed))) {
  MuJoCoOrbit,
  MuJoCoPan,
  MuJoCoZoom,
} MuJoCoCameraMotion;

typedef enum __attribute__((enum_extensibility(closed))) {
  MuJoCoTopLeft,
  MuJoCoTopRight,
  MuJoCoBottomLeft,
  MuJoCoBottomRight,
} MuJoCoCorner;

/// Pixels, counted from the left and from the bottom.
typedef struct {
  int left, bottom, width, height;
} MuJoCoRectangle;

/// Prepares drawing in the current OpenGL context. Null on failure.
MuJoCoDrawing *_Nullable mujoco_make_drawing(const mjModel *model, MuJoCoDrawingSettings settings);

void mujoco_free_drawing(MuJoCoDrawing *drawing);

/// Places the model between two positions (nq values each): at `from` for 0, at `to` for 1.
MuJoCoStatus mujoco_place(MuJoCoDrawing *drawing, const double *from, const double *to,
                          double fraction);

/// Moves a camera by a drag, in fractions of the picture's height.
MuJoCoStatus mujoco_move_camera(MuJoCoDrawing *drawing, MuJoCoCamera camera,
                                MuJoCoCameraMotion motion, double x, double y);

/// Draws the model where it was placed.
MuJoCoStatus mujoco_draw(MuJoCoDrawing *drawing, MuJoCoCamera camera, MuJoCoRectangle rectangle);

/// Writes two columns of lines in a corner of the rectangle.
MuJoCoStatus mujoco_draw_text(MuJoCoDrawing *drawing, MuJoCoCorner corner,
                              MuJoCoRectangle rectangle, const char *left,
                              const char *_Nullable right);

/// Reads the pixels of the rectangle: 3 bytes each, the lowest row first, without padding.
MuJoCoStatus mujoco_read_pixels(MuJoCoDrawing *drawing, MuJoCoRectangle rectangle,
                                unsigned char *pixels);

#pragma clang assume_nonnull end

#endif
