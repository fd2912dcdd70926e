locals {
  # Nine minutes, in seconds: EC2 allows an account two RunInstances a second, so the last of four hundred
  # meetings of one minute waits for 400 s. A launch that finds no capacity tries until 15 s are left.
  # The sweep's grace period is at least as long.
  # https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html
  function_timeout = 540

  # With "off" there are no rules; the function only reports on an event that somebody sends by hand.
  recovery_mode = var.recovery_mode == "off" ? "report" : var.recovery_mode

  environment = { for name, value in local.variables : name => value if value != null }

  variables = {
    AMI_ID                 = local.ami_id
    IAM_PROFILE            = var.iam_profile
    INSTANCE_TYPE          = join(",", var.instance_type)
    KEY_NAME               = var.key_name
    SECURITY_GROUP_IDS     = join(",", var.security_group_ids)
    TABLE_NAME             = var.table_name
    LAUNCH_REGION          = var.launch_region
    AVAILABILITY_ZONES     = join(",", var.availability_zones)
    SUBNETS                = join(",", local.subnets)
    ROLES                  = join(",", var.roles)
    PROJECT_TAG            = var.project_tag
    ROOT_DEVICE_NAME       = var.root_device_name
    VOLUME_SIZE_GIB        = tostring(var.volume_size_gib)
    VOLUME_TYPE            = var.volume_type
    VOLUME_ENCRYPTED       = tostring(var.volume_encrypted)
    VOLUME_KMS_KEY_ARN     = var.volume_kms_key_arn
    LAUNCH_TEMPLATE        = local.launch_template
    MARKET                 = join(",", var.market)
    IMDS_TOKENS            = var.imds_tokens
    INSTANCE_TAGS          = jsonencode(var.instance_tags)
    INSTANCE_METADATA_TAGS = var.instance_metadata_tags
    STACK_NAME             = var.stack_name
    SWEEP_GRACE            = var.sweep_grace
    SWEEP_MODE             = var.sweep_mode
    RECOVERY_MODE          = local.recovery_mode
    MAX_LATENESS           = var.max_lateness
    MAX_EARLINESS          = var.max_earliness

    # Quarkus's native executables need this on Lambda, which handles signals itself.
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
  # The executable is the handler, but Lambda requires a name.
  handler       = "bootstrap"
  architectures = [var.architecture]

  memory_size                    = var.memory_size
  timeout                        = local.function_timeout
  reserved_concurrent_executions = var.reserved_concurrency

  environment {
    variables = local.environment
  }

  logging_config {
    log_format = "JSON"
    log_group  = local.log_group_name

    # Lambda passes it to the function as AWS_LAMBDA_LOG_LEVEL.
    application_log_level = var.log_level
    system_log_level      = "INFO"
  }

  tracing_config {
    mode = var.tracing ? "Active" : "PassThrough"
  }

  tags = local.ami_id_before == null ? {} : { ImageBefore = local.ami_id_before }

  # Without its policy the function would fail; without its log group Lambda would make one.
  depends_on = [aws_iam_role_policy.launcher, aws_cloudwatch_log_group.launcher]

  lifecycle {
    precondition {
      condition     = alltrue([for there in data.aws_lambda_function.deployed : try(there.tags.Stack, null) == local.tags.Stack])
      error_message = "${local.region} already has a function ${var.stack_name} whose tag Stack is not ${local.tags.Stack}. Set another stack_name. If it is this stack's, tag it (aws lambda tag-resource --region ${local.region} --resource ${local.function_arn} --tags Stack=${local.tags.Stack}) and, where Terraform does not know it, terraform import aws_lambda_function.launcher ${var.stack_name}"
    }

    # https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
    precondition {
      condition     = sum([for name, value in local.environment : length(name) + length(value)]) <= 4096
      error_message = "The function's variables have ${sum([for name, value in local.environment : length(name) + length(value)])} characters, and Lambda allows 4096: shorten instance_tags or subnet_ids."
    }

    precondition {
      condition     = length(local.subnets) > 0
      error_message = "No zone of availability_zones has a default subnet in ${var.launch_region}: set subnet_ids to subnets of any VPC, or make the default VPC: aws ec2 create-default-vpc --region ${var.launch_region}"
    }

    precondition {
      condition     = length(local.vpcs) <= 1
      error_message = "subnet_ids are in several VPCs, and security groups can be in one only: ${join(", ", [for id in local.subnet_ids : "${id} in ${data.aws_subnet.allowed[id].vpc_id}"])}."
    }

    precondition {
      condition     = length(local.other_security_groups) == 0
      error_message = "security_group_ids: ${join(", ", [for id in local.other_security_groups : "${id} is in ${local.security_group_vpcs[id]}"])}, and the subnets are in ${join(", ", local.vpcs)}."
    }
  }
}

# The plan reads what already has the name, because an apply would fail half-way.
data "aws_cloudwatch_log_groups" "there" {
  count                 = var.create_log_group ? 1 : 0
  log_group_name_prefix = local.log_group_name
}

data "aws_cloudwatch_log_group" "there" {
  for_each = toset([for name in flatten(data.aws_cloudwatch_log_groups.there[*].log_group_names) : name if name == local.log_group_name])
  name     = each.key
}

resource "aws_cloudwatch_log_group" "launcher" {
  count = var.create_log_group ? 1 : 0

  name              = local.log_group_name
  retention_in_days = var.log_retention_days
  kms_key_id        = var.log_kms_key_arn

  lifecycle {
    precondition {
      condition     = alltrue([for there in data.aws_cloudwatch_log_group.there : try(there.tags.Stack, null) == local.tags.Stack])
      error_message = "${local.region} already has a log group ${local.log_group_name} whose tag Stack is not ${local.tags.Stack}. Set create_log_group = false to use it as it is. To have Terraform manage it, tag it (aws logs tag-resource --region ${local.region} --resource-arn ${local.log_group_arn} --tags Stack=${local.tags.Stack}) and, where Terraform does not know it, terraform import 'aws_cloudwatch_log_group.launcher[0]' ${local.log_group_name}"
    }
  }
}

moved {
  from = aws_cloudwatch_log_group.launcher
  to   = aws_cloudwatch_log_group.launcher[0]
}

# EventBridge Scheduler invokes asynchronously, and Lambda retries.
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

# Events that failed three times, with the reason, for as long as SQS can keep them. 'make redrive' sends them
# again.
resource "aws_sqs_queue" "failures" {
  name                      = local.failures_queue_name
  message_retention_seconds = 1209600
  sqs_managed_sse_enabled   = true
}
