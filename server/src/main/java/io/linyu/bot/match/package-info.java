/// What a text is like: plain spelling, words found in it, likeness to examples, danger, places.
@NullMarked
package io.linyu.bot.match;

import org.jspecify.annotations.NullMarked;
