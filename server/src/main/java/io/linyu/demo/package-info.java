/// Town, the small named world that feeds the demo and the tests.
@NullMarked
package io.linyu.demo;

import org.jspecify.annotations.NullMarked;
