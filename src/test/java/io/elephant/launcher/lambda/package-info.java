@NullMarked
package io.elephant.launcher.lambda;

import org.jspecify.annotations.NullMarked;
