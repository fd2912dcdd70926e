#!/bin/sh
# Says what is left to do after a deployment that Terraform cannot do or see.
set -eu
cd "$(dirname "$0")"

out() {
  "${TERRAFORM:-terraform}" output -raw "$1"
}

stack=$(out function_name)
region=$(out region)
echo
echo 'What is next:'

for at in $(printf '%s\n' "$region" "$(out launch_region)" | sort -u); do
  aws sns list-subscriptions --region "$at" --output text --query \
    "Subscriptions[?SubscriptionArn=='PendingConfirmation' && ends_with(TopicArn, ':$stack-alarms')].[Endpoint]" |
    while read -r address; do
      echo "  Confirm the mail that SNS in $at has sent to $address: until then nobody is notified of alarms there."
    done
done

# A new account may run ten at once. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
at_once=$(aws lambda get-account-settings --region "$region" --output text \
  --query AccountLimit.ConcurrentExecutions 2> /dev/null) || at_once=1000
test "$at_once" -ge 200 || {
  echo "  This account may run only $at_once invocations at once, and each meeting that is being launched holds one. Ask for more:"
  echo "    aws service-quotas request-service-quota-increase --region $region --service-code lambda --quota-code L-B99A9384 --desired-value 1000"
}

echo '  Have the booking function make its schedules with'
echo "    group              $(out schedule_group_name)"
echo "    role               $(out scheduler_role_arn)"
echo "    target             $(out function_arn)"
echo "    dead-letter queue  $(out undelivered_queue_arn)"
echo "  and give its role the policy that 'terraform -chdir=terraform output -raw booking_function_policy' prints."
echo "  Run 'make preflight': it shows every obstacle to a launch."
