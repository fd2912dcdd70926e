# Every validation has a value that it must refuse.

mock_provider "aws" {
  source = "./tests/mocks"
}

mock_provider "aws" {
  alias  = "launch"
  source = "./tests/mocks"
}

run "refuses_ami_id_that_is_a_name" {
  command = plan

  variables {
    ami_id = "ubuntu"
  }

  expect_failures = [var.ami_id]
}

run "refuses_ami_id_beside_a_parameter" {
  command = plan

  variables {
    ami_ssm_parameter = "/elephant/image"
  }

  expect_failures = [var.ami_id]
}

run "refuses_ami_ssm_parameter_with_a_space" {
  command = plan

  variables {
    ami_id            = null
    ami_ssm_parameter = "the image"
  }

  expect_failures = [var.ami_ssm_parameter]
}

run "refuses_volume_kms_key_arn_of_another_region" {
  command = plan

  variables {
    volume_kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-96ef-1234567890ab"
  }

  expect_failures = [var.volume_kms_key_arn]
}

run "refuses_volume_kms_key_arn_without_encryption" {
  command = plan

  variables {
    volume_encrypted   = false
    volume_kms_key_arn = "arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-96ef-1234567890ab"
  }

  expect_failures = [var.volume_kms_key_arn]
}

run "refuses_launch_template_that_is_a_name" {
  command = plan

  variables {
    launch_template = { id = "desktops", version = 1 }
  }

  expect_failures = [var.launch_template]
}

run "refuses_launch_template_of_version_0" {
  command = plan

  variables {
    launch_template = { id = "lt-0e1efa27000000001", version = 0 }
  }

  expect_failures = [var.launch_template]
}

run "refuses_subnet_ids_named_twice" {
  command = plan

  variables {
    subnet_ids = ["subnet-0a55555555555555a", "subnet-0a55555555555555a"]
  }

  expect_failures = [var.subnet_ids]
}

run "refuses_alarm_email_that_is_a_name" {
  command = plan

  variables {
    alarm_email = "operators"
  }

  expect_failures = [var.alarm_email]
}

run "takes_the_regions_of_every_partition" {
  command = plan

  variables {
    launch_region      = "eusc-de-east-1"
    region             = "us-gov-west-1"
    availability_zones = ["eusc-de-east-1a"]
  }

  override_data {
    target = data.aws_subnets.default
    values = { ids = ["subnet-0e1efa2700000000a"] }
  }

  override_data {
    target = data.aws_subnet.allowed["subnet-0e1efa2700000000a"]
    values = { arn = "arn:a", availability_zone = "eusc-de-east-1a", vpc_id = "vpc-0d3fa0170e1e9ba55" }
  }

  assert {
    condition     = output.launch_region == "eusc-de-east-1" && output.region == "us-gov-west-1"
    error_message = "Both are regions."
  }
}

run "refuses_iam_profile_that_is_an_arn" {
  command = plan

  variables {
    iam_profile = "arn:aws:iam::123456789012:instance-profile/desktop"
  }

  expect_failures = [var.iam_profile]
}

run "refuses_instance_type_that_is_no_type" {
  command = plan

  variables {
    instance_type = ["large"]
  }

  expect_failures = [var.instance_type]
}

run "refuses_instance_type_without_any" {
  command = plan

  variables {
    instance_type = []
  }

  expect_failures = [var.instance_type]
}

run "refuses_instance_type_named_twice" {
  command = plan

  variables {
    instance_type = ["t3.large", "t3.large"]
  }

  expect_failures = [var.instance_type]
}

run "refuses_key_name_that_is_empty" {
  command = plan

  variables {
    key_name = ""
  }

  expect_failures = [var.key_name]
}

run "refuses_key_name_with_space_around_it" {
  command = plan

  variables {
    key_name = " key"
  }

  expect_failures = [var.key_name]
}

run "refuses_key_name_that_is_not_ascii" {
  command = plan

  variables {
    key_name = "clé"
  }

  expect_failures = [var.key_name]
}

