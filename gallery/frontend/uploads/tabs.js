// Tabs of one browser: one of them runs the queue, the others show how far it is.

/** This tab among the others of the same person. */
export class Tab {
  isMine = false
  /** What was handed over or left by another tab and is not known to be done, by the parcel's name. */
  #parcels = new Map()
  #taken = []
  #isWatched = false
  #release

  constructor(person, calls) {
    this.name = `uploads-${person}`
    this.channel = new BroadcastChannel(this.name)
    this.channel.onmessage = ({ data }) => {
      for (const name of data.done ?? []) this.#parcels.delete(name)
      this.isMine ? this.#serve(data, calls) : this.#watch(data, calls)
    }
  }

  #serve({ parcel, entries, isAsked }, { onEntries, onAsked }) {
    this.#isWatched ||= Boolean(entries || isAsked)
    if (entries) this.#taken.push(parcel)
    if (entries) onEntries(entries)
    if (isAsked) onAsked()
  }

  #watch({ state, parcel, entries, isLeft }, { onState }) {
    if (isLeft) this.#parcels.set(parcel, entries)
    if (state) onState(state)
  }

  async isElsewhere() {
    if (!navigator.locks || this.isMine) return false
    const { held } = await navigator.locks.query()
    return held.some(({ name }) => name === this.name)
  }

  /** Become the tab that runs the queue, unless another one is. */
  claim() {
    return this.#request({ ifAvailable: true })
  }

  /** Become the tab that runs the queue, as soon as no other one is. */
  wait() {
    return navigator.locks ? this.#request({}) : new Promise(() => {})
  }

  #request(options) {
    if (this.isMine) return true
    if (!navigator.locks) return (this.isMine = true) // plain HTTP: nobody can say
    return new Promise((resolve) => {
      navigator.locks.request(this.name, options, (lock) => {
        this.isMine ||= lock !== null // asked for twice at once, it is refused to the tab that has it
        resolve(this.isMine)
        return lock && new Promise((release) => (this.#release = release))
      })
    })
  }

  /** Tell the others that all they handed over is done; long before the lock, which may overtake it. */
  tellDone() {
    this.channel.postMessage({ done: this.#taken.splice(0) })
  }

  release() {
    this.isMine = false
    this.#release?.()
  }

  share(state) {
    this.channel.postMessage({ state })
  }

  askOthers() {
    this.channel.postMessage({ isAsked: true })
  }

  /** Give these to the tab that runs the queue, and keep them: it may be closed before they are sent. */
  handOver(entries) {
    const parcel = newName()
    this.#parcels.set(parcel, entries)
    this.channel.postMessage({ parcel, entries })
  }

  /** Leave these to the others: this tab is being closed. */
  leave(entries) {
    if (this.isMine && this.#isWatched) this.channel.postMessage({ parcel: newName(), entries, isLeft: true })
  }

  /** What the tab that ran the queue was to send and perhaps has not. */
  takeOver() {
    this.#taken.push(...this.#parcels.keys())
    const entries = [...this.#parcels.values()].flat()
    this.#parcels.clear()
    return entries
  }
}

const newName = () => `${Date.now()}-${Math.random().toString(36).slice(2)}`
