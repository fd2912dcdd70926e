# The alarms. RUNBOOK.md has a row for each of them: what it means, how to see the cause, what to do.
locals {
  alarm_actions = concat(var.alarm_topic_arn == null ? [] : [var.alarm_topic_arn], aws_sns_topic.alarms[*].arn)
  runbook       = "What to do: terraform/RUNBOOK.md, 'Alarms, and what to do'."

  # On what AWS itself counts.
  function_alarms = {
    errors = {
      description = "Invocations of ${var.stack_name} fail, or answer nothing."
      metric      = "Errors"
      statistic   = "Sum"
      threshold   = 0
    }
    throttles = {
      description = "Lambda has no room for invocations of ${var.stack_name}."
      metric      = "Throttles"
      statistic   = "Sum"
      threshold   = 0
    }
    duration = {
      description = "Invocations of ${var.stack_name} take nearly as long as they may: EC2 is short of capacity, or does not answer."
      metric      = "Duration"
      statistic   = "Maximum"
      threshold   = local.function_timeout * 1000 * 0.8
    }
    events-dropped = {
      description = "Lambda has given up on events for ${var.stack_name}, for their age or their failures."
      metric      = "AsyncEventsDropped"
      statistic   = "Sum"
      threshold   = 0
    }
    events-lost = {
      description = "Lambda could not put an event that ${var.stack_name} failed at into the queue of failures."
      metric      = "DestinationDeliveryFailures"
      statistic   = "Sum"
      threshold   = 0
    }
  }

  queue_alarms = {
    failures = {
      description = "Events that ${var.stack_name} failed at wait to be delivered again."
      queue       = aws_sqs_queue.failures.name
    }
    undelivered = {
      description = "Events that EventBridge could not deliver to ${var.stack_name} wait to be delivered again."
      queue       = aws_sqs_queue.undelivered.name
    }
  }

  # On what the function counts, under these names: io.elephant.launcher.telemetry.Metric.
  metric_namespace = "Elephant/Launch"
  quarter_hour     = 900
  five_minutes     = 300

  launch_alarms = {
    launch-failed = {
      description = "An invocation of ${var.stack_name} launched nothing, or not everything: it failed, or it has given the meeting up (LAUNCH_FAILED)."
      metric      = "LaunchFailed"
      statistic   = "Sum"
      threshold   = 0
      period      = 60
    }
    # The sweep finds an instance that it only reports every ten minutes anew. A window that holds
    # one sweep at least keeps the alarm from ringing each time.
    stray-machine = {
      description = "The sweep of ${var.stack_name} found an instance that no meeting names; it costs money until it is terminated."
      metric      = "SweepStray"
      statistic   = "Sum"
      threshold   = 0
      period      = local.quarter_hour
    }
    # An instance that is replaced does not ring; its new launch does, if it fails.
    machine-lost = {
      description = "An instance that a meeting of ${var.stack_name} counts on has ended, and is not replaced."
      metric      = "MachineMissing"
      statistic   = "Sum"
      threshold   = 0
      period      = local.five_minutes
    }
    slow-launch = {
      description = "A launch by ${var.stack_name} took more than ${var.slow_launch_seconds} s: its instances may not be up when the meeting begins."
      metric      = "LaunchLatency"
      statistic   = "Maximum"
      threshold   = var.slow_launch_seconds * 1000
      period      = 60
    }
    late-launch = {
      description = "A launch by ${var.stack_name} came to its end after its meeting's begin: somebody waits for a desktop."
      metric      = "LaunchedLate"
      statistic   = "Sum"
      threshold   = 0
      period      = 60
    }
    fall-backs = {
      description = "${var.stack_name} went on to another zone, type or market more than ${var.fall_backs_per_quarter_hour} times in a quarter of an hour: capacity is getting short."
      metric      = "FellBack"
      statistic   = "Sum"
      threshold   = var.fall_backs_per_quarter_hour
      period      = local.quarter_hour
    }
  }
}

check "alarms" {
  assert {
    condition     = var.alarm_email != null || var.alarm_topic_arn != null
    error_message = "Nobody hears of any alarm, such as of a stray instance that costs money: set alarm_email or alarm_topic_arn."
  }
}

# Not encrypted: CloudWatch may not use AWS's own key for SNS, and there is nothing secret in an alarm.
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
resource "aws_sns_topic" "alarms" {
  count = var.alarm_email == null ? 0 : 1
  name  = "${var.stack_name}-alarms"
}

resource "aws_sns_topic_subscription" "alarms" {
  count     = var.alarm_email == null ? 0 : 1
  topic_arn = aws_sns_topic.alarms[0].arn
  protocol  = "email"
  endpoint  = var.alarm_email
}

resource "aws_cloudwatch_metric_alarm" "launch" {
  for_each = local.launch_alarms

  alarm_name          = "${var.stack_name}-${each.key}"
  alarm_description   = "${each.value.description} ${local.runbook}"
  namespace           = local.metric_namespace
  metric_name         = each.value.metric
  dimensions          = { Stack = var.stack_name }
  statistic           = each.value.statistic
  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value.threshold
  period              = each.value.period
  evaluation_periods  = 1
  # The function counts only what happens: no data means that it did not.
  treat_missing_data = "notBreaching"
  alarm_actions      = local.alarm_actions
  ok_actions         = local.alarm_actions
}

resource "aws_cloudwatch_metric_alarm" "function" {
  for_each = local.function_alarms

  alarm_name          = "${var.stack_name}-${each.key}"
  alarm_description   = "${each.value.description} ${local.runbook}"
  namespace           = "AWS/Lambda"
  metric_name         = each.value.metric
  dimensions          = { FunctionName = aws_lambda_function.launcher.function_name }
  statistic           = each.value.statistic
  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value.threshold
  period              = 60
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.alarm_actions
  ok_actions          = local.alarm_actions
}

resource "aws_cloudwatch_metric_alarm" "queue" {
  for_each = local.queue_alarms

  alarm_name          = "${var.stack_name}-${each.key}"
  alarm_description   = "${each.value.description} ${local.runbook}"
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions          = { QueueName = each.value.queue }
  statistic           = "Maximum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  period              = 60
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.alarm_actions
  ok_actions          = local.alarm_actions
}
