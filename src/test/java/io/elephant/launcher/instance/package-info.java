/** What the port to EC2 promises, held against each implementation. */
@NullMarked
package io.elephant.launcher.instance;

import org.jspecify.annotations.NullMarked;
