/** The meetings on DynamoDB. */
@NullMarked
package io.elephant.launcher.dynamodb;

import org.jspecify.annotations.NullMarked;
