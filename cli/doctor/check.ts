/** One line of what the doctor says; the hint is for when it is not well. */
export type Check = { name: string; ok: boolean; detail: string; hint?: string }

export const failed = (name: string, error: unknown, hint: string): Check => ({
  name,
  ok: false,
  hint,
  detail: error instanceof Error ? error.message : String(error),
})
