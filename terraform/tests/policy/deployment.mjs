// The policies as Terraform plans them: read from what `terraform test -json -verbose` prints.

import { readFileSync } from 'node:fs'

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
      .filter((resource) => ['aws_iam_role_policy', 'aws_sqs_queue_policy'].includes(resource.type))
      .map((resource) => [resource.address, JSON.parse(resource.change.after.policy)])
  )
}
