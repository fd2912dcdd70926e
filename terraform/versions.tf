terraform {
  # Validation that looks at another variable needs 1.9. The lock file has the provider that is tried by
  # each 'make tf-check'; .github/workflows/verify.yml also tries 1.9, and the newest of both.
  required_version = ">= 1.9"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100.0, < 7.0"
    }
  }
}

provider "aws" {
  region = coalesce(var.region, var.launch_region)

  default_tags {
    tags = local.tags
  }
}

# The table and EC2 are in the launch region, whatever region the function runs in.
provider "aws" {
  alias  = "launch"
  region = var.launch_region

  default_tags {
    tags = local.tags
  }
}

locals {
  tags = merge({ Project = var.project_tag, Stack = var.stack_name }, var.tags)
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

