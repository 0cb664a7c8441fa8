/// Pages, live pages, and the guarded way to them.
@NullMarked
package io.linyu.platform.http;

import org.jspecify.annotations.NullMarked;
