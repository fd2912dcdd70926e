# The alarms. RUNBOOK.md has a row for each of them: what it means, how to see the cause, what to do.
# What is not said of one: the sum of a minute may not be above 0, and no data means that nothing happened.
locals {
  alarm_actions = concat(var.alarm_topic_arn == null ? [] : [var.alarm_topic_arn], aws_sns_topic.alarms[*].arn)
  runbook       = "What to do: terraform/RUNBOOK.md, 'Alarms, and what to do'."

  # On what AWS itself counts.
  function_alarms = {
    errors = {
      description = "Invocations of ${var.stack_name} fail, or answer nothing."
      metric      = "Errors"
    }
    throttles = {
      description = "Lambda has no room for invocations of ${var.stack_name}."
      metric      = "Throttles"
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
    }
    events-lost = {
      description = "Lambda could not put an event that ${var.stack_name} failed at into the queue of failures."
      metric      = "DestinationDeliveryFailures"
    }
  }

  # On an idle queue these can be a quarter of an hour late; the schedules' and the rules' alarms are not.
  # https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/monitoring-using-cloudwatch.html
  queue_alarms = {
    failures = {
      description = "Events that ${var.stack_name} failed at wait to be delivered again."
      metric      = "ApproximateNumberOfMessagesVisible"
      statistic   = "Maximum"
    }
    undelivered = {
      description = "Events that EventBridge could not deliver to ${var.stack_name} wait to be delivered again."
      metric      = "ApproximateNumberOfMessagesVisible"
      statistic   = "Maximum"
    }
  }

  # https://docs.aws.amazon.com/scheduler/latest/UserGuide/monitoring-cloudwatch.html
  schedule_alarms = {
    schedule-errors = {
      description = "EventBridge Scheduler could not invoke ${var.stack_name} at once, and tries again."
      metric      = "TargetErrorCount"
    }
    schedule-dropped = {
      description = "EventBridge Scheduler has given up on an event for ${var.stack_name}."
      metric      = "InvocationDroppedCount"
    }
    schedule-undelivered = {
      description = "EventBridge Scheduler has put an event for ${var.stack_name} into the queue of undelivered events."
      metric      = "InvocationsSentToDeadLetterCount"
    }
  }

  # https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
  rule_alarms = {
    rule-ended = {
      description = "EventBridge could not hand ${var.stack_name} the event of an instance that ended or stopped."
      metric      = "FailedInvocations"
    }
    rule-interrupted = {
      description = "EventBridge could not hand ${var.stack_name} EC2's warning that it takes a Spot instance back."
      metric      = "FailedInvocations"
    }
  }

  # The sweep's own lines are there for two sweeps at the latest, whatever else happens. Of a cron expression
  # nobody knows the pace: two days. An alarm looks back for a week at most, by hours where for more than one.
  # https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Logs-Monitoring-CloudWatch-Metrics.html
  # https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
  sweep_seconds = try(
    tonumber(regex("[0-9]+", var.sweep_schedule)) * { minute = 60, hour = 3600, day = 86400 }[trimsuffix(regex("rate.* ([a-z]+)", var.sweep_schedule)[0], "s")],
    var.sweep_schedule == null ? 604800 : 86400,
  )
  silent_seconds = 2 * local.sweep_seconds
  log_alarms = {
    heartbeat = {
      description = "${var.stack_name} has written no line for as long as two sweeps take: nothing invokes it, or its log group is gone."
      metric      = "IncomingLogEvents"
      comparison  = "LessThanThreshold"
      threshold   = 1
      period      = local.silent_seconds <= 86400 ? local.silent_seconds : 3600
      periods     = local.silent_seconds <= 86400 ? 1 : local.silent_seconds / 3600
      missing     = "breaching"
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
    }
    # The sweep finds an instance that it only reports every ten minutes anew. A window that holds
    # one sweep at least keeps the alarm from ringing each time.
    stray-machine = {
      description = "The sweep of ${var.stack_name} found an instance that no meeting names; it costs money until it is terminated."
      metric      = "SweepStray"
      period      = local.quarter_hour
    }
    overdue = {
      description = "The sweep of ${var.stack_name} found an instance of more than a day that its meeting's row still names: nobody has ended it, and it costs money."
      metric      = "SweepOverdue"
      period      = local.quarter_hour
    }
    # An instance that is replaced does not ring; its new launch does, if it fails.
    machine-lost = {
      description = "An instance that a meeting of ${var.stack_name} counts on has ended, and is not replaced."
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
      description = "A launch by ${var.stack_name} came to its end after its meeting's begin: somebody waits for a desktop."
      metric      = "LaunchedLate"
    }
    # What was moved to a later day looks like what was booked in a wrong time zone.
    too-early = {
      description = "An event came more than ${var.max_earliness} before its meeting's begin, and ${var.stack_name} launched nothing. Where no other comes in time, nobody launches that meeting."
      metric      = "TooEarly"
    }
    fall-backs = {
      description = "${var.stack_name} went on to another zone, type or market more than ${var.fall_backs_per_quarter_hour} times in a quarter of an hour: capacity is getting short."
      metric      = "FellBack"
      statistic   = "Sum"
      threshold   = var.fall_backs_per_quarter_hour
      period      = local.quarter_hour
    }
  }

  # By name, all those of the function's region.
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

  # An alarm tells topics of its own region, and so the forwarding rules' have others.
  forwards             = local.region != var.launch_region
  launch_alarm_actions = concat(var.launch_alarm_topic_arn == null ? [] : [var.launch_alarm_topic_arn], aws_sns_topic.launch_alarms[*].arn)
}

check "alarms" {
  assert {
    condition     = var.alarm_email != null || var.alarm_topic_arn != null
    error_message = "Nobody hears of any alarm, such as of a stray instance that costs money: set alarm_email or alarm_topic_arn."
  }

  assert {
    condition     = !local.forwards || var.alarm_email != null || var.launch_alarm_topic_arn != null
    error_message = "Nobody hears of the alarms in ${var.launch_region}: set alarm_email or launch_alarm_topic_arn."
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
  alarm_description   = "${each.value.description} ${local.runbook}"
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
  alarm_description   = "${each.value.description} It is a rule of ${var.launch_region}. ${local.runbook}"
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
