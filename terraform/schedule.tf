# The booking function makes one schedule per meeting in this group.
resource "aws_scheduler_schedule_group" "meetings" {
  name = local.schedule_group_name
}

# Events of schedules and rules that EventBridge could not deliver to Lambda.
resource "aws_sqs_queue" "undelivered" {
  name                      = local.undelivered_queue_name
  message_retention_seconds = 1209600
  sqs_managed_sse_enabled   = true
}

resource "aws_scheduler_schedule" "sweep" {
  count = var.sweep_schedule == null ? 0 : 1

  name                = "sweep"
  description         = "Finds instances that no meeting names"
  group_name          = aws_scheduler_schedule_group.meetings.name
  schedule_expression = var.sweep_schedule

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = aws_lambda_function.launcher.arn
    role_arn = aws_iam_role.scheduler.arn
    input    = jsonencode({ action = "sweep" })

    # The next sweep does what a missed one would have done.
    retry_policy {
      maximum_event_age_in_seconds = 300
      maximum_retry_attempts       = 2
    }

    dead_letter_config {
      arn = aws_sqs_queue.undelivered.arn
    }
  }

  depends_on = [aws_iam_role_policy.scheduler]
}

resource "aws_scheduler_schedule" "meeting" {
  for_each = var.meetings

  name                         = "launch-${each.key}"
  description                  = "Launches the meeting ${each.key}"
  group_name                   = aws_scheduler_schedule_group.meetings.name
  schedule_expression          = "at(${trimsuffix(each.value, "Z")})"
  schedule_expression_timezone = "UTC"

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = aws_lambda_function.launcher.arn
    role_arn = aws_iam_role.scheduler.arn
    input    = jsonencode({ meeting_id = each.key })

    retry_policy {
      maximum_event_age_in_seconds = var.maximum_event_age
      maximum_retry_attempts       = 185
    }

    dead_letter_config {
      arn = aws_sqs_queue.undelivered.arn
    }
  }

  depends_on = [aws_iam_role_policy.scheduler]

  # Not a validation of the variable, because that would also fail 'make destroy'.
  lifecycle {
    precondition {
      condition     = timecmp(each.value, plantimestamp()) > 0
      error_message = "meetings: ${each.key} was at ${each.value}, which is past. Remove it."
    }
  }
}
