/// Trials that take too long for the suite. Each brings its own servers and leaves nothing behind.
@NullMarked
package io.linyu.cli.bench;

import org.jspecify.annotations.NullMarked;
