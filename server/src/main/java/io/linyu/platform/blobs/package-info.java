/// Attachments by the digest of their content.
@NullMarked
package io.linyu.platform.blobs;

import org.jspecify.annotations.NullMarked;
