import type * as z from 'zod'
import { AppError, type FieldError } from '../shared/errors.ts'

type Issue = z.core.$ZodIssue

/** Validates one part of a request and returns its faults instead of throwing, so that all parts are told at once. */
export function check<T extends z.ZodType>(
  schema: T,
  value: unknown,
): { value: z.output<T>; faults: FieldError[] } {
  const result = schema.safeParse(value, { reportInput: true })
  if (result.success) return { value: result.data, faults: [] }
  return { value: undefined as z.output<T>, faults: eachOnce(result.error.issues.flatMap(toFaults)) }
}

/** A schema may find the same in two ways, such as too large for a number here and there. */
const eachOnce = (faults: FieldError[]): FieldError[] => [
  ...new Map(faults.map((fault) => [`${fault.pointer} ${fault.message}`, fault])).values(),
]

export function refuse(faults: FieldError[]): void {
  if (faults.length > 0) throw faultsError(faults)
}

/** So many are told: what one megabyte can hold of them would be answered with nine. */
const mostFaults = 100
const longestName = 100

export function faultsError(faults: FieldError[]): AppError {
  const fields = faults.slice(0, mostFaults)
  const words = fields.map((fault) => `${fault.pointer.slice(1) || 'The body'} ${fault.message}`)
  if (faults.length > mostFaults) words.push('and more')
  return new AppError('invalid', `${words.join('; ')}.`, { fields })
}

function toFaults(issue: Issue): FieldError[] {
  const pointer =
    '/' + issue.path.map((part) => String(part).replaceAll('~', '~0').replaceAll('/', '~1')).join('/')
  if (issue.code === 'unrecognized_keys') {
    const parent = pointer === '/' ? '' : pointer
    return issue.keys.slice(0, mostFaults + 1).map((key) => ({
      pointer: `${parent}/${shortened(key).replaceAll('~', '~0').replaceAll('/', '~1')}`,
      code: 'unknown_field',
      message: 'is not a known field',
    }))
  }
  // Of a union's branches the last one's message is as good as any; the schemas name their own where it matters.
  return [{ pointer: issue.path.length === 0 ? '' : pointer, code: codeOf(issue), message: messageOf(issue) }]
}

const shortened = (name: string) => (name.length > longestName ? `${name.slice(0, longestName)}…` : name)

function codeOf(issue: Issue): string {
  if (issue.code === 'custom') return String(issue.params?.code ?? 'invalid')
  if (issue.code === 'too_big') return 'too_long'
  if (issue.code === 'too_small') return 'too_short'
  return issue.code === 'invalid_type' && issue.input === undefined ? 'required' : 'invalid'
}

function messageOf(issue: Issue): string {
  const limit = limitOf(issue)
  if (limit !== undefined) return limit
  if (issue.code !== 'invalid_type') return lowerFirst(issue.message)
  if (issue.message.startsWith('Invalid input')) {
    return issue.input === undefined ? 'is missing' : `is not ${article(issue.expected)}`
  }
  return issue.message
}

/** In our words, where the schema has none of its own. */
function limitOf(issue: Issue): string | undefined {
  if ((issue.code !== 'too_big' && issue.code !== 'too_small') || !issue.message.startsWith('Too '))
    return undefined
  const bound = issue.code === 'too_big' ? issue.maximum : issue.minimum
  const [over, under] =
    issue.origin === 'array' ? ['has more than', 'has less than'] : ['is more than', 'is less than']
  const unit = issue.origin === 'array' ? ' items' : issue.origin === 'string' ? ' characters' : ''
  return `${issue.code === 'too_big' ? over : under} ${bound}${unit}`
}

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1)
const article = (type: string) => (/^[aeio]/.test(type) ? `an ${type}` : `a ${type}`)
