#include "cmujoco.h"
