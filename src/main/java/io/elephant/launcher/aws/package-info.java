/** What AWS's errors mean: the one place that knows. */
@NullMarked
package io.elephant.launcher.aws;

import org.jspecify.annotations.NullMarked;
