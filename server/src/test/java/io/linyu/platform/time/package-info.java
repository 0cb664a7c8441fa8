@NullMarked
package io.linyu.platform.time;

import org.jspecify.annotations.NullMarked;
