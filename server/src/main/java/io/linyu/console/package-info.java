/// The staff frame: signing in, the shell, home.
@NullMarked
package io.linyu.console;

import org.jspecify.annotations.NullMarked;
