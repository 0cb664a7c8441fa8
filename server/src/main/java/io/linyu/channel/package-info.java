/// What every channel has in common: what comes in, what goes out, and to whom.
@NullMarked
package io.linyu.channel;

import org.jspecify.annotations.NullMarked;
