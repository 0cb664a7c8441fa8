/// The other side of each platform, for the demo and the tests.
@NullMarked
package io.linyu.simulator;

import org.jspecify.annotations.NullMarked;
