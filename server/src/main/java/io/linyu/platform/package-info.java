/// What every room stands on. Knows no feature.
@NullMarked
package io.linyu.platform;

import org.jspecify.annotations.NullMarked;