run "refuses_security_group_ids_that_are_names" {
  command = plan

  variables {
    security_group_ids = ["default"]
  }

  expect_failures = [var.security_group_ids]
}

run "refuses_security_group_ids_without_any" {
  command = plan

  variables {
    security_group_ids = []
  }

  expect_failures = [var.security_group_ids]
}

run "refuses_security_group_ids_named_twice" {
  command = plan

  variables {
    security_group_ids = ["sg-0e1efa27000000001", "sg-0e1efa27000000001"]
  }

  expect_failures = [var.security_group_ids]
}

run "refuses_table_name_with_a_space" {
  command = plan

  variables {
    table_name = "no spaces"
  }

  expect_failures = [var.table_name]
}

run "refuses_launch_region_that_is_a_place" {
  command = plan

  variables {
    launch_region = "oregon"
  }

  expect_failures = [var.launch_region]
}

run "refuses_availability_zones_of_another_region" {
  command = plan

  variables {
    availability_zones = ["us-east-1a"]
  }

  expect_failures = [var.availability_zones]
}

run "refuses_availability_zones_without_any" {
  command = plan

  variables {
    availability_zones = []
  }

  expect_failures = [var.availability_zones]
}

run "refuses_availability_zones_named_twice" {
  command = plan

  variables {
    availability_zones = ["us-west-2a", "us-west-2a"]
  }

  expect_failures = [var.availability_zones]
}

run "refuses_roles_that_are_another_with_a_number" {
  command = plan

  variables {
    roles = ["student", "student-1"]
  }

  expect_failures = [var.roles]
}

run "refuses_roles_that_end_in_another" {
  command = plan

  variables {
    roles = ["teacher", "co-teacher"]
  }

  expect_failures = [var.roles]
}

run "refuses_roles_that_end_in_another_with_a_number" {
  command = plan

  variables {
    roles = ["teacher", "co-teacher-1"]
  }

  expect_failures = [var.roles]
}

run "refuses_roles_that_another_ends_in_without_its_number" {
  command = plan

  variables {
    roles = ["teacher-1", "co-teacher"]
  }

  expect_failures = [var.roles]
}

run "refuses_roles_that_are_numbers" {
  command = plan

  variables {
    roles = ["teacher", "1"]
  }

  expect_failures = [var.roles]
}

run "refuses_roles_that_the_launch_record_uses" {
  command = plan

  variables {
    roles = ["teacher", "completed_by"]
  }

  expect_failures = [var.roles]
}

run "refuses_roles_that_are_too_long" {
  command = plan

  variables {
    roles = ["a-role-that-is-too-long"]
  }

  expect_failures = [var.roles]
}

run "refuses_roles_called_failure" {
  command = plan

  variables {
    roles = ["failure"]
  }

  expect_failures = [var.roles]
}

run "refuses_roles_without_any" {
  command = plan

  variables {
    roles = []
  }

  expect_failures = [var.roles]
}

run "refuses_roles_named_twice" {
  command = plan

  variables {
    roles = ["teacher", "teacher"]
  }

  expect_failures = [var.roles]
}

run "refuses_project_tag_with_a_comma" {
  command = plan

  variables {
    project_tag = "a,b"
  }

  expect_failures = [var.project_tag]
}

run "refuses_project_tag_with_space_around_it" {
  command = plan

  variables {
    project_tag = " Elephant"
  }

  expect_failures = [var.project_tag]
}

run "refuses_root_device_name_without_a_path" {
  command = plan

  variables {
    root_device_name = "xvda"
  }

  expect_failures = [var.root_device_name]
}

run "refuses_volume_size_gib_of_nothing" {
  command = plan

  variables {
    volume_size_gib = 0
  }

  expect_failures = [var.volume_size_gib]
}

run "refuses_volume_size_gib_that_is_not_whole" {
  command = plan

  variables {
    volume_size_gib = 1.5
  }

  expect_failures = [var.volume_size_gib]
}

