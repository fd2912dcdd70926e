// The policies as Terraform plans them: read from what `terraform test -json -verbose` prints.

import { readFileSync } from 'node:fs'

/** What Lambda adds to the function's own policy. */
function ofPermission({ principal, action, function_name: name, source_arn: source }) {
  return {
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: principal },
        Action: action,
        Resource: `arn:aws:lambda:*:*:function:${name}`,
        Condition: { ArnLike: { 'aws:SourceArn': source } }
      }
    ]
  }
}

const POLICY_OF = {
  aws_iam_role_policy: ({ policy }) => JSON.parse(policy),
  aws_sqs_queue_policy: ({ policy }) => JSON.parse(policy),
  aws_lambda_permission: ofPermission
}

/**
 * @param run the name of the run that plans the deployment
 * @returns the policy documents of the deployment, by the address of the resource
 */
export function plannedPolicies(file, run) {
  const plan = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))
    .find((message) => message.type === 'test_plan' && message['@testrun'] === run)
  if (!plan) {
    throw new Error(`${file} has no plan of ${run}: 'make policy-check' writes one`)
  }
  return Object.fromEntries(
    plan.test_plan.resource_changes
      .filter((resource) => resource.type in POLICY_OF)
      .map((resource) => [resource.address, POLICY_OF[resource.type](resource.change.after)])
  )
}
