@NullMarked
package io.linyu.simulator.wechat;

import org.jspecify.annotations.NullMarked;
