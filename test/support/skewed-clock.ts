// Sets this process's clock wrong, for tests: `node --import ".../skewed-clock.ts?minutes=5" program.ts`.

const minutes = Number(new URL(import.meta.url).searchParams.get('minutes') ?? 0)
const Real = Date
const skewed = () => Real.now() + minutes * 60_000
globalThis.Date = new Proxy(Real, {
  construct: (date, given: []) => (given.length === 0 ? new date(skewed()) : new date(...given)),
  get: (date, name) => (name === 'now' ? skewed : Reflect.get(date, name)),
})
