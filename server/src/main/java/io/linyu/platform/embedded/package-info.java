/// Real PostgreSQL and Redis that live and die with this process.
@NullMarked
package io.linyu.platform.embedded;

import org.jspecify.annotations.NullMarked;
