# Each variable has a value that it must refuse. Those that another variable's rule reads are refused in
# runs of their own, because Terraform does not ask a rule whose variable is wrong already.

mock_provider "aws" {
  source = "./tests/mocks"
}

mock_provider "aws" {
  alias  = "launch"
  source = "./tests/mocks"
}

run "refuses_a_wrong_value_of_each_variable" {
  command = plan

  variables {
    ami_id                      = "ubuntu"
    iam_profile                 = "arn:aws:iam::123456789012:instance-profile/desktop"
    iam_profile_role            = "arn:aws:iam::123456789012:role/desktop"
    instance_type               = ["large"]
    key_name                    = " key"
    security_group_ids          = ["default"]
    table_name                  = "no spaces"
    availability_zones          = ["us-east-1a"]
    roles                       = ["teacher", "co-teacher-1"]
    project_tag                 = "a,b"
    root_device_name            = "xvda"
    volume_size_gib             = 16385
    volume_kms_key_arn          = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-96ef-1234567890ab"
    launch_template             = { id = "desktops", version = 1 }
    market                      = ["free"]
    imds_tokens                 = "none"
    instance_tags               = { "aws:CostCentre" = "4711" }
    stack_name                  = "a stack"
    sweep_grace                 = "PT8M59S"
    sweep_mode                  = "kill"
    recovery_mode               = "terminate"
    max_lateness                = "1h"
    max_earliness               = "P7DT1S"
    earlier_ami_ids             = ["latest"]
    function_zip                = "tests/no-such.zip"
    architecture                = "amd64"
    memory_size                 = 64
    reserved_concurrency        = 0
    maximum_event_age           = 59
    log_level                   = "debug"
    log_retention_days          = 10
    log_kms_key_arn             = "alias/logs"
    region                      = "frankfurt"
    tags                        = { stack = "another" }
    meetings                    = { m-1 = "2099-02-30T09:55:00Z" }
    sweep_schedule              = "every hour"
    alarm_email                 = "operators"
    alarm_topic_arn             = "operators"
    launch_alarm_topic_arn      = "arn:aws:sns:eu-west-1:123456789012:operators"
    slow_launch_seconds         = 540
    fall_backs_per_quarter_hour = -1
  }

  expect_failures = [
    var.ami_id,
    var.iam_profile,
    var.iam_profile_role,
    var.instance_type,
    var.key_name,
    var.security_group_ids,
    var.table_name,
    var.availability_zones,
    var.roles,
    var.project_tag,
    var.root_device_name,
    var.volume_size_gib,
    var.volume_kms_key_arn,
    var.launch_template,
    var.market,
    var.imds_tokens,
    var.instance_tags,
    var.stack_name,
    var.sweep_grace,
    var.sweep_mode,
    var.recovery_mode,
    var.max_lateness,
    var.max_earliness,
    var.earlier_ami_ids,
    var.function_zip,
    var.architecture,
    var.memory_size,
    var.reserved_concurrency,
    var.maximum_event_age,
    var.log_level,
    var.log_retention_days,
    var.log_kms_key_arn,
    var.region,
    var.tags,
    var.meetings,
    var.sweep_schedule,
    var.alarm_email,
    var.alarm_topic_arn,
    var.launch_alarm_topic_arn,
    var.slow_launch_seconds,
    var.fall_backs_per_quarter_hour,
  ]
}

run "refuses_wrong_values_that_others_depend_on" {
  command = plan

  variables {
    ami_id                 = null
    ami_ssm_parameter      = "the image"
    launch_region          = "oregon"
    subnet_ids             = ["us-west-2a"]
    volume_type            = "io2"
    instance_metadata_tags = "on"
  }

  expect_failures = [var.ami_ssm_parameter, var.launch_region, var.subnet_ids, var.volume_type, var.instance_metadata_tags]
}

# More rules of variables whose mistakes cost a launch.

run "refuses_roles_whose_tokens_could_be_anothers" {
  command = plan

  variables {
    roles = ["teacher-1", "co-teacher"]
  }

  expect_failures = [var.roles]
}

run "refuses_instance_tags_that_differ_from_the_functions_own_in_case_only" {
  command = plan

  variables {
    instance_tags = { meetingid = "m-1" }
  }

  expect_failures = [var.instance_tags]
}

run "refuses_instance_tags_that_the_metadata_cannot_have" {
  command = plan

  variables {
    instance_tags = { "Cost centre" = "4711" }
  }

  expect_failures = [var.instance_tags]
}

run "takes_the_regions_of_every_partition_and_every_zone" {
  command = plan

  variables {
    launch_region          = "eusc-de-east-1"
    region                 = "us-gov-west-1"
    availability_zones     = ["eusc-de-east-1a", "eusc-de-east-1-ber-1a", "eusc-de-east-1-wl1-ber-wlz-1"]
    instance_tags          = { "Cost centre/team" = "4711" }
    instance_metadata_tags = "disabled"
  }

  # Provider 5.100 takes no ARN of a topic there.
  expect_failures = [check.alarms]

  override_data {
    target = data.aws_subnets.default
    values = { ids = ["subnet-0a11111111111111a", "subnet-0b22222222222222b", "subnet-0c33333333333333c"] }
  }

  override_data {
    target = data.aws_subnet.allowed["subnet-0a11111111111111a"]
    values = { arn = "arn:a", availability_zone = "eusc-de-east-1a", vpc_id = "vpc-0d3fa0170e1e9ba55" }
  }

  override_data {
    target = data.aws_subnet.allowed["subnet-0b22222222222222b"]
    values = { arn = "arn:b", availability_zone = "eusc-de-east-1-ber-1a", vpc_id = "vpc-0d3fa0170e1e9ba55" }
  }

  override_data {
    target = data.aws_subnet.allowed["subnet-0c33333333333333c"]
    values = { arn = "arn:c", availability_zone = "eusc-de-east-1-wl1-ber-wlz-1", vpc_id = "vpc-0d3fa0170e1e9ba55" }
  }

  assert {
    condition     = aws_lambda_function.launcher.environment[0].variables.SUBNETS == "eusc-de-east-1a=subnet-0a11111111111111a,eusc-de-east-1-ber-1a=subnet-0b22222222222222b,eusc-de-east-1-wl1-ber-wlz-1=subnet-0c33333333333333c"
    error_message = "A zone, a Local Zone and a Wavelength Zone are zones."
  }

  assert {
    condition     = output.launch_region == "eusc-de-east-1" && output.region == "us-gov-west-1"
    error_message = "Both are regions."
  }
}
