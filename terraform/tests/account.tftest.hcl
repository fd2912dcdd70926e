# What the account has, and what of it a plan refuses or warns of. The table, the log group and the function that
# exist already are those of apply-local.sh.

mock_provider "aws" {
  source = "./tests/mocks"
}

mock_provider "aws" {
  alias  = "launch"
  source = "./tests/mocks"
}

run "launches_in_the_default_subnets_of_the_configured_zones" {
  command = plan

  variables {
    availability_zones = ["us-west-2c", "us-west-2a"]
  }

  assert {
    condition     = aws_lambda_function.launcher.environment[0].variables.SUBNETS == "us-west-2c=subnet-0c33333333333333c,us-west-2a=subnet-0a11111111111111a"
    error_message = "The function has these zones' subnets, in their order."
  }

  assert {
    condition     = length([for arn in jsondecode(aws_iam_role_policy.launcher.policy).Statement[1].Resource : arn if strcontains(arn, ":subnet/")]) == 4
    error_message = "A row of before may name another zone's."
  }
}

run "launches_in_the_subnets_that_are_named" {
  command = plan

  variables {
    subnet_ids = ["subnet-0b66666666666666b", "subnet-0a55555555555555a"]
  }

  override_data {
    target = data.aws_subnets.chosen
    values = { ids = ["subnet-0a55555555555555a", "subnet-0b66666666666666b"] }
  }

  override_data {
    target = data.aws_security_groups.instance
    values = {
      ids     = ["sg-0e1efa27000000001", "sg-0e1efa27000000002"]
      vpc_ids = ["vpc-0a11ce00000000001", "vpc-0a11ce00000000001"]
    }
  }

  assert {
    condition     = aws_lambda_function.launcher.environment[0].variables.SUBNETS == "us-west-2b=subnet-0b66666666666666b,us-west-2a=subnet-0a55555555555555a"
    error_message = "The function has them in their order."
  }

  assert {
    condition     = [for arn in jsondecode(aws_iam_role_policy.launcher.policy).Statement[1].Resource : arn if strcontains(arn, ":subnet/")] == ["arn:aws:ec2:us-west-2:123456789012:subnet/subnet-0a55555555555555a", "arn:aws:ec2:us-west-2:123456789012:subnet/subnet-0b66666666666666b"]
    error_message = "It may use these and no others."
  }

  assert {
    condition     = length(data.aws_subnets.default) == 0
    error_message = "An account without a default VPC has none to ask for."
  }
}

run "refuses_subnet_ids_that_the_region_does_not_have" {
  command = plan

  variables {
    subnet_ids = ["subnet-0a55555555555555a", "subnet-0f99999999999999f"]
  }

  override_data {
    target = data.aws_subnets.chosen
    values = { ids = ["subnet-0a55555555555555a"] }
  }

  expect_failures = [data.aws_subnets.chosen]
}

run "refuses_subnet_ids_of_several_vpcs" {
  command = plan

  variables {
    subnet_ids = ["subnet-0a55555555555555a", "subnet-0a77777777777777a"]
  }

  override_data {
    target = data.aws_subnets.chosen
    values = { ids = ["subnet-0a55555555555555a", "subnet-0a77777777777777a"] }
  }

  override_data {
    target = data.aws_security_groups.instance
    values = {
      ids     = ["sg-0e1efa27000000001", "sg-0e1efa27000000002"]
      vpc_ids = ["vpc-0a11ce00000000001", "vpc-0a11ce00000000002"]
    }
  }

  expect_failures = [aws_lambda_function.launcher]
}

run "refuses_security_group_ids_of_another_vpc" {
  command = plan

  override_data {
    target = data.aws_security_groups.instance
    values = {
      ids     = ["sg-0e1efa27000000001", "sg-0e1efa27000000002"]
      vpc_ids = ["vpc-0d3fa0170e1e9ba55", "vpc-0a11ce00000000001"]
    }
  }

  expect_failures = [aws_lambda_function.launcher]
}

