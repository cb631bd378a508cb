// What policies ask of GitHub: what each needs from the visitor or from the app, and whether
// GitHub knows what it names. Whether an organization lets the app see its members shows at a
// sign-in only, since nobody but a visitor may ask.
#pragma once

#include "proxy/check/input.h"
#include "proxy/check/report.h"

namespace portero {

/// Says what each policy asks at a sign-in. Not what its users and `signed-in` need: nothing.
void check_needs(const CheckInput& input, Report& report);

/// Looks up each organization and repository that a policy names, as everybody sees it.
void check_names(const CheckInput& input, Report& report);

}  // namespace portero
