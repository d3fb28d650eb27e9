import type { Context } from 'hono'

/** Whether the caller asks for this type by its name; `;q=0` says that it is not wanted. */
export const asksFor = (c: Context, type: string): boolean =>
  (c.req.header('accept') ?? '').split(',').some((one) => {
    const [name, ...parameters] = one.split(';').map((part) => part.trim().toLowerCase())
    return name === type && !parameters.some((parameter) => /^q\s*=\s*0(\.0*)?$/.test(parameter))
  })
