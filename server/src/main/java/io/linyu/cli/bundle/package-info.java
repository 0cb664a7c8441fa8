/// What `linyu package` makes: everything that a machine without internet needs.
@NullMarked
package io.linyu.cli.bundle;

import org.jspecify.annotations.NullMarked;
