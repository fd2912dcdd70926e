/** Tests of the questions to IAM and Service Quotas, against the stand-ins. */
@NullMarked
package io.elephant.launcher.account;

import org.jspecify.annotations.NullMarked;