run "warns_of_security_group_ids_that_the_region_does_not_have" {
  command = plan

  override_data {
    target = data.aws_security_groups.instance
    values = { ids = ["sg-0e1efa27000000001"], vpc_ids = ["vpc-0d3fa0170e1e9ba55"] }
  }

  expect_failures = [check.security_groups]
}

run "refuses_an_account_without_any_default_subnet" {
  command = plan

  override_data {
    target = data.aws_subnets.default
    values = { ids = [] }
  }

  override_data {
    target = data.aws_security_groups.instance
    values = { ids = [], vpc_ids = [] }
  }

  expect_failures = [aws_lambda_function.launcher, check.subnets, check.security_groups]
}

run "warns_of_a_zone_without_a_default_subnet" {
  command = plan

  variables {
    availability_zones = ["us-west-2a", "us-west-2e"]
  }

  expect_failures = [check.subnets]

  assert {
    condition     = aws_lambda_function.launcher.environment[0].variables.SUBNETS == "us-west-2a=subnet-0a11111111111111a"
    error_message = "It launches in the other."
  }
}

run "takes_the_image_of_a_parameter_and_keeps_the_one_before_allowed" {
  command = plan

  variables {
    ami_id            = null
    ami_ssm_parameter = "/elephant/image"
  }

  override_data {
    target = data.aws_lambda_functions.there
    values = { function_names = ["another", "elephant-launch-ec2"] }
  }

  override_data {
    target = data.aws_lambda_function.deployed
    values = {
      environment = [{ variables = { AMI_ID = "ami-0e7fd79d17e852d18" } }]
      tags        = { Stack = "elephant-launch-ec2", ImageBefore = "ami-0aaaaaaaaaaaaaaaa" }
    }
  }

  assert {
    condition     = aws_lambda_function.launcher.environment[0].variables.AMI_ID == "ami-0ffffffffffffffff" && aws_lambda_function.launcher.tags == tomap({ ImageBefore = "ami-0e7fd79d17e852d18" })
    error_message = "The function has the new image, and remembers the one that is deployed."
  }

  assert {
    condition     = [for arn in jsondecode(aws_iam_role_policy.launcher.policy).Statement[1].Resource : arn if strcontains(arn, ":image/")] == ["arn:aws:ec2:us-west-2::image/ami-0ffffffffffffffff", "arn:aws:ec2:us-west-2::image/ami-0e7fd79d17e852d18"]
    error_message = "Both are allowed."
  }
}

run "refuses_ami_ssm_parameter_that_holds_no_image" {
  command = plan

  variables {
    ami_id            = null
    ami_ssm_parameter = "/elephant/image"
  }

  override_data {
    target = data.aws_ssm_parameter.image
    values = { insecure_value = "ubuntu" }
  }

  expect_failures = [data.aws_ssm_parameter.image]
}

run "refuses_a_function_of_somebody_elses" {
  command = plan

  override_data {
    target = data.aws_lambda_functions.there
    values = { function_names = ["elephant-launch-ec2"] }
  }

  override_data {
    target = data.aws_lambda_function.deployed
    values = { tags = {} }
  }

  expect_failures = [aws_lambda_function.launcher]
}

run "uses_a_log_group_that_is_there" {
  command = plan

  variables {
    create_log_group = false
  }

  assert {
    condition     = length(aws_cloudwatch_log_group.launcher) == 0 && output.log_group_name == "/aws/lambda/elephant-launch-ec2" && aws_lambda_function.launcher.logging_config[0].log_group == "/aws/lambda/elephant-launch-ec2"
    error_message = "No log group is made, and the log goes there."
  }
}

run "lets_volumes_use_the_accounts_own_default_key" {
  command = plan

  override_data {
    target = data.aws_ebs_default_kms_key.current
    values = { key_arn = "arn:aws:kms:us-west-2:123456789012:alias/disks" }
  }

  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.launcher.policy).Statement : statement.Resource if startswith(statement.Sid, "EncryptVolumes")] == [["arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-96ef-1234567890ab"]]
    error_message = "A policy names a key, and no alias."
  }

  assert {
    condition     = !contains(keys(aws_lambda_function.launcher.environment[0].variables), "VOLUME_KMS_KEY_ARN")
    error_message = "EC2 finds the account's default by itself."
  }
}

