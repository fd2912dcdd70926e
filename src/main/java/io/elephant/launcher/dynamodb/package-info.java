/** The {@link io.elephant.launcher.meeting.Meetings} on an Amazon DynamoDB table. */
@NullMarked
package io.elephant.launcher.dynamodb;

import org.jspecify.annotations.NullMarked;
