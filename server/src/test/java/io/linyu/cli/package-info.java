@NullMarked
package io.linyu.cli;

import org.jspecify.annotations.NullMarked;
