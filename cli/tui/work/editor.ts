import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../../shared/errors.ts'
import type { Board } from '../board.ts'
import { tell } from '../state/notices.ts'
import { change } from './change.ts'
import { detailChanged } from './screens.ts'

/** The editor gets the terminal of its own shell word: `EDITOR="code -w"` works as it does elsewhere. */
function runEditor(command: string, file: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn('/bin/sh', ['-c', `${command} "$1"`, 'editor', file], { stdio: 'inherit' })
    child.once('error', reject)
    child.once('close', (code) => resolve(code ?? 1))
  })
}

/** The note of a task in $VISUAL or $EDITOR. What was there before is not replaced when somebody changed it meanwhile. */
export async function editNote(board: Board, id: number | undefined): Promise<void> {
  if (id === undefined) return
  const command = board.context.config.editor ?? 'vi'
  const folder = await mkdtemp(join(board.context.config.tempFolder, 'todo-note-'))
  try {
    const task = await board.context.api('GET /api/{user_id}/tasks/{id}', { params: { id } })
    const file = join(folder, `task-${id}.md`)
    await writeFile(file, task.description, { mode: 0o600 })
    let code = 0
    await board.suspend(async () => {
      code = await runEditor(command, file)
    })
    const description = (await readFile(file, 'utf8')).replace(/\n$/, '')
    if (code !== 0) {
      board.store.update((state) =>
        tell(state, 'error', `${command} ended with ${code}; the note is as it was.`),
      )
    } else if (description !== task.description) {
      change(board, {
        label: `Note of: ${task.title}`,
        operations: [{ op: 'update', id, body: { description } }],
        patches: new Map([[id, { description }]]),
        expected: { id, version: task.version },
      })
      detailChanged(board, id)
    }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    board.store.update((state) => tell(state, 'error', error.message, error.hint ?? null))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
