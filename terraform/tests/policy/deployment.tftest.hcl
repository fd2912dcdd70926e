# The deployment that the recorded calls were made by: the tests' function runs in another region
# than the one that it launches in, and its image is changed once.

mock_provider "aws" {
  source = "./tests/mocks"
}

mock_provider "aws" {
  alias  = "launch"
  source = "./tests/mocks"
}

run "renders_the_policies_of_the_recorded_calls" {
  command = plan

  variables {
    region             = "eu-central-1"
    ami_id             = "ami-0ffffffffffffffff"
    earlier_ami_ids    = ["ami-0e7fd79d17e852d18"]
    iam_profile        = "EC2-S3-ReadOnly-Role"
    instance_type      = ["t3.large"]
    key_name           = "shaundano-elephant"
    security_group_ids = ["sg-0e1efa27000000001", "sg-0e1efa27000000002"]
    function_zip       = "tests/function.zip"
  }
}

# The same without what only a preflight needs.
run "renders_the_policies_without_the_preflight" {
  command = plan

  variables {
    region             = "eu-central-1"
    ami_id             = "ami-0ffffffffffffffff"
    earlier_ami_ids    = ["ami-0e7fd79d17e852d18"]
    iam_profile        = "EC2-S3-ReadOnly-Role"
    instance_type      = ["t3.large"]
    key_name           = "shaundano-elephant"
    security_group_ids = ["sg-0e1efa27000000001", "sg-0e1efa27000000002"]
    function_zip       = "tests/function.zip"
    preflight          = false
  }
}
