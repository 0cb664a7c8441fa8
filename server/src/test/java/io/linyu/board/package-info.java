@NullMarked
package io.linyu.board;

import org.jspecify.annotations.NullMarked;