run "warns_of_a_key_that_is_not_enabled" {
  command = plan

  variables {
    volume_kms_key_arn = "arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-96ef-1234567890ab"
  }

  override_data {
    target = data.aws_kms_key.volume
    values = { key_manager = "CUSTOMER", key_state = "PendingDeletion" }
  }

  expect_failures = [check.volume_key]
}

run "refuses_launch_template_of_a_version_to_come" {
  command = plan

  variables {
    launch_template = { id = "lt-0e1efa27000000001", version = 8 }
  }

  expect_failures = [data.aws_launch_template.instance]
}

run "warns_where_spot_has_no_role" {
  command = plan

  variables {
    market = ["spot"]
  }

  override_data {
    target = data.aws_iam_roles.spot
    values = { names = [] }
  }

  expect_failures = [check.spot_role]
}

run "makes_spots_role_and_lets_it_use_a_customers_key" {
  command = plan

  variables {
    market                          = ["spot"]
    create_spot_service_linked_role = true
    volume_kms_key_arn              = "arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-96ef-1234567890ab"
  }

  override_data {
    target = data.aws_iam_roles.spot
    values = { names = [] }
  }

  assert {
    condition     = length(terraform_data.spot_role) == 1
    error_message = "The role is made, and is not Terraform's to delete."
  }

  assert {
    condition = { for key, grant in aws_kms_grant.spot : key => [grant.key_id, grant.grantee_principal, contains(grant.operations, "CreateGrant")] } == {
      (var.volume_kms_key_arn) = [var.volume_kms_key_arn, "arn:aws:iam::123456789012:role/aws-service-role/spot.amazonaws.com/AWSServiceRoleForEC2Spot", true]
    }
    error_message = "EC2's role for Spot may use the key."
  }
}

run "grants_nothing_of_a_key_that_spot_does_not_use_or_that_is_another_accounts" {
  command = plan

  variables {
    market = ["on-demand", "spot"]
  }

  override_data {
    target = data.aws_ebs_default_kms_key.current
    values = { key_arn = "arn:aws:kms:us-west-2:210987654321:key/1234abcd-12ab-34cd-96ef-1234567890ab" }
  }

  override_data {
    target = data.aws_kms_key.volume
    values = { arn = "arn:aws:kms:us-west-2:210987654321:key/1234abcd-12ab-34cd-96ef-1234567890ab", key_manager = "CUSTOMER", key_state = "Enabled" }
  }

  assert {
    condition     = length(aws_kms_grant.spot) == 0
    error_message = "Its owner makes the grant."
  }
}

run "refuses_meetings_that_are_past" {
  command = plan

  variables {
    meetings = { m-1 = "2099-01-15T09:55:00Z", m-0 = "2026-01-15T09:55:00Z" }
  }

  expect_failures = [aws_scheduler_schedule.meeting]
}

run "warns_of_a_profile_with_another_role" {
  command = plan

  variables {
    iam_profile_role = "another-role"
  }

  expect_failures = [check.instance_profile]
}

run "refuses_a_profile_without_a_role" {
  command = plan

  override_data {
    target = data.aws_iam_instance_profile.instance
    values = { role_arn = "" }
  }

  expect_failures = [data.aws_iam_instance_profile.instance]
}

