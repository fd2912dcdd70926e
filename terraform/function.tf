locals {
  # Five minutes: a launch that finds no capacity goes round until ten seconds are left.
  function_timeout = 300

  environment = {
    AMI_ID             = var.ami_id
    IAM_PROFILE        = var.iam_profile
    INSTANCE_TYPE      = join(",", var.instance_type)
    KEY_NAME           = var.key_name
    SECURITY_GROUP_IDS = join(",", var.security_group_ids)
    TABLE_NAME         = var.table_name
    LAUNCH_REGION      = var.launch_region
    AVAILABILITY_ZONES = join(",", var.availability_zones)
    ROLES              = join(",", var.roles)
    PROJECT_TAG        = var.project_tag
    ROOT_DEVICE_NAME   = var.root_device_name
    VOLUME_SIZE_GIB    = tostring(var.volume_size_gib)
    VOLUME_TYPE        = var.volume_type
    VOLUME_ENCRYPTED   = tostring(var.volume_encrypted)
    MARKET             = join(",", var.market)
    IMDS_TOKENS        = var.imds_tokens
    STACK_NAME         = var.stack_name
    SWEEP_GRACE        = var.sweep_grace
    SWEEP_MODE         = var.sweep_mode
    RECOVERY_MODE      = var.recovery_mode
    MAX_LATENESS       = var.max_lateness
    MAX_EARLINESS      = var.max_earliness

    # Quarkus's native executables need it on Lambda, where nobody else may handle signals.
    DISABLE_SIGNAL_HANDLERS = "true"
  }
}

resource "aws_lambda_function" "launcher" {
  function_name = var.stack_name
  description   = "Starts one EC2 instance per meeting and role"
  role          = aws_iam_role.launcher.arn

  filename         = var.function_zip
  source_code_hash = filebase64sha256(var.function_zip)
  runtime          = "provided.al2023"
  # The executable is the handler; Lambda wants a name all the same.
  handler       = "bootstrap"
  architectures = [var.architecture]

  memory_size                    = var.memory_size
  timeout                        = local.function_timeout
  reserved_concurrent_executions = var.reserved_concurrency

  environment {
    variables = local.environment
  }

  logging_config {
    log_format = var.log_format
    log_group  = aws_cloudwatch_log_group.launcher.name

    # Lambda tells the function, too, by AWS_LAMBDA_LOG_LEVEL and AWS_LAMBDA_LOG_FORMAT.
    application_log_level = var.log_format == "JSON" ? var.log_level : null
    system_log_level      = var.log_format == "JSON" ? "INFO" : null
  }

  tracing_config {
    mode = var.tracing ? "Active" : "PassThrough"
  }

  # Without its policy the function would start, and fail.
  depends_on = [aws_iam_role_policy.launcher]
}

resource "aws_cloudwatch_log_group" "launcher" {
  name              = local.log_group_name
  retention_in_days = var.log_retention_days
  kms_key_id        = var.log_kms_key_arn
}

# EventBridge Scheduler invokes asynchronously: these are the tries after the first.
resource "aws_lambda_function_event_invoke_config" "launcher" {
  function_name                = aws_lambda_function.launcher.function_name
  maximum_retry_attempts       = 2
  maximum_event_age_in_seconds = var.maximum_event_age

  destination_config {
    on_failure {
      destination = aws_sqs_queue.failures.arn
    }
  }
}

# Events that failed for good, with the reason, as long as SQS keeps them. From here they can be
# delivered again.
resource "aws_sqs_queue" "failures" {
  name                      = local.failures_queue_name
  message_retention_seconds = 1209600
  sqs_managed_sse_enabled   = true
}
