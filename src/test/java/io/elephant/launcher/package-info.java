/** The function as a whole: its events, its rooms, and what it does against AWS on this machine. */
@NullMarked
package io.elephant.launcher;

import org.jspecify.annotations.NullMarked;
