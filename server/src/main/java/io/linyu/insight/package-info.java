/// Figures: how cases went, counted from their events. It listens to casework, which does not know
/// it.
@NullMarked
package io.linyu.insight;

import org.jspecify.annotations.NullMarked;
