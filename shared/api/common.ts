import * as z from 'zod'

/** Integers that Postgres' bigint and JavaScript's number both hold. */
export const Id = z.int().min(1).max(Number.MAX_SAFE_INTEGER)

/** What four digits can write in UTC: an offset may lead out of it at either end. */
const isInRange = (text: string) => {
  const year = new Date(text).getUTCFullYear()
  return year >= 1 && year <= 9999
}

export const Instant = z.iso
  .datetime({ offset: true, error: 'is not an RFC 3339 time, such as 2026-12-01T17:00:00Z' })
  .refine(isInRange, { error: 'is not in the years 1 to 9999' })
  .meta({ description: 'RFC 3339 time; answers are UTC with milliseconds' })

export const LocalDate = z.iso
  .date({ error: 'is not a date, such as 2026-12-01' })
  .refine((text) => text >= '0001', { error: 'is not in the years 1 to 9999' })

/** Postgres cannot store NUL, and a lone surrogate is no character: both would come back as something else. */
const isStorable = (text: string) => text.isWellFormed() && !text.includes('\0')

/** Text counted in code points, as a reader counts; `String.length` counts UTF-16 units. */
export const text = (max: number) =>
  z
    .string()
    .refine(isStorable, { error: 'contains a NUL character or half of a surrogate pair', abort: true })
    .refine((value) => value.length <= max || [...value].length <= max, {
      error: `is longer than ${max} characters`,
      params: { code: 'too_long' },
    })
    .meta({ maxLength: max })

/** White space, control and format characters only: nobody could see it, let alone name it. */
const isInvisible = (value: string) => /^[\s\p{Cc}\p{Cf}]*$/u.test(value)

export const requiredText = (max: number) =>
  text(max)
    .refine((value) => !isInvisible(value), { error: 'is empty', params: { code: 'empty' } })
    .meta({ minLength: 1, maxLength: max })

export const Color = z.string().regex(/^#[0-9A-Fa-f]{6}$/, { error: 'is not a colour, such as #3B82F6' })

/** Every list takes these. `cursor` is opaque and belongs to its path, filter and sort. */
export const pageQuery = {
  limit: z.coerce
    .number({ error: 'is not a number from 1 to 200' })
    .int({ error: 'is not a whole number' })
    .min(1, { error: 'is less than 1' })
    .max(200, { error: 'is more than 200' })
    .optional(),
  cursor: z.string().max(1000).optional(),
}

/** A write with `dry_run=true` answers what it would store, and stores nothing. */
export const WriteQuery = z.strictObject({ dry_run: z.enum(['true', 'false']).optional() })

/** A parameter that may be repeated: one or many make a list. */
export const list = <T extends z.ZodType>(item: T) =>
  z.union([item.array(), item.transform((one) => [one])]) as unknown as z.ZodType<
    z.output<T>[],
    string | string[]
  >

export const page = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), next_cursor: z.string().nullable() })

export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    request_id: z.string(),
    hint: z.string().optional(),
    errors: z
      .array(
        z.object({
          pointer: z.string(),
          code: z.string(),
          message: z.string(),
          current: z.unknown().optional(),
          wanted: z.unknown().optional(),
        }),
      )
      .optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem details' })
export type Problem = z.infer<typeof Problem>
