@NullMarked
package io.linyu.bot.match;

import org.jspecify.annotations.NullMarked;
