import { request } from 'undici'

export async function readMetric(url: string, name: string): Promise<number> {
  const { body } = await request(`${url}/metrics`)
  return Number((await body.text()).match(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm'))?.[1])
}
