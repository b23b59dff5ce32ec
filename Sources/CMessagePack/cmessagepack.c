#include "cmessagepack.h"
