/// Facts told to listeners after they are committed, at least once, in order.
@NullMarked
package io.linyu.platform.events;

import org.jspecify.annotations.NullMarked;
