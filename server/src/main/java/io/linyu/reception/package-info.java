/// Receives, remembers, keeps one person's messages in order, asks the bot, acts, sends.
@NullMarked
package io.linyu.reception;

import org.jspecify.annotations.NullMarked;
