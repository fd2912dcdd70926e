// IAM's decision, by an evaluator that knows AWS's actions, resources and condition keys.

import { runSimulation } from '@cloud-copilot/iam-simulate'

const ACCOUNT = '123456789012'

/** The policy that a KMS key has unless somebody writes another: the account's policies decide. */
const DEFAULT_KEY_POLICY = {
  Statement: [
    { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'kms:*', Resource: '*' }
  ]
}

/**
 * @returns whether the role's policy allows it, and the Sids of the statements by which
 * @throws if the evaluator does not know the action, or a condition key for it
 */
export async function evaluate(policy, permission) {
  const analysis = await simulate(permission, {
    principal: `arn:aws:iam::${ACCOUNT}:role/elephant-launch-ec2`,
    identityPolicies: [{ name: 'launch', policy }],
    resourcePolicy: permission.action.startsWith('kms:') ? DEFAULT_KEY_POLICY : undefined
  })
  return {
    allowed: analysis.result === 'Allowed',
    statements: analysis.identityAnalysis.allowStatements.map((allowing) => allowing.statement.sid())
  }
}

/** @returns whether the resource's own policy allows it to a service of AWS's */
export async function evaluateForService(service, resourcePolicy, permission) {
  const analysis = await simulate(permission, { principal: service, identityPolicies: [], resourcePolicy })
  return analysis.result === 'Allowed'
}

async function simulate({ action, resource, context }, { principal, ...policies }) {
  const outcome = await runSimulation(
    {
      request: {
        principal,
        action,
        resource: { resource, accountId: ACCOUNT },
        contextVariables: context
      },
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      ...policies
    },
    {}
  )
  if (outcome.resultType !== 'single') {
    throw new Error(`${action} on ${resource}: ${JSON.stringify(outcome.errors ?? outcome)}`)
  }
  const ignored = outcome.result.ignoredContextKeys ?? []
  if (ignored.length > 0) {
    throw new Error(`${action} on ${resource} has no condition key ${ignored.join(', ')}`)
  }
  return { ...outcome.result.analysis, result: outcome.overallResult }
}
