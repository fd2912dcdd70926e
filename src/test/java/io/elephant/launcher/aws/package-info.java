/** What each error code means. */
@NullMarked
package io.elephant.launcher.aws;

import org.jspecify.annotations.NullMarked;
