#!/bin/sh
# Plans a deployment or its end, says what is lost by it, and does it after a "yes". What no plan shows
# are the schedules that the booking function has made, waiting events and running instances.
#
# usage: apply.sh deploy|destroy
set -eu
cd "$(dirname "$0")"
plan=$1.tfplan
shown=$1-shown.tfplan
trap 'rm -f "$plan" "$shown"' EXIT

tf() {
  "${TERRAFORM:-terraform}" "$@"
}

refuse() {
  printf '%s\n' "$@" 'Nothing was changed.' >&2
  exit 1
}

# A home in CloudShell is deleted after 120 days without use, and the state with it.
# https://docs.aws.amazon.com/cloudshell/latest/userguide/limits.html
test "${AWS_EXECUTION_ENV:-}" != CloudShell || test -f backend.tf ||
  refuse 'In CloudShell the state would be lost with the home: keep it in S3, as backend.tf.example says.'

# Terraform would look for the stack in the other region, find nothing, and forget it.
configured=$(./value.sh 'join(" ", [coalesce(var.region, var.launch_region), var.launch_region])')
if tf output -no-color 2> /dev/null | grep -q '^region = '; then
  region=$(tf output -raw region)
  launch_region=$(tf output -raw launch_region)
  stack=$(tf output -raw function_name)
  table=$(tf output -raw table_name)
else
  region=${configured% *}
  launch_region=${configured#* }
  stack=$(./value.sh var.stack_name)
  table=$(./value.sh var.table_name)
fi
test "$configured" = "$region $launch_region" ||
  refuse "The stack has region $region and launch_region $launch_region, and terraform.tfvars says $configured." \
    "A stack does not move: see 'Another region' in terraform/RUNBOOK.md."

keep_table="terraform -chdir=terraform state rm 'aws_dynamodb_table.meetings[0]'"
if test "$1" = destroy; then
  if tf state list 2> /dev/null | grep -qF 'aws_dynamodb_table.meetings[0]' && test "$(aws dynamodb describe-table \
    --region "$launch_region" --table-name "$table" --query Table.DeletionProtectionEnabled --output text)" = True; then
    refuse "The table $table is protected. Have Terraform forget it, and it stays with its meetings:" "  $keep_table" \
      'Or set table_deletion_protection = false and make deploy first, and its meetings are deleted.'
  fi
  tf plan -input=false -destroy -out="$plan"
else
  tf plan -input=false -out="$plan"
fi

# How many lines a command answers with, or what it says where it fails.
count() {
  if answer=$("$@" --output text 2>&1); then
    printf '%s\n' "$answer" | grep -c . || true
  else
    printf 'an unknown number of (%s)' "$(printf %s "$answer" | tr '\n' ' ')"
  fi
}

# Version 1 of the command line would take an endpoint of its own, whatever is configured.
waiting() {
  aws sqs get-queue-attributes --region "$region" --endpoint-url "${1%/*/*}" --queue-url "$1" --output text \
    --attribute-names ApproximateNumberOfMessages --query Attributes.ApproximateNumberOfMessages 2> /dev/null || echo unknown
}

tf show -no-color "$plan" > "$shown"
goes() {
  grep -Eq "# $1\..* (must be replaced|will be destroyed)" "$shown"
}

if test "$1" = deploy && goes aws_dynamodb_table; then
  refuse "This plan deletes the table $table with its meetings. Have Terraform forget it, and it stays:" "  $keep_table" \
    "Then 'make deploy' again: see 'Another table' in terraform/RUNBOOK.md."
fi
if test "$1" = destroy || goes aws_scheduler_schedule_group || goes aws_sqs_queue; then
  echo
  echo "With the stack $stack go, beside what the plan shows:"
  echo "  $(count aws scheduler list-schedules --region "$region" --group-name "$(tf output -raw schedule_group_name)" \
    --query "Schedules[?Name!='sweep'].[Name]") schedules of meetings, which nobody launches then"
  echo "  $(waiting "$(tf output -raw failures_queue_url)") events in the queue of failures," \
    "$(waiting "$(tf output -raw undelivered_queue_url)") in that of undelivered events"
  echo "It leaves $(count aws ec2 describe-instances --region "$launch_region" --query 'Reservations[].Instances[].[InstanceId]' \
    --filters "Name=tag:LaunchedBy,Values=$stack" Name=instance-state-name,Values=pending,running,stopping,stopped) instances behind, which nobody ends then"
  echo
fi

printf 'Apply this plan? Only "yes" does it: '
read -r answer || answer=
test "$answer" = yes || refuse ''
tf apply -input=false "$plan"
test "$1" = destroy || ./next.sh
