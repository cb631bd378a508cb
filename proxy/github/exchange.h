// Both halves of each exchange with GitHub.
#pragma once

#include "proxy/github/replies.h"
#include "proxy/github/requests.h"
