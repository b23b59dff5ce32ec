// One generation's code. Before it is included, outside of what makes its functions that
// generation's: generation.h. And
//   GENERATION, NAME  its name in C, and what a person calls it.
//   PART_WIDTH        lanes that the solver computes in one vector, 4 or 8.

#include "find_lanes.h"
#include "newton.h"
#include "play.h"

const cphysics_generation GENERATION = {
    .name = NAME,
    .play = play,
    .less = less,
    .sine_cosine = sine_cosine,
    .power = power,
    .newton_workspace = newton_workspace,
    .newton = newton,
};
