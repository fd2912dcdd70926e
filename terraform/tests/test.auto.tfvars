# What every test file here begins with.
ami_id             = "ami-0e7fd79d17e852d18"
iam_profile        = "EC2-S3-ReadOnly-Role"
instance_type      = ["t3.large"]
key_name           = "shaundano-elephant"
security_group_ids = ["sg-0e1efa27000000001", "sg-0e1efa27000000002"]
alarm_topic_arn    = "arn:aws:sns:us-west-2:123456789012:operators"
function_zip       = "tests/function.zip"
