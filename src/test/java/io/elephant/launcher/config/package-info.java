/** The configuration, from environment to settings. */
@NullMarked
package io.elephant.launcher.config;

import org.jspecify.annotations.NullMarked;
