/// The one way to PostgreSQL: transactions, statements, rows.
@NullMarked
package io.linyu.platform.db;

import org.jspecify.annotations.NullMarked;
