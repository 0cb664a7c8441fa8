/// Clocks as arguments, working time, and work that falls due.
@NullMarked
package io.linyu.platform.time;

import org.jspecify.annotations.NullMarked;
