# The deployments whose policies are evaluated. The first is the one that the recorded calls were made
# by: the tests' function runs in another region than the one that it launches in, and its image is
# changed once.

mock_provider "aws" {
  source = "./tests/mocks"
}

mock_provider "aws" {
  alias  = "launch"
  source = "./tests/mocks"
}

variables {
  region                 = "eu-central-1"
  ami_id                 = "ami-0ffffffffffffffff"
  earlier_ami_ids        = ["ami-0e7fd79d17e852d18"]
  iam_profile            = "EC2-S3-ReadOnly-Role"
  instance_type          = ["t3.large"]
  key_name               = "shaundano-elephant"
  security_group_ids     = ["sg-0e1efa27000000001", "sg-0e1efa27000000002"]
  alarm_topic_arn        = "arn:aws:sns:eu-central-1:123456789012:operators"
  launch_alarm_topic_arn = "arn:aws:sns:us-west-2:123456789012:operators"
  function_zip           = "tests/function.zip"
}

run "renders_the_policies_of_the_recorded_calls" {
  command = plan
}

# The same without what only a preflight needs.
run "renders_the_policies_without_the_preflight" {
  command = plan

  variables {
    preflight = false
  }
}

# With everything that adds to the policies.
run "renders_the_policies_of_every_option" {
  command = plan

  variables {
    subnet_ids         = ["subnet-0a55555555555555a", "subnet-0b66666666666666b"]
    volume_kms_key_arn = "arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-96ef-1234567890ab"
    launch_template    = { id = "lt-0e1efa27000000001", version = 7 }
    market             = ["on-demand", "spot"]
    tracing            = true
    instance_tags      = { CostCentre = "4711" }
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
}
