@NullMarked
package io.linyu.community;

import org.jspecify.annotations.NullMarked;
