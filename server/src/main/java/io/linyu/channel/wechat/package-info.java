/// The WeChat public account: its callback, its interface, its limits.
@NullMarked
package io.linyu.channel.wechat;

import org.jspecify.annotations.NullMarked;
