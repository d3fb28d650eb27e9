import type { Board } from '../board.ts'
import type { CommandName } from '../keys.ts'
import { changeCommands } from './change.ts'
import { goCommands } from './go.ts'
import { lookCommands } from './look.ts'
import { moveCommands } from './move.ts'

/** Every row of the table of keys has its work here; the compiler counts them. */
const commands = { ...moveCommands, ...changeCommands, ...lookCommands, ...goCommands } satisfies Record<
  CommandName,
  (board: Board, count: number) => void
>

export const runCommand = (board: Board, name: CommandName, count: number): void =>
  commands[name](board, count)
