/** What the table's port promises, held against each implementation. */
@NullMarked
package io.elephant.launcher.meeting;

import org.jspecify.annotations.NullMarked;
