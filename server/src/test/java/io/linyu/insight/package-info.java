@NullMarked
package io.linyu.insight;

import org.jspecify.annotations.NullMarked;
