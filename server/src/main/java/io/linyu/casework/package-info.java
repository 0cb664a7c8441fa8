/// One matter that someone must handle: cases, holdings, clocks, the staff inbox.
@NullMarked
package io.linyu.casework;

import org.jspecify.annotations.NullMarked;
