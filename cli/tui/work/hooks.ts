import type { Task } from '../../../shared/api/task.ts'
import { type HookName, hookOf, startHook } from '../../hooks.ts'
import { escapeControls } from '../../text.ts'
import type { Board } from '../board.ts'
import type { Op, Operation } from '../model.ts'
import { tell } from '../state/notices.ts'

/** What was done to a task, for the hook that is called of it. */
export type Deed = { name: HookName; task: Task }

export const hookFor: Record<Operation['op'], HookName> = {
  create: 'on-add',
  complete: 'on-done',
  delete: 'on-rm',
  update: 'on-change',
  reopen: 'on-change',
}

/** Tasks that are about to be deleted, whole, where a hook wants them: afterwards nobody has them any more. */
export async function readGone(board: Board, op: Op): Promise<Map<number, Task>> {
  const ids = op.operations.flatMap(({ op: act, id }) => (act === 'delete' && id !== undefined ? [id] : []))
  const { context } = board
  if (ids.length === 0 || hookOf(context, 'on-rm') === null) return new Map()
  const read = (id: number) => context.api('GET /api/{user_id}/tasks/{id}', { params: { id } })
  const found = await Promise.allSettled(ids.map(read))
  return new Map(found.flatMap((one) => (one.status === 'fulfilled' ? [[one.value.id, one.value]] : [])))
}

const running = new WeakMap<Board, Promise<void>>()

/** Resolves when every hook that was begun has ended. */
export const hooksEnded = (board: Board): Promise<void> => running.get(board) ?? Promise.resolve()

/** Runs `work` behind the hooks that were begun before, and lets the board wait for it when it is left. */
export function afterHooks(board: Board, work: () => Promise<void>): void {
  running.set(board, hooksEnded(board).then(work).catch(board.crash))
}

/** Calls the hooks of what was done, one after the other, and says what they said. */
export function callHooks(board: Board, label: string, deeds: Deed[]): void {
  for (const name of new Set(deeds.map((deed) => deed.name))) {
    if (hookOf(board.context, name) === null) continue
    const tasks = deeds.filter((deed) => deed.name === name).map(({ task }) => task)
    afterHooks(board, () => callHook(board, label, name, tasks))
  }
}

async function callHook(board: Board, label: string, name: HookName, tasks: Task[]): Promise<void> {
  const ran = await startHook(board.context, name, tasks)
  if (ran === null) return
  const said = escapeControls((ran.stdout + ran.stderr).trim(), { keepLines: true })
  const [first = '', ...more] = said.split('\n')
  board.store.update((state) => {
    if (ran.failure !== null) return tell(state, 'error', `The hook ${name} ${ran.failure}.`, said || null)
    return said === '' ? state : tell(state, 'undoable', `${label} · ${first}`, more.length > 0 ? said : null)
  })
}
