/// Who came in and who changed what: written with the fact, read by the district's inspectors.
@NullMarked
package io.linyu.community.audit;

import org.jspecify.annotations.NullMarked;
