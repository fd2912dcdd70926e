# The alarms. RUNBOOK.md has a row for each: what it means, whether it can wait, how to find the cause, what to do.
# By default an alarm rings when the sum of a minute is above 0, and missing data means that nothing happened.
locals {
  alarm_actions = concat(var.alarm_topic_arn == null ? [] : [var.alarm_topic_arn], aws_sns_topic.alarms[*].arn)
  runbook       = "What to do: terraform/RUNBOOK.md, 'Alarms, and what to do'."

  # What costs money or is healing by itself. Every other alarm may cost a meeting its desktops.
  can_wait = ["fall-backs", "overdue", "rule-interrupted", "slow-launch", "stray-machine"]

  # On what AWS itself counts.
  function_alarms = {
    errors = {
      description = "Invocations of ${var.stack_name} fail or end without an answer."
      metric      = "Errors"
    }
    throttles = {
      description = "Lambda throttles the invocations of ${var.stack_name}."
      metric      = "Throttles"
    }
    duration = {
      description = "Invocations of ${var.stack_name} nearly time out: EC2 is short of capacity or does not answer."
      metric      = "Duration"
      statistic   = "Maximum"
      threshold   = local.function_timeout * 1000 * 0.8
    }
    events-dropped = {
      description = "Lambda has dropped events for ${var.stack_name}: they were too old or failed three times."
      metric      = "AsyncEventsDropped"
    }
    events-lost = {
      description = "Lambda could not send an event that ${var.stack_name} failed on to the queue of failures."
      metric      = "DestinationDeliveryFailures"
    }
  }

  # The metrics of an idle queue can be a quarter of an hour late; those of schedules and rules are not.
  # https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/monitoring-using-cloudwatch.html
  queue_alarms = {
    failures = {
      description = "Events that ${var.stack_name} failed on wait in the queue of failures."
      metric      = "ApproximateNumberOfMessagesVisible"
      statistic   = "Maximum"
    }
    undelivered = {
      description = "Events that EventBridge could not deliver to ${var.stack_name} wait in the queue of undelivered events."
      metric      = "ApproximateNumberOfMessagesVisible"
      statistic   = "Maximum"
    }
  }

  # https://docs.aws.amazon.com/scheduler/latest/UserGuide/monitoring-cloudwatch.html
  schedule_alarms = {
    schedule-errors = {
      description = "EventBridge Scheduler could not invoke ${var.stack_name}, and is retrying."
      metric      = "TargetErrorCount"
    }
    schedule-dropped = {
      description = "EventBridge Scheduler has dropped an event for ${var.stack_name}."
      metric      = "InvocationDroppedCount"
    }
    schedule-undelivered = {
      description = "EventBridge Scheduler has sent an event for ${var.stack_name} to the queue of undelivered events."
      metric      = "InvocationsSentToDeadLetterCount"
    }
  }

  # https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
  rule_alarms = {
    rule-ended = {
      description = "EventBridge could not tell ${var.stack_name} that an instance ended or stopped."
      metric      = "FailedInvocations"
    }
    rule-interrupted = {
      description = "EventBridge could not tell ${var.stack_name} that EC2 is about to interrupt a Spot instance."
      metric      = "FailedInvocations"
    }
  }

  # Each sweep logs something, so two sweeps without a line mean that nothing runs. For a cron expression the
  # alarm waits two days. An alarm looks back for a week at most; for more than a day, its periods are hours.
  # https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Logs-Monitoring-CloudWatch-Metrics.html
  # https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
  sweep_seconds = try(
    tonumber(regex("[0-9]+", var.sweep_schedule)) * { minute = 60, hour = 3600, day = 86400 }[trimsuffix(regex("rate.* ([a-z]+)", var.sweep_schedule)[0], "s")],
    var.sweep_schedule == null ? 604800 : 86400,
  )
  silent_seconds = 2 * local.sweep_seconds
  log_alarms = {
    heartbeat = {
      description = "${var.stack_name} has logged nothing for as long as two sweeps take: nothing invokes it, or its log group is gone."
      metric      = "IncomingLogEvents"
      comparison  = "LessThanThreshold"
      threshold   = 1
      period      = local.silent_seconds <= 86400 ? local.silent_seconds : 3600
      periods     = local.silent_seconds <= 86400 ? 1 : local.silent_seconds / 3600
      missing     = "breaching"
    }
  }

  # On what the function counts: io.elephant.launcher.telemetry.Metric.
  metric_namespace = "Elephant/Launch"
  quarter_hour     = 900
  five_minutes     = 300

  launch_alarms = {
    launch-failed = {
      description = "An invocation of ${var.stack_name} did not launch every instance of a meeting: it failed or gave up (LAUNCH_FAILED)."
      metric      = "LaunchFailed"
    }
    # A sweep reports the same instance every ten minutes. The period holds at least one sweep, so that the
    # alarm rings once and not each time.
    stray-machine = {
      description = "The sweep of ${var.stack_name} found an instance that no meeting names; it costs money until it is terminated."
      metric      = "SweepStray"
      period      = local.quarter_hour
    }
    overdue = {
      description = "The sweep of ${var.stack_name} found an instance older than a day that its meeting's row still names: nobody has terminated it, and it costs money."
      metric      = "SweepOverdue"
      period      = local.quarter_hour
    }
    # Not for an instance that is replaced: if its new launch fails, launch-failed rings.
    machine-lost = {
      description = "An instance that a meeting of ${var.stack_name} needs is missing, and is not replaced."
      metric      = "MachineMissing"
      period      = local.five_minutes
    }
    slow-launch = {
      description = "A launch by ${var.stack_name} took more than ${var.slow_launch_seconds} s: its instances may not be up when the meeting begins."
      metric      = "LaunchLatency"
      statistic   = "Maximum"
      threshold   = var.slow_launch_seconds * 1000
    }
    late-launch = {
      description = "${var.stack_name} finished a launch after its meeting had begun: somebody is waiting for a desktop."
      metric      = "LaunchedLate"
    }
    # A meeting that was moved to a later day looks like one that was booked in a wrong time zone.
    too-early = {
      description = "An event came more than ${var.max_earliness} before its meeting begins, and ${var.stack_name} launched nothing. Unless another event comes in time, the meeting is not launched."
      metric      = "TooEarly"
    }
    fall-backs = {
      description = "${var.stack_name} moved to another zone, type or market more than ${var.fall_backs_per_quarter_hour} times in a quarter of an hour: capacity is running short."
      metric      = "FellBack"
      statistic   = "Sum"
      threshold   = var.fall_backs_per_quarter_hour
      period      = local.quarter_hour
    }
  }

  # All alarms of the function's region, by name.
  alarms = merge(
    { for name, alarm in local.launch_alarms : name => merge(alarm, {
      namespace  = local.metric_namespace
      dimensions = { Stack = var.stack_name }
    }) },
    { for name, alarm in local.function_alarms : name => merge(alarm, {
      namespace  = "AWS/Lambda"
      dimensions = { FunctionName = var.stack_name }
    }) },
    { for name, alarm in local.queue_alarms : name => merge(alarm, {
      namespace  = "AWS/SQS"
      dimensions = { QueueName = "${var.stack_name}-${name}" }
    }) },
    { for name, alarm in local.schedule_alarms : name => merge(alarm, {
      namespace  = "AWS/Scheduler"
      dimensions = { ScheduleGroup = local.schedule_group_name }
    }) },
    local.alarms_of_rules,
    { for name, alarm in local.log_alarms : name => merge(alarm, {
      namespace  = "AWS/Logs"
      dimensions = { LogGroupName = local.log_group_name }
    }) if local.silent_seconds <= 604800 },
  )
  alarms_of_rules = { for name, alarm in local.rule_alarms : name => merge(alarm, {
    namespace  = "AWS/Events"
    dimensions = { RuleName = "${var.stack_name}-${trimprefix(name, "rule-")}" }
  }) if contains(keys(local.recovery_patterns), trimprefix(name, "rule-")) }

  # An alarm notifies topics of its own region only, so the forwarding rules' alarms have topics of their own.
  forwards             = local.region != var.launch_region
  launch_alarm_actions = concat(var.launch_alarm_topic_arn == null ? [] : [var.launch_alarm_topic_arn], aws_sns_topic.launch_alarms[*].arn)
}

