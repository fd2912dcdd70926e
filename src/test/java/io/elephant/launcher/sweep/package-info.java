@NullMarked
package io.elephant.launcher.sweep;

import org.jspecify.annotations.NullMarked;
