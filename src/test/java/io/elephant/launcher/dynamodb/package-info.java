/** The meetings on a real DynamoDB engine. */
@NullMarked
package io.elephant.launcher.dynamodb;

import org.jspecify.annotations.NullMarked;
