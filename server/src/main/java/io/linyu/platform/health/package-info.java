/// What this server stands on and what waits in it: for the console, for metrics, for whoever is
/// called at night.
@NullMarked
package io.linyu.platform.health;

import org.jspecify.annotations.NullMarked;
