/// Who and where: territory, people, addresses, staff, desks.
@NullMarked
package io.linyu.community;

import org.jspecify.annotations.NullMarked;
