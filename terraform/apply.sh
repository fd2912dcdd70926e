#!/bin/sh
# Plans a deployment or a destruction, counts what a plan does not show (the booking function's schedules, waiting
# events and running instances), and applies the plan after a "yes".
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

# https://docs.aws.amazon.com/cloudshell/latest/userguide/limits.html
test "${AWS_EXECUTION_ENV:-}" != CloudShell || test -f backend.tf ||
  refuse 'CloudShell deletes its home directory after 120 days, with the state: keep it in S3, as backend.tf.example says.'

# In another region Terraform would not find the stack, and would forget it.
read -r region launch_region stack table << END
$(./value.sh 'join(" ", [coalesce(var.region, var.launch_region), var.launch_region, var.stack_name, var.table_name])')
END
configured="$region $launch_region"
if tf output -no-color 2> /dev/null | grep -q '^region = '; then
  region=$(tf output -raw region)
  launch_region=$(tf output -raw launch_region)
  stack=$(tf output -raw function_name)
  table=$(tf output -raw table_name)
fi
test "$configured" = "$region $launch_region" ||
  refuse "The stack has region $region and launch_region $launch_region, but terraform.tfvars has $configured." \
    "A stack does not move: see 'Another region' in terraform/RUNBOOK.md."

keep_table="terraform -chdir=terraform state rm 'aws_dynamodb_table.meetings[0]'"
if test "$1" = destroy; then
  if tf state list 2> /dev/null | grep -qF 'aws_dynamodb_table.meetings[0]' && test "$(aws dynamodb describe-table \
    --region "$launch_region" --table-name "$table" --query Table.DeletionProtectionEnabled --output text)" = True; then
    refuse "The table $table is protected. To keep it with its meetings, remove it from the state:" "  $keep_table" \
      'To delete its meetings, set table_deletion_protection = false and make deploy first.'
  fi
  tf plan -input=false -destroy -out="$plan"
else
  tf plan -input=false -out="$plan"
fi

# How many lines a command prints, or why it failed.
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
  refuse "This plan deletes the table $table with its meetings. To keep it, remove it from the state:" "  $keep_table" \
    "Then 'make deploy' again: see 'Another table' in terraform/RUNBOOK.md."
fi
if test "$1" = destroy || goes aws_scheduler_schedule_group || goes aws_sqs_queue; then
  echo
  echo "Beside what the plan shows, this deletes from the stack $stack:"
  echo "  $(count aws scheduler list-schedules --region "$region" --group-name "$(tf output -raw schedule_group_name)" \
    --query "Schedules[?Name!='sweep'].[Name]") schedules of meetings, which will not be launched"
  echo "  $(waiting "$(tf output -raw failures_queue_url)") events in the queue of failures," \
    "$(waiting "$(tf output -raw undelivered_queue_url)") in the queue of undelivered events"
  echo "It leaves behind $(count aws ec2 describe-instances --region "$launch_region" --query 'Reservations[].Instances[].[InstanceId]' \
    --filters "Name=tag:LaunchedBy,Values=$stack" Name=instance-state-name,Values=pending,running,stopping,stopped) instances, which nobody will terminate"
  echo
fi

printf 'Apply this plan? Only "yes" applies it: '
read -r answer || answer=
test "$answer" = yes || refuse ''
tf apply -input=false "$plan"
test "$1" = destroy || ./next.sh