run "knows_the_quotas_of_the_families_and_leaves_out_any_other" {
  command = plan

  variables {
    market        = ["on-demand", "spot"]
    instance_type = ["t3.large"]
  }

  override_data {
    target = data.aws_ec2_instance_type_offerings.there
    values = {
      instance_types = [
        "t3.large", "m7i-flex.large", "im4gn.large", "is4gen.medium", "g6.xlarge", "gr6.4xlarge", "vt1.3xlarge",
        "p5.48xlarge", "x2idn.16xlarge", "f2.6xlarge", "inf2.xlarge", "trn1.2xlarge", "dl1.24xlarge",
        "mac2.metal", "u-6tb1.metal", "hpc7a.96xlarge", "quantum1.large",
      ]
    }
  }

  assert {
    condition = { for what, vcpus in local.vcpus : what => "${vcpus.needed} of ${vcpus.quota}" } == {
      "t3.large, on-demand"       = "4 of L-1216C47A", "t3.large, spot" = "4 of L-34B43A08"
      "m7i-flex.large, on-demand" = "4 of L-1216C47A", "m7i-flex.large, spot" = "4 of L-34B43A08"
      "im4gn.large, on-demand"    = "4 of L-1216C47A", "im4gn.large, spot" = "4 of L-34B43A08"
      "is4gen.medium, on-demand"  = "4 of L-1216C47A", "is4gen.medium, spot" = "4 of L-34B43A08"
      "g6.xlarge, on-demand"      = "4 of L-DB2E81BA", "g6.xlarge, spot" = "4 of L-3819A6DF"
      "gr6.4xlarge, on-demand"    = "4 of L-DB2E81BA", "gr6.4xlarge, spot" = "4 of L-3819A6DF"
      "vt1.3xlarge, on-demand"    = "4 of L-DB2E81BA", "vt1.3xlarge, spot" = "4 of L-3819A6DF"
      "p5.48xlarge, on-demand"    = "4 of L-417A185B", "p5.48xlarge, spot" = "4 of L-7212CCBC"
      "x2idn.16xlarge, on-demand" = "4 of L-7295265B", "x2idn.16xlarge, spot" = "4 of L-E3A00192"
      "f2.6xlarge, on-demand"     = "4 of L-74FC7D96", "f2.6xlarge, spot" = "4 of L-88CF9481"
      "inf2.xlarge, on-demand"    = "4 of L-1945791B", "inf2.xlarge, spot" = "4 of L-B5D1601B"
      "trn1.2xlarge, on-demand"   = "4 of L-2C3B7624", "trn1.2xlarge, spot" = "4 of L-6B0D517C"
      "dl1.24xlarge, on-demand"   = "4 of L-6E869C2A", "dl1.24xlarge, spot" = "4 of L-85EED4F7"
    }
    error_message = "Each family counts against its quota, by market."
  }
}

run "warns_of_a_quota_that_is_too_small" {
  command = plan

  module {
    source = "./quota"
  }

  variables {
    what   = "t3.large, on-demand"
    code   = "L-1216C47A"
    needed = 65
  }

  expect_failures = [check.quota]
}

run "names_the_region_in_what_is_an_accounts" {
  assert {
    condition     = [aws_iam_role.launcher.name, aws_iam_role.scheduler.name, aws_cloudwatch_dashboard.launcher[0].dashboard_name] == ["elephant-launch-ec2-us-west-2", "elephant-launch-ec2-us-west-2-scheduler", "elephant-launch-ec2-us-west-2"]
    error_message = "Another region's stack has other names."
  }
}

# The one before has made them.
run "keeps_the_names_that_its_roles_have" {
  command = plan

  variables {
    stack_name = "mammoth"
  }

  assert {
    condition     = [aws_iam_role.launcher.name, aws_iam_role.scheduler.name] == ["elephant-launch-ec2-us-west-2", "elephant-launch-ec2-us-west-2-scheduler"]
    error_message = "The booking function's schedules name the role."
  }
}

run "has_names_that_iam_takes" {
  command = plan

  variables {
    region                 = "ap-southeast-2"
    launch_alarm_topic_arn = "arn:aws:sns:us-west-2:123456789012:operators"
    stack_name             = "a-name-of-forty-eight-characters-that-is-allowed"
  }

  assert {
    condition     = length("${local.role_name}-scheduler") <= 64 && length("${local.role_name}-forwarder") <= 64
    error_message = "IAM takes 64 characters."
  }
}
