#ifndef CMUJOCO_H
#define CMUJOCO_H
#endif