check "alarms" {
  assert {
    condition     = var.alarm_email != null || var.alarm_topic_arn != null
    error_message = "Nobody is notified of any alarm, such as that of a stray instance, which costs money: set alarm_email or alarm_topic_arn."
  }

  assert {
    condition     = !local.forwards || var.alarm_email != null || var.launch_alarm_topic_arn != null
    error_message = "Nobody is notified of the alarms in ${var.launch_region}: set alarm_email or launch_alarm_topic_arn."
  }
}

# Not encrypted: CloudWatch may not use the AWS managed key of SNS, and an alarm has no secrets.
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

resource "aws_sns_topic" "launch_alarms" {
  count    = local.forwards && var.alarm_email != null ? 1 : 0
  provider = aws.launch
  name     = "${var.stack_name}-alarms"
}

resource "aws_sns_topic_subscription" "launch_alarms" {
  count     = length(aws_sns_topic.launch_alarms)
  provider  = aws.launch
  topic_arn = aws_sns_topic.launch_alarms[0].arn
  protocol  = "email"
  endpoint  = var.alarm_email
}

resource "aws_cloudwatch_metric_alarm" "alarm" {
  for_each = local.alarms

  alarm_name          = "${var.stack_name}-${each.key}"
  alarm_description   = "${each.value.description} ${contains(local.can_wait, each.key) ? "It can wait until morning." : "Act now."} ${local.runbook}"
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = try(each.value.statistic, "Sum")
  comparison_operator = try(each.value.comparison, "GreaterThanThreshold")
  threshold           = try(each.value.threshold, 0)
  period              = try(each.value.period, 60)
  evaluation_periods  = try(each.value.periods, 1)
  treat_missing_data  = try(each.value.missing, "notBreaching")
  alarm_actions       = local.alarm_actions
  ok_actions          = local.alarm_actions
}

resource "aws_cloudwatch_metric_alarm" "forward" {
  for_each = { for name, alarm in local.alarms_of_rules : name => alarm if local.forwards }
  provider = aws.launch

  alarm_name          = "${var.stack_name}-${each.key}"
  alarm_description   = "${each.value.description} The rule is in ${var.launch_region}. ${contains(local.can_wait, each.key) ? "It can wait until morning." : "Act now."} ${local.runbook}"
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = "Sum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  period              = 60
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.launch_alarm_actions
  ok_actions          = local.launch_alarm_actions
}
