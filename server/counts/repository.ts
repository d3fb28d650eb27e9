import { type Fragment, type Sql, unprepared } from '../../shared/db/connect.ts'
import { type Filter, parseFilter } from '../../shared/filter.ts'
import { conditionsOf } from '../tasks/filter.ts'
import { filterCondition } from '../tasks/filter-condition.ts'

export type CountQuery = { filters: string[]; within: string | undefined; zone: string | undefined }

/** How many tasks pass each filter, in the order of the filters, from one snapshot and one scan. */
export async function countTasks(
  sql: Sql,
  userId: string,
  { filters, within, zone }: CountQuery,
): Promise<number[]> {
  const days: Fragment =
    zone === undefined ? sql`(select u.time_zone from users u where u.id = ${userId})` : sql`${zone}::text`
  const counted = filters.map((filter, n) => {
    const condition = filterCondition(sql, parseFilter(filter), days)
    return sql`${n === 0 ? sql`` : sql`, `}count(*) filter (where ${condition})`
  })
  const common = within === undefined ? {} : { filter: within }
  const [row] = await unprepared(sql<{ counts: number[] }[]>`
    select array[${counted}]::integer[] as counts from tasks t
    where ${conditionsOf(sql, userId, { ...common, ...(zone !== undefined && { time_zone: zone }) })}
      ${onlyOpen(sql, filters)}`)
  return row!.counts
}

/** Where no filter can count a done task, the index of open tasks spares the rest. */
function onlyOpen(sql: Sql, filters: string[]): Fragment {
  const isOpen = (text: string) => {
    const filter = parseFilter(text)
    const parts = filter.kind === 'and' ? filter.parts : [filter]
    return parts.some((part) => statusesOf(part)?.includes('done') === false)
  }
  return filters.every(isOpen) ? sql`and t.status <> 'done'` : sql``
}

function statusesOf(filter: Filter): string[] | null {
  if (filter.kind === 'status') return [filter.status]
  if (filter.kind !== 'or') return null
  const each = filter.parts.map(statusesOf)
  return each.every((one) => one !== null) ? each.flat() : null
}
