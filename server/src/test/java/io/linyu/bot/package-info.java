@NullMarked
package io.linyu.bot;

import org.jspecify.annotations.NullMarked;
