@NullMarked
package io.linyu.demo;

import org.jspecify.annotations.NullMarked;
