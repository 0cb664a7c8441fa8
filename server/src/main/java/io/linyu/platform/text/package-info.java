/// JSON, random codes, and the words a person reads.
@NullMarked
package io.linyu.platform.text;

import org.jspecify.annotations.NullMarked;