run "refuses_volume_size_gib_that_the_type_does_not_offer" {
  command = plan

  variables {
    volume_size_gib = 16385
  }

  expect_failures = [var.volume_size_gib]
}

run "refuses_volume_type_that_needs_more_than_a_size" {
  command = plan

  variables {
    volume_type = "io2"
  }

  expect_failures = [var.volume_type]
}

run "refuses_market_that_there_is_not" {
  command = plan

  variables {
    market = ["free"]
  }

  expect_failures = [var.market]
}

run "refuses_market_without_any" {
  command = plan

  variables {
    market = []
  }

  expect_failures = [var.market]
}

run "refuses_market_named_twice" {
  command = plan

  variables {
    market = ["spot", "spot"]
  }

  expect_failures = [var.market]
}

run "refuses_imds_tokens_that_are_neither" {
  command = plan

  variables {
    imds_tokens = "none"
  }

  expect_failures = [var.imds_tokens]
}

run "refuses_stack_name_with_a_space" {
  command = plan

  variables {
    stack_name = "a stack"
  }

  expect_failures = [var.stack_name]
}

run "refuses_stack_name_that_is_too_long" {
  command = plan

  variables {
    stack_name = "a-name-of-forty-nine-characters-that-is-too-long-x"
  }

  expect_failures = [var.stack_name]
}

run "refuses_sweep_grace_in_words" {
  command = plan

  variables {
    sweep_grace = "10 minutes"
  }

  expect_failures = [var.sweep_grace]
}

run "refuses_sweep_grace_without_a_number" {
  command = plan

  variables {
    sweep_grace = "PT"
  }

  expect_failures = [var.sweep_grace]
}

run "refuses_sweep_grace_of_more_than_a_week" {
  command = plan

  variables {
    sweep_grace = "P8D"
  }

  expect_failures = [var.sweep_grace]
}

run "refuses_sweep_grace_shorter_than_an_invocation" {
  command = plan

  variables {
    sweep_grace = "PT8M59S"
  }

  expect_failures = [var.sweep_grace]
}

run "refuses_sweep_mode_that_there_is_not" {
  command = plan

  variables {
    sweep_mode = "kill"
  }

  expect_failures = [var.sweep_mode]
}

run "refuses_recovery_mode_that_there_is_not" {
  command = plan

  variables {
    recovery_mode = "terminate"
  }

  expect_failures = [var.recovery_mode]
}

run "refuses_max_lateness_that_is_not_iso_8601" {
  command = plan

  variables {
    max_lateness = "1h"
  }

  expect_failures = [var.max_lateness]
}

run "refuses_max_lateness_that_ends_early" {
  command = plan

  variables {
    max_lateness = "P1DT"
  }

  expect_failures = [var.max_lateness]
}

run "refuses_max_lateness_of_a_second_more_than_a_week" {
  command = plan

  variables {
    max_lateness = "P7DT1S"
  }

  expect_failures = [var.max_lateness]
}

run "refuses_max_earliness_that_is_not_iso_8601" {
  command = plan

  variables {
    max_earliness = "1h"
  }

  expect_failures = [var.max_earliness]
}

run "refuses_max_earliness_of_a_second_more_than_a_week" {
  command = plan

  variables {
    max_earliness = "P7DT1S"
  }

  expect_failures = [var.max_earliness]
}

run "refuses_iam_profile_role_that_is_an_arn" {
  command = plan

  variables {
    iam_profile_role = "arn:aws:iam::123456789012:role/desktop"
  }

  expect_failures = [var.iam_profile_role]
}

run "refuses_earlier_ami_ids_that_are_names" {
  command = plan

  variables {
    earlier_ami_ids = ["latest"]
  }

  expect_failures = [var.earlier_ami_ids]
}

run "refuses_subnet_ids_that_are_zones" {
  command = plan

  variables {
    subnet_ids = ["us-west-2a"]
  }

  expect_failures = [var.subnet_ids]
}

run "refuses_function_zip_that_is_not_there" {
  command = plan

  variables {
    function_zip = "tests/no-such.zip"
  }

  expect_failures = [var.function_zip]
}

