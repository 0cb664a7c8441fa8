@NullMarked
package io.linyu.casework;

import org.jspecify.annotations.NullMarked;
