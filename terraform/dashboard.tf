# The dashboard shows what was launched, what failed and why, how long it took, and where EC2 lacks capacity.
# RUNBOOK.md, "The metrics", says what each metric counts.
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
locals {
  # Composed instead of read from the alarms, so that a plan shows the dashboard in full.
  alarm_arns = [
    for name in keys(local.alarms) :
    "arn:${local.partition}:cloudwatch:${local.region}:${local.account}:alarm:${var.stack_name}-${name}"
  ]

  # A search finds the metrics of the last two weeks, so that a new reason or instance type appears by itself.
  # https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html
  failed_by_reason  = "SEARCH('{\"${local.metric_namespace}\",Stack,Reason} MetricName=\"LaunchFailed\" Stack=\"${var.stack_name}\"', 'Sum', 300)"
  skipped_by_reason = "SEARCH('{\"${local.metric_namespace}\",Stack,Reason} MetricName=\"Skipped\" Stack=\"${var.stack_name}\"', 'Sum', 300)"
  lost_by_reason    = "SEARCH('{\"${local.metric_namespace}\",Stack,Reason} MetricName=\"MachineLost\" Stack=\"${var.stack_name}\"', 'Sum', 300)"
  throttled_action  = "SEARCH('{\"${local.metric_namespace}\",Stack,Action} MetricName=\"Throttled\" Stack=\"${var.stack_name}\"', 'Sum', 300)"
  refused_in_zone = {
    for zone in local.zones :
    zone => "SUM(SEARCH('{\"${local.metric_namespace}\",Stack,Zone,InstanceType} MetricName=\"CapacityRefused\" Stack=\"${var.stack_name}\" Zone=\"${zone}\"', 'Sum', 300))"
  }

  # An invocation's last line has its outcome. For one that was killed there is only Lambda's own report.
  last_failures = <<-END
    SOURCE '${local.log_group_name}'
    | filter outcome in ["LaunchFailed", "RunFailed"] or (type = "platform.report" and record.status in ["timeout", "failure"])
    | fields @timestamp, meetingId, reason, message, record.status, requestId
    | sort @timestamp desc
    | limit 20
  END

  widgets = [
    {
      type = "alarm", x = 0, y = 0, width = 24, height = 3
      properties = {
        title  = "Alarms of ${var.stack_name}"
        alarms = local.alarm_arns
      }
    },
    {
      type = "metric", x = 0, y = 3, width = 24, height = 3
      properties = {
        title                = "In this period"
        view                 = "singleValue"
        setPeriodToTimeRange = true
        region               = local.region
        stat                 = "Sum"
        period               = 300
        metrics = [
          [local.metric_namespace, "Launched", "Stack", var.stack_name, { label = "launched" }],
          [local.metric_namespace, "LaunchFailed", "Stack", var.stack_name, { label = "failed" }],
          [local.metric_namespace, "FellBack", "Stack", var.stack_name, { label = "fell back" }],
          [local.metric_namespace, "CapacityRefused", "Stack", var.stack_name, { label = "capacity refused" }],
          [local.metric_namespace, "LaunchedLate", "Stack", var.stack_name, { label = "launched late" }],
          [local.metric_namespace, "MachineMissing", "Stack", var.stack_name, { label = "missing instances" }],
          [local.metric_namespace, "SweepStray", "Stack", var.stack_name, { label = "stray instances" }],
          [local.metric_namespace, "SweepOverdue", "Stack", var.stack_name, { label = "overdue instances" }],
          [local.metric_namespace, "TooEarly", "Stack", var.stack_name, { label = "too early" }],
          [local.metric_namespace, "LaunchLatency", "Stack", var.stack_name, { label = "slowest launch", stat = "Maximum" }],
        ]
      }
    },
    {
      type = "metric", x = 0, y = 6, width = 12, height = 6
      properties = {
        title  = "Launched, failed, fell back"
        view   = "timeSeries"
        region = local.region
        stat   = "Sum"
        period = 300
        yAxis  = { left = { min = 0 } }
        metrics = [
          [local.metric_namespace, "Launched", "Stack", var.stack_name, { label = "launched", color = "#2ca02c" }],
          [local.metric_namespace, "AlreadyLaunched", "Stack", var.stack_name, { label = "already launched", color = "#98df8a" }],
          [local.metric_namespace, "LaunchFailed", "Stack", var.stack_name, { label = "failed", color = "#d62728" }],
          [local.metric_namespace, "RunFailed", "Stack", var.stack_name, { label = "failed sweeps and checks", color = "#ff9896" }],
          [local.metric_namespace, "FellBack", "Stack", var.stack_name, { label = "fell back", color = "#ff7f0e" }],
        ]
      }
    },
    {
      type = "metric", x = 12, y = 6, width = 12, height = 6
      properties = {
        title   = "Failed, by reason"
        view    = "timeSeries"
        stacked = true
        region  = local.region
        period  = 300
        yAxis   = { left = { min = 0 } }
        metrics = [[{ expression = local.failed_by_reason, label = "$${PROP('Dim.Reason')}" }]]
      }
    },
    {
      type = "metric", x = 0, y = 12, width = 12, height = 6
      properties = {
        title  = "From the event to LAUNCHED"
        view   = "timeSeries"
        region = local.region
        period = 300
        yAxis  = { left = { min = 0 } }
        metrics = [
          [local.metric_namespace, "LaunchLatency", "Stack", var.stack_name, { label = "half of them", stat = "p50" }],
          [local.metric_namespace, "LaunchLatency", "Stack", var.stack_name, { label = "99 of 100", stat = "p99" }],
          [local.metric_namespace, "LaunchLatency", "Stack", var.stack_name, { label = "the slowest", stat = "Maximum" }],
        ]
        annotations = { horizontal = [{ label = "too slow", value = var.slow_launch_seconds * 1000, color = "#d62728" }] }
      }
    },
    {
      type = "metric", x = 12, y = 12, width = 12, height = 6
      properties = {
        title   = "Capacity refused, by zone"
        view    = "timeSeries"
        stacked = true
        region  = local.region
        period  = 300
        yAxis   = { left = { min = 0 } }
        metrics = [for zone in local.zones : [{ expression = local.refused_in_zone[zone], label = zone }]]
      }
    },
    {
      type = "metric", x = 0, y = 18, width = 5, height = 6
      properties = {
        title  = "Events in the failure queues"
        view   = "timeSeries"
        region = local.region
        stat   = "Maximum"
        period = 300
        yAxis  = { left = { min = 0 } }
        metrics = [
          ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", local.failures_queue_name, { label = "failed" }],
          ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", local.undelivered_queue_name, { label = "undelivered" }],
        ]
      }
    },
    {
      type = "metric", x = 5, y = 18, width = 5, height = 6
      properties = {
        title  = "Throttled calls, by action"
        view   = "timeSeries"
        region = local.region
        period = 300
        yAxis  = { left = { min = 0 } }
        metrics = [
          [{ expression = local.throttled_action, label = "$${PROP('Dim.Action')}" }],
          [local.metric_namespace, "Throttled", "Stack", var.stack_name, { label = "all", stat = "Sum" }],
        ]
      }
    },
    {
      type = "metric", x = 10, y = 18, width = 5, height = 6
      properties = {
        title   = "Instances lost, by reason"
        view    = "timeSeries"
        stacked = true
        region  = local.region
        period  = 300
        yAxis   = { left = { min = 0 } }
        metrics = [[{ expression = local.lost_by_reason, label = "$${PROP('Dim.Reason')}" }]]
      }
    },
    {
      type = "metric", x = 15, y = 18, width = 4, height = 6
      properties = {
        title   = "Skipped, by reason"
        view    = "timeSeries"
        stacked = true
        region  = local.region
        period  = 300
        yAxis   = { left = { min = 0 } }
        metrics = [[{ expression = local.skipped_by_reason, label = "$${PROP('Dim.Reason')}" }]]
      }
    },
    {
      type = "metric", x = 19, y = 18, width = 5, height = 6
      properties = {
        title  = "Corrections, and cold starts"
        view   = "timeSeries"
        region = local.region
        stat   = "Sum"
        period = 300
        yAxis  = { left = { min = 0 } }
        metrics = [
          [local.metric_namespace, "Adopted", "Stack", var.stack_name, { label = "adopted" }],
          [local.metric_namespace, "Superseded", "Stack", var.stack_name, { label = "superseded" }],
          [local.metric_namespace, "SweepStray", "Stack", var.stack_name, { label = "stray" }],
          [local.metric_namespace, "ColdStart", "Stack", var.stack_name, { label = "cold starts" }],
        ]
      }
    },
    {
      type = "log", x = 0, y = 24, width = 24, height = 8
      properties = {
        title  = "The last failures"
        view   = "table"
        region = local.region
        query  = local.last_failures
      }
    },
  ]
}

resource "aws_cloudwatch_dashboard" "launcher" {
  count = var.dashboard ? 1 : 0

  # A dashboard's name is unique in the account, not in the region.
  dashboard_name = "${var.stack_name}-${local.region}"
  dashboard_body = jsonencode({ start = "-PT3H", periodOverride = "inherit", widgets = local.widgets })
}
