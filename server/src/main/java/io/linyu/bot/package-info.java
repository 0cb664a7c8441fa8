/// Scripts, matching, dialogs: a pure step from what was said to what should be done.
@NullMarked
package io.linyu.bot;

import org.jspecify.annotations.NullMarked;
