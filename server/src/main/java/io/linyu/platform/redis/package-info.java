/// What is shared between nodes and may be lost: budgets, locks, signals.
@NullMarked
package io.linyu.platform.redis;

import org.jspecify.annotations.NullMarked;
