data "aws_dynamodb_tables" "there" {
  count    = var.create_table ? 1 : 0
  provider = aws.launch
}

data "aws_dynamodb_table" "there" {
  for_each = toset([for name in flatten(data.aws_dynamodb_tables.there[*].names) : name if name == var.table_name])
  provider = aws.launch
  name     = each.key
}

resource "aws_dynamodb_table" "meetings" {
  count    = var.create_table ? 1 : 0
  provider = aws.launch

  name         = var.table_name
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"

  attribute {
    name = "id"
    type = "S"
  }

  point_in_time_recovery {
    enabled = true
  }

  server_side_encryption {
    enabled = true
  }

  deletion_protection_enabled = var.table_deletion_protection

  lifecycle {
    precondition {
      condition     = alltrue([for there in data.aws_dynamodb_table.there : try(there.tags.Stack, null) == local.tags.Stack])
      error_message = "${var.launch_region} already has a table ${var.table_name} whose tag Stack is not ${local.tags.Stack}. Set create_table = false to use it as it is. To have Terraform manage it, tag it (aws dynamodb tag-resource --region ${var.launch_region} --resource-arn ${local.table_arn} --tags Key=Stack,Value=${local.tags.Stack}) and, where Terraform does not know it, terraform import 'aws_dynamodb_table.meetings[0]' ${var.table_name}"
    }
  }
}
