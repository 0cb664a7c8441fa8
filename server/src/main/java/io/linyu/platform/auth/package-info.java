/// Who somebody is: passwords, sessions, sealed columns.
@NullMarked
package io.linyu.platform.auth;

import org.jspecify.annotations.NullMarked;