run "refuses_architecture_under_another_name" {
  command = plan

  variables {
    architecture = "amd64"
  }

  expect_failures = [var.architecture]
}

run "refuses_memory_size_that_is_too_small" {
  command = plan

  variables {
    memory_size = 64
  }

  expect_failures = [var.memory_size]
}

run "refuses_reserved_concurrency_of_nothing" {
  command = plan

  variables {
    reserved_concurrency = 0
  }

  expect_failures = [var.reserved_concurrency]
}

run "refuses_maximum_event_age_that_is_too_short" {
  command = plan

  variables {
    maximum_event_age = 59
  }

  expect_failures = [var.maximum_event_age]
}

run "refuses_a_log_level_that_lambda_does_not_know" {
  command = plan

  variables {
    log_level = "debug"
  }

  expect_failures = [var.log_level]
}

run "refuses_a_log_level_for_text" {
  command = plan

  variables {
    log_level  = "DEBUG"
    log_format = "Text"
  }

  expect_failures = [var.log_level]
}

run "refuses_a_log_format_that_lambda_does_not_know" {
  command = plan

  variables {
    log_format = "text"
  }

  expect_failures = [var.log_format]
}

run "refuses_log_retention_days_that_cloudwatch_does_not_offer" {
  command = plan

  variables {
    log_retention_days = 10
  }

  expect_failures = [var.log_retention_days]
}

run "refuses_log_kms_key_arn_that_is_an_alias" {
  command = plan

  variables {
    log_kms_key_arn = "alias/logs"
  }

  expect_failures = [var.log_kms_key_arn]
}

run "refuses_region_that_is_a_place" {
  command = plan

  variables {
    region = "frankfurt"
  }

  expect_failures = [var.region]
}

run "refuses_tags_of_awss_own" {
  command = plan

  variables {
    tags = { "aws:x" = "y" }
  }

  expect_failures = [var.tags]
}

run "refuses_tags_with_a_comma" {
  command = plan

  variables {
    tags = { "a,b" = "c" }
  }

  expect_failures = [var.tags]
}

run "refuses_meetings_with_a_space_in_an_id" {
  command = plan

  variables {
    meetings = { "a meeting" = "2099-01-15T09:55:00Z" }
  }

  expect_failures = [var.meetings]
}

run "refuses_meetings_at_another_offset" {
  command = plan

  variables {
    meetings = { m-1 = "2099-01-15T09:55:00+01:00" }
  }

  expect_failures = [var.meetings]
}

run "refuses_meetings_on_a_day_that_there_is_not" {
  command = plan

  variables {
    meetings = { m-1 = "2099-02-30T09:55:00Z" }
  }

  expect_failures = [var.meetings]
}

run "refuses_sweep_schedule_in_words" {
  command = plan

  variables {
    sweep_schedule = "every hour"
  }

  expect_failures = [var.sweep_schedule]
}

run "refuses_alarm_topic_arn_that_is_a_name" {
  command = plan

  variables {
    alarm_topic_arn = "operators"
  }

  expect_failures = [var.alarm_topic_arn]
}

run "refuses_slow_launch_seconds_of_nothing" {
  command = plan

  variables {
    slow_launch_seconds = 0
  }

  expect_failures = [var.slow_launch_seconds]
}

run "refuses_slow_launch_seconds_that_no_launch_can_take" {
  command = plan

  variables {
    slow_launch_seconds = 540
  }

  expect_failures = [var.slow_launch_seconds]
}

run "refuses_fall_backs_per_quarter_hour_below_none" {
  command = plan

  variables {
    fall_backs_per_quarter_hour = -1
  }

  expect_failures = [var.fall_backs_per_quarter_hour]
}

run "refuses_fall_backs_per_quarter_hour_by_halves" {
  command = plan

  variables {
    fall_backs_per_quarter_hour = 1.5
  }

  expect_failures = [var.fall_backs_per_quarter_hour]
}
