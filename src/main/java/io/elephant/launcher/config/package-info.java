/** The configuration, checked at start as a whole, and the beans that are made from it. */
@NullMarked
package io.elephant.launcher.config;

import org.jspecify.annotations.NullMarked;
